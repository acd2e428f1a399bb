import type { TestDatabase } from '@companion/testing';
import postgres from 'postgres';
import type { Unit } from '../../src/kernel/plan.ts';
import { statementsOf } from '../../src/kernel/plan.ts';
import { loadSqlParser } from '../../src/sql/parser.ts';
import { shapeMigration } from '../../src/sql/shape-migration.ts';
import { statementTitle } from '../../src/sql/statement-title.ts';

/** What one statement did to the tables that were there before. */
export type Measurement = {
  readonly statement: string;
  /** `SHARE on users`: the strongest it took, where it is stronger than what its transaction held. */
  readonly locks: readonly string[];
  /** Tables and indexes that were written anew. */
  readonly rewritten: readonly string[];
  /** Tables all of whose rows were read. */
  readonly scanned: readonly string[];
};

export type Outcome = {
  readonly measurements: readonly Measurement[] /** SQLSTATE */;
  readonly failed: string | null;
};

/** Runs migrations as our runner would, and measures each statement by PostgreSQL's own catalogs. */
export async function measureMigrations(
  database: TestDatabase,
  { before, migrations }: { readonly before: string; readonly migrations: readonly string[] },
): Promise<Outcome> {
  if (before !== '') await database.sql.unsafe(before);
  const runner = postgres(database.url, { max: 1, onnotice: () => undefined });
  const blocker = postgres(database.url, { onnotice: () => undefined });
  const measurements: Measurement[] = [];
  try {
    const parser = await loadSqlParser();
    for (const sql of migrations) {
      for (const unit of shapeMigration(sql, parser).units) {
        measurements.push(...(await measureUnit({ runner, blocker, watcher: database.sql }, unit)));
      }
    }
    return { measurements, failed: null };
  } catch (error) {
    if (!(error instanceof postgres.PostgresError)) throw error;
    return { measurements, failed: error.code };
  } finally {
    await Promise.all([runner.end(), blocker.end()]);
  }
}

type Sessions = {
  readonly runner: postgres.Sql;
  /** Holds tables, each in a session of its own. */
  readonly blocker: postgres.Sql;
  readonly watcher: postgres.Sql;
};

async function measureUnit(sessions: Sessions, unit: Unit): Promise<readonly Measurement[]> {
  if (unit.kind === 'autocommit') return [await measureAlone(sessions, unit.statement.text)];
  const { runner } = sessions;
  const measurements: Measurement[] = [];
  const tables = await readTables(runner);
  await runner.unsafe('BEGIN');
  try {
    for (const { text } of statementsOf([unit])) {
      const [locks, reads, files] = [
        await readLocks(runner),
        await readReads(runner),
        await readFiles(runner),
      ];
      await runner.unsafe(text);
      const after = {
        locks: await readLocks(runner),
        reads: await readReads(runner),
        files: await readFiles(runner),
      };
      measurements.push({
        statement: statementTitle(text),
        locks: [...after.locks].flatMap(([table, mode]) =>
          tables.has(table) && strength(mode) > strength(locks.get(table))
            ? [`${MODES[mode]} on ${table}`]
            : [],
        ),
        rewritten: changed(files, after.files),
        scanned: [...after.reads].flatMap(([table, count]) =>
          (tables.get(table) ?? 0) > 0 && count - (reads.get(table) ?? 0) >= (tables.get(table) ?? 0)
            ? [table]
            : [],
        ),
      });
    }
    await runner.unsafe(unit.end === 'commit' ? 'COMMIT' : 'ROLLBACK');
  } catch (error) {
    await runner.unsafe('ROLLBACK');
    throw error;
  }
  return measurements;
}

/**
 * A statement that takes its locks and gives them back by itself is held up and watched from outside: by every table
 * that somebody writes to, one after the other, because what it takes first it may have given back when it goes on.
 */
async function measureAlone({ runner, blocker, watcher }: Sessions, sql: string): Promise<Measurement> {
  const tables = await readTables(watcher);
  const [{ pid } = { pid: 0 }] = await runner<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const files = await readFiles(watcher);
  const holders = await Promise.all((await listHeld(watcher)).map((table) => hold(blocker, table)));
  let isDone = false;
  const running = runner.unsafe(sql).then(
    () => ({ error: null }),
    (error: unknown) => ({ error }),
  );
  void running.then(() => {
    isDone = true;
  });
  const seen = new Map<string, string>();
  while (!isDone) {
    const [{ by } = { by: [] }] = await watcher<{ by: number[] }[]>`select pg_blocking_pids(${pid}) as by`;
    if (by.length === 0) continue;
    for (const [table, mode] of await readLocks(watcher, pid)) {
      if (strength(mode) > strength(seen.get(table))) seen.set(table, mode);
    }
    for (const holder of holders.filter((one) => by.includes(one.pid))) await holder.release();
  }
  for (const holder of holders) await holder.release();
  const { error } = await running;
  if (error !== null) throw error;
  return {
    statement: statementTitle(sql),
    locks: [...seen].flatMap(([table, mode]) => (tables.has(table) ? [`${MODES[mode]} on ${table}`] : [])),
    rewritten: changed(files, await readFiles(watcher)),
    scanned: [],
  };
}

/** Somebody who writes to a table, and does not commit until told. */
async function hold(blocker: postgres.Sql, table: string) {
  const session = await blocker.reserve();
  const [{ pid } = { pid: 0 }] = await session<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await session.unsafe(`BEGIN; LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
  let isHeld = true;
  return {
    pid,
    async release() {
      if (!isHeld) return;
      isHeld = false;
      await session.unsafe('ROLLBACK');
      session.release();
    },
  };
}

const MODES: Readonly<Record<string, string>> = {
  AccessShareLock: 'ACCESS SHARE',
  RowShareLock: 'ROW SHARE',
  RowExclusiveLock: 'ROW EXCLUSIVE',
  ShareUpdateExclusiveLock: 'SHARE UPDATE EXCLUSIVE',
  ShareLock: 'SHARE',
  ShareRowExclusiveLock: 'SHARE ROW EXCLUSIVE',
  ExclusiveLock: 'EXCLUSIVE',
  AccessExclusiveLock: 'ACCESS EXCLUSIVE',
};

function strength(mode: string | undefined): number {
  return mode === undefined ? -1 : Object.keys(MODES).indexOf(mode);
}

/** Tables and partitions, each by itself: who holds the whole would hold its parts. */
async function listHeld(sql: postgres.Sql): Promise<readonly string[]> {
  const rows = await listRelations(sql);
  return rows.filter(({ kind }) => kind !== 'm').map(({ name }) => `ONLY ${name}`);
}

/** The user's tables and materialized views with their numbers of rows. Other sessions wait for no more than they must. */
async function readTables(sql: postgres.Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await listRelations(sql);
  const counted = await Promise.all(
    rows.map(async ({ name, filled }) => {
      if (!filled) return [name, 0] as const;
      const [row] = await sql.unsafe<{ count: number }[]>(`select count(*)::int as count from ${name}`);
      return [name, row?.count ?? 0] as const;
    }),
  );
  return new Map(counted);
}

function listRelations(sql: postgres.Sql) {
  return sql<{ name: string; kind: string; filled: boolean }[]>`
    select c.oid::regclass::text as name, c.relkind::text as kind, c.relispopulated as filled
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm')
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
    order by name`;
}

async function readLocks(sql: postgres.Sql, pid: number | null = null): Promise<Map<string, string>> {
  const rows = await sql<{ name: string; mode: string }[]>`
    select c.oid::regclass::text as name, l.mode from pg_locks l join pg_class c on c.oid = l.relation
    join pg_namespace n on n.oid = c.relnamespace
    where l.pid = coalesce(${pid}::int, pg_backend_pid()) and c.relkind in ('r', 'p', 'm')
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
      and l.database = (select oid from pg_database where datname = current_database())`;
  const strongest = new Map<string, string>();
  for (const { name, mode } of rows) {
    if (strength(mode) > strength(strongest.get(name))) strongest.set(name, mode);
  }
  return new Map([...strongest].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** By table: rows that whole scans have read in this transaction. */
async function readReads(sql: postgres.Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ name: string; count: number }[]>`
    select relid::regclass::text as name, seq_tup_read::int as count from pg_stat_xact_user_tables order by 1`;
  return new Map(rows.map(({ name, count }) => [name, count]));
}

/** The file that each table and index of the user's is kept in: another one after it was written anew. */
async function readFiles(sql: postgres.Sql): Promise<ReadonlyMap<string, string>> {
  const rows = await sql<{ oid: string; name: string; file: string }[]>`
    select c.oid::text, c.oid::regclass::text as name, pg_relation_filenode(c.oid)::text as file
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'i', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
    order by 2`;
  return new Map(rows.map(({ oid, name, file }) => [`${oid} ${name}`, file]));
}

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  const was = new Map([...before].map(([key, file]) => [key.split(' ')[0], file]));
  return [...after].flatMap(([key, file]) => {
    const [oid, name = ''] = key.split(' ');
    return was.has(oid) && was.get(oid) !== file ? [name] : [];
  });
}
