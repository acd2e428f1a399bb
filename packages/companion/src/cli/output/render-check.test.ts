import { expect, test } from 'vitest';
import { CLEAN, LINTED, RESULT } from './check-samples.ts';
import { renderCheck } from './render-check.ts';
import { renderCheckLines } from './render-check-lines.ts';
import { COLOURED, LOG, TERMINAL } from './test-samples.ts';
import { visibleWidth } from './text-layout.ts';

test('a terminal shows findings by file, with the lines around and what to do', () => {
  expect(renderCheck(RESULT, TERMINAL)).toMatchInlineSnapshot(`
    "  error  table users: column age added (drift/schema)
        → npx drizzle-kit generate

    drizzle/0001_a, 100%.sql
      warning  0001_a has Windows line ends (history/crlf, line 1)

    drizzle/meta/_journal.json
      error  The journal lists 0000_users, and 0000_users.sql is not there: stock
             drizzle stops at it, on every database that is new.
             (history/missing-file, line 7)

        6 |    "when": 1704067200000,
        7 |       "tag": "0000_users"
          |              ^
        8 |     }

        → Restore the file from git.
          git restore --source=HEAD~1 -- drizzle/0000_users.sql

    git not checked: /repo is not in a git repository
    note: of the database, the ledger was looked at
    ✗ 2 errors, 1 warning in 2 files
    Besides: 1 info, 1 kept quiet by the config; --verbose shows them
    "
  `);
});

test('a terminal gets no line that is wider than it, and no tab', () => {
  for (const width of [50, 80]) {
    for (const line of renderCheck(RESULT, { ...TERMINAL, width }).split('\n')) {
      if (!line.includes('git restore')) expect([line, visibleWidth(line) <= width]).toEqual([line, true]);
      expect(line).not.toContain('\t');
    }
  }
});

test('verbose shows what is only worth knowing, what is kept quiet, and the pages', () => {
  const text = renderCheck(RESULT, { ...TERMINAL, verbose: true });
  expect(text).toContain('info  0001_a is not applied (ledger/pending)');
  expect(text).toContain(
    '1 finding kept quiet by the config\n  git/edited: 0000_users is on main and was edited',
  );
  expect(text).toContain('see docs/findings.md#driftschema');
  const linted = renderCheck(LINTED, { ...TERMINAL, verbose: true });
  expect(linted).toContain('see drizzle-companion lint --explain create-index-concurrently\n');
  expect(linted).not.toContain('<rule>');
  const log = renderCheckLines(LINTED, { ...LOG, verbose: true });
  expect(log).toContain('\n  see: drizzle-companion lint --explain create-index-concurrently\n');
});

test('where lint found something, the way to its pages is told once', () => {
  expect(renderCheck(LINTED, TERMINAL)).toContain('\ndrizzle-companion lint --explain <rule> says more.\n');
  expect(renderCheck(RESULT, TERMINAL)).not.toContain('--explain');
  expect(renderCheckLines(LINTED, LOG)).not.toContain('--explain');
});

test('colours change nothing but colours', () => {
  const coloured = renderCheck(RESULT, COLOURED);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what an escape sequence starts with.
  expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(renderCheck(RESULT, TERMINAL));
  expect(coloured).toContain('\x1b[31merror\x1b[39m');
});

test('nothing found is said in a line, with what was looked at', () => {
  expect(renderCheck(CLEAN, TERMINAL)).toBe(
    '✓ Nothing found (history, snapshots, drift, database; 4 files).\n',
  );
});

test('a log has a finding in a line, that can be searched for', () => {
  expect(renderCheckLines(RESULT, LOG)).toMatchInlineSnapshot(`
    "- error drift/schema table users: column age added
      fix: npx drizzle-kit generate
    drizzle/0001_a, 100%.sql:1:1 warning history/crlf 0001_a has Windows line ends
    drizzle/meta/_journal.json:7:14 error history/missing-file The journal lists 0000_users, and 0000_users.sql is not there: stock drizzle stops at it, on every database that is new.
      hint: Restore the file from git.
      fix: git restore --source=HEAD~1 -- drizzle/0000_users.sql
    git not checked: /repo is not in a git repository
    note: of the database, the ledger was looked at
    2 errors, 1 warning in 2 files
    Besides: 1 info, 1 kept quiet by the config; --verbose shows them
    "
  `);
});

test('SQL made safe stands behind the hint, and the range is underlined to the end of its first line', () => {
  expect(renderCheck(LINTED, TERMINAL)).toMatchInlineSnapshot(`
    "drizzle/0001_index.sql
      error  CREATE INDEX locks users against writes.
             (lint/create-index-concurrently, line 1)

        1 | CREATE INDEX "users_email"
          | ^^^^^^^^^^^^^^^^^^^^^^^^^^
        2 |  ON "users" ("email");

        → Build it with CONCURRENTLY.
          a migration of its own:
            CREATE INDEX CONCURRENTLY "users_email"
              ON "users" ("email");

            SELECT 1;
          drizzle-companion lint --fix

    ✗ 1 error in 1 file
    Besides: 1 allowed in the SQL; --verbose shows them
    drizzle-companion lint --explain <rule> says more.
    "
  `);
  expect(renderCheckLines(LINTED, { ...LOG, verbose: true })).toMatchInlineSnapshot(`
    "drizzle/0001_index.sql:1:1 error lint/create-index-concurrently CREATE INDEX locks users against writes.
      hint: Build it with CONCURRENTLY.
      rewrite, a migration of its own:
        CREATE INDEX CONCURRENTLY "users_email"
          ON "users" ("email");
      rewrite:
        SELECT 1;
      fix: drizzle-companion lint --fix
      see: drizzle-companion lint --explain create-index-concurrently
    drizzle/0001_index.sql:3:1 allowed lint/create-index-concurrently CREATE INDEX locks users against writes.
    1 error in 1 file
    Besides: 1 allowed in the SQL
    "
  `);
});

test('a range within one line is underlined', () => {
  const findings = LINTED.findings.map((finding) => ({
    ...finding,
    line: 3,
    column: 29,
    endLine: 3,
    endColumn: 35,
  }));
  expect(renderCheck({ ...LINTED, findings }, TERMINAL)).toContain(
    '3 | ALTER TABLE "users" ADD "note" text;\n      |                             ^^^^^^\n',
  );
});

test('what was mended is told, and what was not', () => {
  const mending = {
    written: [{ file: '/repo/drizzle/0001_a.sql', codes: ['lint/a', 'lint/b'] }],
    kept: [{ file: '/repo/drizzle/0000_b.sql', codes: ['lint/a'], reason: 'it is on origin/main' }],
  };
  expect(renderCheck({ ...CLEAN, mending }, TERMINAL)).toBe(
    `✓ fixed drizzle/0001_a.sql: lint/a, lint/b
not fixed drizzle/0000_b.sql: lint/a; it is on origin/main
✓ Nothing found (history, snapshots, drift, database; 4 files).
`,
  );
});
