import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { accessExclusiveThenMoreWork as rule } from './access-exclusive-then-more-work.ts';

const BEFORE = `CREATE TABLE orders (id bigint PRIMARY KEY, amount int);
ALTER TABLE orders ADD CONSTRAINT amount_ok CHECK (amount > 0) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT id_ok CHECK (id > 0) NOT VALID;`;
const ADD = 'ALTER TABLE "users" ADD COLUMN "note" text;';
const VALIDATE = 'ALTER TABLE "orders" VALIDATE CONSTRAINT "amount_ok";';

test('a proof behind a new column', async () => {
  const { message, text, hint, level, rewrite } = await expectFinding(rule, {
    before: BEFORE,
    sql: `${ADD}--> statement-breakpoint\n${VALIDATE}`,
  });
  expect(level).toBe('warning');
  expect(text).toBe(VALIDATE.slice(0, -1));
  expect(message).toBe(
    '`ALTER TABLE "users" ADD COLUMN "note" text` (line 1) took ACCESS EXCLUSIVE on users, and PostgreSQL keeps it until the transaction ends. Every read and every write of users waits while this statement reads all of orders.',
  );
  expect(hint).toContain('a later migration, or before the first statement');
  expect(rewrite).toEqual([{ title: 'a later migration', sql: VALIDATE }]);
  await expectClean(rule, { before: BEFORE, sql: [ADD, VALIDATE] });
});

test('several proofs are one finding', async () => {
  const { rewrite } = await expectFinding(rule, {
    before: BEFORE,
    sql: `${ADD}\n${VALIDATE}\nALTER TABLE orders VALIDATE CONSTRAINT id_ok;`,
  });
  expect(rewrite?.[0]?.sql).toBe(
    `${VALIDATE}--> statement-breakpoint\nALTER TABLE orders VALIDATE CONSTRAINT id_ok;`,
  );
});

test('a proof of another table is another finding', async () => {
  const before = `${BEFORE} CREATE TABLE lines (n int); ALTER TABLE lines ADD CONSTRAINT ok CHECK (n > 0) NOT VALID;`;
  const sql = `${ADD}\n${VALIDATE}\nALTER TABLE lines VALIDATE CONSTRAINT ok;`;
  const found = await expectFindings(rule, { before, sql });
  expect(found.map(({ rewrite }) => rewrite?.[0]?.sql.split('\n'))).toEqual([
    [VALIDATE],
    ['ALTER TABLE lines VALIDATE CONSTRAINT ok;'],
  ]);
  const settings = { smallTables: ['orders'] };
  await expectFinding(rule, { before, sql, settings });
});

test('in one ALTER TABLE', async () => {
  const { message, rewrite } = await expectFinding(rule, {
    before: BEFORE,
    sql: 'ALTER TABLE orders ADD COLUMN note text, VALIDATE CONSTRAINT amount_ok, ADD COLUMN more text, VALIDATE CONSTRAINT id_ok;',
  });
  expect(message).toContain('the strongest that any of its commands asks for: here ACCESS EXCLUSIVE');
  expect(rewrite).toEqual([
    { title: 'this migration', sql: 'ALTER TABLE orders ADD COLUMN note text, ADD COLUMN more text;' },
    {
      title: 'a later migration',
      sql: 'ALTER TABLE orders VALIDATE CONSTRAINT amount_ok, VALIDATE CONSTRAINT id_ok;',
    },
  ]);
  for (const one of rewrite ?? []) await expectClean(rule, { before: BEFORE, sql: one.sql });
});

test.each([
  ['CREATE TABLE AS', 'CREATE TABLE copy AS SELECT * FROM orders;'],
  ['CREATE MATERIALIZED VIEW', 'CREATE MATERIALIZED VIEW sums AS SELECT sum(amount) FROM orders;'],
  ['REFRESH CONCURRENTLY', 'REFRESH MATERIALIZED VIEW CONCURRENTLY totals;'],
  ['an index of a materialized view', 'CREATE INDEX ON totals (one);'],
  ['a domain', 'ALTER DOMAIN positive VALIDATE CONSTRAINT ok;'],
])('%s', async (_, sql) => {
  const before = [
    BEFORE,
    'CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;',
    'CREATE DOMAIN positive AS int; CREATE TABLE counted (n positive);',
  ];
  await expectFinding(rule, { before, sql: `${ADD}\n${sql}` });
  await expectClean(rule, { before, sql });
});

test('stock drizzle keeps the lock from one file to the next', async () => {
  const { message, hint } = await expectFinding(rule, {
    before: BEFORE,
    sql: [ADD, VALIDATE],
    settings: { runner: 'drizzle' },
  });
  expect(message).toContain('(0100_test, line 1) took ACCESS EXCLUSIVE on users');
  expect(hint).toContain('a later deployment');
});

test.each([
  ['the proof first', `${VALIDATE}\n${ADD}`],
  ['the proof in a later migration', [ADD, VALIDATE]],
  ['a weaker lock', `ALTER TABLE orders SET (fillfactor = 70);\n${VALIDATE}`],
  ['locks on what is new', `CREATE TABLE new (a int);\nALTER TABLE new ADD b int;\n${VALIDATE}`],
  ['statements that commit by themselves', `-- drizzle-companion: no-transaction\n${ADD}\n${VALIDATE}`],
  [
    'a constraint that this transaction adds: an error of its own',
    `ALTER TABLE orders ADD CONSTRAINT c CHECK (amount < 9) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT c;`,
  ],
  ['an index: an error of its own', `${ADD}\nCREATE INDEX ON orders (amount);`],
  ['rows: told by bulk-dml-with-ddl', `${ADD}\nUPDATE orders SET amount = 1;`],
  ['catalog changes', `${ADD}\nALTER TABLE orders ADD COLUMN note text;\nDROP VIEW v;`],
  ['a query', `${ADD}\nSELECT setval('s', (SELECT max(id) FROM orders));`],
  ['a copy of nothing', `${ADD}\nCREATE TABLE copy AS SELECT * FROM orders WITH NO DATA;`],
  ['a copy of what is new', `CREATE TABLE new (a int);\n${ADD}\nCREATE TABLE copy AS SELECT * FROM new;`],
  [
    'several proofs in one statement',
    'ALTER TABLE orders VALIDATE CONSTRAINT amount_ok, VALIDATE CONSTRAINT id_ok;',
  ],
])('%s', async (_, sql) => {
  await expectClean(rule, { before: BEFORE, sql });
});

test('a constraint that is proven already', async () => {
  await expectClean(rule, { before: [BEFORE, VALIDATE], sql: `${ADD}\n${VALIDATE}` });
});

test('a table that the config calls small', async () => {
  await expectClean(rule, {
    before: BEFORE,
    sql: `${ADD}\n${VALIDATE}`,
    settings: { smallTables: ['orders'] },
  });
});
