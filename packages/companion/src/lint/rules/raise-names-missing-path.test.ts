import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { raiseNamesMissingPath as rule } from './raise-names-missing-path.ts';

const FILES = ['docs', 'docs/backfill.md', 'packages', 'packages/db/src/backfill.ts', '.github/ci.yml'];
const pathExists = (path: string) => FILES.includes(path);
const raise = (text: string) => `DO $$ BEGIN\n  RAISE EXCEPTION '${text}';\nEND $$;`;

test('the runbook that was never written', async () => {
  const sql = `SELECT 1;--> statement-breakpoint
DO $$
BEGIN
  IF (SELECT count(*) FROM "flowsheet" WHERE "dj_name" IS NULL) > 0 THEN
    RAISE EXCEPTION '% rows left; run jobs/backfills/dj-name before this', 3;
  END IF;
END $$;`;
  const { message, text } = await expectFinding(rule, { sql, pathExists });
  expect(text).toBe('jobs/backfills/dj-name');
  expect(message).toContain('The message names jobs/backfills/dj-name, and there is no such file');
});

test.each([
  ['by its extension', raise('see guides/backfill.md.'), 'guides/backfill.md'],
  ['in brackets, with a line', raise('see (tools/fix.ts:12)'), 'tools/fix.ts'],
  ['in a directory that exists', raise('see packages/jobs'), 'packages/jobs'],
  ['from here', raise('see ./docs/none'), 'docs/none'],
  ['of a dot directory', raise('see .github/deploy.yml'), '.github/deploy.yml'],
  ['in the hint', "DO $$ BEGIN RAISE 'no' USING HINT = 'see ' || 'docs/no.md'; END $$;", 'docs/no.md'],
  ['as a value', "DO $$ BEGIN RAISE NOTICE 'see %', 'docs/no.md'; END $$;", 'docs/no.md'],
  ['in an ASSERT', "DO $$ BEGIN ASSERT false, 'see docs/no.md'; END $$;", 'docs/no.md'],
  [
    'in a function',
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE 'see docs/no.md'; END $f$;",
    'docs/no.md',
  ],
])('a path %s', async (_, sql, path) => {
  const { text } = await expectFinding(rule, { sql, pathExists });
  expect(text).toBe(path);
});

test('each path once', async () => {
  const sql = `${raise('docs/a.md docs/b.md docs/a.md')}`;
  expect((await expectFindings(rule, { sql, pathExists })).map(({ text }) => text)).toEqual([
    'docs/a.md',
    'docs/b.md',
  ]);
});

test.each([
  ['a file that exists', raise('see docs/backfill.md, or packages/db/src/backfill.ts.')],
  ['an address', raise('see https://example.com/docs/a.md and example.com/a.html')],
  ['words with a slash', raise('read/write and/or 1/2 text/plain application/vnd.api+json n/a')],
  ['a route', raise('GET /admin/users.json')],
  ['a pattern', raise('see docs/*.md and docs/%.md and docs/<name>.md')],
  ['what lies outside', raise('see ../other/docs/a.md')],
  ['a path in a comment', "DO $$ BEGIN -- docs/no.md\n RAISE 'no'; END $$;"],
  ['a path in a query', "DO $$ BEGIN PERFORM 'docs/no.md'; END $$;"],
  ['another language', "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'docs/no.md' $$;"],
])('%s', async (_, sql) => {
  await expectClean(rule, { sql, pathExists });
});

test('where nobody knows which files there are', async () => {
  await expectClean(rule, raise('see docs/no.md'));
});
