import { expect, test } from 'vitest';
import { CompanionError } from '../../kernel/errors.ts';
import { renderError } from './render-error.ts';
import { COLOURED, GAP_FINDING, LOG, TERMINAL } from './test-samples.ts';

const failed = new CompanionError('migration-failed', {
  message: '0007_groups failed: column "owner" of relation "groups" already exists',
  migration: '0007_groups',
  place: { file: '/repo/drizzle/0007_groups.sql', line: 3, column: 14 },
  snippet: '2 | ALTER TABLE groups\n3 |   ADD COLUMN owner text;\n  |              ^',
  statement: 'ALTER TABLE groups\n  ADD COLUMN owner text;',
  server: {
    sqlstate: '42701',
    severity: 'ERROR',
    message: 'column "owner" of relation "groups" already exists',
    detail: 'A detail.',
    table: 'groups',
    column: 'owner',
  },
  state: ['The migration was rolled back.', '6 of 9 migrations are applied.'],
  hint: 'The database has this already: it was made by push or by hand. Adopt it, so that the ledger says what is there.',
  fix: 'drizzle-companion baseline',
});

const busy = new CompanionError('lock-busy', {
  message: 'another runner holds the migration lock',
  culprits: [
    {
      pid: 4711,
      user: 'app',
      application: 'drizzle-companion',
      client: '10.0.0.7',
      state: 'idle in transaction',
      ageMs: 78_000,
      query: 'SELECT \x1b[31m1\n  FROM users',
      relation: 'public.users',
    },
  ],
});

test('a failed migration on a terminal of 80 columns', () => {
  expect(renderError(failed, TERMINAL)).toMatchInlineSnapshot(`
    "error  0007_groups failed: column "owner" of relation "groups" already exists

      drizzle/0007_groups.sql:3:14
        2 | ALTER TABLE groups
        3 |   ADD COLUMN owner text;
          |              ^

      SQLSTATE    42701 duplicate_column
      detail      A detail.
      object      groups.owner

      • The migration was rolled back.
      • 6 of 9 migrations are applied.
      → The database has this already: it was made by push or by hand. Adopt it, so
        that the ledger says what is there. docs/troubleshooting.md#by-hand shows
        how to record migrations as applied by hand.
    "
  `);
});

test('a failed migration in colour', () => {
  expect(JSON.stringify(renderError(failed, COLOURED).split('\n').slice(0, 4))).toMatchInlineSnapshot(
    `"["\\u001b[1m\\u001b[31merror\\u001b[39m\\u001b[22m  \\u001b[1m0007_groups failed: column \\"owner\\" of relation \\"groups\\" already exists\\u001b[22m","","  \\u001b[36mdrizzle/0007_groups.sql:3:14\\u001b[39m","    2 | ALTER TABLE groups"]"`,
  );
});

test('a failed migration in a log', () => {
  expect(renderError(failed, LOG)).toMatchInlineSnapshot(`
    "error  0007_groups failed: column "owner" of relation "groups" already exists

      drizzle/0007_groups.sql:3:14
        2 | ALTER TABLE groups
        3 |   ADD COLUMN owner text;
          |              ^

      SQLSTATE    42701 duplicate_column
      detail      A detail.
      object      groups.owner

      - The migration was rolled back.
      - 6 of 9 migrations are applied.
      -> The database has this already: it was made by push or by hand. Adopt it, so that the ledger says what is there. docs/troubleshooting.md#by-hand shows how to record migrations as applied by hand.
    "
  `);
});

test('the session in the way is named, and its query cannot give orders to the terminal', () => {
  expect(renderError(busy, TERMINAL)).toMatchInlineSnapshot(`
    "error  another runner holds the migration lock

      pid   user  application        state                age         holds
      4711  app   drizzle-companion  idle in transaction  1 min 18 s  public.users
        from 10.0.0.7: SELECT [31m1 FROM users
    "
  `);
});

test('findings that led to a refusal are listed', () => {
  const refused = new CompanionError('ledger-refused', {
    message: 'refused: history and ledger contradict each other',
    findings: [{ ...GAP_FINDING, code: 'ledger/edited', level: 'error' }],
  });
  expect(renderError(refused, TERMINAL)).toMatchInlineSnapshot(`
    "error  refused: history and ledger contradict each other

      error    0002_fix was not applied although a newer migration was.
               (ledger/edited)
               at drizzle/0002_fix.sql
               It will run next, after migrations that were written later; read it
               with that in mind.
               fix: drizzle-companion migrate
    "
  `);
});

test('faults of flags and settings are a list', () => {
  const message = '2 flags are wrong';
  const finding = { ...GAP_FINDING, level: 'error' as const, message: '--a: is not a flag' };
  const { hint: _, ...bare } = finding;
  const error = new CompanionError('usage-invalid', { message, findings: [bare, finding], fix: 'x --help' });
  expect(renderError(error, TERMINAL)).toMatchInlineSnapshot(`
    "error  2 flags are wrong

      ✗ --a: is not a flag
      ✗ --a: is not a flag
        It will run next, after migrations that were written later; read it with
        that in mind.

      → x --help
    "
  `);
});

test('a clean-up that failed as well is told, after the first error', () => {
  const error = new CompanionError('connection-lost', { message: 'the connection was lost' });
  error.suppressed.push(new Error('ROLLBACK failed'));
  expect(renderError(error, TERMINAL)).toContain('• Cleaning up failed as well: ROLLBACK failed');
});

test('causes and stacks are printed when everything is wanted, and never a password', () => {
  const cause = new Error('connect ECONNREFUSED postgres://app:secret@db/acme');
  const error = new CompanionError('database-unreachable', { message: 'unreachable', cause });
  const verbose = renderError(error, { ...TERMINAL, verbose: true });
  expect(verbose).toContain('caused by Error: connect ECONNREFUSED postgres://app:***@db/acme');
  expect(renderError(error, TERMINAL)).toBe('error  unreachable\n');
});
