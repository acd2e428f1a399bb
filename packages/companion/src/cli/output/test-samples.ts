import type { ComparedMigration, Comparison } from '../../kernel/comparison.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { LedgerRow } from '../../kernel/ledger-row.ts';
import type { MigrationOnDisk } from '../../kernel/migration.ts';
import type { MigratePlan } from '../../kernel/plan.ts';
import type { DatabaseIdentity } from '../../kernel/report.ts';
import type { StatusReport } from '../../kernel/status.ts';
import type { Style } from './output.ts';
import { createPaint } from './paint.ts';

/** Plain data that the tests of several renderers share. */
export const DATABASE: DatabaseIdentity = {
  host: 'localhost',
  port: 5432,
  name: 'acme',
  user: 'app',
  serverVersion: '17.9',
};

export const TERMINAL: Style = {
  paint: createPaint({ color: false }),
  width: 80,
  symbols: true,
  verbose: false,
  cwd: '/repo',
};

export const COLOURED: Style = { ...TERMINAL, paint: createPaint({ color: true }) };

export const LOG: Style = { ...TERMINAL, width: Number.POSITIVE_INFINITY, symbols: false };

export function migration(name: string, when = 1_700_000_000_000): MigrationOnDisk {
  return { name, when, hash: 'a'.repeat(64), sql: 'select 1', file: `/repo/drizzle/${name}.sql` };
}

export function ledgerRow(row: Partial<LedgerRow> & { id: string }): LedgerRow {
  return { hash: 'b'.repeat(64), createdAt: 1_700_000_000_000, name: null, appliedAt: null, ...row };
}

export const GAP_FINDING: Finding = {
  code: 'ledger/gap',
  level: 'warning',
  message: '0002_fix was not applied although a newer migration was.',
  migration: '0002_fix',
  file: '/repo/drizzle/0002_fix.sql',
  hint: 'It will run next, after migrations that were written later; read it with that in mind.',
  fix: 'drizzle-companion migrate',
  docs: 'docs/findings.md#ledger-gap',
};

const applied = (name: string, id: string): ComparedMigration => ({
  migration: migration(name),
  state: 'applied',
  row: ledgerRow({ id }),
  stockDrizzle: 'applied',
});

const MIGRATIONS: readonly ComparedMigration[] = [
  applied('0000_init', '1'),
  applied('0001_groups_and_memberships_of_everybody', '2'),
  { migration: migration('0002_fix'), state: 'gap', row: null, stockDrizzle: 'would-skip' },
  { ...applied('0003_sessions', '3'), state: 'edited' },
  { migration: migration('0004_tools'), state: 'pending', row: null, stockDrizzle: 'would-apply' },
];

const COMPARISON: Comparison = {
  migrations: MIGRATIONS,
  strays: [
    { row: ledgerRow({ id: '4', hash: 'c'.repeat(64) }), state: 'stray' },
    { row: ledgerRow({ id: '5', createdAt: null, name: '0005_later' }), state: 'ahead' },
  ],
  findings: [GAP_FINDING],
  summary: { applied: 2, pending: 1, gap: 1, edited: 1, retimed: 0, stray: 1, ahead: 1, duplicate: 0 },
};

export const STATUS = {
  database: DATABASE,
  ledger: {
    schema: 'drizzle',
    table: '__drizzle_migrations',
    version: 0,
    rows: ['1', '2', '3', '4', '5'].map((id) => ledgerRow({ id })),
  },
  folder: {
    path: '/repo/drizzle',
    layout: 'journal',
    migrations: MIGRATIONS.map((m) => m.migration),
    missing: [],
  },
  comparison: COMPARISON,
  facts: new Map([
    [
      '0000_init',
      {
        name: '0000_init',
        finishedAt: '2025-03-01T10:11:12.345Z',
        durationMs: 12.4,
        statements: 3,
        statementsDone: 3,
        doneHashes: [],
        inFlight: false,
      },
    ],
    [
      '0004_tools',
      {
        name: '0004_tools',
        finishedAt: null,
        durationMs: null,
        statements: 5,
        statementsDone: 2,
        doneHashes: [],
        inFlight: false,
      },
    ],
  ]),
} as const satisfies StatusReport;

export const PLAN: MigratePlan = {
  steps: [
    {
      migration: migration('0002_fix'),
      transaction: true,
      units: [
        {
          kind: 'transaction',
          end: 'commit',
          statements: [
            { text: 'ALTER TABLE users\n  ADD COLUMN age integer', offset: 0 },
            { text: '-- why\nUPDATE users SET age = 0', offset: 50 },
          ],
        },
      ],
    },
    {
      migration: migration('0004_tools'),
      transaction: false,
      reason: 'CREATE INDEX CONCURRENTLY cannot run inside a transaction (line 4)',
      units: [
        {
          kind: 'autocommit',
          atomic: false,
          statement: { text: 'CREATE INDEX CONCURRENTLY i ON tools (a)', offset: 0 },
        },
      ],
    },
  ],
  singleTransaction: false,
  findings: [GAP_FINDING],
  refusals: [],
};
