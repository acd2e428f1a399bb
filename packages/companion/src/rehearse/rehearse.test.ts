import { describeEachPostgres, journalFolder } from '@companion/testing';
import { expect, it } from 'vitest';
import { BREAK, failureOf, rehearseSql, statementsOf } from '../../test/rehearse/rehearse-sql.ts';
import { migrate } from '../migrate/migrate.ts';
import { rehearse } from './rehearse.ts';

const BEFORE = `CREATE TABLE users (id int PRIMARY KEY, email text);
INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 1000) n;
CREATE TABLE orders (id int PRIMARY KEY, user_id int);`;

describeEachPostgres('rehearse', (server) => {
  it('measures locks, rewrites, rows and log of each statement', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(
      database,
      [
        [
          'ALTER TABLE users ADD COLUMN age int;',
          'ALTER TABLE users ALTER COLUMN id TYPE bigint;',
          'CREATE INDEX users_email ON users (email);',
          'UPDATE users SET age = 3;',
          'DELETE FROM users WHERE id <= 10;',
          'INSERT INTO orders VALUES (1, 1), (2, 2);',
        ].join(BREAK),
      ],
      { before: BEFORE },
    );
    const told = statementsOf(report);
    const access = { relation: 'users', mode: 'AccessExclusive', measured: true };
    expect(told.map(({ locks }) => locks)).toEqual([
      [access],
      [],
      [],
      [],
      [],
      [{ relation: 'orders', mode: 'RowExclusive', measured: true }],
    ]);
    expect(told.map(({ rewritten }) => rewritten)).toEqual([[], ['users', 'users_pkey'], [], [], [], []]);
    expect(told.map(({ rows }) => rows.find(({ table }) => table === 'users'))).toEqual([
      undefined,
      { table: 'users', read: 2000, inserted: 0, updated: 0, deleted: 0 },
      { table: 'users', read: 1000, inserted: 0, updated: 0, deleted: 0 },
      { table: 'users', read: 1000, inserted: 0, updated: 1000, deleted: 0 },
      { table: 'users', read: expect.any(Number), inserted: 0, updated: 0, deleted: 10 },
      undefined,
    ]);
    expect(told.at(-1)?.rows).toEqual([{ table: 'orders', read: 0, inserted: 2, updated: 0, deleted: 0 }]);
    expect(told[1]?.walBytes).toBeGreaterThan(10_000);
    expect(told.every(({ durationMs }) => durationMs !== null && durationMs > 0)).toBe(true);
    expect(report.steps[0]?.locks).toEqual([
      { ...access, heldMs: expect.any(Number), blocks: 'reads and writes', usedBy: [] },
    ]);
    expect(report.steps[0]?.locks[0]?.heldMs).toBeCloseTo(report.steps[0]?.durationMs ?? 0);
    expect(report.summary).toMatchObject({
      migrations: 1,
      statements: 6,
      notRehearsed: 0,
      rewritten: ['users', 'users_pkey'],
      longestLock: { relation: 'users', migration: '0000_m' },
    });
  });

  it('fails as migrate fails, and tells what was rehearsed before', async () => {
    const { url, sql } = await server.createDatabase();
    await sql.unsafe(BEFORE).simple();
    const folder = journalFolder([
      { name: '0000_a', sql: 'CREATE TABLE a (id int);' },
      {
        name: '0001_bad',
        sql: `CREATE TABLE b (id int);${BREAK}ALTER TABLE b\n  ADD COLUMN x nosuchtype;${BREAK}SELECT 1;`,
      },
      { name: '0002_c', sql: 'CREATE TABLE c (id int);' },
    ]);
    const [rehearsed, migrated] = [
      await failureOf(rehearse({ url, folder: folder.path, evenIfBusy: true })),
      await failureOf(migrate({ url, folder: folder.path })),
    ];
    for (const error of [rehearsed, migrated]) {
      expect(error).toMatchObject({ code: 'migration-failed', exitCode: 3 });
    }
    const { place, snippet, server: said, statement, hint, message } = migrated.fields;
    expect(rehearsed.fields).toMatchObject({ place, snippet, server: said, statement, hint, message });
    expect(rehearsed.fields.rehearsal?.steps.map(({ state }) => state)).toEqual([
      'rehearsed',
      'failed',
      'not-run',
    ]);
    expect(
      rehearsed.fields.rehearsal?.steps[1]?.statements.map(({ sql: text, state }) => [text, state]),
    ).toEqual([
      ['CREATE TABLE b (id int)', 'rehearsed'],
      ['ALTER TABLE b\n  ADD COLUMN x nosuchtype', 'failed'],
      ['SELECT 1', 'not-run'],
    ]);
  });

  it('tells what to do by what the statement is about', async () => {
    const database = await server.createDatabase();
    await database.sql
      .unsafe(`CREATE TABLE products (id int PRIMARY KEY, name text NOT NULL, price int CHECK (price > 0));
        CREATE TABLE items (product int REFERENCES products DEFERRABLE); INSERT INTO products VALUES (1, 'a', 1);
        INSERT INTO items VALUES (1), (1);`)
      .simple();
    for (const [sql, hint, begins = '0000_m failed'] of [
      ['DELETE FROM products WHERE id = 1;', 'still refer to what is deleted'],
      ['INSERT INTO items VALUES (7);', 'Insert that one first'],
      ['UPDATE items SET product = 7;', 'Either a row'],
      ['INSERT INTO products VALUES (2);', 'A row that is written has no value'],
      ["INSERT INTO products VALUES (2, 'b', 0);", 'A row that is written breaks the check'],
      ["INSERT INTO products VALUES (1, 'b', 1);", 'has the value already'],
      ['ALTER TABLE items ADD UNIQUE (product);', 'Rows exist that share the value'],
      ['CREATE UNIQUE INDEX ON items (product);', 'Rows exist that share the value'],
      ['DO $$ BEGIN COMMIT; END $$;', '-- drizzle-companion: no-transaction'],
      [
        'SET CONSTRAINTS ALL DEFERRED; INSERT INTO items VALUES (7);',
        'Either a row',
        '0000_m failed, after its last statement, where it is recorded and committed: insert or update',
      ],
      [
        'SELECT pg_advisory_unlock_all();',
        'pg_advisory_unlock_all() do',
        '0000_m was not applied: the migration lock was released while it ran',
      ],
    ] as const) {
      const { fields, message } = await failureOf(rehearseSql(database, [sql]));
      expect(fields.hint).toContain(hint);
      expect(message).toContain(begins);
    }
  });
});
