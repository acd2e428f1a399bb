import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { triggerOnBusyTable as rule } from './trigger-on-busy-table.ts';

const TRIGGER =
  'CREATE TRIGGER "messages_touch" AFTER INSERT ON "messages"\nFOR EACH ROW EXECUTE FUNCTION "public"."touch"()';

test('by itself it is worth knowing, no more', async () => {
  const { message, text, level } = await expectFinding(rule, `SELECT 1;\n${TRIGGER};`);
  expect(level).toBe('info');
  expect(text).toBe(TRIGGER);
  expect(message).toContain('SHARE ROW EXCLUSIVE on messages');
  expect(message).toContain('From then on touch() runs within the writes');
});

test.each([
  ['an UPDATE', 'UPDATE messages SET seen = true;'],
  ['a DELETE', 'DELETE FROM drafts;'],
  ['an INSERT … SELECT', 'INSERT INTO log SELECT * FROM messages;'],
  ['a CREATE INDEX', 'CREATE INDEX ON messages (seen);'],
])('before %s writes wait for that, too', async (work, sql) => {
  const { level, message, hint } = await expectFinding(rule, `${TRIGGER};--> statement-breakpoint\n${sql}`);
  expect(level).toBe('warning');
  expect(message).toContain(`in this one ${work} comes after it`);
  expect(hint).toContain('before the trigger');
});

test.each([
  ['before the trigger', `UPDATE messages SET seen = true; ${TRIGGER};`],
  ['of some rows', `${TRIGGER}; INSERT INTO settings VALUES ('a');`],
  ['in a later migration', [`${TRIGGER};`, 'UPDATE messages SET seen = true;']],
  [
    'outside of a transaction',
    `-- drizzle-companion: no-transaction\n${TRIGGER}; UPDATE messages SET a = 1;`,
  ],
])('work %s does not count', async (_, sql) => {
  const { level } = await expectFinding(rule, sql);
  expect(level).toBe('info');
});

test.each([
  ['of this deployment', ['CREATE TABLE messages (id int);', `${TRIGGER};`]],
  ['that is temporary', `CREATE TEMP TABLE messages (id int); ${TRIGGER};`],
  [
    'that is a view',
    'CREATE VIEW v AS SELECT 1; CREATE TRIGGER t INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();',
  ],
])('a table %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test.each(['DROP TRIGGER t ON messages;', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;'])(
  'no trigger is made: %s',
  async (sql) => {
    await expectClean(rule, sql);
  },
);
