import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Ledger } from '../kernel/ledger-row.ts';
import type { MigrationFolder } from '../kernel/migration.ts';
import { type PlanStep, statementsOf } from '../kernel/plan.ts';
import { buildFinishFactSql, buildProgressSql } from '../ledger/facts-sql.ts';
import { buildInsertRowSql, buildLedgerSequenceSql } from '../ledger/ledger-sql.ts';
import { ensureLedger, upgradeLedger } from '../ledger/pg-ledger.ts';
import { hashStatement } from '../migrate/resume.ts';
import type { RehearsalRun, RehearsedLedger } from './rehearsal-run.ts';

/** Makes or upgrades it as `migrate` does, for migrations that name it. Throws `permission-denied` as `migrate` does. */
export async function makeLedger(
  session: Session,
  ledger: Ledger,
  folder: MigrationFolder,
): Promise<RehearsedLedger> {
  const [[sequence] = []] =
    ledger.version === null ? [] : await session.query(buildLedgerSequenceSql(ledger));
  // In the transaction that is open there is no other.
  const inside = { ...session, transaction: (sql: readonly string[]) => session.execute(sql.join(';\n')) };
  await upgradeLedger(inside, ledger, folder);
  return { version: await ensureLedger(inside, ledger, folder), sequence: sequence ?? null };
}

/**
 * Writes what `migrate` writes with the COMMIT of a unit: a migration may take away the right to it.
 * @param done statements of the step that are through; all of them: its ledger row is written.
 */
export async function writeRecords(
  run: RehearsalRun,
  step: PlanStep,
  { done, isLast }: { readonly done: number; readonly isLast: boolean },
): Promise<void> {
  const { session, ledger, folder, facts, rehearsedLedger } = run;
  const { migration } = step;
  const all = statementsOf(step.units);
  if (!isLast) {
    const doneHashes = all.slice(0, done).map(hashStatement);
    const progress = { statementsDone: done, doneHashes, inFlight: false };
    await session.execute(buildProgressSql(ledger, migration, all.length, progress));
    return;
  }
  const { version, sequence } = rehearsedLedger;
  const id = sequence === null ? null : -1 - run.steps.indexOf(step);
  const before = step.transaction && !facts.has(migration.name) ? 'none' : 'maybe';
  const records = [
    run.pin,
    buildInsertRowSql(ledger, version, migration, folder.layout === 'folders', id),
    buildFinishFactSql(ledger, migration, all.length, before),
    ...(sequence === null ? [] : [buildMayDrawSql(sequence)]),
  ];
  const [row] = await session.query(records.join(';\n'));
  if (sequence !== null && row?.[0] === 'false') throw mayNotDraw(row[1] ?? '');
}

function buildMayDrawSql(sequence: string): string {
  return `SELECT pg_catalog.has_sequence_privilege(oid, 'USAGE, UPDATE')::text, relname::text FROM pg_catalog.pg_class WHERE oid = ${sequence}`;
}

/** What PostgreSQL answers to a row that would draw from it. */
function mayNotDraw(sequence: string): CompanionError {
  const message = `permission denied for sequence ${sequence}`;
  const server = { sqlstate: '42501', severity: 'ERROR', message };
  return new CompanionError('permission-denied', { message, server });
}
