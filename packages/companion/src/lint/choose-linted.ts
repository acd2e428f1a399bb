import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { MigrationSource } from './parse-migration.ts';

type ChooseInput = {
  /** In the order in which they run. */
  readonly migrations: readonly Pick<MigrationOnDisk, 'name' | 'file' | 'sql'>[];
  /** What is merged or applied: deployed already, each by itself. Null where nothing is known of any. */
  readonly deployed: ReadonlySet<string> | null;
  readonly isLinted: (name: string) => boolean;
};

/**
 * Says which migrations are linted, and which will be deployed together: all those that are new. Of those that come
 * before, the linter reads what they make; those that come after the last linted one it need not know. Pure.
 */
export function chooseLinted({ migrations, deployed, isLinted }: ChooseInput): readonly MigrationSource[] {
  const together = migrations.length;
  const sources = migrations.map(({ name, file, sql }, place) => ({
    ...{ name, file, sql },
    batch: deployed === null || deployed.has(name) ? place : together,
    linted: isLinted(name),
  }));
  return sources.slice(0, sources.findLastIndex(({ linted }) => linted) + 1);
}
