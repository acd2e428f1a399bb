import { basename, dirname } from 'node:path';
import type { NoBase } from '../../git/find-base.ts';
import { toRepositoryPath } from '../../git/repository-path.ts';
import type { Layout } from '../../kernel/migration.ts';
import type { RecordedMigration } from './base-comparison.ts';
import { type BaseReading, type GitInput, readCommit } from './read-base.ts';
import { recordBase } from './record-migrations.ts';

/** Which migrations others have, as far as git can say. */
export type Merged = {
  /** Null where nobody can say. */
  readonly names: ReadonlySet<string> | null;
  /** Their SQL: what was merged may have another name here. */
  readonly texts: ReadonlySet<string>;
  /** What they are on, as the user says it: `origin/main`; `HEAD` where no base is known. */
  readonly base: string;
  /** Why no base is known; null where one is. */
  readonly reason: string | null;
  /** Of what kind the reason is; null where there is none. */
  readonly kind: NoBase['kind'] | null;
  /** Of an index: the migrations that the commit adds or changes. Null where all of the working tree is meant. */
  readonly changed: ReadonlySet<string> | null;
};

/**
 * The names of the migrations on the base: those that were there where the branch left it, and those that are now.
 * Without a base that is known, what is committed may be with others, for all we know.
 */
export async function readMerged(
  input: GitInput,
  reading: BaseReading | NoBase,
  layout: Layout,
): Promise<Merged> {
  const { repository, base, folder, judged = 'disk' } = input;
  const changed = judged === 'index' ? await listChangedNames(input) : null;
  if (!('reason' in reading)) {
    const recorded = [reading.fork, reading.tip].flatMap((history) => recordBase(history, layout));
    return { ...describe(recorded), base: reading.base.name, reason: null, kind: null, changed };
  }
  const { reason, kind } = reading;
  if (base !== null || toRepositoryPath(repository.root, folder) === null) {
    return { names: null, texts: new Set(), base: base ?? '', reason, kind, changed };
  }
  const head = await repository.resolveCommit('HEAD');
  const committed = head === null ? null : await readCommit(repository, head, folder);
  return { ...describe(recordBase(committed, layout)), base: 'HEAD', reason, kind, changed };
}

async function listChangedNames({ repository, folder }: GitInput): Promise<ReadonlySet<string>> {
  const inside = (file: string) => {
    const path = toRepositoryPath(folder, file);
    return path?.endsWith('.sql') ? [path] : [];
  };
  const changed = await repository.listStaged();
  return new Set(changed.flatMap(({ file }) => inside(file)).map(nameOfFile));
}

/** `0007_x.sql`, or `20240101000000_x/migration.sql` in the 1.x layout. */
function nameOfFile(path: string): string {
  return basename(path) === 'migration.sql' ? basename(dirname(path)) : basename(path, '.sql');
}

function describe(recorded: readonly RecordedMigration[]): {
  readonly names: ReadonlySet<string>;
  readonly texts: ReadonlySet<string>;
} {
  return {
    names: new Set(recorded.map(({ name }) => name)),
    texts: new Set(recorded.flatMap(({ sql }) => sql ?? [])),
  };
}
