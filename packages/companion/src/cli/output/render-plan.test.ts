import { expect, test } from 'vitest';
import { renderPlan } from './render-plan.ts';
import { GAP_FINDING, PLAN, STATUS, TERMINAL } from './test-samples.ts';

test('a plan names what would run, and how', () => {
  expect(renderPlan({ plan: PLAN, status: STATUS }, TERMINAL)).toMatchInlineSnapshot(`
    "acme on localhost:5432 as app (PostgreSQL 17.9)

    warning  0002_fix was not applied although a newer migration was. (ledger/gap)
             at drizzle/0002_fix.sql
             It will run next, after migrations that were written later; read it
             with that in mind.
             fix: drizzle-companion migrate

      migration   statements
      0002_fix    2 statements
      0004_tools  1 statement
          no transaction: CREATE INDEX CONCURRENTLY cannot run inside a transaction
          (line 4)

    migrate would apply 2 migrations; nothing was changed.
    "
  `);
});

test('a plan shows its statements when everything is wanted', () => {
  const text = renderPlan(
    { plan: { ...PLAN, findings: [] }, status: STATUS },
    { ...TERMINAL, verbose: true },
  );
  expect(text).toMatchInlineSnapshot(`
    "acme on localhost:5432 as app (PostgreSQL 17.9)

      migration   statements
      0002_fix    2 statements
          ALTER TABLE users ADD COLUMN age integer
          UPDATE users SET age = 0
      0004_tools  1 statement
          no transaction: CREATE INDEX CONCURRENTLY cannot run inside a transaction
          (line 4)
          CREATE INDEX CONCURRENTLY i ON tools (a)

    migrate would apply 2 migrations; nothing was changed.
    "
  `);
});

test('a plan with nothing in it says so', () => {
  const text = renderPlan({ plan: { ...PLAN, steps: [], findings: [] }, status: STATUS }, TERMINAL);
  expect(text).toContain('Nothing to apply; 2 migrations applied.');
});

test('a plan that would be refused says that above all', () => {
  const refusals = [{ ...GAP_FINDING, code: 'ledger/edited', level: 'error' as const }];
  expect(renderPlan({ plan: { ...PLAN, refusals }, status: STATUS }, TERMINAL)).toContain(
    'migrate would refuse; nothing was changed.',
  );
});
