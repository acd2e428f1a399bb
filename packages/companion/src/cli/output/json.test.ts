import { expect, test } from 'vitest';
import { CompanionError } from '../../kernel/errors.ts';
import {
  buildErrorJson,
  buildHealthJson,
  buildMigrateJson,
  buildPlanJson,
  buildStatusJson,
  renderJson,
} from './json.ts';
import { DATABASE, GAP_FINDING, PLAN, STATUS } from './test-samples.ts';

const STEP = {
  name: '0002_fix',
  state: 'done',
  statements: 2,
  durationMs: 5,
  transaction: true,
  attempts: 1,
} as const;
const REPORT = { steps: [STEP], findings: [GAP_FINDING], database: DATABASE, durationMs: 7 };

const parse = (value: Parameters<typeof renderJson>[0]): Record<string, unknown> =>
  JSON.parse(renderJson(value));

test('status prints the object of the contract', () => {
  const json = parse(buildStatusJson(STATUS, 1));
  expect(Object.keys(json)).toEqual([
    'version',
    'command',
    'exitCode',
    'database',
    'ledger',
    'folder',
    'migrations',
    'strays',
    'findings',
    'summary',
  ]);
  expect(json).toMatchObject({
    version: 1,
    command: 'status',
    exitCode: 1,
    database: DATABASE,
    ledger: { schema: 'drizzle', table: '__drizzle_migrations', version: 0, rows: 5 },
    folder: { path: '/repo/drizzle', layout: 'journal', migrations: 5 },
    findings: [GAP_FINDING],
    summary: { applied: 2, pending: 1, gap: 1, edited: 1, retimed: 0, stray: 1, ahead: 1 },
  });
  const [first, second] = json.migrations as object[];
  expect(first).toEqual({
    name: '0000_init',
    when: 1_700_000_000_000,
    hash: 'a'.repeat(64),
    state: 'applied',
    appliedAt: '2025-03-01T10:11:12.345Z',
    durationMs: 12.4,
    stockDrizzle: 'applied',
  });
  expect(second).not.toHaveProperty('appliedAt');
  expect(json.strays).toEqual([
    { id: '4', hash: 'c'.repeat(64), createdAt: 1_700_000_000_000, state: 'stray' },
    { id: '5', hash: 'b'.repeat(64), createdAt: null, name: '0005_later', state: 'ahead' },
  ]);
});

test('migrate prints the object of the contract', () => {
  expect(parse(buildMigrateJson(REPORT, 0))).toEqual({
    version: 1,
    command: 'migrate',
    exitCode: 0,
    ...REPORT,
  });
});

test('a plan is a run in which nothing ran', () => {
  expect(parse(buildPlanJson(PLAN, STATUS, 0))).toEqual({
    version: 1,
    command: 'migrate',
    exitCode: 0,
    steps: [
      { ...STEP, state: 'not-run', durationMs: 0, attempts: 0 },
      { name: '0004_tools', state: 'not-run', statements: 1, durationMs: 0, transaction: false, attempts: 0 },
    ],
    findings: [GAP_FINDING],
    database: DATABASE,
    durationMs: 0,
  });
});

test('health prints its verdict', () => {
  const verdict = { ready: false, reason: '1 of 2 migrations not applied.', applied: 1, missing: ['0001_b'] };
  expect(parse(buildHealthJson(verdict, 1))).toEqual({
    version: 1,
    command: 'health',
    exitCode: 1,
    ...verdict,
  });
});

test('a failed migrate prints the error and how far it came', () => {
  const error = new CompanionError('migration-failed', {
    message: '0002_fix failed',
    migration: '0002_fix',
    place: { file: '/repo/drizzle/0002_fix.sql', line: 1, column: 13 },
    statement: 'ALTER TABLE nope …',
    server: { sqlstate: '42P01', severity: 'ERROR', message: 'relation "nope" does not exist', detail: 'D' },
    hint: 'H',
    report: { ...REPORT, steps: [{ ...STEP, state: 'failed' }] },
    findings: [GAP_FINDING],
  });
  expect(parse(buildErrorJson('migrate', error))).toEqual({
    version: 1,
    command: 'migrate',
    exitCode: 3,
    steps: [{ ...STEP, state: 'failed' }],
    error: {
      code: 'migration-failed',
      sqlstate: '42P01',
      message: '0002_fix failed',
      migration: '0002_fix',
      file: '/repo/drizzle/0002_fix.sql',
      line: 1,
      column: 13,
      statement: 'ALTER TABLE nope …',
      serverMessage: 'relation "nope" does not exist',
      detail: 'D',
      hint: 'H',
    },
    findings: [GAP_FINDING],
    database: DATABASE,
    durationMs: 7,
  });
});

test('an error of any command stands in the same envelope, without passwords', () => {
  const message = 'postgres://app:secret@db/acme cannot be reached';
  const error = new CompanionError('database-unreachable', { message });
  expect(parse(buildErrorJson('status', error))).toEqual({
    version: 1,
    command: 'status',
    exitCode: 6,
    error: { code: 'database-unreachable', message: 'postgres://app:***@db/acme cannot be reached' },
  });
});

test('a command that is not there yet is named nowhere', () => {
  const error = new CompanionError('migration-failed', {
    message: 'm',
    hint: 'Record it.',
    fix: 'drizzle-companion baseline',
    findings: [{ ...GAP_FINDING, code: 'ledger/stray', fix: 'drizzle-companion repair --plan' }],
  });
  const { error: told, findings } = parse(buildErrorJson('migrate', error)) as unknown as {
    error: Record<string, unknown>;
    findings: readonly Record<string, unknown>[];
  };
  expect(told).toEqual({
    ...{ code: 'migration-failed', message: 'm' },
    hint: 'Record it. docs/troubleshooting.md#by-hand shows how to record migrations as applied by hand.',
  });
  expect(findings[0]).not.toHaveProperty('fix');
  expect(findings[0]?.hint).toContain('by hand');
});
