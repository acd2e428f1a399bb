import { type LockMode, strongestOf } from '../kernel/lock-modes.ts';
import type { TouchedRows } from '../kernel/rehearsal.ts';
import { type Asker, type Relation, type Relations, SHOWN } from './relations.ts';

/** What can be seen of a transaction between two of its statements. */
export type Moment = {
  /** When its transaction began, as the server writes it: another one in another transaction. */
  readonly transaction: string;
  /** How far the server's log has come. */
  readonly walPosition: number;
  /** By object id: the strongest lock that the transaction holds on the relation. */
  readonly locks: ReadonlyMap<string, LockMode>;
  /** By object id, of relations that it holds exclusively: nobody writes a relation anew without that. */
  readonly files: ReadonlyMap<string, { readonly file: string; readonly shown: string }>;
  /** By object id: rows touched since it began. */
  readonly rows: ReadonlyMap<string, TouchedRows>;
  /** Sequences whose next value it took or set. */
  readonly sequences: readonly string[];
};

/** The system's own relations have lower object ids. */
const FIRST_USER_OID = 16_384;

const buildMomentSql = (counted: 'held' | 'all') => `WITH held AS (
  SELECT l.relation, pg_catalog.array_agg(l.mode) AS modes FROM pg_catalog.pg_locks l
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation >= ${FIRST_USER_OID}
  GROUP BY l.relation
), related AS (
  SELECT c.oid, c.relkind, c.relfilenode, ${SHOWN} AS shown, held.modes
  FROM held JOIN pg_catalog.pg_class c ON c.oid = held.relation JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
)
SELECT pg_catalog.now()::text,
  pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0')::text,
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(relation::text, modes)) FROM held)::text,
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(oid::text, relfilenode::text, shown)) FROM related
   WHERE relkind IN ('r', 'm', 'i') AND 'AccessExclusiveLock' = ANY (modes))::text,
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(relid::text, coalesce(shown, relname::text), seq_tup_read, n_tup_ins, n_tup_upd, n_tup_del))
   FROM pg_catalog.pg_stat_xact_user_tables ${counted === 'all' ? 'LEFT ' : ''}JOIN related ON relid = oid
   WHERE seq_tup_read + n_tup_ins + n_tup_upd + n_tup_del > 0)::text,
  (SELECT pg_catalog.json_agg(oid::text) FROM related WHERE relkind = 'S' AND 'RowExclusiveLock' = ANY (modes))::text`;

/**
 * @param previous the moment before it in the same transaction; null at its beginning. What the session has not yet
 *   reported of transactions before stands in the counters, too: the first moment has it, to be subtracted.
 */
export async function readMoment(asker: Asker, previous: Moment | null): Promise<Moment> {
  const [row = []] = await asker.query(buildMomentSql(previous === null ? 'all' : 'held'));
  const [transaction, walPosition, locks, files, rows, sequences] = row;
  return {
    transaction: transaction ?? '',
    walPosition: Number(walPosition),
    locks: new Map(
      parseList<[string, string[]]>(locks).map(([oid, modes]) => [
        oid,
        modes.map(toMode).reduce(strongestOf),
      ]),
    ),
    files: new Map(
      parseList<[string, string, string]>(files).map(([oid, file, shown]) => [oid, { file, shown }]),
    ),
    rows: new Map([
      ...(previous?.rows ?? []),
      ...parseList<[string, string, number, number, number, number]>(rows).map(
        ([oid, table, read, inserted, updated, deleted]) =>
          [oid, { table, read, inserted, updated, deleted }] as const,
      ),
    ]),
    sequences: parseList<string>(sequences),
  };
}

function parseList<Item>(json: string | null | undefined): readonly Item[] {
  return json == null ? [] : (JSON.parse(json) as Item[]);
}

/** `pg_locks` puts `Lock` behind the mode. */
function toMode(word: string): LockMode {
  return word.slice(0, -'Lock'.length) as LockMode;
}

/** What happened between two moments of one transaction. */
export type Change = {
  /** By object id: locks that were added or became stronger, on tables that were there. */
  readonly locks: ReadonlyMap<string, LockMode>;
  readonly rewritten: readonly string[];
  readonly rows: readonly TouchedRows[];
  readonly walBytes: number;
};

/** @param known the relations that were there before the transaction. Pure. */
export function compareMoments(before: Moment, after: Moment, known: Relations): Change {
  // A change of type makes indexes anew under their old names, as other objects; what was dropped before is no such one.
  const isGone = (oid: string) => before.locks.get(oid) === 'AccessExclusive' && !before.files.has(oid);
  const indexes = new Set(
    [...known].flatMap(([oid, { kind, shown }]) => (kind === 'index' && !isGone(oid) ? [shown] : [])),
  );
  return {
    locks: new Map(
      [...after.locks].filter(
        ([oid, mode]) => known.get(oid)?.kind === 'table' && isRaised(before.locks.get(oid), mode),
      ),
    ),
    rewritten: [...after.files]
      .filter(([oid, now]) => {
        const was = before.files.get(oid)?.file ?? known.get(oid)?.file;
        return was === undefined ? !before.files.has(oid) && indexes.has(now.shown) : was !== now.file;
      })
      .map(([oid, { shown }]) => known.get(oid)?.shown ?? shown)
      .sort(),
    rows: [...after.rows].flatMap(([oid, now]) => subtract(now, before.rows.get(oid), known.get(oid))),
    walBytes: Math.max(0, after.walPosition - before.walPosition),
  };
}

export function isRaised(before: LockMode | undefined, after: LockMode): boolean {
  return before === undefined || (before !== after && strongestOf(before, after) === after);
}

function subtract(
  now: TouchedRows,
  was: TouchedRows | undefined,
  known: Relation | undefined,
): readonly TouchedRows[] {
  const rows = {
    table: known?.shown ?? now.table,
    read: now.read - (was?.read ?? 0),
    inserted: now.inserted - (was?.inserted ?? 0),
    updated: now.updated - (was?.updated ?? 0),
    deleted: now.deleted - (was?.deleted ?? 0),
  };
  return rows.read + rows.inserted + rows.updated + rows.deleted > 0 ? [rows] : [];
}
