import type { SqlParser } from '../../sql/parser.ts';
import { describeGaps } from '../advice/enum-gap-words.ts';
import { keepValue } from '../advice/enum-instead.ts';
import { completePart, completeSteps } from '../advice/enum-steps.ts';
import { isBreakpoint, scanBetween } from '../advice/take-out.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import type { EnumColumn, EnumGap } from '../reading/enum-gap.ts';
import { planRecreate, type RecreatePlan } from '../reading/enum-gaps.ts';
import { type EnumRecreate, recreateFrom } from '../reading/enum-recreates.ts';
import { defineRule, type Edit, type RuleContext } from '../rule.ts';

export const drizzleEnumRecreate = defineRule({
  id: 'drizzle-enum-recreate',
  family: 'enums',
  level: 'error',
  title:
    'The SQL that drizzle-kit writes to remove an enum value fails on what hangs on the type, or on rows that hold the value',
  statement(statement, context) {
    const recreate = recreateFrom(statement, context.migrations);
    if (recreate?.style !== 'text') return [];
    const plan = planRecreate(recreate, context);
    const { columns, gaps } = plan;
    const [gap] = gaps;
    if (gap === undefined) return [];
    const edits = isMechanical(gaps)
      ? replace(recreate, { columns, sql: completeSteps(plan) }, context)
      : null;
    return [
      {
        statement: gap.at.migration === statement.migration ? gap.at : statement,
        message: `This migration turns the columns of ${showName(recreate.type)} into text, makes the type anew and turns them back, which writes each table anew twice under ACCESS EXCLUSIVE. It does not get through. ${describeGaps(gaps, recreate)}`,
        hint: advise(plan),
        rewrite: [completePart(plan)],
        ...(edits === null ? {} : { edits }),
      },
    ];
  },
});

function advise({ columns, removed }: RecreatePlan): string {
  const [first] = columns;
  const direct =
    'the old type is renamed, and the columns move straight to the new one, as shown: defaults dropped before and set after, removed values mapped in USING. Each table is then written anew once, under ACCESS EXCLUSIVE, which is fine for a small one.';
  if (first === undefined || removed.length === 0) return `Let it go the direct way: ${direct}`;
  return `Either ${direct} Or, for a large table, ${keepValue({ column: first.column.name }, removed)}`;
}

/** Nothing to be chosen, nothing to be made again by hand. */
function isMechanical(gaps: readonly EnumGap[]): boolean {
  return gaps.every(({ kind }) => kind === 'default stays' || kind === 'column left' || kind === 'no using');
}

type Replacement = { readonly columns: readonly EnumColumn[]; readonly sql: string };

/** The new steps in place of the old ones; null where one of these does more, or something else stands between. */
function replace(
  recreate: EnumRecreate,
  { columns, sql }: Replacement,
  { parser }: RuleContext,
): readonly Edit[] | null {
  const { first, create, drop } = recreate;
  const own = first.migration.statements.slice(first.index).filter((statement) => {
    return statement === create || statement === drop || touches(statement, columns);
  });
  const alters = own.filter(({ node }) => 'AlterTableStmt' in node);
  if (alters.some((statement) => !touchesOnly(statement, columns))) return null;
  if (recreate.casts.some(({ statement }) => statement.migration !== first.migration)) return null;
  const [last] = own.slice(-1);
  if (last === undefined || own[0] !== first || !isOnePiece(own, parser)) return null;
  return [{ start: first.start, end: last.end, text: sql.replace(/;$/, '') }];
}

/** Nothing between them but semicolons and breakpoints: no other statement, and no comment that would be lost. */
function isOnePiece(statements: readonly LintStatement[], parser: SqlParser): boolean {
  return statements.slice(1).every((statement, place) => {
    const from = statements[place]?.end ?? statement.start;
    const between = scanBetween(statement.migration.sql, { from, to: statement.start }, parser);
    return between.every((token) => token.text === ';' || isBreakpoint(token));
  });
}

function touches({ node }: LintStatement, columns: readonly EnumColumn[]): boolean {
  return alterTableCommands(node).some((command) => isOn(command, columns));
}

function touchesOnly({ node }: LintStatement, columns: readonly EnumColumn[]): boolean {
  return alterTableCommands(node).every(
    (command) =>
      (command.subtype === 'AT_AlterColumnType' || command.subtype === 'AT_ColumnDefault') &&
      isOn(command, columns),
  );
}

function isOn(
  { name, relation }: ReturnType<typeof alterTableCommands>[number],
  columns: readonly EnumColumn[],
): boolean {
  const table = keyOfName(nameOfRelation(relation));
  return columns.some(({ table: one, column }) => column.name === name && keyOfName(one.name) === table);
}
