import { cutAtBreakpoints } from '../../sql/split-statements.ts';
import { breakpointBetween } from '../advice/breakpoint-between.ts';
import { BREAKPOINT } from '../advice/take-out.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { defineRule } from '../rule.ts';

export const missingStatementBreakpoint = defineRule({
  id: 'missing-statement-breakpoint',
  family: 'transactions',
  level: 'info',
  title: 'Several statements stand between two breakpoints, and are one query to stock drizzle',
  migration(migration, { parser, runner }) {
    const joined = joinedStatements(migration);
    const [first] = joined;
    if (first === undefined) return [];
    const edits = joined.map(({ before, statement }) =>
      breakpointBetween(migration.sql, { from: before.end, to: statement.start }, parser),
    );
    const isMechanical = migration.syntaxFaults.length === 0 && edits.every((edit) => edit !== null);
    const count = joined.length;
    const them = count === 1 ? 'A statement stands' : `${count} statements stand`;
    const ours =
      runner === 'companion'
        ? ' drizzle-companion finds the statements by itself, and sends each alone.'
        : '';
    return [
      {
        statement: first.statement,
        message: `${them} behind another without \`${BREAKPOINT}\`.${ours} Stock drizzle sends what stands between two breakpoints as one query: the drivers postgres-js and node-postgres run all of it, but those that prepare every query, PGlite and neon-http among them, refuse it ("cannot insert multiple commands into a prepared statement", 42601).`,
        hint: `Write \`${BREAKPOINT}\` behind each statement, as drizzle-kit does.`,
        ...(isMechanical ? { edits } : {}),
      },
    ];
  },
});

type Joined = { readonly before: LintStatement; readonly statement: LintStatement };

/** Statements that have the one before them in the same piece. */
function joinedStatements({ sql, statements }: LintMigration): readonly Joined[] {
  const outer = statements.filter(({ nested }) => !nested);
  if (outer.length < 2) return [];
  const starts = cutAtBreakpoints(sql).map(({ offset }) => offset);
  const pieceOf = ({ start }: LintStatement) => starts.filter((offset) => offset <= start).length;
  return outer.flatMap((statement, place) => {
    const before = outer[place - 1];
    return before !== undefined && pieceOf(before) === pieceOf(statement) ? [{ before, statement }] : [];
  });
}
