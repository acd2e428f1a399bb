import { describe, expect, test } from 'vitest';
import { type JudgedSource, judge } from '../../test/lint/judge.ts';
import { keyOfName } from './facts/names.ts';
import { defineRule, type Rule } from './rule.ts';

type Context = Parameters<NonNullable<Rule['statement']>>[1];
type Statement = Parameters<NonNullable<Rule['statement']>>[0];

/** A rule that says what `look` returns, of each statement. */
function sayer(look: (statement: Statement, context: Context) => string | null, id = 'sayer'): Rule {
  return defineRule({
    id,
    family: 'style',
    level: 'warning',
    title: 'Says what it is told to say',
    options: { word: 'as it is', other: 1 },
    statement(statement, context) {
      const message = look(statement, context);
      return message === null ? [] : [{ statement, message }];
    },
  });
}

async function said(sources: string | readonly JudgedSource[], rule: Rule, rest: object = {}) {
  const { findings } = await judge({ sources, rules: [rule], ...rest });
  return findings.map(({ finding }) => finding.message);
}

describe('places', () => {
  const rule = sayer(({ node }) => ('DropStmt' in node ? 'A DROP.' : null));

  test.each([
    ['plainly', 'SELECT 1;\n  DROP TABLE a;', { line: 2, column: 3, endLine: 2, endColumn: 15 }],
    ['with CRLF', 'SELECT 1;\r\n\r\nDROP\r\nTABLE a;', { line: 3, column: 1, endLine: 4, endColumn: 8 }],
    [
      'letters count once',
      'SELECT \'é🙂\'; DROP TABLE "🙂";',
      { line: 1, column: 14, endLine: 1, endColumn: 28 },
    ],
    ['behind a fault', 'SELEC 1;\nDROP TABLE a;', { line: 2, column: 1, endLine: 2, endColumn: 13 }],
  ])('%s', async (_, sql, place) => {
    const { findings } = await judge({ sources: sql, rules: [rule] });
    const own = findings.filter(({ finding }) => finding.code === 'lint/sayer');
    expect(own.map(({ finding }) => finding)).toMatchObject([
      { ...place, migration: '0000', file: '/judged/0000.sql', docs: 'docs/rules/sayer.md' },
    ]);
  });

  test('a part of the statement', async () => {
    const part = defineRule({
      id: 'part',
      family: 'style',
      level: 'info',
      title: 'A part',
      statement: (statement) => [
        { statement, at: { start: statement.end - 1, end: statement.end }, message: 'Its end.' },
      ],
    });
    const { findings } = await judge({ sources: 'SELECT\n 12;', rules: [part] });
    expect(findings[0]?.finding).toMatchObject({
      line: 2,
      column: 3,
      endLine: 2,
      endColumn: 4,
      level: 'info',
    });
  });

  test('in the order of the files, then of the places', async () => {
    const last = sayer(({ index }) => (index === 1 ? 'Second.' : null), 'second');
    const all = sayer(({ migration, index }) => `${migration.name}/${index}`);
    const { findings } = await judge({
      sources: [{ sql: 'SELECT 1; SELECT 2;' }, { sql: 'SELECT 3;' }],
      rules: [last, all],
    });
    expect(findings.map(({ finding }) => finding.message)).toEqual(['0000/0', 'Second.', '0000/1', '0001/0']);
  });
});

describe('facts', () => {
  const table = { schema: null, name: 'a' };
  const known = sayer(({ node }, { facts }) =>
    'SelectStmt' in node ? [...(facts.table(table)?.columns.keys() ?? ['unknown'])].join(', ') : null,
  );

  test('are those before the statement', async () => {
    const sql =
      'SELECT 1;\nCREATE TABLE a (b int);\nSELECT 2;\nALTER TABLE a ADD c int;\nSELECT 3;\nDROP TABLE a;\nSELECT 4;';
    expect(await said(sql, known)).toEqual(['unknown', 'b', 'b, c', 'unknown']);
  });

  test('come from files that are not judged, and from blocks', async () => {
    const sources = [
      { sql: 'SELECT 1;\nDO $$ BEGIN CREATE TABLE a (b int); END $$;', linted: false },
      { sql: 'SELECT 2;' },
    ];
    expect(await said(sources, known)).toEqual(['b']);
  });

  test('come from the SQL around a fault', async () => {
    expect(await said('CREATE TABLE a (b int);\nSELEC 1;\nSELECT 2;', known)).toContain('b');
  });

  test('are those after the last statement for a migration', async () => {
    const atEnd = defineRule({
      id: 'at-end',
      family: 'style',
      level: 'warning',
      title: 'At the end',
      migration: ({ statements: [statement] }, { facts }) =>
        statement ? [{ statement, message: [...(facts.table(table)?.columns.keys() ?? [])].join(', ') }] : [],
    });
    expect(await said('CREATE TABLE a (b int);\nALTER TABLE a ADD c int;', atEnd)).toEqual(['b, c']);
  });

  test('newness is that of the deployment', async () => {
    const isNew = sayer((statement, { facts }) =>
      'SelectStmt' in statement.node ? String(facts.isNew(facts.table(table), statement)) : null,
    );
    const made = 'CREATE TABLE a (b int);';
    expect(await said(`${made}\nSELECT 1;`, isNew)).toEqual(['true']);
    expect(await said([{ sql: made }, { sql: 'SELECT 1;' }], isNew)).toEqual(['true']);
    expect(await said([{ sql: made, batch: 0 }, { sql: 'SELECT 1;' }], isNew)).toEqual(['false']);
    expect(await said('SELECT 1;', isNew)).toEqual(['false']);
  });
});

describe('transactions across files', () => {
  const number = sayer(({ transaction }) => String(transaction));
  const sources = [{ sql: 'SELECT 1;' }, { sql: 'SELECT 2;\nSELECT 3;' }, { sql: 'SELECT 4;', batch: 2 }];

  test('each file has its own', async () => {
    expect(await said(sources, number)).toEqual(['0', '1', '1', '2']);
  });

  test('a file without one takes none', async () => {
    expect(await said([{ sql: 'VACUUM a;' }, { sql: 'SELECT 1;' }], number)).toEqual(['null', '0']);
  });

  test('stock drizzle has one for each deployment', async () => {
    const settings = { runner: 'drizzle' } as const;
    expect(await said(sources, number, { settings })).toEqual(['0', '0', '0', '1']);
    expect(await said([{ sql: 'VACUUM a;' }, { sql: 'SELECT 1;' }], number, { settings })).toEqual([
      '0',
      '0',
    ]);
  });
});

describe('the config', () => {
  const rule = sayer((_, { options, postgresVersion }) => `${JSON.stringify(options)} ${postgresVersion}`);

  test('sets a level, and turns a rule off', async () => {
    const levels = (level: 'error' | 'off') => ({ settings: { levels: new Map([['lint/sayer', level]]) } });
    const { findings } = await judge({ sources: 'SELECT 1;', rules: [rule], ...levels('error') });
    expect(findings.map(({ finding }) => finding.level)).toEqual(['error']);
    expect(await said('SELECT 1;', rule, levels('off'))).toEqual([]);
  });

  test('a rule that is off by itself is turned on', async () => {
    const off: Rule = { ...rule, level: 'off' };
    expect(await said('SELECT 1;', off)).toEqual([]);
    const { findings } = await judge({
      sources: 'SELECT 1;',
      rules: [off],
      settings: { levels: new Map([['lint/sayer', 'info']]) },
    });
    expect(findings.map(({ finding }) => finding.level)).toEqual(['info']);
  });

  test('sets some options, and leaves the others', async () => {
    const options = new Map([['lint/sayer', { word: 'otherwise' }]]);
    expect(await said('SELECT 1;', rule)).toEqual(['{"word":"as it is","other":1} 14']);
    expect(await said('SELECT 1;', rule, { settings: { options, postgresVersion: 16 } })).toEqual([
      '{"word":"otherwise","other":1} 16',
    ]);
  });

  test('names tables that are small', async () => {
    const grows = defineRule({
      id: 'grows',
      family: 'style',
      level: 'warning',
      title: 'Grows',
      statement: (statement) =>
        ['a', 'b'].flatMap((name) =>
          ['public', 'billing'].map((schema) => ({
            statement,
            growsWith: { schema, name },
            message: keyOfName({ schema, name }),
          })),
        ),
    });
    const settings = { smallTables: ['a', 'billing.b'] };
    expect(await said('SELECT 1;', grows, { settings })).toEqual(['billing\0a', 'public\0b']);
  });
});

describe('small tables that nobody knows', () => {
  const rule = sayer(() => 'Something.');
  const unknown = async (sources: readonly JudgedSource[], isWhole: boolean) => {
    const settings = { smallTables: ['a', 'b', 'billing.plans', 'public.d'] };
    return (await judge({ sources, rules: [rule], settings, isWhole })).unknownTables;
  };
  const MADE = [{ sql: 'CREATE TABLE a (); CREATE TABLE billing.plans ();', linted: false }];

  test('are told where everything was read', async () => {
    expect(await unknown([...MADE, { sql: 'SELECT 1;' }], true)).toEqual(['b', 'public.d']);
    expect(await unknown([...MADE, { sql: 'CREATE TABLE b (); CREATE TABLE d ();' }], true)).toEqual([]);
  });

  test('and not where some may come later', async () => {
    expect(await unknown([...MADE, { sql: 'SELECT 1;' }], false)).toEqual([]);
  });
});

describe('a directive that nobody knows', () => {
  const rule = sayer(() => 'Something.');
  const TYPO = '-- drizzle-companion: alow sayer it is fine';

  test('is an error at its place, by the code that migrate stops with', async () => {
    const { findings } = await judge({ sources: `SELECT 1;\n  ${TYPO}\nSELECT 2;`, rules: [rule] });
    expect(findings.map(({ finding: { code, line } }) => `${code}:${line}`)).toEqual([
      'lint/sayer:1',
      'plan/unknown-directive:2',
      'lint/sayer:3',
    ]);
    expect(findings[1]).toEqual({
      finding: {
        code: 'plan/unknown-directive',
        level: 'error',
        message: `Nobody knows this directive: ${TYPO}`,
        migration: '0000',
        file: '/judged/0000.sql',
        ...{ line: 2, column: 3, endLine: 2, endColumn: 3 + TYPO.length },
        hint: expect.stringContaining('-- drizzle-companion: allow sayer it is fine?'),
        docs: 'docs/findings.md#planunknown-directive',
      },
      edits: [],
    });
  });

  test('is nobody’s business in a file that is not judged', async () => {
    const sources = [{ sql: `${TYPO}\n`, linted: false }, { sql: 'CREATE TABLE a ();' }];
    expect((await judge({ sources, rules: [] })).findings).toEqual([]);
  });
});

describe('what mends', () => {
  const mending = defineRule({
    id: 'mending',
    family: 'style',
    level: 'warning',
    title: 'Mends',
    statement: (statement) =>
      'DropStmt' in statement.node
        ? [
            {
              statement,
              message: 'A DROP.',
              edits: [{ start: statement.start, end: statement.end, text: '' }],
            },
          ]
        : [],
  });

  test('goes with the finding', async () => {
    const { findings } = await judge({ sources: 'DROP TABLE a;', rules: [mending] });
    expect(findings).toMatchObject([
      { finding: { fix: 'drizzle-companion lint --fix' }, edits: [{ start: 0, end: 12, text: '' }] },
    ]);
  });

  test('is asked for by name where it is only worth knowing', async () => {
    const settings = { levels: new Map([['lint/mending', 'info' as const]]) };
    const { findings } = await judge({ sources: 'DROP TABLE a;', rules: [mending], settings });
    expect(findings[0]?.finding.fix).toBe('drizzle-companion lint --fix --verbose');
  });

  test('never where the place is not known', async () => {
    const { findings } = await judge({ sources: 'DO $$ BEGIN DROP TABLE a; END $$;', rules: [mending] });
    expect(findings).toMatchObject([{ finding: { message: 'A DROP.' }, edits: [] }]);
    expect(findings[0]?.finding.fix).toBeUndefined();
  });
});

test('files that are not judged have no findings', async () => {
  const rule = sayer(() => 'Something.');
  expect(await said([{ sql: 'SELECT 1;', linted: false }, { sql: 'SELECT 2;' }], rule)).toHaveLength(1);
});
