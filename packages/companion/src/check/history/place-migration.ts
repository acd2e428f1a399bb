import type { MigrationOnDisk } from '../../kernel/migration.ts';

/** A migration's own file, from its first line. */
export function placeMigration({ name, file }: MigrationOnDisk): {
  readonly migration: string;
  readonly file: string;
  readonly line: number;
} {
  return { migration: name, file, line: 1 };
}
