import { describe, expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings, expectFixed } from '../../../test/lint/expect-lint.ts';
import { statementOutsideTransactionNotRerunnable as rule } from './statement-outside-transaction-not-rerunnable.ts';

const DIRECTIVE = '-- drizzle-companion: no-transaction\n';

describe('under drizzle-companion', () => {
  test('an index without a name', async () => {
    const { message, rewrite } = await expectFinding(
      rule,
      'CREATE INDEX CONCURRENTLY ON "Users" (lower("email"), "age");',
    );
    expect(message).toContain('cannot find the INVALID index that is left');
    expect(rewrite).toEqual([
      {
        title: 'this migration',
        sql: 'CREATE INDEX CONCURRENTLY "Users_expr_age_idx" ON "Users" (lower("email"), "age");',
      },
    ]);
    await expectFixed(
      rule,
      'CREATE UNIQUE INDEX CONCURRENTLY ON a (b);',
      'CREATE UNIQUE INDEX CONCURRENTLY "a_b_idx" ON a (b);',
    );
  });

  test('a procedure', async () => {
    const { message } = await expectFinding(rule, `${DIRECTIVE}CALL fill_totals();`);
    expect(message).toContain('may have committed half of its work');
  });

  test('a procedure that would insert twice', async () => {
    const { message } = await expectFinding(
      rule,
      `${DIRECTIVE}CREATE OR REPLACE PROCEDURE f() LANGUAGE sql AS $$ INSERT INTO a VALUES (1) $$;\nCALL f();`,
    );
    expect(message).toContain('inserts the rows once more');
  });

  test('a database that is made', async () => {
    const { message } = await expectFinding(rule, 'CREATE DATABASE reports;');
    expect(message).toContain('a second run fails, as CREATE DATABASE knows no IF NOT EXISTS');
  });

  test('a database that is dropped', async () => {
    await expectFixed(rule, 'DROP DATABASE reports;', 'DROP DATABASE IF EXISTS reports;');
  });

  test('a partition that is detached', async () => {
    const sql = 'ALTER TABLE a DETACH PARTITION a_1 CONCURRENTLY;';
    const { message, level } = await expectFinding(rule, sql);
    expect(message).toContain('FINALIZE');
    expect(level).toBe('info');
  });

  test('a block that would insert twice', async () => {
    const { message, text } = await expectFinding(
      rule,
      `${DIRECTIVE}DO $$ BEGIN INSERT INTO a VALUES (1); END $$;\nVACUUM a;`,
    );
    expect(text).toContain('DO $$');
    expect(message).toContain(
      'inserts the rows once more, or fails for a unique key (INSERT INTO a VALUES (1))',
    );
  });

  test.each([
    ['an index with a name', 'CREATE INDEX CONCURRENTLY a_b ON a (b);'],
    ['an index that is dropped', 'DROP INDEX CONCURRENTLY a_b;'],
    ['an index that is built anew', 'REINDEX INDEX CONCURRENTLY a_b;'],
    [
      'what commits with its record',
      `${DIRECTIVE}CREATE TABLE a (b int);\nALTER TABLE c ADD COLUMN d int;\nINSERT INTO c VALUES (1);\nVACUUM c;`,
    ],
    ['what may be repeated', 'VACUUM a;--> statement-breakpoint\nALTER SYSTEM SET work_mem = 1000;'],
    [
      'a block that asks first',
      `${DIRECTIVE}DO $$ BEGIN IF NOT EXISTS (SELECT FROM a) THEN INSERT INTO a VALUES (1); END IF; END $$;`,
    ],
    [
      "drizzle-kit's block for a foreign key",
      `${DIRECTIVE}DO $$ BEGIN\n ALTER TABLE "a" ADD CONSTRAINT "a_b_fk" FOREIGN KEY ("b") REFERENCES "public"."c"("id");\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;`,
    ],
    ['a block that may be repeated', `${DIRECTIVE}DO $$ BEGIN UPDATE a SET b = 1 WHERE b IS NULL; END $$;`],
    [
      'a file that is one transaction',
      'CREATE TABLE a ();\nDO $$ BEGIN INSERT INTO a VALUES (1); END $$;\nCALL f();',
    ],
    ['IF EXISTS', 'DROP DATABASE IF EXISTS reports;'],
  ])('silent: %s', async (_, sql) => {
    await expectClean(rule, sql);
  });
});

describe('under stock drizzle', () => {
  const settings = { runner: 'drizzle' } as const;

  test('the statements around a COMMIT', async () => {
    const found = await expectFindings(rule, {
      sql: 'ALTER TABLE "orders" ADD COLUMN "paid_at" timestamp;--> statement-breakpoint\nCOMMIT;--> statement-breakpoint\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "orders_paid" ON "orders" ("paid_at");',
      settings,
    });
    expect(found.map(({ text }) => text.slice(0, 20))).toEqual([
      'ALTER TABLE "orders"',
      'CREATE INDEX CONCURR',
    ]);
    expect(found[0]?.message).toContain('stock drizzle runs the file from its beginning');
    expect(found[0]?.rewrite).toEqual([
      {
        title: 'this migration',
        sql: 'ALTER TABLE "orders" ADD COLUMN IF NOT EXISTS "paid_at" timestamp;',
      },
    ]);
    expect(found[1]?.hint).toBe('Write DROP INDEX CONCURRENTLY IF EXISTS before it.');
  });

  test.each([
    ['CREATE TABLE a ();', 'CREATE TABLE IF NOT EXISTS a ();'],
    ['CREATE UNIQUE INDEX i ON a (b);', 'CREATE UNIQUE INDEX IF NOT EXISTS i ON a (b);'],
    ['CREATE SCHEMA s;', 'CREATE SCHEMA IF NOT EXISTS s;'],
    ['DROP TABLE a;', 'DROP TABLE IF EXISTS a;'],
    ['DROP INDEX CONCURRENTLY i;', 'DROP INDEX CONCURRENTLY IF EXISTS i;'],
    ["ALTER TYPE m ADD VALUE 'x';", "ALTER TYPE m ADD VALUE IF NOT EXISTS 'x';"],
    ['ALTER TABLE a DROP COLUMN b;', 'ALTER TABLE a DROP COLUMN IF EXISTS b;'],
    ['ALTER TABLE a DROP CONSTRAINT b;', 'ALTER TABLE a DROP CONSTRAINT IF EXISTS b;'],
  ])('%s', async (sql, fixed) => {
    await expectFixed(rule, { sql: `COMMIT;\n${sql}`, settings }, `COMMIT;\n${fixed}`);
  });

  test.each([
    ['INSERT INTO a VALUES (1);', 'inserts the rows once more'],
    ['ALTER TABLE a RENAME TO b;', 'the new name is given'],
    ["CREATE TYPE m AS ENUM ('x');", 'the type is there'],
    ['CREATE VIEW v AS SELECT 1;', 'the view is there'],
    ['ALTER TABLE a ADD CHECK (b > 0);', 'the constraint is there'],
  ])('%s', async (sql, second) => {
    const { message } = await expectFinding(rule, { sql: `COMMIT;\n${sql}`, settings });
    expect(message).toContain(second);
  });

  test.each([
    ['no COMMIT', 'CREATE TABLE a ();\nINSERT INTO a DEFAULT VALUES;'],
    ['nothing behind the COMMIT', 'CREATE TABLE a ();\nCOMMIT;'],
    [
      'what may be repeated',
      'COMMIT;\nCREATE TABLE IF NOT EXISTS a ();\nINSERT INTO a VALUES (1) ON CONFLICT DO NOTHING;\nUPDATE a SET b = 1 WHERE b IS NULL;\nALTER TABLE a ALTER b SET NOT NULL;\nCREATE OR REPLACE VIEW v AS SELECT 1;',
    ],
  ])('silent: %s', async (_, sql) => {
    await expectClean(rule, { sql, settings });
  });
});
