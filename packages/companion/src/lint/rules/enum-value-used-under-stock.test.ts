import { describeEachPostgres, foldersFolder, journalFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, lint } from '../../../test/lint/expect-lint.ts';
import { STOCK_0, STOCK_1 } from '../../../test/stock.ts';
import { enumValueUsedUnderStock as rule } from './enum-value-used-under-stock.ts';

const MAKE = `CREATE TYPE "public"."mood" AS ENUM('sad', 'ok');--> statement-breakpoint
CREATE TABLE "people" ("id" integer PRIMARY KEY NOT NULL, "m" "mood" DEFAULT 'ok', "note" text);`;
const ADD = `ALTER TYPE "public"."mood" ADD VALUE 'happy';`;
const USE = `ALTER TABLE "people" ALTER COLUMN "m" SET DEFAULT 'happy';`;
const GUARDED = `DO $$ BEGIN IF EXISTS (SELECT FROM people) THEN UPDATE people SET m = 'happy'; END IF; END $$;`;

test('a value of an earlier migration, used in this one', async () => {
  const { message, text, hint, place } = await expectFinding(rule, { before: [MAKE, ADD], sql: USE });
  expect(place).toBe(0);
  expect(text).toBe("'happy'");
  expect(message).toContain("'happy' is added to mood by 0001_test");
  expect(message).toContain('on a database that starts empty');
  expect(hint).not.toContain('DO block');
});

test('both are pending: production itself stops', async () => {
  const { message, place } = await expectFinding(rule, { before: MAKE, sql: [ADD, USE] });
  expect(place).toBe(1);
  expect(message).toContain('as production does now');
});

test('in one migration without a transaction', async () => {
  const sql = `-- drizzle-companion: no-transaction\n${ADD}\n${USE}`;
  await expectFinding(rule, { before: MAKE, sql });
});

test('one finding for all uses that a migration makes of a value', async () => {
  const sql = `${USE}\nUPDATE people SET m = 'happy';\nCREATE INDEX ON people (id) WHERE m = 'happy';`;
  await expectFinding(rule, { before: [MAKE, ADD], sql });
});

test('of an UPDATE the hint tells how an empty database passes', async () => {
  const sql = `UPDATE people SET m = 'happy';`;
  const { hint } = await expectFinding(rule, { before: [MAKE, ADD], sql });
  expect(hint).toContain('IF EXISTS (SELECT FROM …)');
  await expectClean(rule, { before: [MAKE, ADD], sql: GUARDED });
});

test.each([
  ['the same transaction, which is the affair of another rule', { before: MAKE, sql: `${ADD}\n${USE}` }],
  [
    'the same under stock drizzle',
    { before: MAKE, sql: [ADD, USE], settings: { runner: 'drizzle' as const } },
  ],
  ['a value that the type was made with', { before: MAKE, sql: `UPDATE people SET m = 'sad';` }],
  ['a COMMIT in the file, as teams write it', { before: MAKE, sql: `${ADD}\nCOMMIT;\nBEGIN;\n${USE}` }],
  ['a COMMIT in a file between', { before: [MAKE, ADD, 'COMMIT;BEGIN;'], sql: USE }],
  ['compared as text', { before: [MAKE, ADD], sql: `UPDATE people SET m = 'ok' WHERE m::text = 'happy';` }],
  ['a column of text', { before: [MAKE, ADD], sql: `UPDATE people SET note = 'happy';` }],
  ['a column that is not known', { before: [ADD], sql: `UPDATE people SET m = 'happy';` }],
  [
    'a folder that stock drizzle cannot run anyway',
    { before: [MAKE, ADD, 'CREATE INDEX CONCURRENTLY ON people (m);'], sql: USE },
  ],
  [
    'made anew since',
    {
      before: [MAKE, ADD, `ALTER TYPE mood RENAME TO old;\nCREATE TYPE mood AS ENUM ('sad','ok','happy');`],
      sql: `SELECT 'happy'::mood;`,
    },
  ],
  ['17: all that is pending is new', { sql: [MAKE, ADD, USE], settings: { postgresVersion: 17 } }],
  ['17: deployed before', { before: [MAKE, ADD], sql: USE, settings: { postgresVersion: 17 } }],
])('silent: %s', async (_, input) => {
  await expectClean(rule, input);
});

test('17: only the type was deployed before', async () => {
  await expectFinding(rule, { before: MAKE, sql: [ADD, USE], settings: { postgresVersion: 17 } });
});

const NAMES = ['20240101000000_make', '20240102000000_add', '20240103000000_use'];

describeEachPostgres('stock drizzle', ({ version, createDatabase }) => {
  const stocks = [
    { stock: STOCK_0, folder: (sqls: readonly string[]) => journalFolder(entriesOf(sqls)) },
    { stock: STOCK_1, folder: (sqls: readonly string[]) => foldersFolder(entriesOf(sqls)) },
  ];

  test.each(stocks)('$stock.name on an empty database', async ({ stock, folder }) => {
    const { url } = await createDatabase();
    const run = stock.migrate({ url, folder: folder([MAKE, ADD, USE]).path });
    const outcome = await run.then(() => 'done', sqlState);
    const findings = await lint(rule, {
      sql: [MAKE, ADD, USE],
      settings: { postgresVersion: version },
    });
    expect([outcome, findings.length]).toEqual(version < 17 ? ['55P04', 1] : ['done', 0]);
  });

  test.each(stocks)('$stock.name on a database that has the type', async ({ stock, folder }) => {
    const { url } = await createDatabase();
    await stock.migrate({ url, folder: folder([MAKE]).path });
    const run = stock.migrate({ url, folder: folder([MAKE, ADD, USE]).path });
    await expect(run.then(() => 'done', sqlState)).resolves.toBe('55P04');
  });

  test.each(stocks)('$stock.name passes a guarded UPDATE on an empty database', async ({ stock, folder }) => {
    const { url } = await createDatabase();
    const run = stock.migrate({ url, folder: folder([MAKE, ADD, GUARDED]).path });
    await expect(run.then(() => 'done', sqlState)).resolves.toBe('done');
  });
});

function entriesOf(sqls: readonly string[]) {
  return sqls.map((sql, place) => ({ name: NAMES[place] ?? '', sql }));
}

/** drizzle-orm wraps the driver's error. */
function sqlState(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return String(code ?? cause?.code);
}
