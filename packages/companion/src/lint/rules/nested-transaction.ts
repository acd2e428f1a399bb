import { locateOffset } from '../../sql/locate.ts';
import { takeOut } from '../advice/take-out.ts';
import type { LintStatement } from '../migration.ts';
import { type Control, readControls, workOf } from '../reading/transaction-blocks.ts';
import { defineRule, type Edit, type Report, type RuleContext } from '../rule.ts';

export const nestedTransaction = defineRule({
  id: 'nested-transaction',
  family: 'transactions',
  level: 'warning',
  title: 'BEGIN in a migration begins nothing, as its runner has begun a transaction already',
  migration(migration, context) {
    const controls = readControls(migration, context);
    return controls.flatMap((control, place) => {
      if (control.kind !== 'begin' || control.finds === 'none') return [];
      const end = controls.slice(place + 1).find(({ kind }) => kind !== 'begin');
      return [tell(control, end?.partner === control.statement ? end : undefined, context)];
    });
  },
});

function tell(
  { statement, written, finds }: Control,
  end: Control | undefined,
  context: RuleContext,
): Report {
  const { migration } = statement;
  const whose = finds === 'runner' ? 'The runner has begun a transaction' : 'A transaction is open';
  const head = `${whose} before this ${written}: PostgreSQL warns, and begins nothing.`;
  const isolation = isolationOf(statement);
  const behind =
    end === undefined ? [] : workOf(migration).filter(({ start }) => start > end.statement.start);
  const edits =
    end?.kind === 'rollback' || end?.chain || behind.length > 0 ? null : mend(statement, end, context);
  return {
    statement,
    message: `${head} ${effectOf(end, behind, context)}`,
    hint: hintFor({ written, end, behind, isolation }),
    ...(edits === null ? {} : { edits }),
  };
}

function effectOf(
  end: Control | undefined,
  behind: readonly LintStatement[],
  { runner }: RuleContext,
): string {
  if (end === undefined) return 'Nothing in the file ends it, so the runner does.';
  const { line } = locateOffset(end.statement.migration.sql, end.statement.start);
  const which = `${end.written} on line ${line}`;
  if (end.kind === 'rollback')
    return `The ${which} undoes all that the runner has done in its transaction so far.`;
  if (runner === 'drizzle') {
    return `The ${which} ends the one transaction in which stock drizzle runs all pending migrations: what follows, later files among it, commits statement by statement.`;
  }
  return behind.length === 0
    ? `The ${which} ends the runner's transaction; as nothing follows, drizzle-companion takes the two as if they were not there. Under stock drizzle what follows, later files among it, would commit statement by statement.`
    : `The ${which} ends the runner's transaction, and what stands behind it commits by itself.`;
}

function hintFor({
  written,
  end,
  behind,
  isolation,
}: {
  readonly written: string;
  readonly end: Control | undefined;
  readonly behind: readonly LintStatement[];
  readonly isolation: string | null;
}): string {
  if (isolation !== null)
    return `Write SET TRANSACTION ${isolation} as the first statement, in place of ${written}${end ? ` and ${end.written}` : ''}.`;
  if (behind.length > 0)
    return 'Make a migration of each part: drizzle-companion gives each a transaction of its own.';
  return end === undefined
    ? `Delete it: every migration has a transaction.`
    : `Delete both: every migration has a transaction, and its ledger row is in it.`;
}

function mend(
  statement: LintStatement,
  end: Control | undefined,
  { parser }: RuleContext,
): readonly Edit[] | null {
  const isolation = isolationOf(statement);
  const others = end === undefined ? [] : [end.statement];
  if (isolation === null) return takeOut([statement, ...others], parser);
  const replaced = { start: statement.start, end: statement.end, text: `SET TRANSACTION ${isolation}` };
  const removed = takeOut(others, parser);
  return removed && [replaced, ...removed];
}

/** What BEGIN asks for beside a transaction, as it is written: `ISOLATION LEVEL SERIALIZABLE, READ ONLY`. */
function isolationOf(statement: LintStatement): string | null {
  const tokens = statement.tokens().filter(({ comment }) => !comment);
  const rest = tokens.find(
    ({ keyword }, place) => place > 0 && keyword !== 'transaction' && keyword !== 'work',
  );
  return rest === undefined ? null : statement.migration.sql.slice(rest.start, statement.end);
}
