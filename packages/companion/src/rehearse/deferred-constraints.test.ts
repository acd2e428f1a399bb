import { describeEachPostgres } from '@companion/testing';
import { expect, it } from 'vitest';
import { BREAK, failureOf, rehearseSql } from '../../test/rehearse/rehearse-sql.ts';
import { readDeferredChecks } from './deferred-constraints.ts';

const BEFORE = `CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b (a_id int CONSTRAINT fk REFERENCES a DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE c (a_id int CONSTRAINT fk REFERENCES a);
CREATE TABLE d (id int CONSTRAINT one UNIQUE DEFERRABLE);`;

describeEachPostgres('Deferred constraints', (server) => {
  it('are checked where a namesake cannot be deferred, and go on as they were', async () => {
    const database = await server.createDatabase();
    const fine = [
      `INSERT INTO b VALUES (1);${BREAK}INSERT INTO a VALUES (1);`,
      `ALTER TABLE b ADD COLUMN x int;${BREAK}INSERT INTO b VALUES (2);${BREAK}INSERT INTO a VALUES (2);`,
    ];
    const report = await rehearseSql(database, fine, { before: BEFORE });
    expect(report.steps.map(({ state }) => state)).toEqual(['rehearsed', 'rehearsed']);
    const missing = await failureOf(rehearseSql(database, [...fine, 'INSERT INTO b VALUES (9);']));
    expect(missing.fields).toMatchObject({ migration: '0002_m', server: { constraint: 'fk' } });
    const twice = 'INSERT INTO d VALUES (1), (1);';
    const immediate = await failureOf(rehearseSql(database, [...fine, `${twice}${BREAK}DELETE FROM d;`]));
    expect(immediate.fields).toMatchObject({ statement: twice, server: { constraint: 'one' } });
  });

  it('are those of tables that the transaction has written to', async () => {
    const { sql } = await server.createDatabase();
    await sql
      .unsafe(`${BEFORE} CREATE SCHEMA secret; CREATE ROLE no_trust_in_${process.pid};
      CREATE TABLE secret.b (a_id int CONSTRAINT fk REFERENCES a DEFERRABLE);
      GRANT ALL ON a, b TO no_trust_in_${process.pid};`)
      .simple();
    const session = await sql.reserve();
    const ask = { query: (text: string) => session.unsafe(text).values() as never };
    try {
      await session.unsafe(`BEGIN; SET ROLE no_trust_in_${process.pid}`).simple();
      expect(await readDeferredChecks(ask)).toEqual([]);
      await session`INSERT INTO b VALUES (NULL)`;
      await session`INSERT INTO a VALUES (1)`;
      const checks = await readDeferredChecks(ask);
      expect(checks.join('\n')).not.toContain('secret');
      await session.unsafe(checks.join(';')).simple();
    } finally {
      await session
        .unsafe(`ROLLBACK; DROP OWNED BY no_trust_in_${process.pid}; DROP ROLE no_trust_in_${process.pid}`)
        .simple();
      session.release();
    }
  });
});
