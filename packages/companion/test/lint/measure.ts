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
  const [runner, blocker] = [1, 2].map(() => postgres(database.url, { max: 1, onnotice: () => undefined }));
  if (runner === undefined || blocker === undefined) throw new Error('unreachable');
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

/** A statement that takes its locks and gives them back by itself is held up in the middle, and watched from outside. */
async function measureAlone({ runner, blocker, watcher }: Sessions, sql: string): Promise<Measurement> {
  const tables = await readTables(watcher);
  const [{ pid } = { pid: 0 }] = await runner<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const files = await readFiles(watcher);
  await blocker.unsafe('BEGIN');
  for (const table of tables.keys()) await blocker.unsafe(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
  let isDone = false;
  const running = runner.unsafe(sql).then(
    () => ({ error: null }),
    (error: unknown) => ({ error }),
  );
  void running.then(() => {
    isDone = true;
  });
  let seen = new Map<string, string>();
  for (let isWaiting = false; !isDone && !isWaiting; ) {
    const rows =
      await watcher`select 1 from pg_stat_activity where pid = ${pid} and wait_event_type = 'Lock'`;
    isWaiting = rows.length > 0;
    if (isWaiting) seen = await readLocks(watcher, pid);
  }
  await blocker.unsafe('ROLLBACK');
  const { error } = await running;
  if (error !== null) throw error;
  return {
    statement: statementTitle(sql),
    locks: [...seen].flatMap(([table, mode]) => (tables.has(table) ? [`${MODES[mode]} on ${table}`] : [])),
    rewritten: changed(files, await readFiles(watcher)),
    scanned: [],
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

/** The user's tables with their numbers of rows. Other sessions wait for no more than they must. */
async function readTables(sql: postgres.Sql): Promise<ReadonlyMap<string, number>> {
  const rows = await sql<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
    order by name`;
  const counted = await Promise.all(
    rows.map(async ({ name }) => {
      const [row] = await sql.unsafe<{ count: number }[]>(`select count(*)::int as count from ${name}`);
      return [name, row?.count ?? 0] as const;
    }),
  );
  return new Map(counted);
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
