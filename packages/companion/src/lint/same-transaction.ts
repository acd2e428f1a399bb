import type { LintMigration, LintStatement } from './migration.ts';

/** The statements that commit together with this one, itself among them, in order. */
export function sameTransaction(
  statement: LintStatement,
  migrations: readonly LintMigration[],
): readonly LintStatement[] {
  const { transaction, migration, start } = statement;
  // What a DO block holds commits together, even where the block commits by itself.
  if (transaction === null) return migration.statements.filter((one) => one.start === start);
  return migrations
    .filter(({ batch }) => batch === migration.batch)
    .flatMap(({ statements }) => statements.filter((one) => one.transaction === transaction));
}

/** Those of them that run before it. */
export function earlierInTransaction(
  statement: LintStatement,
  migrations: readonly LintMigration[],
): readonly LintStatement[] {
  const all = sameTransaction(statement, migrations);
  return all.slice(0, all.indexOf(statement));
}

/** Those of them that run after it. */
export function laterInTransaction(
  statement: LintStatement,
  migrations: readonly LintMigration[],
): readonly LintStatement[] {
  const all = sameTransaction(statement, migrations);
  return all.slice(all.indexOf(statement) + 1);
}
