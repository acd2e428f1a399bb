import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadSqlParser } from './parser.ts';
import { needsParser, splitAtBreakpoints, splitStatements } from './split-statements.ts';

const parser = await loadSqlParser();
const BREAK = '--> statement-breakpoint';

function texts(sql: string): string[] {
  const statements = splitStatements(sql, parser);
  for (const { text, offset } of statements) expect(sql.slice(offset, offset + text.length)).toBe(text);
  return statements.map(({ text }) => text);
}

describe('at breakpoints', () => {
  test('the pieces are trimmed, and know where they stood', () => {
    const sql = `\r\nCREATE TABLE "é😀" ();\r\n${BREAK}\r\n\r\n${BREAK}DROP TABLE a`;
    const pieces = splitAtBreakpoints(sql);
    expect(pieces.map(({ text }) => text)).toEqual(['CREATE TABLE "é😀" ();', 'DROP TABLE a']);
    for (const { text, offset } of pieces) expect(sql.slice(offset, offset + text.length)).toBe(text);
  });

  test('nothing to run is no piece', () => {
    expect(splitAtBreakpoints('')).toEqual([]);
    expect(splitAtBreakpoints(` \n${BREAK}\n`)).toEqual([]);
    expect(splitAtBreakpoints(`-- a\n/* /* b */ */\n${BREAK}\n;`)).toEqual([]);
  });

  test('a breakpoint inside a body cuts there, as in stock drizzle', () => {
    const pieces = splitAtBreakpoints(`DO $$ BEGIN ${BREAK} END $$;`);
    expect(pieces.map(({ text }) => text)).toEqual(['DO $$ BEGIN', 'END $$;']);
  });
});

describe('by the scanner', () => {
  // Each is one statement, whatever semicolons it holds.
  const whole = [
    'SELECT 1;',
    `SELECT ';', E'\\';', U&"a;b", $$;$$, $a$ $$ ; $b$ ; $a$, "x;""y";`,
    `CREATE FUNCTION f() RETURNS int AS $f$ BEGIN EXECUTE $q$ SELECT ';'; $q$; RETURN 1; END $f$ LANGUAGE plpgsql;`,
    'SELECT 1 /* ; /* ; */ ; */ + 2 -- ;\n;',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 ELSE 3 END; END;',
    'create or replace procedure p(begin int) begin atomic select 1; select (case 1 when 1 then 2 end); end;',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT x.end, 1 AS end, "case" FROM x; SELECT 2 AS case; END;',
    'CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b;);',
    "DO $$ BEGIN CREATE TYPE t AS ENUM('a'); EXCEPTION WHEN duplicate_object THEN null; END $$;",
    "INSERT INTO t VALUES ('漢字;😀');",
    '-- a comment; in front\r\nSELECT 1;',
    '\\copy t from stdin;',
    ') SELECT 1;',
    'SELECT case;',
    'BEGIN ATOMIC;',
  ];

  test.each(whole)('%s is one statement', (sql) => {
    expect(texts(sql)).toEqual([sql]);
  });

  test('statements one after the other are split back into themselves', () => {
    const gap = fc.constantFrom('', ' ', '\n', '\r\n', '\t', ' ; ', '\f');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...whole), gap)), (parts) => {
        const sql = parts.map((part) => part.join('')).join('');
        expect(texts(sql)).toEqual(parts.map(([statement]) => statement));
      }),
      { numRuns: 300 },
    );
  });

  test('it ends statements where the grammar does', () => {
    const parsing = whole.filter((sql) => {
      try {
        return parser.parse(sql).length === 1;
      } catch {
        return false;
      }
    });
    expect(parsing.length).toBeGreaterThan(9);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parsing)), (parts) => {
        expect(splitStatements(parts.join(' '), parser)).toHaveLength(parser.parse(parts.join(' ')).length);
      }),
    );
  });

  test('comments alone, semicolons alone and nothing are no statements', () => {
    for (const sql of ['', ' \r\n', '-- a;', '/* a; */', ';;', 'SELECT 1; -- done']) {
      expect(texts(sql)).toEqual(sql.startsWith('SELECT') ? ['SELECT 1;'] : []);
    }
  });

  test('a last statement without a semicolon keeps the comment after it', () => {
    expect(texts('SELECT 1; SELECT 2 -- two\n')).toEqual(['SELECT 1;', 'SELECT 2 -- two']);
  });

  test.each([
    "SELECT 'a; SELECT 3;",
    'SELECT $x$ a; SELECT 3; $y$;',
    'SELECT /* a; SELECT 3;',
    'SELECT "";',
    'CREATE TABLE a (;',
  ])('what never ends is one statement to the end of the text: %s', (rest) => {
    expect(texts(`SELECT 1; -- why; it's due\nSELECT $$;$$;\n ${rest} `)).toEqual([
      'SELECT 1;',
      "-- why; it's due\nSELECT $$;$$;",
      rest,
    ]);
  });

  test('a parenthesis that never closes takes what follows it', () => {
    expect(texts('CREATE TABLE a (; SELECT 2;')).toEqual(['CREATE TABLE a (; SELECT 2;']);
  });

  test('pieces of any text slice exactly and in order', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        "'",
        '"',
        '$$',
        '--',
        '/*',
        '*/',
        ';',
        '\n',
        '(',
        ')',
        'begin atomic ',
        ' end ',
        'é😀',
        '\u00a0',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sql = pieces.join('');
        let end = 0;
        for (const { text, offset } of splitStatements(sql, parser)) {
          expect(offset).toBeGreaterThanOrEqual(end);
          expect(sql.slice(offset, offset + text.length)).toBe(text);
          expect(text).not.toBe('');
          end = offset + text.length;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('whether the parser is needed', () => {
  test.each([
    '',
    '-- Custom SQL migration file',
    `CREATE TYPE "public"."status" AS ENUM('begin', 'end', 'commit');${BREAK}
CREATE TABLE "calendar" (\n\t"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,\n\t"send" text,\n\t"end" timestamp,
\t"system" text,\n\t"database" text,\n\t"created_at" timestamp DEFAULT now() NOT NULL\n);\n${BREAK}
ALTER TABLE "calendar" ADD CONSTRAINT "x" FOREIGN KEY ("a") REFERENCES "public"."b"("id") ON DELETE cascade;${BREAK}
CREATE INDEX "i" ON "calendar" USING btree ("id");`,
  ])('not for what drizzle-kit writes (%#)', (sql) => {
    expect(needsParser(sql)).toBe(false);
  });

  test.each([
    'SELECT 1; SELECT 2;',
    'SELECT 1; -- done',
    'CREATE INDEX CONCURRENTLY i ON t (a);',
    `SELECT 1;${BREAK}/* x */ -- y\n Commit;`,
    'start transaction',
    'alter /* x */ system set a = 1',
    'CREATE\nDATABASE a;',
    'DROP SUBSCRIPTION a;',
    'VACUUM',
    '-- Drizzle-Companion : no-transaction',
  ])('for %s', (sql) => {
    expect(needsParser(sql)).toBe(true);
  });
});
