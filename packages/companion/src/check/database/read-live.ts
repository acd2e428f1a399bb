import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogScope } from '../../catalog/catalog-sql.ts';
import { readCatalog } from '../../catalog/read-catalog.ts';
import { openSession, type Session, withTimeouts } from '../../database/session.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { LedgerAddress } from '../../kernel/ledger-row.ts';
import type { DatabaseOption } from '../../kernel/options.ts';
import { FACTS_TABLE } from '../../ledger/ledger-sql.ts';
import { readInvalidIndexes } from '../../migrate/invalid-indexes.ts';
import { readSequences, type SequencesReading } from './read-sequences.ts';

/** A database as it is, at this moment. */
export type Live = {
  /** Without the ledger and our own table; as text why it could not be read: somebody's lock was in the way, or time. */
  readonly catalog: Catalog | string;
  readonly invalidIndexes: readonly Finding[];
  readonly sequences: SequencesReading;
};

/**
 * PostgreSQL opens the tables of views and rules to print them. Whoever waits for a lock makes others wait behind, so we
 * wait no longer than anybody notices.
 */
const TIMEOUTS = { lockTimeoutMs: 500, statementTimeoutMs: 30_000 };

/** Reads all that `check` tells of a database beside its ledger. Cannot write: each statement is a transaction that may only read. */
export async function readLive(
  database: DatabaseOption,
  ledger: LedgerAddress,
  signal: AbortSignal | undefined,
): Promise<Live> {
  const session = await openSession(database, 0, signal, () => undefined);
  try {
    const reading = readOnly(session);
    const short = withTimeouts(reading, TIMEOUTS);
    // What holds this up holds up the catalog, too, and is told of that.
    const invalidIndexes = await unlessHeldUp(() => readInvalidIndexes(short));
    return {
      catalog: await unlessHeldUp(() => readCatalog(short, withoutLedger(ledger))),
      invalidIndexes: typeof invalidIndexes === 'string' ? [] : invalidIndexes,
      sequences: await readSequences(short),
    };
  } finally {
    await session.close();
  }
}

function readOnly(session: Session): Session {
  return { ...session, query: (sql) => session.query(`SET LOCAL transaction_read_only = on;\n${sql}`) };
}

function withoutLedger({ schema, table }: LedgerAddress): CatalogScope {
  return {
    schemas: [],
    tables: [
      { schema, name: table },
      { schema, name: FACTS_TABLE },
    ],
  };
}

const REASONS: Readonly<Record<string, string>> = {
  '55P03':
    'another session holds a lock that keeps tables and views from being read; nobody was made to wait for it. Try again when it is gone',
  '57014': `what stands in the database could not be read within ${TIMEOUTS.statementTimeoutMs / 1000} s`,
};

async function unlessHeldUp<T>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    const sqlstate = error instanceof CompanionError ? error.fields.server?.sqlstate : undefined;
    const reason = REASONS[sqlstate ?? ''];
    if (reason === undefined) throw error;
    return reason;
  }
}
