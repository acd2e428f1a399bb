import { expect, test } from 'vitest';
import type { Finding } from '../kernel/finding.ts';
import { type CompanionSettings, NO_COMPANION_CONFIG } from '../settings/companion-config.ts';
import { judgeFindings } from './judge-findings.ts';

function finding(code: string, migration: string, more: Partial<Finding> = {}): Finding {
  return { code, level: 'error', message: code, migration, docs: 'docs/findings.md', ...more };
}

function judge(found: readonly Finding[], companion: Partial<CompanionSettings>, incomplete: string[] = []) {
  return judgeFindings(found, {
    companion: { ...NO_COMPANION_CONFIG, file: '/repo/drizzle-companion.config.ts', ...companion },
    configText: `export default {\n  exceptions: [\n    { code: 'git/edited', migration: '0009_gone' },\n  ],\n};`,
    isComplete: (code) => !incomplete.includes(code),
  });
}

const EDITED = finding('git/edited', '0003_x');
const exception = (code: string, migration: string) => ({ code, migration, reason: 'long ago' });

test('an exception keeps one finding of one migration quiet, and counts it', () => {
  const other = finding('git/edited', '0004_y');
  const judged = judge([EDITED, other], { exceptions: [exception('git/edited', '0003_x')] });
  expect(judged).toEqual({ findings: [other], excepted: [EDITED] });
});

test('an exception for another code does not', () => {
  const judged = judge([EDITED], { exceptions: [exception('git/renamed', '0003_x')] }, ['git/renamed']);
  expect(judged).toEqual({ findings: [EDITED], excepted: [] });
});

test('a finding about a file alone is named by the file', () => {
  const { migration: _, ...orphan } = finding('snapshots/orphan', '', {
    file: '/repo/drizzle/meta/0005_snapshot.json',
  });
  const judged = judge([orphan], { exceptions: [exception('snapshots/orphan', '0005_snapshot.json')] });
  expect(judged.excepted).toEqual([orphan]);
});

test('drift is named by the thing that drifted', () => {
  const { migration: _, ...drift } = finding('drift/schema', '', {
    message: 'table users: column age added',
  });
  const judged = judge([drift], { exceptions: [exception('drift/schema', 'table users')] });
  expect(judged.excepted).toEqual([drift]);
});

test('an exception that matches nothing is a finding, at its line', () => {
  const judged = judge([], { exceptions: [exception('git/edited', '0009_gone')] });
  expect(judged.findings).toMatchObject([
    { code: 'config/unused-exception', level: 'warning', line: 3, file: '/repo/drizzle-companion.config.ts' },
  ]);
});

test('an exception is not called unused where its group was not looked at', () => {
  const judged = judge([], { exceptions: [exception('git/edited', '0009_gone')] }, ['git/edited']);
  expect(judged.findings).toEqual([]);
});

test('levels are those of the config; off is excepted', () => {
  const judged = judge([EDITED, finding('history/crlf', '0001_a', { level: 'warning' })], {
    levels: new Map([
      ['git/edited', 'info'],
      ['history/crlf', 'off'],
    ]),
  });
  expect(judged.findings).toMatchObject([{ code: 'git/edited', level: 'info' }]);
  expect(judged.excepted).toMatchObject([{ code: 'history/crlf' }]);
});

test('the level of an unused exception is the config’s to choose, too', () => {
  const judged = judge([], {
    exceptions: [exception('git/edited', '0009_gone')],
    levels: new Map([['config/unused-exception', 'error']]),
  });
  expect(judged.findings).toMatchObject([{ code: 'config/unused-exception', level: 'error' }]);
});

test('a superseded migration may be missing and unapplied; edited it is still told', () => {
  const quiet = ['history/missing-file', 'snapshots/missing', 'ledger/gap'].map((code) =>
    finding(code, '0001_a'),
  );
  const told = [finding('ledger/edited', '0001_a'), finding('history/missing-file', '0002_b')];
  const judged = judge([...quiet, ...told], { supersededBy: new Map([['0001_a', '0002_b']]) });
  expect(judged).toEqual({ findings: told, excepted: quiet });
});
