import { mayHoldDirectives } from '../../sql/directives.ts';
import { locateOffset } from '../../sql/locate.ts';
import type { ParseNode } from '../../sql/parser.ts';
import { guardBlock } from '../advice/guard-block.ts';
import { guardPlace } from '../advice/guard-place.ts';
import { type Precondition, preconditionsOf } from '../advice/precondition.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import { columnRefs } from '../facts/column-refs.ts';
import { nameOfRelation, showIdentifier, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { blockWords } from '../reading/block-words.ts';
import { isSameTable } from '../reading/foreign-keys.ts';
import { noteLocks } from '../reading/held-locks.ts';
import { isFilled } from '../reading/new-constraints.ts';
import { defineRule, type Edit, type RuleContext } from '../rule.ts';

export const constraintNeedsPreconditionGuard = defineRule({
  id: 'constraint-needs-precondition-guard',
  family: 'data',
  level: 'info',
  title: 'A constraint on rows that are there, without a guard that says which of them break it',
  statement(statement, context) {
    noteLocks(statement, context.facts);
    return preconditionsOf(statement, context.facts, context.parser)
      .filter((wanted) => !isMet(wanted, statement, context))
      .map((wanted) => {
        const guard = guardBlock(wanted.guard);
        const place = guardPlace(statement, wanted.columns, context);
        return {
          statement,
          message: describe(wanted),
          hint: `A guard before it counts them, names one, and stops the migration with a message that can be acted on.${place === null ? HINT_LOCKED : ''}`,
          rewrite: [{ title: titleOf(place, statement), sql: guard }],
          ...(place === null ? {} : { edits: [insertBefore(place, `${guard}\n--> statement-breakpoint\n`)] }),
        };
      });
  },
});

const HINT_LOCKED =
  ' It looks at what this migration makes or writes, and counts while the locks of this migration are held: put the statement, and the guard before it, into a migration of their own.';

function titleOf(place: LintStatement | null, statement: LintStatement): string {
  if (place === null) return 'a migration of its own, before the statement';
  if (place === statement) return 'this migration, before the statement';
  const { line } = locateOffset(place.migration.sql, place.start);
  return `this migration, before line ${line}, which takes the first lock`;
}

function describe({ kind, table, subject: shown, name }: Precondition): string {
  const constraint = name === null ? 'it' : showIdentifier(name);
  switch (kind) {
    case 'unique':
      return `If ${showName(table)} has values of ${shown} twice, the migration fails here, and PostgreSQL names one of them, not how many there are.`;
    case 'foreign key':
      return `If ${shown} of ${showName(table)} refers to rows that are not there, the migration fails here, and PostgreSQL names one value, not how many there are.`;
    case 'check':
      return `If rows of ${showName(table)} break ${constraint}, the migration fails here, and PostgreSQL names none of them.`;
    case 'not null':
      return `If ${shown} of ${showName(table)} is null in any row, the migration fails here, and PostgreSQL names none of them.`;
  }
}

/** Is there a guard, or can no row offend? */
function isMet(wanted: Precondition, statement: LintStatement, context: RuleContext): boolean {
  const { facts, parser, migrations } = context;
  const { table, columns, keys, kind } = wanted;
  const together = migrations
    .filter(({ batch }) => batch === statement.migration.batch)
    .flatMap(({ statements }) => statements);
  const earlier = together.slice(0, together.indexOf(statement));
  const isGuarded = earlier.some((one) => {
    const words = blockWords(one.node, parser);
    const stops = words.has('raise') || words.has('assert');
    return stops && [table.name, ...columns].every((word) => words.has(word));
  });
  if (isGuarded || earlier.some((one) => isSeenTo(one, wanted))) return true;
  // Where there is no such table, IF EXISTS passes over it, and the guard would fail.
  if (
    'AlterTableStmt' in statement.node &&
    statement.node.AlterTableStmt.missing_ok === true &&
    facts.table(table) === null
  ) {
    return true;
  }
  // A column that the statement itself adds is not there to be counted before.
  if (alterTableCommands(statement.node).some((one) => columns.includes(columnOf(one)?.colname ?? ''))) {
    return true;
  }
  if (kind === 'foreign key' && isAddedAgain(wanted, statement)) return true;
  if (kind === 'unique' && isUniqueAlready(wanted, facts)) return true;
  const isEmpty = (column: string) => isNewAndEmpty({ wanted, column }, { statement, earlier, facts });
  if (wanted.mindsNull || keys.length === 0) return false;
  // One null is enough for a key; a CHECK may ask for any of its columns.
  return kind === 'check' ? keys.every(isEmpty) : keys.some(isEmpty);
}

/** Does the statement before it take the offenders away: delete them, or fill what is null? */
function isSeenTo({ node }: LintStatement, { table, keys, kind }: Precondition): boolean {
  if ('DeleteStmt' in node) {
    const { relation, whereClause, usingClause } = node.DeleteStmt;
    if (relation === undefined || !isSameTable(nameOfRelation(relation), table)) return false;
    const named = columnRefs([whereClause, usingClause]);
    return keys.length > 0 && keys.every((column) => named.includes(column));
  }
  if (kind !== 'not null' || !('UpdateStmt' in node)) return false;
  const { relation, targetList = [], whereClause } = node.UpdateStmt;
  if (relation === undefined || !isSameTable(nameOfRelation(relation), table)) return false;
  const sets = targetList.some(
    (target) => 'ResTarget' in target && keys.includes(target.ResTarget.name ?? ''),
  );
  return sets && (whereClause === undefined || isNullTest(whereClause, keys));
}

/** `x IS NULL`, and nothing besides. */
function isNullTest(condition: ParseNode, columns: readonly string[]): boolean {
  if (!('NullTest' in condition) || condition.NullTest.nulltesttype !== 'IS_NULL') return false;
  return columnRefs(condition.NullTest.arg).some((column) => columns.includes(column));
}

/** drizzle-kit changes a key by dropping and adding it under one name: the old one has seen to the rows. */
function isAddedAgain({ table, name }: Precondition, { migration, index }: LintStatement): boolean {
  return migration.statements
    .slice(0, index)
    .some(({ node }) =>
      alterTableCommands(node).some(
        (command) =>
          command.subtype === 'AT_DropConstraint' &&
          command.name === name &&
          isSameTable(nameOfRelation(command.relation), table),
      ),
    );
}

/** Some of the columns are unique without the others. */
function isUniqueAlready({ table, keys }: Precondition, facts: SchemaFacts): boolean {
  const isPart = (known: readonly (string | null)[]) =>
    known.length > 0 && known.every((column) => column !== null && keys.includes(column));
  const constraints = [...(facts.table(table)?.constraints.values() ?? [])];
  return (
    constraints.some(
      (known) => (known.kind === 'unique' || known.kind === 'primary key') && isPart(known.columns),
    ) || facts.indexesOf(table).some((index) => index.unique && !index.partial && isPart(index.columns))
  );
}

type Around = {
  readonly statement: LintStatement;
  readonly earlier: readonly LintStatement[];
  readonly facts: SchemaFacts;
};

function isNewAndEmpty(
  { wanted: { table }, column }: { readonly wanted: Precondition; readonly column: string },
  { statement, earlier, facts }: Around,
): boolean {
  const known = facts.table(table)?.columns.get(column);
  if (known === undefined || !facts.isNew(known, statement) || known.born === null) return false;
  const definition = alterTableCommands(known.born.node)
    .map(columnOf)
    .find((one) => one?.colname === column);
  if (!definition || isFilled(definition)) return false;
  return !earlier.some(
    ({ node }) =>
      'UpdateStmt' in node &&
      node.UpdateStmt.relation !== undefined &&
      isSameTable(nameOfRelation(node.UpdateStmt.relation), table),
  );
}

/** Before the statement; before its comments, too, if one of them speaks to the linter of that statement. */
function insertBefore({ migration: { sql, statements }, start }: LintStatement, text: string): Edit {
  const before = statements.filter(({ nested, end }) => !nested && end <= start).at(-1)?.end ?? 0;
  const gap = sql.slice(before, start);
  if (!mayHoldDirectives(gap)) return { start, end: start, text };
  const breakpoint = '--> statement-breakpoint';
  const marks = gap.includes(breakpoint)
    ? gap.indexOf(breakpoint) + breakpoint.length
    : gap.startsWith(';')
      ? 1
      : 0;
  const at = before + marks;
  return { start: at, end: at, text: at === 0 ? text : `\n${text.trimEnd()}` };
}
