import { describeEachPostgres, type TestDatabase } from '@companion/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BLOCKED_CASES, LOCK_CASES, LOCK_SCHEMA, type LockCase } from '../../../test/lint/lock-cases.ts';
import { measureBlocked, measureLocks } from '../../../test/lint/measure-locks.ts';
import { loadSqlParser, type SqlParser } from '../../sql/parser.ts';
import { numberTransactions } from '../number-transactions.ts';
import { parseMigration } from '../parse-migration.ts';
import { applyStatement } from './apply-statement.ts';
import { type LockWork, locksOf, type RelationLock } from './locks.ts';
import { showName } from './names.ts';
import { heaviestOf } from './relation-lock.ts';
import { createSchemaState, type SchemaFacts, viewFacts } from './schema-facts.ts';

describeEachPostgres('the locks that are told are those that are taken,', ({ version, createDatabase }) => {
  let database: TestDatabase;
  let parser: SqlParser;
  let facts: SchemaFacts;

  beforeAll(async () => {
    database = await createDatabase();
    parser = await loadSqlParser();
    await database.sql.unsafe(LOCK_SCHEMA);
    facts = factsOf(LOCK_SCHEMA, parser);
  });
  afterAll(() => database.drop());

  const told = (sql: string): readonly RelationLock[] => {
    const [node] = parser.parse(sql);
    if (node === undefined) throw new Error(`no statement: ${sql}`);
    return locksOf(node, facts);
  };
  const runs = ({ since = 0, until = Infinity }: LockCase) => since <= version && version <= until;

  for (const [topic, cases] of Object.entries(LOCK_CASES)) {
    describe(topic, () => {
      test.each(cases.map((one) => (typeof one === 'string' ? { sql: one } : one)).filter(runs))(
        '$sql',
        async (one) => {
          const locks = told(one.sql);
          const measured = await measureLocks(database, one.sql);
          const unknown = Object.keys(one.untold ?? {});
          const known = Object.entries(measured).filter(([name]) => !unknown.includes(name));
          expect(modesOf(locks, one, version)).toEqual(
            Object.fromEntries(known.map(([name, { mode }]) => [name, mode])),
          );
          // What is said to be untold must be there, or the note is stale; so with the work.
          expect(Object.keys(measured)).toEqual(expect.arrayContaining(unknown));

          const work = workOf(locks.map((lock) => lock.work));
          const done = workOf(known.map(([, lock]) => lock.work));
          if (one.work === undefined) expect(work).toBe(done);
          else expect(work, one.work).not.toBe(done);
        },
      );
    });
  }

  describe('outside a transaction', () => {
    test.each(BLOCKED_CASES.filter(runs))('$sql', async (one) => {
      const expected = modesOf(told(one.sql), one, version);
      const measured = await measureBlocked(database, { statement: one.sql, blocker: one.blocker });
      expect(Object.keys(measured)).not.toEqual([]);
      if (one.byTurns) expect(expected).toMatchObject(measured);
      else expect(expected).toEqual(measured);
    });
  });
});

function factsOf(sql: string, parser: SqlParser): SchemaFacts {
  const state = createSchemaState();
  const { statements } = parseMigration(
    { name: 'm', file: 'm.sql', sql, batch: 1, linted: true },
    { parser, numbers: numberTransactions('companion') },
  );
  for (const statement of statements) applyStatement(state, statement);
  return viewFacts(state);
}

function modesOf(locks: readonly RelationLock[], { before }: LockCase, version: number) {
  const modes: Record<string, string | null> = Object.fromEntries(
    locks.map(({ relation, mode }) => [showName(relation), mode]),
  );
  const known = before !== undefined && version < before.version ? { ...modes, ...before.modes } : modes;
  return Object.fromEntries(Object.entries(known).filter(([, mode]) => mode !== null));
}

function workOf(all: readonly LockWork[]): LockWork {
  return all.reduce(heaviestOf, 'brief');
}
