import { describeEachPostgres, releaseAfterTest, type TestDatabase } from '@companion/testing';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { BREAK, failureOf, rehearseSql, statementsOf } from './rehearse-sql.ts';

/** The application's next INSERT must be given 101. */
const BEFORE = `CREATE TABLE orders (id serial PRIMARY KEY, n int);
INSERT INTO orders (n) SELECT 1 FROM generate_series(1, 100);
CREATE SEQUENCE far INCREMENT -1;
SELECT setval('far', -5000000);
CREATE FUNCTION reset_all() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'SELECT set' || 'val($1, 50)' USING 'orders_id_seq'::regclass;
  EXECUTE 'SELECT set' || 'val($1, -1, false)' USING 'far'::regclass;
END $$;`;

describeEachPostgres('What a rollback does not take back', (server) => {
  it('is not executed where a statement calls it, and what needs it is no failure', async () => {
    const database = await server.createDatabase();
    const other = postgres(database.url, { max: 1, onnotice: () => undefined });
    releaseAfterTest(() => other.end({ timeout: 0 }));
    const [{ pid } = { pid: 0 }] = await other`select pg_backend_pid() as pid`;
    const report = await rehearseSql(
      database,
      [
        `DELETE FROM orders WHERE id > 50;${BREAK}SELECT setval('orders_id_seq', (SELECT max(id) FROM orders));`,
        "DO $$ BEGIN PERFORM pg_catalog.setval('orders_id_seq', 1000); END $$;",
        `INSERT INTO orders SELECT n FROM generate_series(101, 110) n;${BREAK}INSERT INTO orders (n) VALUES (1);`,
        `SELECT pg_terminate_backend(${pid});`,
        `SELECT pg_create_physical_replication_slot('made_${pid}');`,
      ],
      { before: BEFORE },
    );
    expect(report.steps.map(({ state }) => state)).toEqual([
      'partly-rehearsed',
      'not-rehearsed',
      'partly-rehearsed',
      'not-rehearsed',
      'not-rehearsed',
    ]);
    expect(statementsOf(report).flatMap(({ notRehearsed }) => notRehearsed ?? [])).toEqual([
      'a rollback does not take back what setval does',
      'a rollback does not take back what setval does',
      expect.stringContaining('it may need line 2 of 0000_m, which was not rehearsed'),
      'a rollback does not take back what pg_terminate_backend does',
      'a rollback does not take back what pg_create_physical_replication_slot does',
    ]);
    expect((await other`select pg_backend_pid() as pid`)[0]?.pid).toBe(pid);
    // One value was drawn for the INSERT that failed.
    expect(await insertOrder(database)).toBe(102);
    const [slots] =
      await database.sql`select count(*)::int as n from pg_replication_slots where slot_name = ${`made_${pid}`}`;
    expect(slots?.n).toBe(0);
  });

  it('is mended where a function hides it from us, also when the migration fails', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(database, ['SELECT reset_all();'], { before: BEFORE });
    expect(report.leftBehind).toEqual([
      { kind: 'sequence', name: 'far', before: '-5000000', after: '-5000000', setBackTo: null },
      { kind: 'sequence', name: 'orders_id_seq', before: '100', after: '100', setBackTo: '50' },
    ]);
    expect(await insertOrder(database)).toBe(101);
    const error = await failureOf(
      rehearseSql(database, ['DO $$ BEGIN PERFORM reset_all(); PERFORM 1 / 0; END $$;']),
    );
    expect(error.fields.rehearsal?.leftBehind).toMatchObject([{ name: 'far' }, { setBackTo: '50' }]);
    expect(await insertOrder(database)).toBe(102);
  });

  it('is not what restarts a sequence by ALTER SEQUENCE, TRUNCATE or in a new table', async () => {
    const database = await server.createDatabase();
    const report = await rehearseSql(
      database,
      [
        'ALTER SEQUENCE orders_id_seq RESTART WITH 7;',
        'TRUNCATE orders RESTART IDENTITY;\nINSERT INTO orders (n) VALUES (1);',
      ],
      { before: BEFORE },
    );
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed', 'rehearsed']);
    expect(report.leftBehind).toEqual([]);
    expect(await insertOrder(database)).toBe(101);
  });
});

async function insertOrder({ sql }: TestDatabase): Promise<number> {
  const [row] = await sql`insert into orders (n) values (1) returning id`;
  return row?.id;
}
