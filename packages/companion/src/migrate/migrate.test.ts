import { createDatabase, describeEachPostgres, foldersFolder, journalFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { migrateFailure } from '../../test/migrate-failure.ts';
import type { MigrateOptions } from '../kernel/options.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { readStatus } from '../status/read-status.ts';
import { migrate } from './migrate.ts';

const CREATE_A = { name: '0000_a', sql: 'CREATE TABLE a (id int PRIMARY KEY);' };
const CREATE_B = {
  name: '0001_b',
  sql: 'CREATE TABLE b (id int);--> statement-breakpoint\nCREATE INDEX b_id ON b (id);',
};

describeEachPostgres('migrate', (server) => {
  it('applies what is missing, once, and records it as drizzle does', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([CREATE_A, CREATE_B]);
    const first = await migrate({ url, folder: folder.path });
    expect(first.steps.map((s) => [s.name, s.state, s.statements, s.transaction, s.attempts])).toEqual([
      ['0000_a', 'done', 1, true, 1],
      ['0001_b', 'done', 2, true, 1],
    ]);
    const again = await migrate({ url, folder: folder.path });
    expect(again.steps).toEqual([]);
    const rows = await sql`select id, hash, created_at from drizzle.__drizzle_migrations order by id`;
    const { folder: onDisk } = await readStatus({ url, folder: folder.path });
    expect(rows.map((r) => [r.id, r.hash, Number(r.created_at)])).toEqual(
      onDisk.migrations.map((m, index) => [index + 1, m.hash, m.when]),
    );
  });

  it('rolls the failed one back, keeps those before it, and shows the place under the SQL', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      CREATE_A,
      {
        name: '0001_bad',
        sql: 'CREATE TABLE b (id int);--> statement-breakpoint\nALTER TABLE b\n  ADD COLUMN x nosuchtype;',
      },
      { name: '0002_c', sql: 'CREATE TABLE c (id int);' },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error).toMatchObject({
      code: 'migration-failed',
      exitCode: 3,
      fields: {
        migration: '0001_bad',
        place: { line: 3, column: 16 },
        server: { sqlstate: '42704' },
        statement: 'ALTER TABLE b\n  ADD COLUMN x nosuchtype;',
      },
    });
    expect(error.fields.snippet).toContain('ADD COLUMN x nosuchtype');
    expect(error.fields.report?.steps.map((s) => s.state)).toEqual(['done', 'failed', 'not-run']);
    expect(await tables(sql)).toEqual(['a']);
    expect(await recorded(sql)).toBe(1);
  });

  it('undoes all of a migration that goes back to a savepoint after the statement that failed', async () => {
    const { url, sql } = await server.createDatabase();
    const statements = [
      'CREATE TABLE a (id int);',
      'SAVEPOINT before;',
      'SELECT 1 / 0;',
      '/* again */ ROLLBACK TO SAVEPOINT before;',
      'CREATE TABLE b (id int);',
    ];
    const folder = journalFolder([{ name: '0000_a', sql: statements.join('--> statement-breakpoint\n') }]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({ place: { line: 3 }, server: { sqlstate: '22012' } });
    expect(await tables(sql)).toEqual([]);
    expect(await recorded(sql)).toBe(0);
  });

  it('lets a file set its own isolation level', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      {
        name: '0000_a',
        sql: "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE a AS SELECT current_setting('transaction_isolation') AS level;",
      },
    ]);
    await migrate({ url, folder: folder.path });
    expect(await sql`select level from a`).toEqual([{ level: 'serializable' }]);
  });

  it('refuses COPY from and to the client before anything runs, with the place', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([CREATE_A, { name: '0001_copy', sql: 'SELECT 1;\nCOPY a FROM stdin;' }]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error).toMatchObject({
      exitCode: 4,
      fields: { findings: [{ code: 'plan/copy-stream', line: 2 }] },
    });
    expect(await tables(sql)).toEqual([]);
  });

  it('keeps ledger and effects equal, and says which, however often it is cancelled', async () => {
    const { url, sql } = await server.createDatabase();
    const name = (n: number) => `${String(n).padStart(4, '0')}_m`;
    const folder = journalFolder(
      Array.from({ length: 30 }, (_, n) => ({
        name: name(n),
        sql: [0, 1, 2].map((part) => `CREATE TABLE t${n}_${part} ();`).join('--> statement-breakpoint\n'),
      })),
    );
    const hammer = setInterval(() => {
      sql`select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'drizzle-companion'`.catch(
        () => undefined,
      );
    }, 1);
    try {
      for (let round = 0; round < 25; round += 1) {
        const told = await migrate({ url, folder: folder.path }).catch((error) => error.fields.report);
        const rows = await sql`select created_at from drizzle.__drizzle_migrations`.catch(() => []);
        const counts =
          await sql`select split_part(tablename, '_', 1) as t, count(*)::int as n from pg_tables where schemaname = 'public' group by 1`;
        expect(counts.every(({ n }) => n === 3)).toBe(true);
        expect(counts.length).toBe(rows.length);
        const failed = told?.steps?.find((step: { state: string }) => step.state === 'failed');
        if (failed) expect(counts.map(({ t }) => t)).not.toContain(`t${Number(failed.name.slice(0, 4))}`);
      }
    } finally {
      clearInterval(hammer);
    }
    await expect
      .poll(() =>
        migrate({ url, folder: folder.path }).then(
          () => 'done',
          () => 'cancelled',
        ),
      )
      .toBe('done');
    expect(await recorded(sql)).toBe(30);
  });

  it('stops at a syntax error in a file without breakpoints, and runs nothing after it', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      { name: '0000_bad', sql: 'CREATE TABLE a (id int);\nCREATE TABEL b (id int);\n' },
      { name: '0001_c', sql: 'CREATE TABLE c (id int);' },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({ place: { line: 2, column: 8 }, server: { sqlstate: '42601' } });
    expect(await tables(sql)).toEqual([]);
  });

  it('names the statement of an error that has no position', async () => {
    const { url } = await server.createDatabase();
    const folder = journalFolder([
      {
        name: '0000_a',
        sql: 'CREATE TABLE a (id int);--> statement-breakpoint\nINSERT INTO a VALUES (1), (1);--> statement-breakpoint\nCREATE UNIQUE INDEX a_id ON a (id);',
      },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({
      place: { line: 3, column: 1 },
      server: { sqlstate: '23505', constraint: 'a_id' },
    });
    expect(error.fields.hint).toContain('share the value');
  });

  it('explains an enum value that is used in the transaction that adds it', async () => {
    const { url } = await server.createDatabase();
    const folder = journalFolder([
      { name: '0000_a', sql: "CREATE TYPE s AS ENUM ('a');--> statement-breakpoint\nCREATE TABLE t (s s);" },
      {
        name: '0001_b',
        sql: "ALTER TYPE s ADD VALUE 'b';--> statement-breakpoint\nINSERT INTO t VALUES ('b');",
      },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({
      server: { sqlstate: '55P04' },
      hint: expect.stringContaining('migration of its own'),
    });
  });

  it('points a database made by push to baseline', async () => {
    const { url, sql } = await server.createDatabase();
    await sql`create table a (id int)`;
    const error = await migrateFailure({ url, folder: journalFolder([CREATE_A]).path });
    expect(error.fields).toMatchObject({ server: { sqlstate: '42P07' }, fix: 'drizzle-companion baseline' });
  });

  it('fails at the commit when a deferred constraint does, and says so', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder([
      CREATE_A,
      {
        name: '0001_b',
        sql: 'CREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);--> statement-breakpoint\nINSERT INTO b VALUES (7);',
      },
    ]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error.fields).toMatchObject({
      server: { sqlstate: '23503' },
      message: expect.stringContaining('committed'),
    });
    expect(await recorded(sql)).toBe(1);
  });
});

describe('the applied set', () => {
  it('fills a gap and says so', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([CREATE_A, CREATE_B]);
    folder.writeJournal([{ name: '0001_b', when: 2000 }]);
    await migrate({ url, folder: folder.path });
    folder.writeJournal([
      { name: '0000_a', when: 1000 },
      { name: '0001_b', when: 2000 },
    ]);
    const report = await migrate({ url, folder: folder.path });
    expect(report.steps.map((s) => s.name)).toEqual(['0000_a']);
    expect(report.findings.map((f) => f.code)).toEqual(['ledger/gap']);
    expect(await tables(sql)).toEqual(['a', 'b']);
  });

  it('refuses an edited migration, changes nothing, and can be told to overlook just that', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([CREATE_A]);
    await migrate({ url, folder: folder.path });
    folder.write('0000_a.sql', `${CREATE_A.sql} -- changed`);
    folder.write('0001_b.sql', CREATE_B.sql);
    folder.writeJournal([{ name: '0000_a' }, { name: '0001_b' }]);
    const error = await migrateFailure({ url, folder: folder.path });
    expect(error).toMatchObject({ code: 'history-refused', exitCode: 4 });
    expect(error.fields.findings).toMatchObject([{ code: 'ledger/edited', migration: '0000_a' }]);
    expect(await tables(sql)).toEqual(['a']);
    await expect(
      migrateFailure({ url, folder: folder.path, accept: [{ code: 'ledger/edited', name: '0001_b' }] }),
    ).resolves.toMatchObject({ exitCode: 4 });
    const report = await migrate({
      url,
      folder: folder.path,
      accept: [{ code: 'ledger/edited', name: '0000_a' }],
    });
    expect(report.steps).toMatchObject([{ name: '0001_b', state: 'done' }]);
  });

  it('refuses a stray row, and accepts it by its id', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([CREATE_A, CREATE_B]);
    await migrate({ url, folder: folder.path, to: '0000_a' });
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('feed', 5)`;
    expect(await migrateFailure({ url, folder: folder.path })).toMatchObject({
      exitCode: 4,
      fields: { findings: [{ code: 'ledger/stray', row: '2' }] },
    });
    const report = await migrate({ url, folder: folder.path, accept: [{ code: 'ledger/stray', name: '2' }] });
    expect(report.steps).toMatchObject([{ name: '0001_b' }]);
  });

  it('overlooks no code that nothing would be safe with, and none that it does not know', async () => {
    const { url } = await createDatabase();
    const folder = journalFolder([{ name: '0000_c', sql: 'COPY a FROM stdin;' }]);
    const accepting = (code: string) =>
      migrateFailure({ url, folder: folder.path, accept: [{ code, name: null }] });
    expect(await accepting('plan/copy-stream')).toMatchObject({ code: 'usage-invalid', exitCode: 2 });
    expect(await accepting('ledger/edit')).toMatchObject({
      code: 'usage-invalid',
      message: expect.stringContaining('did you mean ledger/edited'),
    });
    const refused = await migrateFailure({ url, folder: folder.path });
    expect(refused.fields.hint).not.toContain('--accept');
  });

  it("refuses another project's ledger, though it is newer, and applies nothing", async () => {
    const { url, sql } = await createDatabase();
    await migrate({ url, folder: journalFolder([{ ...CREATE_B, when: Date.UTC(2025, 0) }]).path });
    const ours = journalFolder([CREATE_A]);
    const error = await migrateFailure({ url, folder: ours.path });
    expect(error).toMatchObject({ exitCode: 4, fields: { findings: [{ code: 'ledger/foreign' }] } });
    expect(await tables(sql)).toEqual(['b']);
    const report = await migrate({
      url,
      folder: ours.path,
      accept: [{ code: 'ledger/foreign', name: null }],
    });
    expect(report.steps).toMatchObject([{ state: 'done' }]);
  });

  it('takes rows for strangers when there is no migration on disk at all', async () => {
    const { url } = await createDatabase();
    const folder = journalFolder([CREATE_A]);
    await migrate({ url, folder: folder.path });
    folder.writeJournal([]);
    expect(await migrateFailure({ url, folder: folder.path })).toMatchObject({
      exitCode: 4,
      fields: { findings: expect.arrayContaining([expect.objectContaining({ code: 'ledger/stray' })]) },
    });
  });

  it('goes on when the database is ahead', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([CREATE_A, CREATE_B]);
    await migrate({ url, folder: folder.path, to: '0000_a' });
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('feed', ${Date.UTC(2025, 0)})`;
    const report = await migrate({ url, folder: folder.path });
    expect(report.findings.map((f) => f.code)).toEqual(['ledger/gap', 'ledger/ahead']);
  });

  it('refuses a journal entry whose file is not there', async () => {
    const { url } = await createDatabase();
    const folder = journalFolder([CREATE_A, CREATE_B]);
    folder.remove('0001_b.sql');
    expect(await migrateFailure({ url, folder: folder.path })).toMatchObject({
      exitCode: 4,
      fields: { findings: [{ code: 'history/missing-file' }] },
    });
  });

  it('stops after --to, and refuses a name it does not know', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([CREATE_A, CREATE_B]);
    await migrate({ url, folder: folder.path, to: '0000_a' });
    expect(await tables(sql)).toEqual(['a']);
    const error = await migrateFailure({ url, folder: folder.path, to: '0001' });
    expect(error).toMatchObject({ code: 'usage-invalid', fields: { hint: 'Did you mean 0001_b?' } });
  });
});

describe('the ledger', () => {
  it('lies where the settings say, and needs no right to create a schema that is there', async () => {
    const { url, sql, name } = await createDatabase();
    const role = `r_${name}`;
    await sql.unsafe(
      `create role ${role} login password 'x'; create schema ops authorization ${role}; create schema app authorization ${role}; alter role ${role} set search_path = app`,
    );
    const limited = Object.assign(new URL(url), { username: role, password: 'x' }).toString();
    try {
      const folder = journalFolder([{ name: '0000_a', sql: 'CREATE TABLE app.a (id int);' }]);
      await migrate({
        url: limited,
        folder: folder.path,
        ledger: { schema: 'ops', table: 'Applied "ones"' },
      });
      expect(await sql`select count(*)::int as n from ops."Applied ""ones"""`).toEqual([{ n: 1 }]);
      const error = await migrateFailure({ url: limited, folder: folder.path });
      expect(error).toMatchObject({ code: 'permission-denied', exitCode: 2 });
      expect(error.fields.hint).toContain(`GRANT CREATE ON DATABASE "${name}" TO "${role}";`);
    } finally {
      await sql.unsafe(`drop owned by ${role} cascade; drop role ${role}`);
    }
  });

  it('is never made by reading', async () => {
    const { url, sql } = await createDatabase();
    const status = await readStatus({ url, folder: journalFolder([CREATE_A]).path });
    expect(status.ledger.version).toBeNull();
    expect(await sql`select 1 from pg_namespace where nspname = 'drizzle'`).toEqual([]);
  });

  it('of the 1.x layout has names', async () => {
    const { url, sql } = await createDatabase();
    const folder = foldersFolder([{ name: '20250101000000_a', sql: CREATE_A.sql }]);
    await migrate({ url, folder: folder.path });
    const rows =
      await sql`select name, created_at, applied_at is not null as timed from drizzle.__drizzle_migrations`;
    expect(rows).toEqual([
      { name: '20250101000000_a', created_at: String(Date.UTC(2025, 0, 1)), timed: true },
    ]);
  });
});

describe('a run that ends before its first step', () => {
  it('has every planned step in its report all the same', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([CREATE_A, CREATE_B]);
    await migrate({ url, folder: folder.path, to: '0000_a' });
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('feed', 5)`;
    const { fields } = await migrateFailure({ url, folder: folder.path });
    expect(fields.report).toMatchObject({
      database: { port: expect.any(Number) },
      steps: [{ name: '0001_b', state: 'not-run' }],
    });
  });

  it('has not upgraded the ledger when it is refused', async () => {
    const { url, sql } = await createDatabase();
    const folder = foldersFolder([{ name: '20250101000000_a', sql: CREATE_A.sql }]);
    await sql`create schema drizzle`;
    await sql`create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`;
    await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('other', ${Date.UTC(2025, 0, 1)})`;
    expect(await migrateFailure({ url, folder: folder.path })).toMatchObject({ exitCode: 4 });
    expect(await migrateFailure({ url, folder: folder.path, to: 'typo' })).toMatchObject({ exitCode: 2 });
    expect(
      await sql`select attname from pg_attribute where attrelid = 'drizzle.__drizzle_migrations'::regclass and attname = 'name'`,
    ).toEqual([]);
  });
});

describe('--single-transaction', () => {
  it('keeps nothing when one fails', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([
      CREATE_A,
      { name: '0001_bad', sql: 'SELECT nothing' },
      { name: '0002_c', sql: 'SELECT 1' },
    ]);
    const error = await migrateFailure({ url, folder: folder.path, singleTransaction: true });
    expect(error.fields).toMatchObject({ migration: '0001_bad', place: { line: 1, column: 8 } });
    expect(error.fields.report?.steps.map((s) => s.state)).toEqual(['not-run', 'failed', 'not-run']);
    expect(await tables(sql)).toEqual([]);
    expect(await recorded(sql)).toBe(0);
  });

  it('commits all together', async () => {
    const { url, sql } = await createDatabase();
    await migrate({ url, folder: journalFolder([CREATE_A, CREATE_B]).path, singleTransaction: true });
    const [row] =
      await sql`select count(distinct xmin::text)::int as commits, count(*)::int as n from drizzle.__drizzle_migrations`;
    expect(row).toEqual({ commits: 1, n: 2 });
  });

  it('refuses what cannot be in one', async () => {
    const { url } = await createDatabase();
    const folder = journalFolder([
      CREATE_A,
      { name: '0001_i', sql: 'CREATE INDEX CONCURRENTLY a_i ON a (id);' },
    ]);
    expect(await migrateFailure({ url, folder: folder.path, singleTransaction: true })).toMatchObject({
      exitCode: 4,
      fields: { findings: [{ code: 'plan/not-in-single-transaction', migration: '0001_i' }] },
    });
  });
});

it('tells what it does as events, in order', async () => {
  const { url } = await createDatabase();
  const events: RunEvent[] = [];
  await migrate({ url, folder: journalFolder([CREATE_B]).path, onEvent: (event) => events.push(event) });
  expect(events.map((e) => e.type)).toEqual([
    'connected',
    'planned',
    'step-start',
    'statement-done',
    'statement-done',
    'step-end',
  ]);
});

it("works over a caller's own client, and leaves that client as it was", async () => {
  const { sql, url } = await createDatabase();
  const before = await sql`select current_setting('lock_timeout') as t`;
  await migrate({ client: sql, folder: journalFolder([CREATE_A]).path });
  expect(await sql`select current_setting('lock_timeout') as t`).toEqual(before);
  expect((await readStatus({ url, folder: journalFolder([CREATE_A]).path })).comparison.summary.applied).toBe(
    1,
  );
});

it.each([
  ['an empty URL', { url: '' }, 'is empty'],
  ['a URL of something else', { url: 'mysql://u@h/d' }, 'not a postgres:// URL'],
  ['no database at all', {}, 'Neither `url` nor `client`'],
  ['no folder', { url: 'postgres://h/d', folder: undefined }, 'The option folder must be the path'],
  [
    'words for numbers',
    { url: '', lockTimeoutMs: 'x', accept: 'all' },
    "lockTimeoutMs must be a number, 0 or more, and is 'x'. The option accept",
  ],
])('refuses %s instead of taking the one of the environment', async (_, database, words) => {
  const options = { folder: journalFolder([CREATE_A]).path, ...database } as unknown as MigrateOptions;
  expect(await migrateFailure(options)).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(words),
  });
});

it('refuses a directive it does not know instead of passing over it', async () => {
  const { url } = await createDatabase();
  const folder = journalFolder([
    { name: '0000_a', sql: '-- drizzle-companion: no-transacton\nCREATE TABLE a (id int);' },
  ]);
  expect(await migrateFailure({ url, folder: folder.path })).toMatchObject({
    exitCode: 4,
    fields: {
      findings: [
        {
          code: 'plan/unknown-directive',
          line: 1,
          hint: expect.stringMatching(/: no-transaction\? There are: no-transaction, allow .*, allow-file /),
        },
      ],
    },
  });
});

async function tables(sql: Awaited<ReturnType<typeof createDatabase>>['sql']): Promise<string[]> {
  const rows = await sql<
    { t: string }[]
  >`select tablename as t from pg_tables where schemaname = 'public' order by 1`;
  return rows.map((row) => row.t);
}

async function recorded(sql: Awaited<ReturnType<typeof createDatabase>>['sql']): Promise<number> {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from drizzle.__drizzle_migrations`;
  return row?.n ?? -1;
}
