import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFixed } from '../../../test/lint/expect-lint.ts';
import { parseTimeout } from '../reading/timeout-value.ts';
import { lockTimeoutZero as rule } from './lock-timeout-zero.ts';

const ALTER = 'ALTER TABLE "users" ADD COLUMN "age" integer;';

describe('no limit', () => {
  test.each([
    ['SET lock_timeout = 0;', "SET lock_timeout = '5s';"],
    ["SET LOCAL lock_timeout TO '0ms';", "SET LOCAL lock_timeout TO '5s';"],
    ["SET lock_timeout = '0';", "SET lock_timeout = '5s';"],
    ["SELECT set_config('lock_timeout', '0', true);", "SELECT set_config('lock_timeout', '5s', true);"],
  ])('%s', async (sql, fixed) => {
    const { message, hint, rewrite } = await expectFinding(rule, `${sql}\n${ALTER}`);
    expect(message).toContain('0 is no limit');
    expect(message).toContain('every query on that table that comes after it waits behind it');
    expect(hint).toContain('tries it again after a pause');
    expect(rewrite).toEqual([{ sql: fixed }]);
    await expectFixed(rule, `${sql}\n${ALTER}`, `${fixed}\n${ALTER}`);
  });

  test('for an index on a table that is there', async () => {
    await expectFinding(rule, 'SET lock_timeout = 0;--> statement-breakpoint\nCREATE INDEX i ON users (id);');
    await expectFinding(rule, 'SET lock_timeout = 0;--> statement-breakpoint\nDROP INDEX i;');
  });

  test('for a foreign key that reaches a table that is there', async () => {
    await expectFinding(rule, 'SET lock_timeout = 0;\nCREATE TABLE a (b int REFERENCES users (id));');
  });

  test('for a table that is dropped', async () => {
    await expectFinding(rule, 'SET lock_timeout = 0;\nDROP TABLE users;');
  });
});

test('no limit for the work under a lock', async () => {
  const sql = `SET LOCAL statement_timeout = 0;\n${ALTER}`;
  const { level, message, rewrite, edits } = await expectFinding(rule, sql);
  expect(level).toBe('info');
  expect(message).toContain(
    'the limit that drizzle-companion has set for each statement (--statement-timeout',
  );
  expect(rewrite).toEqual([{ sql: "SET LOCAL statement_timeout = '1h';" }]);
  expect(edits).toEqual([]);
  await expectClean(rule, { sql, settings: { runner: 'drizzle' } });
});

test('one of the two does not cover the other', async () => {
  const { level } = await expectFinding(
    rule,
    `SET LOCAL lock_timeout = 0;\nSET LOCAL statement_timeout = '1h';\n${ALTER}`,
  );
  expect(level).toBe('warning');
});

test('too long', async () => {
  const { message, hint } = await expectFinding(rule, `SET lock_timeout = '10min';\n${ALTER}`);
  expect(message).toContain('wait for their locks for up to 10min');
  expect(hint).toContain('30s at most');
});

test('the option max', async () => {
  const sql = `SET lock_timeout = '20s';\n${ALTER}`;
  await expectClean(rule, sql);
  await expectFinding(rule, { sql, options: { max: '10s' } });
});

test.each(['RESET lock_timeout;', 'SET lock_timeout TO DEFAULT;', 'RESET ALL;'])(
  '%s takes the limit of the runner away',
  async (sql) => {
    const { message } = await expectFinding(rule, `${sql}\n${ALTER}`);
    expect(message).toContain('the limit that drizzle-companion has set');
    await expectClean(rule, { sql: `${sql}\n${ALTER}`, settings: { runner: 'drizzle' } });
    await expectClean(rule, `SET LOCAL lock_timeout = '1s';\n${ALTER}\n${sql}`);
  },
);

test.each([
  ['a few seconds', `SET LOCAL lock_timeout = '5s';\n${ALTER}`],
  ['a plain number of milliseconds', `SET lock_timeout = 3000;\n${ALTER}`],
  ['a time for long work', `SET LOCAL statement_timeout = '1h';\n${ALTER}`],
  [
    'no time for work that holds nobody up',
    'SET LOCAL statement_timeout = 0;\nUPDATE users SET age = 1 WHERE age = 0;',
  ],
  ["the server's own time for work", `RESET statement_timeout;\n${ALTER}`],
  [
    "pg_dump's preamble before tables that are all new",
    'SET statement_timeout = 0;\nSET lock_timeout = 0;\nCREATE TABLE public.a (b integer NOT NULL);\nALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (b);\nCREATE INDEX a_b ON public.a USING btree (b);',
  ],
  [
    'before CONCURRENTLY, whose waiting holds nobody up',
    'COMMIT;--> statement-breakpoint\nSET lock_timeout = 0;--> statement-breakpoint\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "i" ON "users" USING btree ("id");--> statement-breakpoint\nDROP INDEX CONCURRENTLY IF EXISTS "j";--> statement-breakpoint\nSET lock_timeout = \'5s\';',
  ],
  ['before a constraint is validated', 'SET lock_timeout = 0;\nALTER TABLE users VALIDATE CONSTRAINT c;'],
  ['before rows are written', 'SET LOCAL lock_timeout = 0;\nUPDATE users SET age = 1 WHERE age IS NULL;'],
  ['set anew before anything is locked', `SET lock_timeout = 0;\nSET lock_timeout = '2s';\n${ALTER}`],
  ['nothing behind it', `${ALTER}\nSET lock_timeout = 0;`],
  ['what is computed', `SELECT set_config('lock_timeout', $$0$$ || b, true) FROM c;\n${ALTER}`],
  [
    "a function's own",
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql SET lock_timeout = 0 AS $$ SELECT 1 $$;\n${ALTER}`,
  ],
])('%s', async (_, sql) => {
  await expectClean(rule, sql);
});

test.each([
  ['0', 0],
  ['250', 250],
  ['5s', 5_000],
  ['1.5 min', 90_000],
  ['2h', 7_200_000],
  ['soon', null],
  ['5 weeks', null],
])('a time-out is read as PostgreSQL reads it: %s', (text, milliseconds) => {
  expect(parseTimeout(text)).toBe(milliseconds);
});
