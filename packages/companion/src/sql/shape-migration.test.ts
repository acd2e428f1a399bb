import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Unit } from '../kernel/plan.ts';
import { loadSqlParser } from './parser.ts';
import { shapeMigration } from './shape-migration.ts';
import { needsParser } from './split-statements.ts';

const parser = await loadSqlParser();
const BREAK = '--> statement-breakpoint';
const CONCURRENT = 'CREATE INDEX CONCURRENTLY i ON t (a);';

/** Units in short: a transaction as its statements and its end, autocommit as the statement. */
function sketch(units: readonly Unit[]): unknown[] {
  return units.map((unit) =>
    unit.kind === 'transaction'
      ? [...unit.statements.map(({ text }) => text), unit.end]
      : unit.statement.text,
  );
}

function shape(sql: string) {
  const shaped = shapeMigration(sql, parser);
  for (const unit of shaped.units) {
    for (const { text, offset } of unit.kind === 'transaction' ? unit.statements : [unit.statement]) {
      expect(sql.slice(offset, offset + text.length)).toBe(text);
    }
  }
  const { copyStreams, ...rest } = shaped;
  expect(copyStreams).toEqual([]);
  return { ...rest, units: sketch(shaped.units) };
}

describe('one transaction', () => {
  test('an ordinary file is one transaction, with the parser or without', () => {
    const sql = `CREATE TABLE a ();${BREAK}\nCREATE TABLE b ();\n`;
    expect(shapeMigration(sql, null)).toEqual(shapeMigration(sql, parser));
    expect(shape(sql)).toEqual({
      transaction: true,
      units: [['CREATE TABLE a ();', 'CREATE TABLE b ();', 'commit']],
      statements: 2,
      unknownDirectives: [],
    });
  });

  test('several statements between breakpoints are told apart', () => {
    expect(shape(`SELECT 1; SELECT 2;\n${BREAK}\nSELECT 3;`)).toMatchObject({
      transaction: true,
      units: [['SELECT 1;', 'SELECT 2;', 'SELECT 3;', 'commit']],
      statements: 3,
    });
  });

  test.each(['', ' \r\n', '-- nothing; yet', `/* a */${BREAK}`])(
    'a file without statements (%j) still commits',
    (sql) => {
      expect(shape(sql)).toEqual({
        transaction: true,
        units: [['commit']],
        statements: 0,
        unknownDirectives: [],
      });
    },
  );

  test('savepoints leave the file one transaction', () => {
    const sql = 'SAVEPOINT a; SELECT 1; ROLLBACK TO a; RELEASE a;';
    expect(shape(sql)).toMatchObject({ transaction: true, statements: 4 });
  });

  test('SQL that does not parse is left to the server', () => {
    expect(shape('SELCT 1; \\d foo; COMIT;')).toMatchObject({ transaction: true, statements: 3 });
    expect(shape(`DO $$ BEGIN;${BREAK}\nNULL; END $$;`)).toMatchObject({ statements: 3 });
  });

  test('without the parser, a file that needs it is refused', () => {
    expect(() => shapeMigration('SELECT 1; SELECT 2;', null)).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });
});

describe('without a transaction', () => {
  test('one statement that PostgreSQL refuses in a transaction makes all of them stand alone', () => {
    const sql = `ALTER TABLE t ADD a int;\n${BREAK}\n-- for speed\n${CONCURRENT}\n${BREAK}\nCALL p();\nDO $$ BEGIN END $$;\nSELCT 1;`;
    const { units, transaction, reason, statements } = shapeMigration(sql, parser);
    expect({ transaction, reason, statements }).toEqual({
      transaction: false,
      reason: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction (line 4)',
      statements: 5,
    });
    expect(units.map((unit) => unit.kind === 'autocommit' && unit.atomic)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(units[1]).toMatchObject({ builds: { action: 'create', schema: null, name: 'i' } });
  });

  test('the directive does the same, and is named as the reason', () => {
    expect(shape(`SELECT 1;\n-- drizzle-companion: no-transaction\nSELECT 2;`)).toEqual({
      transaction: false,
      units: ['SELECT 1;', '-- drizzle-companion: no-transaction\nSELECT 2;'],
      reason: 'the directive no-transaction (line 2)',
      statements: 2,
      unknownDirectives: [],
    });
  });

  test('the directive is found in a piece of its own', () => {
    const sql = `-- drizzle-companion: no-transaction\n${BREAK}\nSELECT 1;`;
    expect(shape(sql)).toMatchObject({ transaction: false, units: ['SELECT 1;'] });
  });

  test('a directive in a string is a string', () => {
    expect(shape("SELECT '-- drizzle-companion: no-transaction';")).toMatchObject({ transaction: true });
  });

  test('a mistyped directive is told, with its place in the file', () => {
    const sql = `SELECT 1;\n${BREAK}\n-- drizzle-companion: no-transction\nSELECT 2;`;
    expect(shape(sql)).toMatchObject({
      transaction: true,
      unknownDirectives: [{ text: '-- drizzle-companion: no-transction', offset: sql.indexOf('-- drizzle') }],
    });
  });
});

describe('a file that manages its transactions itself', () => {
  test('COMMIT first, as teams write it under stock drizzle', () => {
    expect(shape(`COMMIT;\n${BREAK}\n${CONCURRENT}`)).toEqual({
      transaction: false,
      units: [CONCURRENT],
      reason: 'the file manages its transactions itself: COMMIT (line 1)',
      statements: 1,
      unknownDirectives: [],
    });
  });

  test.each([
    [
      'A before; COMMIT',
      'SELECT 1; COMMIT; SELECT 2; SELECT 3;',
      [['SELECT 1;', 'commit'], 'SELECT 2;', 'SELECT 3;'],
    ],
    ['BEGIN at the start', 'BEGIN; SELECT 1; END;', [['SELECT 1;', 'commit']]],
    ['BEGIN alone', 'BEGIN; SELECT 1;', [['SELECT 1;', 'commit']]],
    ['BEGIN in the middle', 'SELECT 1; BEGIN; SELECT 2;', [['SELECT 1;', 'SELECT 2;', 'commit']]],
    ['a rollback', 'SELECT 1; ABORT; SELECT 2;', [['SELECT 1;', 'rollback'], 'SELECT 2;']],
    [
      'a later transaction',
      'COMMIT; SELECT 1; START TRANSACTION; SELECT 2; ROLLBACK; BEGIN; SELECT 3;',
      ['SELECT 1;', ['SELECT 2;', 'rollback'], ['SELECT 3;', 'commit']],
    ],
    [
      'a chain',
      'SELECT 1; COMMIT AND CHAIN; SELECT 2; ROLLBACK AND CHAIN; SELECT 3;',
      [
        ['SELECT 1;', 'commit'],
        ['SELECT 2;', 'rollback'],
        ['SELECT 3;', 'commit'],
      ],
    ],
    [
      'savepoints',
      'SAVEPOINT a; SELECT 1; ROLLBACK TO SAVEPOINT a; RELEASE a; COMMIT;',
      [['SAVEPOINT a;', 'SELECT 1;', 'ROLLBACK TO SAVEPOINT a;', 'RELEASE a;', 'commit']],
    ],
    ['what is refused before the COMMIT', `${CONCURRENT} COMMIT;`, [[CONCURRENT, 'commit']]],
    ['empty transactions', 'BEGIN; COMMIT; BEGIN; ROLLBACK;', []],
    [
      'options of BEGIN',
      'COMMIT; BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1;',
      [['BEGIN ISOLATION LEVEL SERIALIZABLE;', 'SELECT 1;', 'commit']],
    ],
    [
      'the directive too: no transaction is open at the start',
      '-- drizzle-companion: no-transaction\nSELECT 1; BEGIN; SELECT 2; COMMIT;',
      ['-- drizzle-companion: no-transaction\nSELECT 1;', ['SELECT 2;', 'commit']],
    ],
  ])('%s', (_, sql, units) => {
    expect(shape(sql)).toMatchObject({ transaction: false, units });
  });

  test('a COMMIT in a body or a comment is none', () => {
    expect(shape('DO $$ BEGIN COMMIT; END $$; -- COMMIT;')).toMatchObject({
      transaction: true,
      statements: 1,
    });
  });
});

test('where the parser is not needed, it makes no difference', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'SELECT 1',
      "'a'",
      '"b"',
      'commit',
      'BEGIN',
      'create ',
      'database ',
      'drizzle-companion: no-transaction',
      CONCURRENT,
    ),
    fc.constantFrom(
      ' ',
      '\n',
      '\r\n',
      ';',
      ';',
      '--',
      '-- x\n',
      '/*',
      '*/',
      "'",
      '"',
      '$$',
      '(',
      ')',
      BREAK,
      BREAK,
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('\u00a0', '\ufeff', '\v', 'é😀'),
  );
  let compared = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const sql = pieces.join('');
      if (needsParser(sql)) return;
      compared++;
      expect(shapeMigration(sql, null)).toEqual(shapeMigration(sql, parser));
    }),
    { numRuns: 3000 },
  );
  expect(compared).toBeGreaterThan(500);
});

describe('what a file has no place for, and what it leaves behind', () => {
  test('COPY from and to the client is found, and COPY of a file is not meant', () => {
    const copies = (sql: string) => shapeMigration(sql, parser).copyStreams.map(({ text }) => text);
    expect(needsParser('COPY t TO stdout;')).toBe(true);
    expect(copies('SELECT 1; COPY t FROM stdin;')).toEqual(['COPY t FROM stdin;']);
    expect(copies("COPY (SELECT 1) TO STDOUT; COPY t FROM '/tmp/t'; COPY t FROM PROGRAM 'x';")).toEqual([
      'COPY (SELECT 1) TO STDOUT;',
    ]);
  });

  test('settings and temporary objects are marked, and what ends with the transaction is not', () => {
    const leaves = (sql: string) =>
      shapeMigration(`${sql};\nVACUUM t;`, parser).units.flatMap((unit) =>
        unit.kind === 'autocommit' ? [unit.statement.leaves] : [],
      )[0];
    expect(leaves('SET search_path TO app')).toBe('setting');
    expect(leaves('SET ROLE owner')).toBe('setting');
    expect(leaves("SELECT pg_catalog.set_config('search_path', '', false)")).toBe('setting');
    expect(leaves('CREATE TEMP TABLE x (id int)')).toBe('temporary');
    expect(leaves('CREATE TEMPORARY TABLE x AS SELECT 1')).toBe('temporary');
    expect(leaves("SET LOCAL lock_timeout = '1s'")).toBeUndefined();
    expect(leaves('CREATE TABLE x (id int)')).toBeUndefined();
  });
});
