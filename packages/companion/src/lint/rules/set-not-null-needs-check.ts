import { commandSpans, withoutCommands } from '../advice/alter-parts.ts';
import { defaultInstead } from '../advice/default-instead.ts';
import { append, rewritten } from '../advice/edits.ts';
import { requireColumns } from '../advice/fill-column.ts';
import { laterMigration } from '../advice/later-migration.ts';
import { removeStatement } from '../advice/remove-statement.ts';
import {
  type AlterCommand,
  alterTableCommands,
  constraintOf,
  droppedConstraints,
  namesOf,
} from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, showIdentifier, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { addColumnOf } from '../reading/add-column-of.ts';
import { bulkWritesOf } from '../reading/bulk-writes.ts';
import { isInUse } from '../reading/in-use.ts';
import { isFilled } from '../reading/new-constraints.ts';
import { earlierInTransaction } from '../reading/same-transaction.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const setNotNullNeedsCheck = defineRule({
  id: 'set-not-null-needs-check',
  family: 'locking',
  level: 'error',
  title: 'SET NOT NULL locks a table while every row is read, unless a CHECK has proven it before',
  of: ['AlterTableStmt'],
  statement(statement, context) {
    const { facts } = context;
    const commands = alterTableCommands(statement.node);
    const dropped = droppedConstraints(commands);
    const found = commands.flatMap((command, place) => {
      const column = requiredColumn(command);
      const table = nameOfRelation(command.relation);
      if (column === null || !isInUse(table, statement, facts)) return [];
      return facts.isProvenNotNull(table, column, dropped) ? [] : [{ table, column, place }];
    });
    if (found.length === 0) return [];
    return found.flatMap(({ table, column }): readonly Report[] => {
      const at = { statement, growsWith: table };
      const reads = `PostgreSQL reads all of ${showName(table)} under ACCESS EXCLUSIVE to prove that ${showIdentifier(column)} is never null: every read and every write of ${showName(table)} waits until it has.`;
      if (facts.isProvenNotNull(table, column))
        return [{ ...at, message: reads, ...adviseOrder(statement, context) }];
      const instead = adviseNewColumn(statement, { table, column }, context);
      if (instead !== null) return [{ ...at, message: reads, ...instead }];
      const message = `It fails if a single row has no ${showIdentifier(column)} (23502). ${reads}`;
      const filled = filledBefore(statement, table, context);
      if (filled === 'by a default') return [];
      const advice = adviseSteps(statement, found, context);
      if (filled === null) return [{ ...at, message, ...advice }];
      // One finding says how the migration is to be cut; a second cut would contradict it.
      const { hint } = advice;
      return [
        { ...at, message, hint: `Not in the transaction that writes the rows, but behind it. ${hint}` },
      ];
    });
  },
});

/**
 * Does the same transaction write the table's rows before it? Then the rules of such writes show what becomes of the
 * migration, and where the rows get one value by a DEFAULT, this statement goes with the UPDATE.
 */
function filledBefore(
  statement: LintStatement,
  table: Found['table'],
  { facts, migrations }: RuleContext,
): 'by a default' | 'by rows' | null {
  for (const earlier of earlierInTransaction(statement, migrations)) {
    for (const write of bulkWritesOf(earlier, facts)) {
      if (keyOfName(write.relation) !== keyOfName(table)) continue;
      return defaultInstead(earlier, write, facts) === null ? 'by rows' : 'by a default';
    }
  }
  return null;
}

type Found = {
  readonly table: ReturnType<typeof nameOfRelation>;
  readonly column: string;
  /** Of the command in its statement. */
  readonly place: number;
};

/** Of SET NOT NULL, and of `ADD CONSTRAINT … NOT NULL` (18) that is valid at once. */
function requiredColumn(command: AlterCommand): string | null {
  if (command.subtype === 'AT_SetNotNull') return command.name ?? null;
  const constraint = command.subtype === 'AT_AddConstraint' ? constraintOf(command) : null;
  if (constraint?.contype !== 'CONSTR_NOTNULL' || constraint.skip_validation === true) return null;
  return namesOf(constraint.keys)[0] ?? null;
}

/** A column that this file adds with a default may as well be added NOT NULL: that reads nothing. */
function adviseNewColumn(
  statement: LintStatement,
  { table, column }: Pick<Found, 'table' | 'column'>,
  { facts }: RuleContext,
): Partial<Report> | null {
  if (statement.nested || alterTableCommands(statement.node).length > 1) return null;
  const born = addColumnOf(statement, { table, column }, facts);
  if (born === null || !isFilled(born.definition)) return null;
  const addition = append(born.statement, ' NOT NULL');
  const removal = removeStatement(statement);
  return {
    hint: `${showIdentifier(column)} is new and has a default. Added NOT NULL, it needs no reading.`,
    rewrite: [
      { title: 'this migration, in place of both statements', sql: rewritten(born.statement, [addition]) },
    ],
    ...(removal === null ? {} : { edits: [addition, removal] }),
  };
}

/** The proof is there, and the statement takes it away too soon. */
function adviseOrder(statement: LintStatement, { parser }: RuleContext): Partial<Report> {
  const hint =
    'Of one ALTER TABLE, PostgreSQL drops constraints first, and the CHECK that proves it is gone when it looks. Drop the CHECK in a statement behind this one.';
  const own = standalone(statement, parser);
  const spans = commandSpans(own);
  if (spans === null) return { hint };
  const drops = alterTableCommands(own.node).map(({ subtype }) => subtype === 'AT_DropConstraint');
  const without = (isLeftOut: (isDrop: boolean) => boolean) => {
    const dropped = new Set(drops.flatMap((isDrop, place) => (isLeftOut(isDrop) ? [place] : [])));
    return withoutCommands(own, spans, { dropped, edits: [] }) ?? [];
  };
  const sql = [without((isDrop) => isDrop), without((isDrop) => !isDrop)].flat();
  return { hint, rewrite: [{ title: 'this migration', sql: sql.join('\n') }] };
}

function adviseSteps(
  statement: LintStatement,
  found: readonly Found[],
  { parser, runner, postgresVersion }: RuleContext,
): Partial<Report> {
  const later = laterMigration(runner);
  const hint =
    postgresVersion >= 18
      ? `Add the constraint NOT VALID: new rows are checked from then on, and none is read. VALIDATE CONSTRAINT in ${later} reads while reads and writes go on.`
      : `Let a CHECK prove it: NOT VALID it reads no row, and VALIDATE CONSTRAINT in ${later} reads while reads and writes go on. SET NOT NULL then trusts the CHECK and reads nothing.`;
  const own = standalone(statement, parser);
  const spans = commandSpans(own);
  const [span] = spans ?? [];
  const [one] = found;
  if (spans === null || span === undefined || one === undefined) return { hint };
  const head = own.text.slice(0, span.start - own.start);
  const dropped = new Set(found.map(({ place }) => place));
  const rest = withoutCommands(own, spans, { dropped, edits: [] });
  const columns = found.map(({ column }) => column);
  const [add, ...prove] = requireColumns({ head, table: one.table, columns }, { postgresVersion, runner });
  const here = [rest, add?.sql].flatMap((sql) => sql ?? []);
  return { hint, rewrite: [{ title: 'this migration', sql: here.join('\n') }, ...prove] };
}
