import { describe, expect, test } from 'vitest';
import { parseSource } from '../../test/lint/judge.ts';
import type { LintMigration, LintStatement } from './migration.ts';

function textsOf({ statements }: LintMigration): readonly string[] {
  return statements.map(({ text }) => text);
}

/** What a `location` in the tree points at, in the file. */
function pointedAt(statement: LintStatement | undefined, location: number | undefined): string {
  return statement?.migration.sql.slice(statement.offsetOf(location)) ?? '';
}

describe('where a statement stands', () => {
  test.each([
    ['plainly', 'CREATE TABLE a ();\nDROP TABLE b;\n'],
    ['with CRLF', '-- one\r\nCREATE TABLE a ();\r\nDROP TABLE b;\r\n'],
    ['behind letters of several bytes', "SELECT 'é🙂';\nCREATE TABLE a ();\n-- ü\nDROP TABLE b;"],
    ['behind a byte order mark', '\ufeffCREATE TABLE a ();\nDROP TABLE b;'],
    ["between drizzle's breakpoints", 'CREATE TABLE a ();\n--> statement-breakpoint\nDROP TABLE b;'],
    [
      'beside a statement that does not parse',
      "SELECT 'é🙂';\nSELEC 1;\nCREATE TABLE a ();\r\n/* ü */ DROP TABLE b;",
    ],
  ])('%s', async (_, sql) => {
    const migration = await parseSource(sql);
    for (const { start, end, text } of migration.statements) expect(sql.slice(start, end)).toBe(text);
    expect(textsOf(migration).slice(-2)).toEqual(['CREATE TABLE a ()', 'DROP TABLE b']);
    expect(migration.statements.map(({ index }) => index)).toEqual(
      migration.statements.map((_one, place) => place),
    );
  });

  test('nothing is a migration without statements', async () => {
    for (const sql of ['', '\n', '-- a remark', ';;']) {
      expect(await parseSource(sql)).toMatchObject({ statements: [], syntaxFaults: [] });
    }
  });

  test.each([
    ['in a file that parses', ''],
    ['in one that does not', 'SELEC 1;\n'],
  ])('places in the tree and of tokens, behind letters of several bytes, %s', async (_, head) => {
    const { statements } = await parseSource(
      `${head}SELECT '🙂é';\nALTER TABLE "tüte" ADD COLUMN "b🙂" int, ADD c text;`,
    );
    const last = statements.at(-1);
    const node = last?.node;
    if (node === undefined || !('AlterTableStmt' in node)) throw new Error('no ALTER TABLE');
    expect(pointedAt(last, node.AlterTableStmt.relation?.location)).toMatch(/^"tüte" ADD/);
    const columns = (node.AlterTableStmt.cmds ?? []).flatMap((cmd) => {
      const def = 'AlterTableCmd' in cmd ? cmd.AlterTableCmd.def : undefined;
      return def !== undefined && 'ColumnDef' in def ? [def.ColumnDef.location] : [];
    });
    expect(columns.map((location) => pointedAt(last, location))).toEqual([
      '"b🙂" int, ADD c text;',
      'c text;',
    ]);
    const token = last?.tokens().find(({ text }) => text === 'text');
    expect(last?.migration.sql.slice(token?.start, token?.end)).toBe('text');
    expect(pointedAt(last, undefined)).toMatch(/^ALTER TABLE/);
  });

  test('tokens have the comments among them', async () => {
    const { statements } = await parseSource('SELECT 1;\nDROP /* it */ TABLE "Table";');
    expect(statements[1]?.tokens().map(({ text, keyword }) => [text, keyword])).toEqual([
      ['DROP', 'drop'],
      ['/* it */', null],
      ['TABLE', 'table'],
      ['"Table"', null],
    ]);
  });
});

describe('what does not parse', () => {
  test('hides nothing but itself', async () => {
    const migration = await parseSource(
      'CREATE TABLE a ();\nALTER TABEL b;\nDROP TABLE c;\nSELEC 1;\nSELECT 2;',
    );
    expect(textsOf(migration)).toEqual(['CREATE TABLE a ()', 'DROP TABLE c', 'SELECT 2']);
    expect(migration.syntaxFaults.map(({ offset }) => migration.sql.slice(offset).split('\n')[0])).toEqual([
      'TABEL b;',
      'SELEC 1;',
    ]);
    expect(migration.syntaxFaults[0]?.message).toBe('syntax error at or near "TABEL"');
    expect(migration.sql.slice(migration.syntaxFaults[0]?.start, migration.syntaxFaults[0]?.end)).toBe(
      'ALTER TABEL b;',
    );
  });

  test('in one piece between breakpoints, the others are as they are', async () => {
    const migration = await parseSource(
      "CREATE TABLE a ();--> statement-breakpoint\nSELECT 'it;--> statement-breakpoint\nDROP TABLE c;",
    );
    expect(textsOf(migration)).toEqual(['CREATE TABLE a ()', 'DROP TABLE c']);
    expect(migration.syntaxFaults).toHaveLength(1);
  });

  test('comments that speak to us do so in capitals, too, as they do to the runner', async () => {
    const { inTransaction } = await parseSource('-- Drizzle-Companion: no-transaction\nSELECT 1;');
    expect(inTransaction).toBe(false);
  });

  test('comments that speak to us are read all the same', async () => {
    const { allowances, inTransaction } = await parseSource(
      '-- drizzle-companion: no-transaction\nSELEC 1;\n-- drizzle-companion: allow truncate it is empty\nTRUNCATE a;',
    );
    expect(allowances).toMatchObject([{ rule: 'truncate', reason: 'it is empty', scope: 'statement' }]);
    expect(inTransaction).toBe(false);
  });
});

describe('blocks', () => {
  test('what they run stands behind them', async () => {
    const sql =
      'SELECT 1;\nDO $$ BEGIN\n  IF NOT EXISTS (SELECT FROM a) THEN\n    CREATE TABLE b ();\n    BEGIN\n      ALTER TABLE c ADD d int;\n    EXCEPTION WHEN others THEN NULL;\n    END;\n  END IF;\nEND $$;\nSELECT 2;';
    const { statements } = await parseSource(sql);
    const [, block, first, second] = statements;
    expect(statements.map(({ nested }) => nested)).toEqual([false, false, true, true, false]);
    expect(statements.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect([first?.text, second?.text]).toEqual(['CREATE TABLE b ()', 'ALTER TABLE c ADD d int']);
    for (const inner of [first, second]) {
      expect([inner?.start, inner?.end]).toEqual([block?.start, block?.end]);
      expect(inner?.transaction).toBe(block?.transaction);
      expect(inner?.offsetOf(17)).toBe(block?.start);
    }
  });

  test("drizzle-kit's block for a foreign key", async () => {
    const { statements } = await parseSource(
      'DO $$ BEGIN\n ALTER TABLE "a" ADD CONSTRAINT "a_fk" FOREIGN KEY ("b") REFERENCES "public"."c"("id") ON DELETE no action;\nEXCEPTION\n WHEN duplicate_object THEN null;\nEND $$;\n',
    );
    expect(statements.map(({ node }) => Object.keys(node)[0])).toEqual(['DoStmt', 'AlterTableStmt']);
  });

  test('what PL/pgSQL puts together is not known', async () => {
    const { statements } = await parseSource(
      "DO $$ DECLARE n int; BEGIN EXECUTE 'DROP TABLE a'; n := 1; PERFORM f(); END $$;",
    );
    expect(statements.map(({ nested }) => nested)).toEqual([false]);
  });

  test('the bodies of functions are run by others', async () => {
    const { statements } = await parseSource(
      'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE a; END $$;',
    );
    expect(statements).toHaveLength(1);
  });
});

describe('transactions', () => {
  const numbers = async (sql: string, runner?: 'drizzle') =>
    (await parseSource(sql, runner)).statements.map(({ transaction }) => transaction);

  test('a file is one', async () => {
    const migration = await parseSource('SELECT 1;\nSELECT 2;');
    expect(migration).toMatchObject({ inTransaction: true });
    expect(migration.reason).toBeUndefined();
    expect(await numbers('SELECT 1;\nSELECT 2;')).toEqual([0, 0]);
  });

  test('what PostgreSQL refuses in one makes each statement commit by itself', async () => {
    const sql = 'SELECT 1;\nCREATE INDEX CONCURRENTLY a_b ON a (b);';
    expect(await numbers(sql)).toEqual([null, null]);
    expect(await parseSource(sql)).toMatchObject({
      inTransaction: false,
      reason: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction (line 2)',
    });
  });

  test('and so does the directive', async () => {
    expect(await numbers('-- drizzle-companion: no-transaction\nSELECT 1;\nSELECT 2;')).toEqual([null, null]);
  });

  test('a COMMIT ends the one that the runner began, and BEGIN begins another', async () => {
    expect(await numbers('SELECT 1;\nSELECT 2;\nCOMMIT;\nVACUUM a;\nBEGIN;\nSELECT 3;\nEND;')).toEqual([
      0,
      0,
      null,
      null,
      null,
      1,
      null,
    ]);
  });

  test('of a block and of what it runs', async () => {
    expect(await numbers('DO $$ BEGIN DROP TABLE a; END $$;')).toEqual([0, 0]);
    expect(await numbers('DO $$ BEGIN DROP TABLE a; END $$;\nVACUUM b;')).toEqual([null, null, null]);
  });

  test('a statement that does not parse changes nothing for the others', async () => {
    expect(await numbers('SELECT 1;\nSELEC 2;\nSELECT 3;')).toEqual([0, 0]);
  });

  test('stock drizzle has one, whatever the file would need', async () => {
    expect(await numbers('SELECT 1;\nCREATE INDEX CONCURRENTLY a_b ON a (b);', 'drizzle')).toEqual([0, 0]);
    expect(await numbers('-- drizzle-companion: no-transaction\nSELECT 1;\nVACUUM a;', 'drizzle')).toEqual([
      0, 0,
    ]);
  });
});
