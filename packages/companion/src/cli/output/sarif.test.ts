import { buildMatcher } from '@microsoft/sarif-matcher-utils';
import { expect, test } from 'vitest';
import { CRLF, LINTED, MISSING, RESULT } from './check-samples.ts';
import { renderSarif } from './sarif.ts';

/** Against the schema of SARIF 2.1.0 itself, which the package brings. */
const judge = buildMatcher();

const readPage = (rule: string) =>
  rule === 'create-index-concurrently' ? '# x\n\n## What happens\n\nIt `locks`.\n\n## Bad\n' : null;

function parse(result = RESULT) {
  const log = JSON.parse(renderSarif({ result, version: '1.2.3', readPage }));
  const judged = judge(log);
  expect(judged.pass, judged.pass ? '' : judged.message()).toBe(true);
  return log.runs[0];
}

test('a log with findings of every kind is valid SARIF 2.1.0', () => {
  const run = parse();
  expect(run.results).toHaveLength(5);
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
    'drift/schema',
    'git/edited',
    'history/crlf',
    'history/missing-file',
    'ledger/pending',
  ]);
});

test('the schema refuses what is not SARIF', () => {
  expect(judge({ version: '2.1.0', runs: [{ tool: {} }] }).pass).toBe(false);
});

test('a finding has its rule, its level, its place from the repository, and its command', () => {
  const [missing, drift, crlf, pending, edited] = parse().results;
  expect(missing).toMatchObject({
    ruleId: 'history/missing-file',
    ruleIndex: 3,
    level: 'error',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'drizzle/meta/_journal.json', uriBaseId: '%SRCROOT%' },
          region: { startLine: 7, startColumn: 14 },
        },
      },
    ],
  });
  expect(missing.message.text).toMatch(/^The journal lists[^\n]*\nRestore the file from git.\ngit restore/);
  // Code scanning takes no result without a file: the config is what is there always.
  expect(drift.locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: 'drizzle.config.ts', uriBaseId: '%SRCROOT%' },
  });
  expect(crlf.locations[0].physicalLocation.artifactLocation.uri).toBe('drizzle/0001_a%2C%20100%25.sql');
  expect([crlf.level, pending.level]).toEqual(['warning', 'note']);
  expect(edited.suppressions).toEqual([{ kind: 'external' }]);
});

test('a finding that moves to another line stays the same one; two alike stay two', () => {
  const fingerprints = (result: typeof RESULT) =>
    parse(result).results.map(
      ({ partialFingerprints }: { partialFingerprints: object }) => Object.values(partialFingerprints)[0],
    );
  const [before] = fingerprints({ ...RESULT, findings: [MISSING] });
  const [moved, twin, other] = fingerprints({
    ...RESULT,
    findings: [{ ...MISSING, line: 99 }, MISSING, CRLF],
  });
  expect(moved).toBe(before);
  expect(new Set([moved, twin, other]).size).toBe(3);
});

test('what could not be checked is a notification of the run', () => {
  const [invocation] = parse().invocations;
  expect(invocation.toolExecutionNotifications).toEqual([
    { level: 'warning', message: { text: 'git not checked: /repo is not in a git repository' } },
    { level: 'note', message: { text: 'of the database, the ledger was looked at' } },
  ]);
});

test('a rewrite is shown as SQL, and what a comment allows is suppressed in its source', () => {
  const { results, tool } = parse(LINTED);
  expect(tool.driver.rules[0].shortDescription.text).toMatch(/^CREATE INDEX /);
  expect(tool.driver.rules[0].help).toEqual({
    text: 'It `locks`.\n\nMore: drizzle-companion lint --explain create-index-concurrently',
    markdown: 'It `locks`.\n\nMore: `drizzle-companion lint --explain create-index-concurrently`',
  });
  expect(results[0].message).toEqual({
    text: [
      'CREATE INDEX locks users against writes.',
      'Build it with CONCURRENTLY.',
      'a migration of its own:',
      'CREATE INDEX CONCURRENTLY "users_email"',
      '\tON "users" ("email");',
      'SELECT 1;',
      'drizzle-companion lint --fix',
    ].join('\n'),
    markdown: [
      'CREATE INDEX locks users against writes.',
      'Build it with CONCURRENTLY.',
      'a migration of its own:',
      '```sql\nCREATE INDEX CONCURRENTLY "users_email"\n\tON "users" ("email");\n```',
      '```sql\nSELECT 1;\n```',
      '`drizzle-companion lint --fix`',
    ].join('\n\n'),
  });
  expect(results[0].locations[0].physicalLocation.region).toEqual({
    startLine: 1,
    startColumn: 1,
    endLine: 2,
    endColumn: 22,
  });
  expect(results[1].suppressions).toEqual([{ kind: 'inSource' }]);
});
