import { expect, test } from 'vitest';
import type { CheckResult } from '../../kernel/check-result.ts';
import { CLEAN, INDEX, LINTED, RESULT } from './check-samples.ts';
import type { Format } from './output.ts';
import { LOG, TERMINAL } from './test-samples.ts';
import { writeResult } from './write-result.ts';

type How = {
  readonly format?: Format;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly short?: boolean;
};

function print(result: CheckResult, { format = 'plain', quiet = false, verbose = false, short }: How = {}) {
  let printed = '';
  const style = { ...(format === 'pretty' ? TERMINAL : LOG), verbose };
  const write = (text: string) => {
    printed += text;
  };
  const output = { format, quiet, live: false, style, errorStyle: style, write, writeError: () => undefined };
  const exitCode = writeResult('lint', result, {
    output,
    env: {},
    ...(short === undefined ? {} : { short }),
  });
  return { printed, exitCode };
}

const WARNED: CheckResult = {
  ...RESULT,
  notChecked: [],
  mending: {
    written: [{ file: '/repo/a.sql', codes: ['lint/a'] }],
    kept: [{ file: '/repo/b.sql', codes: ['lint/a'], reason: 'it is merged' }],
  },
};

test('--quiet prints errors, what could not be looked at, and no more', () => {
  expect(print(WARNED, { quiet: true })).toEqual({
    exitCode: 1,
    printed: expect.stringMatching(
      /^- error drift\/schema .*\n.*\ndrizzle\/meta\/_journal.json:7:14 error .*\n.*\n.*\n2 errors in 1 file\n$/,
    ),
  });
  expect(print(RESULT, { quiet: true }).printed).toContain('git not checked');
  expect(print(CLEAN, { quiet: true })).toEqual({ exitCode: 0, printed: '' });
  expect(print({ ...CLEAN, findings: RESULT.findings.slice(2) }, { quiet: true }).printed).toBe('');
});

test('GitHub gets annotations of what is shown, and the rest is counted', () => {
  const { printed } = print(RESULT, { format: 'github' });
  expect(printed.match(/^::\w+/gm)).toEqual(['::error', '::error', '::warning']);
  expect(printed).toContain('Besides: 1 info');
  expect(print(RESULT, { format: 'github', verbose: true }).printed).toContain('::notice ');
  const quiet = print(RESULT, { format: 'github', quiet: true }).printed;
  expect(quiet.match(/^::\w+/gm)).toEqual(['::error', '::error']);
  expect(print(CLEAN, { format: 'github', quiet: true }).printed).toBe('');
});

test('--short is a finding in a line, the code last', () => {
  expect(print(RESULT, { short: true }).printed).toMatchInlineSnapshot(`
    "- error table users: column age added (drift/schema)
    drizzle/0001_a, 100%.sql:1:1 warning 0001_a has Windows line ends (history/crlf)
    drizzle/meta/_journal.json:7:14 error The journal lists 0000_users, and 0000_users.sql is not there: stock drizzle stops at it, on every database that is new. (history/missing-file)
    git not checked: /repo is not in a git repository
    note: of the database, the ledger was looked at
    2 errors, 1 warning in 2 files
    Besides: 1 info, 1 kept quiet by the config; --verbose shows them
    "
  `);
  const pretty = print(LINTED, { short: true, format: 'pretty' }).printed;
  expect(pretty).toContain(
    'drizzle/0001_index.sql:1:1 error CREATE INDEX locks users against writes. (lint/create-index-concurrently)\n',
  );
  expect(pretty).not.toContain('CONCURRENTLY "users_email"');
  expect(print(LINTED, { short: true, format: 'github' }).printed).toContain('::error file=');
});

test('machines get everything, quiet or not', () => {
  const { findings } = JSON.parse(print(RESULT, { format: 'json', quiet: true }).printed);
  expect(findings).toHaveLength(RESULT.findings.length);
});

test('no format names a command that is not there yet', () => {
  const planned = { ...INDEX, fix: 'drizzle-companion repair' };
  const result = { ...LINTED, findings: [planned], allowed: [] };
  for (const format of ['pretty', 'plain', 'json', 'github', 'sarif'] as const) {
    expect(print(result, { format }).printed).not.toContain('drizzle-companion repair');
  }
});
