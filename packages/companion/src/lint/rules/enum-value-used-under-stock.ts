import { classifyStatement } from '../../sql/classify-statement.ts';
import { showName } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import {
  type AddedValue,
  NEW_TYPES_ARE_SAFE,
  spanOfConstant,
  usesOfAddedValues,
} from '../reading/added-values.ts';
import { defineRule, type RuleContext } from '../rule.ts';

export const enumValueUsedUnderStock = defineRule({
  id: 'enum-value-used-under-stock',
  family: 'enums',
  level: 'warning',
  title: 'A migration uses an enum value that an earlier one adds: stock drizzle cannot run both at once',
  statement(statement, context) {
    const uses = usesUnderStock(statement, context);
    if (uses.length === 0 || context.migrations.some(isRefusedByStock)) return [];
    const seen = new Set<LintStatement>();
    return uses.flatMap(({ constant, enum: { name }, added }) => {
      if (seen.has(added) || isUsedBefore(statement, added, context)) return [];
      seen.add(added);
      const value = `'${constant.value}'`;
      const isPending = added.migration.batch === statement.migration.batch;
      const where = isPending
        ? 'a database that misses both migrations, as production does now, stops here'
        : 'on a database that starts empty, a new clone or CI, it stops here';
      return [
        {
          statement,
          at: spanOfConstant(statement, constant),
          message: `${value} is added to ${showName(name)} by ${added.migration.name}. Under drizzle-companion that is committed before this runs. Stock drizzle (drizzle-kit migrate, migrate() of drizzle-orm) runs all pending migrations in one transaction: ${where} with 55P04, unsafe use of new value.`,
          hint: hintFor(statement),
        },
      ];
    });
  },
});

function usesUnderStock(statement: LintStatement, context: RuleContext) {
  return usesOfAddedValues(statement, context, (value) => isRefused(value, statement, context)).filter(
    ({ constant, added }) =>
      constant.type !== 'unknown' &&
      (!constant.late || 'InsertStmt' in statement.node) &&
      !isCommittedBetween(added, statement, context.migrations),
  );
}

/** Would the two meet in one transaction of stock drizzle's, where PostgreSQL minds? */
function isRefused(
  { added, enum: { born } }: AddedValue,
  statement: LintStatement,
  { postgresVersion }: RuleContext,
): boolean {
  const isOurs = added.transaction !== null && added.transaction === statement.transaction;
  if (isOurs || (added.migration === statement.migration && added.start === statement.start)) return false;
  if (postgresVersion < NEW_TYPES_ARE_SAFE) return true;
  // Where the type itself is made by the same run, newer servers allow it; so only what is deployed now matters.
  const { batch } = statement.migration;
  return added.migration.batch === batch && born?.migration.batch !== batch;
}

/** A COMMIT in a file ends stock drizzle's transaction, too. */
function isCommittedBetween(
  from: LintStatement,
  to: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  const first = migrations.indexOf(from.migration);
  const last = migrations.indexOf(to.migration);
  return migrations.slice(first, last + 1).some((migration) =>
    migration.statements.some((statement) => {
      if (classifyStatement(statement.node).kind !== 'end') return false;
      const isAfter = migration !== from.migration || statement.start > from.start;
      return isAfter && (migration !== to.migration || statement.start < to.start);
    }),
  );
}

/** Who has such a migration cannot make a database with stock drizzle at all. */
function isRefusedByStock({ inTransaction, statements }: LintMigration): boolean {
  return !inTransaction && statements.some(({ node }) => classifyStatement(node).kind === 'refuses');
}

function isUsedBefore(statement: LintStatement, added: LintStatement, context: RuleContext): boolean {
  return statement.migration.statements
    .slice(0, statement.index)
    .some((earlier) => usesUnderStock(earlier, context).some((use) => use.added === added));
}

function hintFor({ node }: LintStatement): string {
  const fromEmpty =
    'UpdateStmt' in node || 'DeleteStmt' in node
      ? ' Or let a DO block run it only where there are rows (IF EXISTS (SELECT FROM …) THEN …): an empty database then passes.'
      : '';
  return `Migrate every database with drizzle-companion, those of developers and CI too, and turn this rule off.${fromEmpty}`;
}
