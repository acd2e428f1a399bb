import { describeEachPostgres, journalFolder } from '@companion/testing';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { migrateFailure } from '../../test/migrate-failure.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { migrate } from './migrate.ts';

/** `0000_t0` creates `t0`, and so on; some are replaced. */
function history(count: number, replaced: Readonly<Record<number, readonly string[]>> = {}) {
  return Array.from({ length: count }, (_, n) => ({
    name: `${String(n).padStart(4, '0')}_t${n}`,
    sql: (replaced[n] ?? [`CREATE TABLE t${n} (id int);`]).join('--> statement-breakpoint\n'),
  }));
}

describeEachPostgres('migrations in a line', (server) => {
  it('are applied and told in order, however many there are', async () => {
    const { url, sql } = await server.createDatabase();
    const entries = history(150);
    const events: RunEvent[] = [];
    const report = await migrate({
      url,
      folder: journalFolder(entries).path,
      onEvent: (event) => events.push(event),
    });
    expect(report.steps.map(({ name, state }) => [name, state])).toEqual(
      entries.map((e) => [e.name, 'done']),
    );
    expect(await recorded(sql)).toBe(150);
    const told = events.flatMap((e) =>
      e.type === 'step-start' ? [`+${e.name}`] : e.type === 'step-end' ? [`-${e.step.name}`] : [],
    );
    expect(told).toEqual(entries.flatMap(({ name }) => [`+${name}`, `-${name}`]));
  });

  it('stop at the one that fails, and nothing behind it is run', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder(
      history(40, { 20: ['CREATE TABLE x ();', 'SELECT 1 / 0;', 'CREATE TABLE y ();'] }),
    );
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error).toMatchObject({
      code: 'migration-failed',
      fields: { migration: '0020_t20', statement: 'SELECT 1 / 0;' },
    });
    expect(states(error)).toEqual([...Array(20).fill('done'), 'failed', ...Array(19).fill('not-run')]);
    expect(await recorded(sql)).toBe(20);
    expect(await tables(sql)).toHaveLength(20);
  });

  it('stop at the one that fails as late as its COMMIT', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder(
      history(12, {
        0: ['CREATE TABLE t0 (id int UNIQUE DEFERRABLE INITIALLY DEFERRED);'],
        4: ['INSERT INTO t0 VALUES (1), (1);'],
      }),
    );
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({ migration: '0004_t4', server: { sqlstate: '23505' } });
    expect(states(error)).toEqual([...Array(4).fill('done'), 'failed', ...Array(7).fill('not-run')]);
    expect(await tables(sql)).toEqual(['t0', 't1', 't2', 't3']);
    expect(await recorded(sql)).toBe(4);
    // Mended, the rerun goes on where it stopped.
    folder.write('0004_t4.sql', 'INSERT INTO t0 VALUES (1), (2);');
    expect((await migrate({ url, folder: folder.path })).steps).toHaveLength(8);
  });

  it('go on with the one that waited for a lock, and those behind it', async () => {
    const { url } = await server.createDatabase();
    const folder = journalFolder(history(2));
    await migrate({ url, folder: folder.path });
    const entries = history(8, { 4: ['ALTER TABLE t0 ADD COLUMN x int;'] });
    for (const { name, sql } of entries) folder.write(`${name}.sql`, sql);
    folder.writeJournal(entries);
    const blocker = postgres(url, { max: 1, onnotice: () => undefined });
    await blocker.unsafe('begin');
    await blocker.unsafe('lock table t0 in share mode');
    const report = await migrate({
      url,
      folder: folder.path,
      lockTimeoutMs: 150,
      onEvent: (event) => {
        if (event.type === 'step-retry') void blocker.end();
      },
    });
    expect(report.steps.map(({ name, state, attempts }) => [name, state, attempts])).toEqual([
      ['0002_t2', 'done', 1],
      ['0003_t3', 'done', 1],
      ['0004_t4', 'done', 2],
      ['0005_t5', 'done', 1],
      ['0006_t6', 'done', 1],
      ['0007_t7', 'done', 1],
    ]);
  });

  it('run on both sides of one that is not a transaction', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder(history(7, { 3: ['CREATE INDEX CONCURRENTLY t0_id ON t0 (id);'] }));
    const { steps } = await migrate({ url, folder: folder.path });
    expect(steps.map(({ state, transaction }) => [state, transaction])).toEqual(
      steps.map((_, index) => ['done', index !== 3]),
    );
    expect(await recorded(sql)).toBe(7);
  });

  it('cannot be ended by a PREPARE TRANSACTION behind the statement that failed', async () => {
    const { url, sql } = await server.createDatabase();
    const statements = [
      'CREATE TABLE a ();',
      'SELECT 1 / 0;',
      "PREPARE TRANSACTION 'x';",
      'CREATE TABLE b ();',
    ];
    const folder = journalFolder(history(3, { 1: statements }));
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({ migration: '0001_t1', server: { sqlstate: '22012' } });
    expect(await tables(sql)).toEqual(['t0']);
  });
});

function states(error: Awaited<ReturnType<typeof migrateFailure>>) {
  return error.fields.report?.steps.map(({ state }) => state);
}

async function recorded(sql: postgres.Sql): Promise<number> {
  const [row] = await sql`select count(*)::int as n from drizzle.__drizzle_migrations`;
  return row?.n;
}

async function tables(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql`select tablename from pg_tables where schemaname = 'public' order by 1`;
  return rows.map((row) => row.tablename);
}
