import { describeEachPostgres, journalFolder, type TestDatabase } from '@companion/testing';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { migrateFailure } from '../../test/migrate-failure.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { readStatus } from '../status/read-status.ts';
import { migrate } from './migrate.ts';

const TABLE = { name: '0000_t', sql: 'CREATE TABLE t (id int, v int);' };

describeEachPostgres('a migration without a transaction', (server) => {
  it('builds an index concurrently and records it like any other', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([TABLE, { name: '0001_i', sql: 'CREATE INDEX CONCURRENTLY t_v ON t (v);' }]);
    const report = await migrate({ url, folder: folder.path });
    expect(report.steps.map((s) => [s.name, s.state, s.transaction])).toEqual([
      ['0000_t', 'done', true],
      ['0001_i', 'done', false],
    ]);
    expect(await sql`select indisvalid from pg_index where indexrelid = 't_v'::regclass`).toEqual([
      { indisvalid: true },
    ]);
    expect((await migrate({ url, folder: folder.path })).steps).toEqual([]);
  });

  it('goes on after the last statement done, also when the one that failed was mended', async () => {
    const { url, sql } = await server.createDatabase();
    const file = (last: string) => `-- drizzle-companion: no-transaction
INSERT INTO t VALUES (1);
--> statement-breakpoint
VACUUM t;
--> statement-breakpoint
${last}
`;
    const folder = journalFolder([
      TABLE,
      { name: '0001_n', sql: file('INSERT INTO t VALUES (2, nothing);') },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({
      migration: '0001_n',
      place: { line: 6, column: 26 },
      server: { sqlstate: '42703' },
    });
    expect(error.fields.state?.[0]).toContain('2 of its 3 statements are done');
    const status = await readStatus({ url, folder: folder.path });
    expect(status.facts.get('0001_n')).toMatchObject({ statements: 3, statementsDone: 2, finishedAt: null });

    folder.write('0001_n.sql', file('INSERT INTO t VALUES (2, 2);'));
    const events: RunEvent[] = [];
    await migrate({ url, folder: folder.path, onEvent: (event) => events.push(event) });
    expect(events.find((e) => e.type === 'step-start')).toMatchObject({ resumedAfter: 2, statements: 3 });
    expect(await sql`select id from t order by id`).toEqual([{ id: 1 }, { id: 2 }]);
    expect((await readStatus({ url, folder: folder.path })).comparison.summary).toMatchObject({
      applied: 2,
      edited: 0,
    });
  });

  it('does not resume after statements that were changed since they ran', async () => {
    const { url, sql } = await server.createDatabase();
    const file = (first: string) => `-- drizzle-companion: no-transaction\n${first};\nSELECT nothing;`;
    const folder = journalFolder([TABLE, { name: '0001_n', sql: file('INSERT INTO t VALUES (1)') }]);
    await migrateFailure({ url, folder: folder.path });
    folder.write('0001_n.sql', file('INSERT INTO t VALUES (100)'));
    expect(await migrateFailure({ url, folder: folder.path })).toMatchObject({
      code: 'resume-refused',
      exitCode: 4,
      fields: { place: { line: 1 } },
    });
    expect(await sql`select id from t`).toEqual([{ id: 1 }]);
  });

  it('drops the INVALID index of a failed build before it builds again', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      {
        name: '0000_t',
        sql: 'CREATE TABLE t (id int);--> statement-breakpoint\nINSERT INTO t VALUES (1), (1);',
      },
      { name: '0001_i', sql: 'CREATE UNIQUE INDEX CONCURRENTLY t_id ON t (id);' },
    ]);
    expect((await migrateFailure({ url, folder: folder.path })).fields.server?.sqlstate).toBe('23505');
    expect(await sql`select indisvalid from pg_index where indexrelid = 't_id'::regclass`).toEqual([
      { indisvalid: false },
    ]);
    await sql`delete from t where ctid in (select min(ctid) from t)`;
    const events: RunEvent[] = [];
    await migrate({ url, folder: folder.path, onEvent: (event) => events.push(event) });
    expect(events.filter((e) => e.type === 'invalid-index-dropped')).toMatchObject([
      { index: 'public.t_id' },
    ]);
    expect(await sql`select indisvalid from pg_index where indexrelid = 't_id'::regclass`).toEqual([
      { indisvalid: true },
    ]);
  });

  it('drops an INVALID index also when the statement says IF NOT EXISTS, which would pass it over', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      TABLE,
      { name: '0001_i', sql: 'CREATE INDEX CONCURRENTLY IF NOT EXISTS t_v ON t (v);' },
    ]);
    await migrate({ url, folder: folder.path, to: '0000_t' });
    await sql`create index t_v on t (v)`;
    await sql`update pg_index set indisvalid = false where indexrelid = 't_v'::regclass`;
    await migrate({ url, folder: folder.path });
    expect(await sql`select indisvalid from pg_index where indexrelid = 't_v'::regclass`).toEqual([
      { indisvalid: true },
    ]);
  });

  it('runs the idiom of COMMIT before CONCURRENTLY as stock would: first part together, the rest alone', async () => {
    const { url, sql } = await server.createDatabase();
    const idiom = (index: string) =>
      `CREATE TABLE u (id int);--> statement-breakpoint\nINSERT INTO u VALUES (1);--> statement-breakpoint\nCOMMIT;--> statement-breakpoint\n${index}`;
    const folder = journalFolder([
      { name: '0000_u', sql: idiom('CREATE INDEX CONCURRENTLY u_x ON u (nothing);') },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({ place: { line: 4, column: 1 }, server: { sqlstate: '42703' } });
    expect(await sql`select count(*)::int as n from u`).toEqual([{ n: 1 }]);
    folder.write('0000_u.sql', idiom('CREATE INDEX CONCURRENTLY u_x ON u (id);'));
    await migrate({ url, folder: folder.path });
    expect(await sql`select count(*)::int as n from u`).toEqual([{ n: 1 }]);
    expect(await recorded(sql)).toBe(1);
  });

  it('keeps nothing of a first part that fails before its COMMIT', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      { name: '0000_u', sql: 'CREATE TABLE u (id int);\nSELECT nothing;\nCOMMIT;\nSELECT 1;' },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields.state?.[0]).toContain('0 of its 3 statements');
    expect(await sql`select to_regclass('u') as u`).toEqual([{ u: null }]);
  });

  it('undoes what a file rolls back itself, and goes on', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      { name: '0000_u', sql: 'CREATE TABLE u (id int);\nROLLBACK;\nCREATE TABLE v (id int);' },
    ]);
    await migrate({ url, folder: folder.path });
    expect(await sql`select to_regclass('u') as u, to_regclass('v')::text as v`).toEqual([
      { u: null, v: 'v' },
    ]);
    expect(await recorded(sql)).toBe(1);
  });

  it('starts over when our own table is lost, as that loses facts only', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([TABLE]);
    await migrate({ url, folder: folder.path });
    await sql`drop table drizzle.__drizzle_companion`;
    expect((await readStatus({ url, folder: folder.path })).comparison.summary.applied).toBe(1);
    folder.write('0001_i.sql', 'CREATE INDEX CONCURRENTLY t_v ON t (v);');
    folder.writeJournal([TABLE, { name: '0001_i' }]);
    expect((await migrate({ url, folder: folder.path })).steps).toMatchObject([
      { name: '0001_i', state: 'done' },
    ]);
  });

  it('makes the settings again that a broken run had made, before it goes on', async () => {
    const { url, sql } = await server.createDatabase();
    await sql`create schema app`;
    await sql`create table app.t (x int)`;
    await sql`create table public.t (x int)`;
    const file = (index: string) =>
      `-- drizzle-companion: no-transaction\nSET search_path TO app;\nCREATE INDEX CONCURRENTLY t_x ON t (${index});`;
    const folder = journalFolder([{ name: '0000_i', sql: file('nothing') }]);
    await migrateFailure({ url, folder: folder.path });
    folder.write('0000_i.sql', file('x'));
    await migrate({ url, folder: folder.path });
    expect(await sql`select schemaname from pg_indexes where indexname = 't_x'`).toEqual([
      { schemaname: 'app' },
    ]);
  });

  it('does not go on without a temporary table that went with the session of a broken run', async () => {
    const { url } = await server.createDatabase();
    const folder = journalFolder([
      {
        name: '0000_n',
        sql: '-- drizzle-companion: no-transaction\nCREATE TEMP TABLE x (id int);\nSELECT nothing FROM x;',
      },
    ]);
    await migrateFailure({ url, folder: folder.path });
    expect(await migrateFailure({ url, folder: folder.path })).toMatchObject({
      code: 'resume-refused',
      exitCode: 4,
      fields: { place: { line: 2 } },
    });
  });

  it('does not take another index of the same name for the one that it was building', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([TABLE, { name: '0001_i', sql: 'CREATE INDEX CONCURRENTLY i ON t (id);' }]);
    await migrate({ url, folder: folder.path, to: '0000_t' });
    await sql`create index i on t (id)`;
    // As a run leaves it that is killed after the index was built, before that was recorded.
    await sql`insert into drizzle.__drizzle_companion (ledger, name, hash, statements, statements_done, done_hashes, in_flight)
      values ('__drizzle_migrations', '0001_i', 'x', 1, 0, array['another statement'], true)`;
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields.server?.sqlstate).toBe('42P07');
  });

  it('tries a block that may have committed a part only once', async () => {
    const { url, sql } = await server.createDatabase();
    await sql`create table c (n int)`;
    await sql`insert into c values (0)`;
    const blocker = postgres(url, { max: 1, onnotice: () => undefined });
    await blocker.unsafe('create table locked ()');
    await blocker.unsafe('begin');
    await blocker.unsafe('lock table locked in share mode');
    const block =
      'DO $$ BEGIN UPDATE c SET n = n + 1; COMMIT; LOCK TABLE locked IN SHARE ROW EXCLUSIVE MODE; END $$;';
    const folder = journalFolder([{ name: '0000_n', sql: `-- drizzle-companion: no-transaction\n${block}` }]);
    const error = await migrateFailure({ url, folder: folder.path, lockTimeoutMs: 100 });
    expect(error).toMatchObject({ code: 'table-busy', fields: { report: { steps: [{ attempts: 1 }] } } });
    expect(await sql`select n from c`).toEqual([{ n: 1 }]);
    await blocker.end();
  });

  it('has our time-outs, whatever an earlier file has set for the session, and then its own', async () => {
    const { url, sql } = await server.createDatabase();
    const read =
      "INSERT INTO seen SELECT current_setting('lock_timeout'), current_setting('client_connection_check_interval')";
    const folder = journalFolder([
      {
        name: '0000_a',
        sql: 'CREATE TABLE seen (lock text, watch text);\nSET lock_timeout = 0;\nSET client_connection_check_interval = 0;',
      },
      { name: '0001_b', sql: `${read};` },
      {
        name: '0002_c',
        sql: `-- drizzle-companion: no-transaction\n${read};\nSET lock_timeout = '7s';\n${read};`,
      },
    ]);
    await migrate({ url, folder: folder.path, lockTimeoutMs: 1500 });
    expect(await sql`select * from seen`).toEqual([
      { lock: '1500ms', watch: '2s' },
      { lock: '1500ms', watch: '2s' },
      { lock: '7s', watch: '2s' },
    ]);
  });

  it('stops when a migration has let go of the migration lock', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      { name: '0000_d', sql: 'DISCARD ALL;' },
      { name: '0001_a', sql: 'CREATE TABLE a (id int);' },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error).toMatchObject({ exitCode: 4, fields: { hint: expect.stringContaining('DISCARD ALL') } });
    expect(error.message).toMatch(/^0000_d was not applied: the migration lock was released/);
    expect(await sql`select to_regclass('a') as a`).toEqual([{ a: null }]);
  });

  it('says what to do with a statement that cannot run in a transaction and was not recognised', async () => {
    const { url } = await server.createDatabase();
    const folder = journalFolder([
      { name: '0000_p', sql: 'CREATE TABLE p (id int) PARTITION BY RANGE (id);' },
      { name: '0001_r', sql: 'REINDEX TABLE p;' },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({
      server: { sqlstate: '25001' },
      hint: expect.stringContaining('drizzle-companion: no-transaction'),
    });
    folder.write('0001_r.sql', '-- drizzle-companion: no-transaction\nREINDEX TABLE p;');
    expect((await migrate({ url, folder: folder.path })).steps).toMatchObject([{ state: 'done' }]);
  });
});

async function recorded(sql: TestDatabase['sql']): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from drizzle.__drizzle_migrations`;
  return row?.n ?? -1;
}
