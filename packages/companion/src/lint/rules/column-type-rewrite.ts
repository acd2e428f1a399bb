import type { Rewrite } from '../../kernel/finding.ts';
import { commandSpans, withoutCommands } from '../advice/alter-parts.ts';
import { adviseInstead, recreateOf } from '../advice/enum-instead.ts';
import { expandColumn } from '../advice/expand-column.ts';
import { newLimit, shortenText } from '../advice/shorten-text.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { columnRefs } from '../facts/column-refs.ts';
import { locksOf } from '../facts/locks.ts';
import { keyOfName, showIdentifier, showName } from '../facts/names.ts';
import { showType } from '../facts/sql-type.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { isSessionUtc } from '../reading/is-session-utc.ts';
import { noteRecreate, stateOfRecreate } from '../reading/noted-recreates.ts';
import { standalone } from '../reading/standalone.ts';
import { type TypeChange, typeChanges } from '../reading/type-changes.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const columnTypeRewrite = defineRule({
  id: 'column-type-rewrite',
  family: 'locking',
  level: 'error',
  title: "A change of a column's type writes the whole table anew, unless the types are kin",
  statement(statement, context) {
    noteRecreate(statement, context);
    const changes = typeChanges(statement, context.facts).filter((change) => {
      const recreated = recreateOf(statement, change, context.migrations);
      // The finding at the first half of a round trip speaks for both.
      if (recreated === null || recreated.leg === 'back') return recreated === null;
      // Where it does not get through, the rules of enums say so, and what it costs when it does.
      return stateOfRecreate(recreated.recreate) !== 'incomplete';
    });
    const told = changes.flatMap((change) => {
      const verdict = judge(statement, change, context);
      return verdict === null ? [] : [{ change, verdict }];
    });
    const rewritten = told.filter(({ verdict }) => verdict.rewrite !== undefined);
    const rest = restOf(
      statement,
      rewritten.map(({ change }) => change),
      context,
    );
    const spans = statement.nested || told.length === 0 ? null : commandSpans(statement);
    return told.map(({ change, verdict }): Report => {
      const at = spans?.[change.place];
      const isFirst = rewritten[0]?.change === change;
      return {
        statement,
        ...(at === undefined || alterTableCommands(statement.node).length === 1 ? {} : { at }),
        growsWith: change.table,
        ...verdict,
        ...(isFirst && verdict.rewrite !== undefined ? { rewrite: withRest(verdict.rewrite, rest) } : {}),
      };
    });
  },
});

type Verdict = Pick<Report, 'level' | 'message' | 'hint' | 'rewrite'>;

function judge(statement: LintStatement, change: TypeChange, context: RuleContext): Verdict | null {
  const { cost } = change;
  const isUtc = cost === 'rewrite-unless-utc' && isSessionUtc(statement);
  if (cost === 'same' || cost === 'catalog' || isUtc) return judgeCatalogChange(change);
  const recreated = recreateOf(statement, change, context.migrations);
  if (recreated !== null) {
    const message = describeRewrite(statement, change, context);
    const level = stateOfRecreate(recreated.recreate) === 'complete' ? 'info' : 'warning';
    return { level, message, ...adviseInstead(change, recreated, context) };
  }
  if (cost === 'unknown') return judgeUnknown(statement, change, context);
  const message = describeRewrite(statement, change, context);
  if (cost === 'rewrite-unless-utc') {
    const isSafe = change.rebuilt.length === 0 && change.checked.length === 0;
    if (isSafe && statement.transaction !== null) return judgeTimes(statement, message);
  }
  return withAdvice(statement, change, { message }, context);
}

function withAdvice(
  statement: LintStatement,
  change: TypeChange,
  verdict: Verdict,
  context: RuleContext,
): Verdict {
  const limit = newLimit(change);
  const column = context.facts.table(change.table)?.columns.get(change.column) ?? null;
  if (limit === null || context.facts.isNew(column, statement))
    return { ...verdict, ...advise(statement, change, context) };
  const { message, ...shorter } = shortenText(change, limit, context);
  return { ...verdict, ...shorter, message: `${verdict.message} ${message}` };
}

function describeRewrite(
  statement: LintStatement,
  change: TypeChange,
  { facts, migrations }: RuleContext,
): string {
  const table = showName(change.table);
  const from = change.from === null ? '' : ` from ${showType(change.from)}`;
  const isAway = recreateOf(statement, change, migrations)?.leg === 'away';
  const again = isAway ? ', and a second time on the way back' : '';
  const others = locksOf(statement.node, facts).filter(
    ({ relation, mode }) =>
      mode === 'AccessExclusive' &&
      keyOfName(relation) !== keyOfName(change.table) &&
      isInUse(relation, statement, facts),
  );
  const beside =
    others.length === 0
      ? ''
      : ` The same lock lies on ${others.map(({ relation }) => showName(relation)).join(', ')} meanwhile.`;
  return `To turn ${showIdentifier(change.column)}${from} into ${showType(change.to)}, PostgreSQL writes all of ${table} and its indexes anew under ACCESS EXCLUSIVE${again}: every read and every write of ${table} waits until the last row is written.${beside}`;
}

function judgeCatalogChange({ table, column, rebuilt, checked }: TypeChange): Verdict | null {
  const shown = showName(table);
  const start = `The rows of ${shown} stay as they are when ${showIdentifier(column)} changes its type, but`;
  const waits = `under ACCESS EXCLUSIVE: every read and every write of ${shown} waits`;
  if (rebuilt.length > 0) {
    return {
      message: `${start} ${list(rebuilt)} ${rebuilt.length === 1 ? 'is' : 'are'} built anew ${waits} until that is done.`,
      hint: 'Where nothing depends on the index, drop it with CONCURRENTLY before, and build it with CONCURRENTLY behind, in migrations of their own.',
    };
  }
  if (checked.length === 0) return null;
  return {
    message: `${start} ${list(checked)} ${checked.length === 1 ? 'names' : 'name'} it and must be proven again: PostgreSQL reads all of ${shown} ${waits} until it has.`,
    hint: 'In one migration drop the CHECK, change the type, and add the CHECK again NOT VALID; VALIDATE CONSTRAINT in a later migration reads the table while reads and writes go on.',
  };
}

function judgeUnknown(statement: LintStatement, change: TypeChange, context: RuleContext): Verdict {
  const table = showName(change.table);
  const why =
    change.from === null
      ? `What type ${showIdentifier(change.column)} has now is not known here.`
      : `What ${showType(change.from)} and ${showType(change.to)} have in common is not known here.`;
  const verdict: Verdict = {
    level: 'warning',
    message: `${why} Unless it is kin to ${showType(change.to)} (the same with a smaller limit, or varchar and text), PostgreSQL writes all of ${table} and its indexes anew under ACCESS EXCLUSIVE: every read and every write of ${table} waits until the last row is written.`,
  };
  return withAdvice(statement, change, verdict, context);
}

function judgeTimes(statement: LintStatement, message: string): Verdict {
  return {
    message,
    hint: "With the session's time zone at UTC, only the catalog changes. The times that are there are then taken for UTC: as what they were written, if the code writes UTC.",
    rewrite: [{ title: 'this migration', sql: `SET LOCAL timezone = 'UTC';\n${statement.text};` }],
  };
}

function advise(statement: LintStatement, change: TypeChange, context: RuleContext): Partial<Verdict> {
  const { facts, parser } = context;
  const table = facts.table(change.table);
  const column = table?.columns.get(change.column) ?? null;
  if (facts.isNew(column, statement)) {
    return { hint: 'The column is made in this deployment: give it this type where it is made.' };
  }
  const rewrite = expandColumn(standalone(statement, parser), change, context);
  const users = [
    ...[...(table?.constraints.values() ?? [])].filter(
      ({ kind, columns, expression }) =>
        kind !== 'not null' && [...columns, ...columnRefs(expression)].includes(change.column),
    ),
    ...facts.indexesOf(change.table).filter(({ columns }) => columns.includes(change.column)),
  ].map(({ name }) => (typeof name === 'string' ? name : name.name));
  const defaulted = column?.hasDefault ? ['the default'] : [];
  const hanging = [...defaulted, ...users.map(showIdentifier)];
  return {
    hint: `Take a second column of the new type: a trigger keeps it in step, batches fill it, and in the end it takes the name of the first.${hanging.length === 0 ? '' : ` Before that it needs what hangs on the first: ${hanging.join(', ')}. What it lacks then is gone with the first.`}`,
    ...(rewrite === null ? {} : { rewrite }),
  };
}

/** What else the ALTER TABLE does. */
function restOf(
  statement: LintStatement,
  changes: readonly TypeChange[],
  { parser }: Pick<RuleContext, 'parser'>,
): string | null {
  const own = standalone(statement, parser);
  const spans = changes.length === 0 ? null : commandSpans(own);
  if (spans === null) return null;
  const dropped = new Set(changes.map(({ place }) => place));
  // A default that the statement sets is one of the new type: it comes when the new column has the name.
  for (const [place, { subtype, name }] of alterTableCommands(own.node).entries()) {
    if (subtype === 'AT_ColumnDefault' && changes.some(({ column }) => column === name)) dropped.add(place);
  }
  return withoutCommands(own, spans, { dropped, edits: [] });
}

function withRest([first, ...others]: readonly Rewrite[], rest: string | null): readonly Rewrite[] {
  if (first === undefined || rest === null) return first === undefined ? [] : [first, ...others];
  return [{ ...first, sql: `${rest}\n${first.sql}` }, ...others];
}

function list(names: readonly string[]): string {
  return names.map(showIdentifier).join(', ');
}
