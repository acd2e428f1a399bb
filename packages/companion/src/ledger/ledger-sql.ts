import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../sql/quote.ts';

/** Our own table, beside the ledger; docs/formats.md describes it. Losing it loses durations and resume points only. */
export const FACTS_TABLE = '__drizzle_companion';

/** Exactly drizzle's own statements, so that a ledger made by us equals one made by stock. */
export function buildCreateLedgerSql(ledger: LedgerAddress, version: 0 | 1): string {
  const columns = version === 1 ? ',\n  name text,\n  applied_at timestamp with time zone DEFAULT now()' : '';
  return `CREATE TABLE IF NOT EXISTS ${quoteQualified(ledger.schema, ledger.table)} (
  id SERIAL PRIMARY KEY,
  hash text NOT NULL,
  created_at bigint${columns}
)`;
}

export function buildCreateSchemaSql(ledger: LedgerAddress): string {
  return `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(ledger.schema)}`;
}

/** Columns as text, so that a client's own type parsers cannot change what we read. */
export function buildReadLedgerSql(ledger: LedgerAddress, version: 0 | 1): string {
  const named = version === 1 ? `name, to_char(applied_at at time zone 'UTC', ${ISO_FORMAT})` : 'null, null';
  return `SELECT id::text, hash, created_at::text, ${named} FROM ${quoteQualified(ledger.schema, ledger.table)} ORDER BY id`;
}

export const ISO_FORMAT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

/**
 * The row stock drizzle writes: under the 1.x layout with the folder's name, under the journal layout without.
 * @param id instead of the next of the ledger's sequence.
 */
export function buildInsertRowSql(
  ledger: LedgerAddress,
  version: 0 | 1,
  migration: MigrationOnDisk,
  named: boolean,
  id: number | null = null,
): string {
  const row = [
    ...(id === null ? [] : [['"id"', id]]),
    ['"hash"', quoteLiteral(migration.hash)],
    ['"created_at"', migration.when],
    ...(version === 1 && named ? [['"name"', quoteLiteral(migration.name)]] : []),
  ];
  return `INSERT INTO ${quoteQualified(ledger.schema, ledger.table)} (${row.map(([column]) => column).join(', ')}) VALUES (${row.map(([, value]) => value).join(', ')})`;
}

/** The object id of the sequence that numbers the ledger's rows, if one does. */
export function buildLedgerSequenceSql(ledger: LedgerAddress): string {
  const table = quoteLiteral(quoteQualified(ledger.schema, ledger.table));
  return `SELECT pg_catalog.pg_get_serial_sequence(${table}, 'id')::regclass::oid::text`;
}

/** Counts the rows that `buildInsertRowSql` writes for this migration. */
export function buildCountRowSql(ledger: LedgerAddress, migration: MigrationOnDisk): string {
  return `SELECT count(*)::text FROM ${quoteQualified(ledger.schema, ledger.table)} WHERE "hash" = ${quoteLiteral(migration.hash)} AND "created_at" = ${migration.when}`;
}

/** drizzle-orm 1.x's upgrade of a version 0 table, as one script without its BEGIN and COMMIT. */
export function buildUpgradeSql(
  ledger: LedgerAddress,
  names: readonly { id: string; name: string }[],
): readonly string[] {
  const table = quoteQualified(ledger.schema, ledger.table);
  return [
    `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS "name" text`,
    `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS "applied_at" timestamp with time zone DEFAULT now()`,
    ...names.map(
      ({ id, name }) =>
        `UPDATE ${table} SET "name" = ${quoteLiteral(name)}, "applied_at" = NULL WHERE "id" = ${quoteLiteral(id)}`,
    ),
  ];
}
