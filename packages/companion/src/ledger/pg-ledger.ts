import type { Session } from '../database/session.ts';
import type { Ledger, LedgerAddress, LedgerRow } from '../kernel/ledger-row.ts';
import type { MigrationFolder } from '../kernel/migration.ts';
import type { RunFact } from '../kernel/status.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { buildCreateFactsSql, buildReadFactsSql } from './facts-sql.ts';
import {
  buildCreateLedgerSql,
  buildCreateSchemaSql,
  buildReadLedgerSql,
  buildUpgradeSql,
  FACTS_TABLE,
} from './ledger-sql.ts';
import { matchUpgrade } from './match-upgrade.ts';
import { explainMissingRight } from './missing-right.ts';

export type LedgerReading = { readonly ledger: Ledger; readonly facts: ReadonlyMap<string, RunFact> };

/** Which of the ledger's objects exist; one query over the catalog, which every role may read. */
type LedgerShape = {
  readonly schemaExists: boolean;
  readonly version: 0 | 1 | null;
  readonly facts: boolean;
};

/** Reads the ledger and our own facts; changes nothing, and nothing needs to exist. Two round trips. */
export async function readLedger(session: Session, address: LedgerAddress): Promise<LedgerReading> {
  const shape = await readShape(session, address);
  if (shape.version === null) return { ledger: { ...address, version: null, rows: [] }, facts: new Map() };
  const reads = [
    buildReadLedgerSql(address, shape.version),
    ...(shape.facts ? [buildReadFactsSql(address)] : []),
  ];
  const [rows = [], facts = []] = await explainMissingRight('read', session, address, () =>
    Promise.all(reads.map((sql) => session.query(sql))),
  );
  return {
    ledger: { ...address, version: shape.version, rows: rows.map(toLedgerRow) },
    facts: new Map(facts.map(toRunFact).map((fact) => [fact.name, fact])),
  };
}

/**
 * Makes what is missing of schema, ledger and facts table, and nothing that is there: on managed databases the right to
 * create a schema is often withheld, and not needed.
 * @returns the ledger's version.
 */
export async function ensureLedger(
  session: Session,
  address: LedgerAddress,
  folder: MigrationFolder,
): Promise<0 | 1> {
  const shape = await readShape(session, address);
  if (!shape.schemaExists) {
    await explainMissingRight('create-schema', session, address, () =>
      session.execute(buildCreateSchemaSql(address)),
    );
  }
  const version = folder.layout === 'folders' ? 1 : 0;
  const missing = [
    ...(shape.version === null ? [buildCreateLedgerSql(address, version)] : []),
    ...(shape.facts ? [] : [buildCreateFactsSql(address)]),
  ];
  for (const sql of missing) {
    await explainMissingRight('create-table', session, address, () => session.execute(sql));
  }
  return shape.version ?? version;
}

/**
 * Brings a version 0 ledger under the 1.x layout to version 1, as drizzle-orm 1.x does before its first run, in one
 * transaction. `refuseUpgrade` has passed it.
 * @returns how many rows were given a name, or null when there was nothing to upgrade.
 */
export async function upgradeLedger(
  session: Session,
  ledger: Ledger,
  folder: MigrationFolder,
): Promise<number | null> {
  if (folder.layout !== 'folders' || ledger.version !== 0) return null;
  const { names } = matchUpgrade(ledger.rows, folder.migrations);
  await explainMissingRight('upgrade', session, ledger, () =>
    session.transaction(buildUpgradeSql(ledger, names)),
  );
  return names.length;
}

async function readShape(session: Session, address: LedgerAddress): Promise<LedgerShape> {
  const rows = await session.query(`SELECT c.relname, string_agg(a.attname, ',')
FROM pg_catalog.pg_namespace n
LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p') AND c.relname IN (${quoteLiteral(address.table)}, ${quoteLiteral(FACTS_TABLE)})
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = ${quoteLiteral(address.schema)} GROUP BY c.relname`);
  const columns = rows.find(([table]) => table === address.table)?.[1];
  return {
    schemaExists: rows.length > 0,
    version: columns === undefined ? null : columns?.split(',').includes('name') ? 1 : 0,
    facts: rows.some(([table]) => table === FACTS_TABLE),
  };
}

function toLedgerRow([id, hash, createdAt, name, appliedAt]: readonly (string | null)[]): LedgerRow {
  return {
    id: id ?? '',
    hash: hash ?? '',
    createdAt: createdAt == null ? null : Number(createdAt),
    name: name ?? null,
    appliedAt: appliedAt ?? null,
  };
}

function toRunFact([name, finishedAt, durationMs, statements, done, hashes, inFlight]: readonly (
  | string
  | null
)[]): RunFact {
  return {
    name: name ?? '',
    finishedAt: finishedAt ?? null,
    durationMs: durationMs == null ? null : Number(durationMs),
    statements: Number(statements),
    statementsDone: Number(done),
    doneHashes: hashes ? hashes.split(',') : [],
    inFlight: inFlight === 'true',
  };
}
