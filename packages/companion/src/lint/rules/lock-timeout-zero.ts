import { rewritten } from '../advice/edits.ts';
import { blockedBy, locksOf } from '../facts/locks.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintRunner, LintStatement } from '../migration.ts';
import { type SettingChange, settingChanges } from '../reading/setting-changes.ts';
import { parseTimeout } from '../reading/timeout-value.ts';
import { defineRule, type Edit, type Report, type RuleContext } from '../rule.ts';

export const lockTimeoutZero = defineRule({
  id: 'lock-timeout-zero',
  family: 'transactions',
  level: 'warning',
  title: 'A migration that waits for locks without a limit, or for too long, or holds them without one',
  options: { max: '30s' },
  statement(statement, { facts }) {
    if (setsTimeout(statement.migration) && holdsOthersUp(statement, facts)) queueing.add(statement);
    return [];
  },
  migration({ statements }, context) {
    return statements.flatMap((statement) =>
      settingChanges(statement)
        .filter(isOfTimeout)
        .flatMap((change) => {
          const behind = coveredBy(change, statements);
          return behind.some((one) => queueing.has(one)) ? judge(change, context) : [];
        }),
    );
  },
});

/** What a statement locks can be told only by the facts before it; which time-out holds for it, only by the whole file. */
const queueing = new WeakSet<LintStatement>();

/** Most files leave it alone, and need not be asked what they lock. */
function setsTimeout(migration: LintMigration): boolean {
  const known = timeouts.get(migration);
  if (known !== undefined) return known;
  const sets = migration.statements.some((statement) => settingChanges(statement).some(isOfTimeout));
  timeouts.set(migration, sets);
  return sets;
}

const timeouts = new WeakMap<LintMigration, boolean>();

function isOfTimeout({ name }: SettingChange): boolean {
  return name === 'lock_timeout' || name === 'statement_timeout' || name === 'all';
}

/**
 * Do reads or writes queue up behind the statement while it waits for its lock? Not behind CONCURRENTLY, VALIDATE or an
 * UPDATE, and not where the table is new.
 */
function holdsOthersUp(statement: LintStatement, facts: SchemaFacts): boolean {
  const { node } = statement;
  const locks = locksOf(node, facts);
  // An index of which nothing is known hangs on a table that is there.
  if ('DropStmt' in node && locks.length === 0)
    return node.DropStmt.removeType === 'OBJECT_INDEX' && node.DropStmt.concurrent !== true;
  return locks.some(({ relation, mode }) => {
    const table = facts.table(relation);
    const isOthers = !facts.isNew(table, statement) && table?.temporary !== true;
    return isOthers && ['reads and writes', 'writes'].includes(blockedBy(mode));
  });
}

/** The statements up to the next one that sets it. */
function coveredBy(
  { statement, name }: SettingChange,
  statements: readonly LintStatement[],
): readonly LintStatement[] {
  const behind = statements.slice(statement.index + 1);
  const next = behind.findIndex((one) =>
    settingChanges(one).some((change) => change.name === name || change.name === 'all'),
  );
  return next === -1 ? behind : behind.slice(0, next);
}

function judge(
  change: SettingChange,
  { options: { max }, runner }: RuleContext<{ readonly max: string }>,
): readonly Report[] {
  const { statement } = change;
  if (change.name === 'statement_timeout') return judgeWork(change, runner);
  const queue =
    'While a statement waits for its lock, every query on that table that comes after it waits behind it';
  const edits = newValue(change, DEFAULT);
  const mended = edits === null ? {} : { rewrite: [{ sql: rewritten(statement, edits) }], edits };
  if (change.kind === 'reset') {
    // Without the companion nothing was set that this could take away.
    if (runner === 'drizzle') return [];
    return [
      {
        statement,
        message: `This takes away the limit that drizzle-companion has set (--lock-timeout): what stands behind it waits for locks as long as the server says, and that is without end unless somebody has set it. ${queue}.`,
        hint: `Move it behind the last statement, or set a time: SET LOCAL lock_timeout = '${DEFAULT}'.`,
      },
    ];
  }
  const text = change.values?.[0];
  const milliseconds = text === undefined ? null : parseTimeout(text);
  const limit = parseTimeout(max) ?? Number.POSITIVE_INFINITY;
  if (milliseconds === null) return [];
  if (milliseconds === 0) {
    return [
      {
        statement,
        message: `0 is no limit: the statements behind it wait for their locks as long as it takes. ${queue}, so that one forgotten transaction holds up the whole application.`,
        hint: `Set a few seconds. ${RETRIES[runner]}`,
        ...mended,
      },
    ];
  }
  if (milliseconds <= limit) return [];
  return [
    {
      statement,
      message: `The statements behind it wait for their locks for up to ${text}. ${queue}: the application stands still for as long.`,
      hint: `Set a few seconds, ${max} at most. ${RETRIES[runner]}`,
      ...mended,
    },
  ];
}

/** How long a lock may be held. Stock drizzle sets no limit, so that none is taken away. */
function judgeWork(change: SettingChange, runner: LintRunner): readonly Report[] {
  const { statement, kind, values } = change;
  if (kind === 'reset' || runner === 'drizzle' || parseTimeout(values?.[0] ?? '') !== 0) return [];
  const edits = newValue(change, '1h');
  return [
    {
      statement,
      level: 'info',
      message:
        'This takes away the limit that drizzle-companion has set for each statement (--statement-timeout, 5 minutes): a statement behind it that takes hours keeps its lock for as long, and nothing stops it.',
      hint: "Where work is known to take long, name a time in which it is done: SET LOCAL statement_timeout = '1h'.",
      ...(edits === null ? {} : { rewrite: [{ sql: rewritten(statement, edits) }] }),
    },
  ];
}

const DEFAULT = '5s';

const RETRIES = {
  companion:
    'drizzle-companion rolls a migration back that did not get its lock, and tries it again after a pause.',
  drizzle: 'Run the migrations again when the lock could not be had; drizzle-companion does so by itself.',
};

/** The value in the statement, replaced; null where it is not a single constant. */
function newValue({ statement, localFlag, kind }: SettingChange, value: string): readonly Edit[] | null {
  if (kind === 'reset' || statement.nested) return null;
  const tokens = statement.tokens().filter(({ comment }) => !comment);
  const flag =
    localFlag === undefined ? -1 : tokens.findIndex(({ start }) => start === statement.offsetOf(localFlag));
  // set_config('lock_timeout', VALUE, flag): the value stands before the comma.
  const token = localFlag === undefined ? tokens.at(-1) : tokens[flag - 2];
  return token === undefined ? null : [{ start: token.start, end: token.end, text: `'${value}'` }];
}
