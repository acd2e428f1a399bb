import { setTimeout as sleep } from 'node:timers/promises';
import {
  createDatabase,
  describeEachPostgres,
  journalFolder,
  startTcpProxy,
  type TestDatabase,
} from '@companion/testing';
import postgres from 'postgres';
import { describe, expect, it } from 'vitest';
import { migrateFailure } from '../../test/migrate-failure.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { migrate } from './migrate.ts';
import { lockKey } from './migration-lock.ts';

const TABLE = { name: '0000_t', sql: 'CREATE TABLE t (id int);' };
const ALTER = { name: '0001_x', sql: 'ALTER TABLE t ADD COLUMN x int;' };
const SLOW = {
  name: '0001_slow',
  sql: 'CREATE TABLE s (id int);--> statement-breakpoint\nSELECT pg_sleep(30);',
};

describe('the migration lock', () => {
  it('lets ten runners at once apply each migration once', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder(
      Array.from({ length: 8 }, (_, n) => ({ name: `000${n}_t`, sql: `CREATE TABLE t${n} (id int);` })),
    );
    const reports = await Promise.all(
      Array.from({ length: 10 }, () => migrate({ url, folder: folder.path })),
    );
    expect(reports.flatMap((r) => r.steps.map((s) => s.name)).sort()).toEqual(
      Array.from({ length: 8 }, (_, n) => `000${n}_t`),
    );
    expect(await sql`select count(*)::int as n from drizzle.__drizzle_migrations`).toEqual([{ n: 8 }]);
  });

  it('names the holder when it gives up, and changes nothing', async () => {
    const { url, sql } = await createDatabase();
    const key = lockKey({ schema: 'drizzle', table: '__drizzle_migrations' });
    const holder = postgres(url, { max: 1, connection: { application_name: 'the other one' } });
    await holder.unsafe(`select pg_advisory_lock(${key})`);
    const events: RunEvent[] = [];
    const error = await migrateFailure({
      url,
      folder: journalFolder([TABLE]).path,
      lockWaitMs: 300,
      onEvent: (e) => events.push(e),
    });
    expect(error).toMatchObject({
      code: 'lock-busy',
      exitCode: 5,
      fields: { culprits: [{ application: 'the other one', state: 'idle' }] },
    });
    expect(events.filter((e) => e.type === 'lock-wait')).toMatchObject([
      { holder: { application: 'the other one' } },
    ]);
    expect(await sql`select 1 from pg_namespace where nspname = 'drizzle'`).toEqual([]);
    await holder.end();
  });

  it('is free again after a run, and after one that failed', async () => {
    const { url, sql } = await createDatabase();
    await migrate({ url, folder: journalFolder([TABLE]).path });
    await migrateFailure({
      url,
      folder: journalFolder([TABLE, { name: '0001_bad', sql: 'SELECT nothing' }]).path,
    });
    await settled(sql);
    expect(
      await sql`select pid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    ).toEqual([]);
  });
});

describeEachPostgres('a table that is locked', (server) => {
  it('is tried again a bounded number of times, and who blocks is named', async () => {
    const { url } = await server.createDatabase();
    const folder = journalFolder([TABLE]);
    await migrate({ url, folder: folder.path });
    folder.write('0001_x.sql', ALTER.sql);
    folder.writeJournal([TABLE, ALTER]);
    const blocker = await openTransaction(url, 'lock table t in share mode');
    const events: RunEvent[] = [];
    const error = await migrateFailure({
      url,
      folder: folder.path,
      lockTimeoutMs: 400,
      lockRetries: 1,
      onEvent: (e) => events.push(e),
    });
    expect(error).toMatchObject({
      code: 'table-busy',
      exitCode: 5,
      fields: { server: { sqlstate: '55P03' } },
    });
    expect(error.fields.culprits).toMatchObject([
      { application: 'blocker', state: 'idle in transaction', relation: 't' },
    ]);
    expect(events.filter((e) => e.type === 'step-retry')).toMatchObject([{ attempt: 1, sqlstate: '55P03' }]);
    expect(error.fields.report?.steps).toMatchObject([{ state: 'failed', attempts: 2 }]);
    await blocker.end();
  });

  it('is had at a later try', async () => {
    const { url } = await server.createDatabase();
    const folder = journalFolder([TABLE]);
    await migrate({ url, folder: folder.path });
    folder.write('0001_x.sql', ALTER.sql);
    folder.writeJournal([TABLE, ALTER]);
    const blocker = await openTransaction(url, 'lock table t in share mode');
    const report = await migrate({
      url,
      folder: folder.path,
      lockTimeoutMs: 200,
      onEvent: (event) => {
        if (event.type === 'step-retry') void blocker.end();
      },
    });
    expect(report.steps).toMatchObject([{ name: '0001_x', state: 'done', attempts: 2 }]);
  });
});

describe('the pre-flight', () => {
  it('stops before a session that holds AccessExclusiveLock, and names it', async () => {
    const { url, sql } = await createDatabase();
    await sql`create table victim (id int)`;
    const blocker = await openTransaction(url, 'lock table victim');
    const error = await migrateFailure({ url, folder: journalFolder([TABLE]).path, lockTimeoutMs: 200 });
    expect(error).toMatchObject({
      code: 'orphan-busy',
      exitCode: 5,
      fields: { culprits: [{ application: 'blocker', relation: 'victim' }] },
    });
    const report = await migrate({
      url,
      folder: journalFolder([TABLE]).path,
      lockTimeoutMs: 200,
      accept: [{ code: 'database/exclusive-lock', name: null }],
    });
    expect(report.steps).toMatchObject([{ state: 'done' }]);
    await blocker.end();
  });

  it('stops before a transaction older than the limit', async () => {
    const { url } = await createDatabase();
    const blocker = await openTransaction(url, 'select 1');
    await sleep(60);
    const error = await migrateFailure({ url, folder: journalFolder([TABLE]).path, maxTransactionAgeMs: 50 });
    expect(error).toMatchObject({
      code: 'orphan-busy',
      fields: { culprits: [{ application: 'blocker', state: 'idle in transaction' }] },
    });
    await blocker.end();
  });

  it('is not made when there is nothing to apply', async () => {
    const { url } = await createDatabase();
    const folder = journalFolder([TABLE]);
    await migrate({ url, folder: folder.path });
    const blocker = await openTransaction(url, 'lock table t');
    expect((await migrate({ url, folder: folder.path, lockTimeoutMs: 200 })).steps).toEqual([]);
    await blocker.end();
  });
});

describeEachPostgres('an interruption', (server) => {
  it('cancels the running statement, rolls back and releases', async () => {
    const { url, sql } = await server.createDatabase();
    const controller = new AbortController();
    const interrupted = migrateFailure({
      url,
      folder: journalFolder([TABLE, SLOW]).path,
      signal: controller.signal,
    });
    await until(
      sql,
      "select 1 from pg_stat_activity where datname = current_database() and query = 'SELECT pg_sleep(30);' and state = 'active'",
    );
    controller.abort('SIGTERM');
    const error = await interrupted;
    expect(error).toMatchObject({ code: 'interrupted-sigterm', exitCode: 143 });
    expect(error.fields.report?.steps.map((s) => s.state)).toEqual(['done', 'failed']);
    expect(await sql`select to_regclass('s') as s, to_regclass('t')::text as t`).toEqual([
      { s: null, t: 't' },
    ]);
    await settled(sql);
  });

  it('ends the wait for the lock', async () => {
    const { url } = await server.createDatabase();
    const key = lockKey({ schema: 'drizzle', table: '__drizzle_migrations' });
    const holder = postgres(url, { max: 1 });
    await holder.unsafe(`select pg_advisory_lock(${key})`);
    const controller = new AbortController();
    const interrupted = migrateFailure({
      url,
      folder: journalFolder([TABLE]).path,
      signal: controller.signal,
      onEvent: (event) => event.type === 'lock-wait' && controller.abort('SIGINT'),
    });
    expect(await interrupted).toMatchObject({ code: 'interrupted-sigint', exitCode: 130 });
    await holder.end();
  });
});

describe('a statement that takes too long', () => {
  it('is ended by --statement-timeout, unless its file allows more', async () => {
    const { url } = await createDatabase();
    const slow = { name: '0000_s', sql: 'SELECT pg_sleep(0.5);' };
    const folder = journalFolder([slow]);
    const error = await migrateFailure({ url, folder: folder.path, statementTimeoutMs: 100 });
    expect(error).toMatchObject({
      exitCode: 3,
      fields: { server: { sqlstate: '57014' }, hint: expect.stringContaining('SET LOCAL statement_timeout') },
    });
    folder.write('0000_s.sql', "SET LOCAL statement_timeout = '1min';\nSELECT pg_sleep(0.5);");
    expect((await migrate({ url, folder: folder.path, statementTimeoutMs: 100 })).steps).toMatchObject([
      { state: 'done' },
    ]);
  });
});

describe('the connection', () => {
  it('that is cut in the middle is reported as lost, and the next run converges', async () => {
    const { url, sql } = await createDatabase();
    const proxy = await startTcpProxy(url);
    const folder = journalFolder([TABLE, SLOW]);
    const lost = migrateFailure({ url: proxy.url(), folder: folder.path });
    await until(
      sql,
      "select 1 from pg_stat_activity where datname = current_database() and query = 'SELECT pg_sleep(30);' and state = 'active'",
    );
    proxy.cut('rst');
    expect(await lost).toMatchObject({
      code: 'connection-lost',
      exitCode: 6,
      fields: { migration: '0001_slow' },
    });
    await settled(sql);
    folder.write('0001_slow.sql', 'CREATE TABLE s (id int);');
    expect((await migrate({ url, folder: folder.path })).steps).toMatchObject([
      { name: '0001_slow', state: 'done' },
    ]);
  });

  it('that is refused at first is tried again until it is there', async () => {
    const { url } = await createDatabase();
    const proxy = await startTcpProxy(url);
    await proxy.refuse();
    const events: RunEvent[] = [];
    const report = await migrate({
      url: proxy.url(),
      folder: journalFolder([TABLE]).path,
      waitMs: 20_000,
      onEvent: (event) => {
        events.push(event);
        if (event.type === 'connect-retry') void proxy.recover();
      },
    });
    expect(report.steps).toMatchObject([{ state: 'done' }]);
    expect(events[0]).toMatchObject({ type: 'connect-retry', attempt: 1 });
  });

  it.each([
    ['a wrong password', (url: URL) => Object.assign(url, { password: 'wrong' }), 'login-refused'],
    [
      'a database that does not exist',
      (url: URL) => Object.assign(url, { pathname: '/nowhere' }),
      'database-missing',
    ],
    ['a port where nobody listens', (url: URL) => Object.assign(url, { port: '1' }), 'database-unreachable'],
    [
      'a host that does not exist',
      (url: URL) => Object.assign(url, { hostname: 'nowhere.invalid' }),
      'database-unreachable',
    ],
  ])('to %s fails with 6, without the password in the words', async (_, change, code) => {
    const { url } = await createDatabase();
    const error = await migrateFailure({
      url: change(new URL(url)).toString(),
      folder: journalFolder([TABLE]).path,
      waitMs: 0,
    });
    expect(error).toMatchObject({ code, exitCode: 6 });
    expect(error.message).not.toMatch(/wrong|postgres:postgres/);
  });
});

async function openTransaction(url: string, statement: string): Promise<postgres.Sql> {
  const sql = postgres(url, {
    max: 1,
    connection: { application_name: 'blocker' },
    onnotice: () => undefined,
  });
  await sql.unsafe('begin');
  await sql.unsafe(statement);
  return sql;
}

async function until(sql: TestDatabase['sql'], query: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if ((await sql.unsafe(query)).length > 0) return;
    await sleep(25);
  }
  throw new Error(`never true: ${query}`);
}

/** Until none of our sessions is left. */
async function settled(sql: TestDatabase['sql']): Promise<void> {
  await until(
    sql,
    "select 1 where not exists (select from pg_stat_activity where datname = current_database() and application_name = 'drizzle-companion')",
  );
}
