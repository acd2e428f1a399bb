import type { TestDatabase } from '@companion/testing';
import postgres from 'postgres';

/** What PostgreSQL did to one relation: its strongest lock, by `pg_locks`, and the work that left traces. */
export type MeasuredLock = { readonly mode: string; readonly work: 'brief' | 'scan' | 'build' | 'rewrite' };

/** By name, `schema.name` where the schema is not `public`: tables, partitions, views, materialized and foreign ones. */
export type MeasuredLocks = Readonly<Record<string, MeasuredLock>>;

const WEAKEST_FIRST = [
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
];

/** Runs the statement in a transaction, reads what it holds and what it did, and rolls back. */
export async function measureLocks({ sql }: TestDatabase, statement: string): Promise<MeasuredLocks> {
  const session = await sql.reserve();
  try {
    await session.unsafe('BEGIN');
    const before = await readPicture(session);
    await session.unsafe(statement);
    const held = await readLocks(session, await pidOf(session));
    return nameLocks(held, before, await readPicture(session));
  } finally {
    await session.unsafe('ROLLBACK');
    session.release();
  }
}

/**
 * Runs a statement that PostgreSQL refuses in a transaction, holds it up by what another transaction has locked,
 * and reads the strongest mode per relation that it has or waits for. Then it runs to its end, and must succeed.
 */
export async function measureBlocked(
  { sql, url }: TestDatabase,
  { statement, blocker }: { readonly statement: string; readonly blocker: string },
): Promise<Readonly<Record<string, string>>> {
  const options = { max: 1, onnotice: () => undefined };
  const blocking = postgres(url, options);
  const running = postgres(url, options);
  try {
    await blocking.unsafe(`BEGIN; ${blocker}`);
    const before = await readPicture(sql);
    const pid = await pidOf(running);
    const ended = running.unsafe(statement).then(
      () => null,
      (error: unknown) => error ?? new Error('rejected'),
    );
    const blocked = await untilBlocked(sql, pid);
    const held = await readLocks(sql, pid);
    await blocking.unsafe('ROLLBACK');
    const error = await ended;
    if (error !== null) throw error;
    if (!blocked) throw new Error(`nothing held it up: ${statement}`);
    const named = Object.entries(nameLocks(held, before, before));
    return Object.fromEntries(named.map(([name, { mode }]) => [name, mode]));
  } finally {
    await Promise.all([blocking.end({ timeout: 0 }), running.end({ timeout: 0 })]);
  }
}

type Relation = {
  readonly oid: number;
  readonly name: string;
  readonly file: number;
  readonly scans: number;
};
type Index = { readonly oid: number; readonly table: number; readonly file: number };
type Held = { readonly relation: number; readonly mode: string };

/** By oid. A new file is a rewrite, or a new index; a scan PostgreSQL counts for its statistics. */
type Picture = {
  readonly relations: ReadonlyMap<number, Relation>;
  readonly indexes: ReadonlyMap<number, Index>;
};

async function readPicture(sql: postgres.ISql): Promise<Picture> {
  const relations = await sql.unsafe<Relation[]>(`
    SELECT c.oid, CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name,
      relfilenode AS file, coalesce(seq_scan, 0)::int AS scans
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_stat_xact_user_tables s ON s.relid = c.oid
    WHERE relkind IN ('r', 'p', 'm', 'f', 'v') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`);
  const indexes = await sql.unsafe<Index[]>(`
    SELECT c.oid, indrelid AS table, relfilenode AS file FROM pg_class c JOIN pg_index ON indexrelid = c.oid`);
  return {
    relations: new Map(relations.map((row) => [row.oid, row])),
    indexes: new Map(indexes.map((row) => [row.oid, row])),
  };
}

async function pidOf(sql: postgres.ISql): Promise<number> {
  const [row] = await sql.unsafe<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
  return row?.pid ?? 0;
}

function readLocks(sql: postgres.ISql, pid: number): Promise<Held[]> {
  return sql.unsafe<Held[]>(
    `SELECT relation, replace(mode, 'Lock', '') AS mode FROM pg_locks WHERE locktype = 'relation' AND pid = $1`,
    [pid],
  );
}

async function untilBlocked(sql: postgres.Sql, pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const [row] = await sql<{ blocked: boolean }[]>`select pg_blocking_pids(${pid}) <> '{}' as blocked`;
    if (row?.blocked) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** Of relations that were there before: what a statement makes, nobody else can wait for. */
function nameLocks(held: readonly Held[], before: Picture, after: Picture): MeasuredLocks {
  const measured: Record<string, MeasuredLock> = {};
  for (const { relation, mode } of held) {
    const known = before.relations.get(relation);
    if (known === undefined) continue;
    const other = measured[known.name]?.mode ?? mode;
    const stronger = WEAKEST_FIRST.indexOf(other) > WEAKEST_FIRST.indexOf(mode) ? other : mode;
    measured[known.name] = { mode: stronger, work: workOn(relation, before, after) };
  }
  return measured;
}

function workOn(oid: number, before: Picture, after: Picture): MeasuredLock['work'] {
  const [old, now] = [before.relations.get(oid), after.relations.get(oid)];
  if (old === undefined || now === undefined) return 'brief';
  if (old.file !== now.file) return 'rewrite';
  const files = new Set([...before.indexes.values()].map(({ file }) => file));
  const built = [...after.indexes.values()].some(
    ({ table, file }) => table === oid && file !== 0 && !files.has(file),
  );
  return built ? 'build' : now.scans > old.scans ? 'scan' : 'brief';
}
