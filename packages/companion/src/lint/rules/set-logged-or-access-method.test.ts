import { describeEachPostgres } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { setLoggedOrAccessMethod as rule } from './set-logged-or-access-method.ts';

test.each([
  ['SET LOGGED', 'through the write-ahead log, and to every replica'],
  ['SET UNLOGGED', 'is empty after a crash'],
  ['SET ACCESS METHOD "columnar"', 'SET ACCESS METHOD writes all of events and its indexes anew'],
  ['SET TABLESPACE "fast"', 'SET TABLESPACE copies all of events'],
])('%s', async (command, words) => {
  const sql = `ALTER TABLE "events" ${command};`;
  const { message, text, level, hint } = await expectFinding(rule, sql);
  expect(level).toBe('error');
  expect(text).toBe(sql.slice(0, -1));
  expect(message).toContain(words);
  expect(message).toContain('under ACCESS EXCLUSIVE: every read and every write of events waits');
  expect(hint).toBeDefined();
});

test('each command by itself', async () => {
  const found = await expectFindings(
    rule,
    'ALTER TABLE a SET UNLOGGED, ADD COLUMN b int, SET TABLESPACE fast;',
  );
  expect(found.map(({ text }) => text)).toEqual(['SET UNLOGGED', 'SET TABLESPACE fast']);
});

test('REPLICA IDENTITY FULL is worth knowing', async () => {
  const { level, message } = await expectFinding(rule, 'ALTER TABLE "events" REPLICA IDENTITY FULL;');
  expect(level).toBe('info');
  expect(message).toContain('every UPDATE and DELETE writes the whole old row of events');
});

test.each([
  ['a replica identity by index', 'ALTER TABLE a REPLICA IDENTITY USING INDEX a_key;'],
  ['the default replica identity', 'ALTER TABLE a REPLICA IDENTITY DEFAULT;'],
  ['a storage parameter', 'ALTER TABLE a SET (fillfactor = 70);'],
  ['how a column is stored from now on', 'ALTER TABLE a ALTER COLUMN b SET STORAGE EXTERNAL;'],
  ['how it is compressed from now on', 'ALTER TABLE a ALTER COLUMN b SET COMPRESSION lz4;'],
  ['a parent', 'ALTER TABLE a INHERIT b;'],
  ['an unlogged table that is new', 'CREATE UNLOGGED TABLE a (b int);\nALTER TABLE a SET LOGGED;'],
  ['one of this deployment', ['CREATE TABLE a (b int);', 'ALTER TABLE a SET UNLOGGED;']],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('what a partitioned table says counts for later partitions', async () => {
  const before = 'CREATE TABLE a (b int) PARTITION BY RANGE (b);';
  await expectClean(rule, { before, sql: 'ALTER TABLE a SET TABLESPACE fast;' });
});

test('a table that the config calls small', async () => {
  const sql = 'ALTER TABLE settings SET LOGGED;';
  await expectClean(rule, { sql, settings: { smallTables: ['settings'] } });
});

describeEachPostgres('a rewrite', ({ createDatabase }) => {
  test('is what these do, and INHERIT, STORAGE and COMPRESSION do not', async () => {
    const { sql } = await createDatabase();
    await sql`create table parent (n int, b text)`;
    await sql`create table a as select 1 as n, 'x' as b`;
    const file = () => sql`select pg_relation_filenode('a') as file`;
    const isRewrittenBy = async (command: string) => {
      const before = await file();
      await sql.unsafe(`ALTER TABLE a ${command}`);
      return JSON.stringify(before) !== JSON.stringify(await file());
    };
    expect(await isRewrittenBy('SET UNLOGGED')).toBe(true);
    expect(await isRewrittenBy('SET LOGGED')).toBe(true);
    expect(await isRewrittenBy('INHERIT parent')).toBe(false);
    expect(await isRewrittenBy('ALTER b SET STORAGE EXTERNAL')).toBe(false);
    expect(await isRewrittenBy('ALTER b SET COMPRESSION pglz')).toBe(false);
    expect(await isRewrittenBy('REPLICA IDENTITY FULL')).toBe(false);
  });
});
