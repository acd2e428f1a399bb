import { type LockMode, strongestOf } from '../kernel/lock-modes.ts';
import type { TouchedRows } from '../kernel/rehearsal.ts';
import { type Asker, type Relations, SHOWN } from './relations.ts';

/** What can be seen of a transaction between two of its statements. */
export type Moment = {
  /** When its transaction began, in seconds, which no setting writes otherwise: another one in another transaction. */
  readonly transaction: string;
  /** How far the server's log has come. */
  readonly walPosition: number;
  /** All locks of the transaction: the server has room for so many. */
  readonly lockCount: number;
  /**
   * By object id, of relations that were there before the transaction: the strongest lock that it holds. One that keeps
   * everybody from an index counts for its table, too: no query of the table is planned without opening its indexes.
   */
  readonly locks: ReadonlyMap<string, LockMode>;
  /** By object id, of those that it holds exclusively: nobody writes a relation anew without that. */
  readonly files: ReadonlyMap<string, string>;
  /** By object id: rows touched since it began. */
  readonly rows: ReadonlyMap<string, TouchedRows>;
  /** Sequences whose next value it took or set. */
  readonly sequences: readonly string[];
  /** 0: without a limit. */
  readonly lockTimeoutMs: number;
};

const COUNTERS = `pg_catalog.pg_stat_get_xact_tuples_returned(c.oid), pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
    pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)`;
const COUNTED = `SELECT pg_catalog.json_agg(q) FROM (
    SELECT c.oid::text AS o, ${SHOWN} AS s, ARRAY[${COUNTERS}] AS n`;
const ANY_COUNTED = `) q WHERE q.n <> ARRAY[0, 0, 0, 0]::bigint[]`;

/** Relations that the transaction makes have, in all likelihood, higher object ids; what remains is sorted out by us. */
function highestOf(known: Relations): bigint {
  let highest = 0n;
  for (const oid of known.keys()) if (BigInt(oid) > highest) highest = BigInt(oid);
  return highest;
}

/** In one query: it is asked after each statement, and with the locks of a long history at hand. */
function buildMomentSql(known: Relations, counted: 'held' | 'all'): string {
  // New tables count once they are written to.
  const rows =
    counted === 'all'
      ? `${COUNTED} FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') ${ANY_COUNTED}`
      : `${COUNTED} FROM held JOIN pg_catalog.pg_class c ON c.oid = held.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') ${ANY_COUNTED}`;
  return `WITH own AS MATERIALIZED (
  SELECT l.locktype, l.relation, l.mode FROM pg_catalog.pg_locks l WHERE l.pid = pg_catalog.pg_backend_pid() AND l.granted
), held AS MATERIALIZED (
  SELECT relation, pg_catalog.array_agg(mode) AS modes FROM own
  WHERE locktype = 'relation' AND relation >= 16384 AND (relation <= ${highestOf(known)} OR mode = 'RowExclusiveLock')
  GROUP BY relation
)
SELECT extract(epoch FROM pg_catalog.now())::text,
  pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text,
  (SELECT count(*) FROM own)::text,
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(relation::text, modes)) FROM held)::text,
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(c.oid::text, c.relfilenode::text))
   FROM held JOIN pg_catalog.pg_class c ON c.oid = relation WHERE 'AccessExclusiveLock' = ANY (modes))::text,
  (${rows})::text,
  (SELECT pg_catalog.json_agg(c.oid::text)
   FROM held JOIN pg_catalog.pg_class c ON c.oid = relation WHERE c.relkind = 'S' AND 'RowExclusiveLock' = ANY (modes))::text,
  (extract(epoch FROM pg_catalog.current_setting('lock_timeout')::interval) * 1000)::bigint::text`;
}

type Counted = {
  readonly o: string;
  readonly s: string;
  readonly n: readonly [number, number, number, number];
};

/**
 * @param known what was there before the transaction.
 * @param previous the moment before it in the same transaction; null at its beginning. What the session has not yet
 *   reported of transactions before stands in the counters, too: the first moment has it, to be subtracted.
 */
export async function readMoment(asker: Asker, known: Relations, previous: Moment | null): Promise<Moment> {
  const [row = []] = await asker.query(buildMomentSql(known, previous === null ? 'all' : 'held'));
  const [transaction, walPosition, lockCount, locks, files, rows, sequences, lockTimeoutMs] = row;
  return {
    transaction: transaction ?? '',
    walPosition: Number(walPosition),
    lockCount: Number(lockCount),
    locks: strongestLocks(parseList(locks), known),
    files: new Map(parseList<[string, string]>(files)),
    rows: new Map([
      ...(previous?.rows ?? []),
      ...parseList<Counted>(rows).map(({ o: oid, s: table, n: [read, inserted, updated, deleted] }) => {
        return [oid, { table: known.get(oid)?.shown ?? table, read, inserted, updated, deleted }] as const;
      }),
    ]),
    sequences: parseList<string>(sequences),
    lockTimeoutMs: Number(lockTimeoutMs),
  };
}

function strongestLocks(
  held: readonly (readonly [oid: string, modes: readonly string[]])[],
  known: Relations,
): Moment['locks'] {
  const locks = new Map<string, LockMode>();
  const add = (oid: string, mode: LockMode) => locks.set(oid, strongestOf(locks.get(oid) ?? mode, mode));
  for (const [oid, modes] of held) {
    const relation = known.get(oid);
    if (relation === undefined) continue;
    const mode = modes.map(toMode).reduce(strongestOf);
    add(oid, mode);
    if (relation.table !== null && mode === 'AccessExclusive') add(relation.table, mode);
  }
  return locks;
}

function parseList<Item>(json: string | null | undefined): readonly Item[] {
  return json == null ? [] : (JSON.parse(json) as Item[]);
}

/** `pg_locks` puts `Lock` behind the mode. */
function toMode(word: string): LockMode {
  return word.slice(0, -'Lock'.length) as LockMode;
}
