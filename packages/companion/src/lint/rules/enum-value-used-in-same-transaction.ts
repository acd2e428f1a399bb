import { laterMigration } from '../advice/later-migration.ts';
import { joinStatements } from '../advice/take-out.ts';
import { showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import {
  type AddedValueUse,
  NEW_TYPES_ARE_SAFE,
  spanOfConstant,
  usesOfAddedValues,
} from '../reading/added-values.ts';
import { defineRule, type RuleContext } from '../rule.ts';

export const enumValueUsedInSameTransaction = defineRule({
  id: 'enum-value-used-in-same-transaction',
  family: 'enums',
  level: 'error',
  title: 'An enum value is used in the transaction that adds it',
  statement(statement, context) {
    const uses = refusedUses(statement, context);
    const seen = new Set<string>();
    return uses.flatMap((use) => {
      const { constant } = use;
      const key = JSON.stringify([constant.value, use.enum.name]);
      if (seen.has(key)) return [];
      seen.add(key);
      const rewrite = isFirst(statement, use, context) ? split(statement, use, context) : null;
      return [
        {
          statement,
          at: spanOfConstant(statement, constant),
          message: describe(use, statement),
          hint: advise(use, statement, context),
          ...(rewrite === null ? {} : { rewrite }),
        },
      ];
    });
  },
});

function refusedUses(statement: LintStatement, context: RuleContext): readonly AddedValueUse[] {
  const uses = usesOfAddedValues(
    statement,
    context,
    ({ added, enum: { born } }) =>
      commitTogether(added, statement) &&
      !(context.postgresVersion >= NEW_TYPES_ARE_SAFE && born !== null && commitTogether(born, statement)),
  );
  return uses.filter(({ constant }) => !constant.late || readsRows(statement));
}

function commitTogether(a: LintStatement, b: LintStatement): boolean {
  if (a.transaction !== null) return a.transaction === b.transaction;
  // What a DO block holds commits together, even where the block commits by itself.
  return a.migration === b.migration && a.start === b.start;
}

/** Does it compute its expressions now? A default is kept as it is written. */
function readsRows({ node }: LintStatement): boolean {
  if ('AlterTableStmt' in node) {
    return (node.AlterTableStmt.cmds ?? []).some(
      (cmd) => 'AlterTableCmd' in cmd && cmd.AlterTableCmd.subtype === 'AT_AlterColumnType',
    );
  }
  return ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'SelectStmt'].some((kind) => kind in node);
}

function describe({ constant, enum: { name }, added }: AddedValueUse, { migration }: LintStatement): string {
  const value = `'${constant.value}'`;
  const where = added.migration === migration ? '' : ` (${added.migration.name})`;
  const refusal = `PostgreSQL refuses ${value} here (55P04, unsafe use of new value): the same transaction adds it to ${showName(name)}${where}, and until that is committed the value cannot be used, not even in a default, a condition or an index.`;
  if (constant.type !== 'unknown') return `${refusal} The migration fails and is rolled back.`;
  const column = constant.column ?? 'what it is meant for';
  return `If ${column} is of the type ${showName(name)}: ${refusal} The migration then fails and is rolled back.`;
}

function advise(use: AddedValueUse, statement: LintStatement, { runner }: RuleContext): string {
  const { born } = use.enum;
  if (born !== null && commitTogether(born, statement))
    return 'The type is made in this transaction, too: write the value into CREATE TYPE, and leave ADD VALUE out.';
  return runner === 'drizzle'
    ? 'Stock drizzle runs all that is pending in one transaction: deploy the new value first, and what uses it with a later deployment.'
    : 'Move what uses the value into the next migration, which has a transaction of its own; `drizzle-kit generate --custom` makes an empty one.';
}

/** After one cut all uses lie behind it, so one finding shows it. */
function isFirst(statement: LintStatement, { added }: AddedValueUse, context: RuleContext): boolean {
  return statement.migration.statements
    .slice(0, statement.index)
    .every((earlier) => refusedUses(earlier, context).every((use) => use.added !== added));
}

/** The file cut in two before the statement; null where the value comes from another file. */
function split(statement: LintStatement, use: AddedValueUse, { runner }: RuleContext) {
  const { added } = use;
  const { born } = use.enum;
  const { statements, syntaxFaults } = statement.migration;
  if (added.migration !== statement.migration || added.nested || syntaxFaults.length > 0) return null;
  if (born !== null && commitTogether(born, statement)) return null;
  const outer = statements.filter(({ nested }) => !nested);
  const isBefore = ({ start }: LintStatement): boolean => start < statement.start;
  return [
    { title: 'this migration', sql: joinStatements(outer.filter(isBefore)) },
    { title: laterMigration(runner), sql: joinStatements(outer.filter((one) => !isBefore(one))) },
  ];
}
