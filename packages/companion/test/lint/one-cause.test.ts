import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/kernel/finding.ts';
import { RULES } from '../../src/lint/rules.ts';
import { judge } from './judge.ts';
import { judgeExample } from './judge-example.ts';
import { readRulePage } from './rule-page.ts';

/** Two rules that tell of one statement, and why neither could be silent. */
const PAIRS: Readonly<Record<string, string>> = {
  'ddl-after-bulk-dml + enum-recreate-incomplete':
    'The missing step makes it fail; the deadlock is that of the UPDATE before it, and stays.',
};

describe('one cause, one finding', () => {
  it('on the pages of the rules, two at one statement are those that are listed', async () => {
    const found = new Set<string>();
    for (const rule of RULES.filter(({ family }) => family !== 'linter')) {
      const page = readRulePage(rule.id);
      for (const example of page.examples.filter(({ kind }) => kind === 'bad')) {
        for (const pair of pairsOf(await judgeExample(page, example, rule))) found.add(pair);
      }
    }
    expect([...found].toSorted()).toEqual(Object.keys(PAIRS).toSorted());
  });

  it.each([
    ['ALTER TABLE a ADD COLUMN id serial PRIMARY KEY;', 'serial-on-existing-table'],
    ['ALTER TABLE a ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;', 'serial-on-existing-table'],
    ['ALTER TABLE a ADD COLUMN id uuid PRIMARY KEY DEFAULT gen_random_uuid();', 'volatile-default'],
    ['ALTER TABLE a ADD COLUMN id uuid PRIMARY KEY;', 'add-required-column'],
    ['ALTER TABLE a ADD COLUMN id int PRIMARY KEY DEFAULT 0;', 'primary-key-using-index'],
    ['ALTER TABLE a ADD COLUMN id int UNIQUE;', 'unique-constraint-using-index'],
    ['ALTER TABLE a ADD COLUMN b int;\nUPDATE a SET b = 1;', 'bulk-dml-with-ddl'],
    [
      'ALTER TABLE a ADD COLUMN b int;\nUPDATE a SET b = 1;\nALTER TABLE a ALTER COLUMN b SET NOT NULL;',
      'bulk-dml-with-ddl',
    ],
    [
      'ALTER TABLE a ADD COLUMN b int;\nALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c;',
      'foreign-key-not-valid',
    ],
    ['ALTER TABLE a ALTER b SET NOT NULL;', 'set-not-null-needs-check'],
    [`CREATE TABLE ${'a'.repeat(64)} (id int PRIMARY KEY);`, 'identifier-too-long'],
    [
      `ALTER TABLE a ADD ${'b'.repeat(63)} int;\nALTER TABLE a ADD ${'b'.repeat(64)} int;`,
      'identifier-clash',
    ],
  ])('%s', async (sql, rule) => {
    const { findings } = await judge({ sources: sql, rules: RULES });
    const told = findings.map(({ finding }) => finding).filter(({ level }) => level !== 'info');
    expect(told.map(({ code }) => code)).toEqual([`lint/${rule}`]);
  });

  it('of a backfill, the rule of the writes alone shows how to cut it', async () => {
    const { findings } = await judge({
      sources: [
        {
          sql: 'CREATE TABLE a (id int PRIMARY KEY, c text);',
          linted: false,
          batch: 0,
        },
        {
          sql: 'ALTER TABLE a ADD COLUMN b text;\nUPDATE a SET b = lower(c);\nALTER TABLE a ALTER COLUMN b SET NOT NULL;',
        },
      ],
      rules: RULES,
    });
    const cut = findings.filter(({ finding: { rewrite } }) => rewrite !== undefined);
    expect(cut.map(({ finding }) => finding.code)).toEqual([
      'lint/bulk-dml-with-ddl',
      'lint/bulk-update-needs-analyze',
    ]);
  });

  it('DETACH PARTITION CONCURRENTLY, which has no form that runs twice', async () => {
    const { findings } = await judge({
      sources: 'ALTER TABLE a DETACH PARTITION a_1 CONCURRENTLY;',
      rules: RULES,
    });
    expect(findings.map(({ finding: { code, level } }) => [code, level])).toEqual([
      ['lint/statement-outside-transaction-not-rerunnable', 'info'],
    ]);
  });
});

/** By the names of both rules, for each two that are above info and whose places meet. */
function pairsOf(findings: readonly Finding[]): readonly string[] {
  const grave = findings.filter(({ level }) => level !== 'info');
  return grave.flatMap((one) =>
    grave
      .filter((other) => one.code < other.code && meets(one, other))
      .map((other) => `${one.code} + ${other.code}`.replaceAll('lint/', '')),
  );
}

function meets(one: Finding, other: Finding): boolean {
  return one.migration === other.migration && !endsBefore(one, other) && !endsBefore(other, one);
}

function endsBefore({ endLine = 0, endColumn = 0 }: Finding, { line = 0, column = 0 }: Finding): boolean {
  return endLine < line || (endLine === line && endColumn <= column);
}
