import type { LintMigration, LintStatement } from '../migration.ts';

/** The statements that commit together with this one, itself among them, in order. */
export function sameTransaction(
  statement: LintStatement,
  migrations: readonly LintMigration[],
): readonly LintStatement[] {
  const { transaction, migration, start } = statement;
  // What a DO block holds commits together, even where the block commits by itself.
  if (transaction === null) return migration.statements.filter((one) => one.start === start);
  return transactionsOf(migrations).get(keyOf(statement)) ?? [statement];
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

type Transactions = ReadonlyMap<string, readonly LintStatement[]>;

/** Several rules ask for each statement: a long migration is gone through once, not once for each of its statements. */
function transactionsOf(migrations: readonly LintMigration[]): Transactions {
  const known = transactions.get(migrations);
  if (known !== undefined) return known;
  const found = new Map<string, LintStatement[]>();
  for (const statement of migrations.flatMap(({ statements }) => statements)) {
    if (statement.transaction === null) continue;
    const together = found.get(keyOf(statement)) ?? [];
    found.set(keyOf(statement), together);
    together.push(statement);
  }
  transactions.set(migrations, found);
  return found;
}

const transactions = new WeakMap<readonly LintMigration[], Transactions>();

function keyOf({ migration, transaction }: LintStatement): string {
  return `${migration.batch} ${transaction}`;
}
