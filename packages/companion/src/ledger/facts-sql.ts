import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { quoteLiteral, quoteQualified } from '../sql/quote.ts';
import { FACTS_TABLE, ISO_FORMAT } from './ledger-sql.ts';

/** How far a migration without a transaction has come. */
export type Progress = {
  readonly statementsDone: number;
  /** Hashes of the statements done, in order: a rerun resumes only after these very ones. */
  readonly doneHashes: readonly string[];
  /** True from before a statement that cannot commit together with this record until after it. */
  readonly inFlight: boolean;
};

export function buildCreateFactsSql(ledger: LedgerAddress): string {
  return `CREATE TABLE IF NOT EXISTS ${quoteQualified(ledger.schema, FACTS_TABLE)} (
  ledger text NOT NULL,
  name text NOT NULL,
  hash text NOT NULL,
  statements integer NOT NULL,
  statements_done integer NOT NULL,
  done_hashes text[] NOT NULL DEFAULT '{}',
  in_flight boolean NOT NULL DEFAULT false,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  duration_ms double precision,
  applied_by text NOT NULL DEFAULT current_user,
  PRIMARY KEY (ledger, name)
)`;
}

export function buildReadFactsSql(ledger: LedgerAddress): string {
  return `SELECT name, to_char(finished_at at time zone 'UTC', ${ISO_FORMAT}), duration_ms::text, statements::text, statements_done::text, array_to_string(done_hashes, ','), in_flight::text FROM ${quoteQualified(ledger.schema, FACTS_TABLE)} WHERE ledger = ${quoteLiteral(ledger.table)}`;
}

/**
 * Records a finished migration; runs in the transaction that ends it. In a transaction migration `now()` is when it
 * began, so the server measures the duration; without one, `started_at` of the first progress record does.
 * @param before whether a record of the migration may be there: looking for it costs a quarter of the statement.
 */
export function buildFinishFactSql(
  ledger: LedgerAddress,
  migration: MigrationOnDisk,
  statements: number,
  before: 'none' | 'maybe',
): string {
  const table = quoteQualified(ledger.schema, FACTS_TABLE);
  const insert = `INSERT INTO ${table} AS fact (ledger, name, hash, statements, statements_done, started_at, finished_at, duration_ms) VALUES (${key(ledger, migration)}, ${statements}, ${statements}, now(), clock_timestamp(), extract(epoch from clock_timestamp() - now()) * 1000)`;
  if (before === 'none') return insert;
  return `${insert} ON CONFLICT (ledger, name) DO UPDATE SET hash = excluded.hash, statements = excluded.statements, statements_done = excluded.statements_done, in_flight = false, finished_at = excluded.finished_at, applied_by = excluded.applied_by, started_at = CASE WHEN fact.finished_at IS NULL THEN fact.started_at ELSE excluded.started_at END, duration_ms = extract(epoch from excluded.finished_at - CASE WHEN fact.finished_at IS NULL THEN fact.started_at ELSE excluded.started_at END) * 1000`;
}

/** Records how far a migration without a transaction is. */
export function buildProgressSql(
  ledger: LedgerAddress,
  migration: MigrationOnDisk,
  statements: number,
  progress: Progress,
): string {
  const hashes = `'{${progress.doneHashes.join(',')}}'`;
  return `INSERT INTO ${quoteQualified(ledger.schema, FACTS_TABLE)} AS fact (ledger, name, hash, statements, statements_done, done_hashes, in_flight, started_at) VALUES (${key(ledger, migration)}, ${statements}, ${progress.statementsDone}, ${hashes}, ${progress.inFlight}, clock_timestamp()) ON CONFLICT (ledger, name) DO UPDATE SET hash = excluded.hash, statements = excluded.statements, statements_done = excluded.statements_done, done_hashes = excluded.done_hashes, in_flight = excluded.in_flight, finished_at = NULL, duration_ms = NULL, started_at = CASE WHEN fact.finished_at IS NULL THEN fact.started_at ELSE excluded.started_at END`;
}

function key(ledger: LedgerAddress, migration: MigrationOnDisk): string {
  return `${quoteLiteral(ledger.table)}, ${quoteLiteral(migration.name)}, ${quoteLiteral(migration.hash)}`;
}
