import { FIRST_WHEN } from '@companion/testing';
import { migrationName } from '../small-history.ts';

/** A statement, and the query that tells whether its effect is there; null where a later statement hides it. */
export type ProbedStatement = { readonly sql: string; readonly effect: string | null };

export type ProbedMigration = {
  readonly name: string;
  readonly transaction: boolean;
  readonly statements: readonly ProbedStatement[];
};

/** The advisory lock at which `plans` can be made to stand still in the middle of a statement. */
export const GATE = 4242;

/** More than a socket takes at once: the driver still has the rest of the migration when the run is broken here. */
const PADDING = 'x'.repeat(200_000);

const exists = (relation: string) => `to_regclass('${relation}') IS NOT NULL`;
const rows = (from: string, count: number) => `(SELECT count(*) FROM ${from}) = ${count}`;
const audited = (entry: string): ProbedStatement => ({
  sql: `INSERT INTO audit VALUES ('${entry}')`,
  effect: rows(`audit WHERE entry = '${entry}'`, 1),
});

/** Both kinds of migrations, with everything in them that can break half-way. */
export const HISTORY: readonly ProbedMigration[] = [
  {
    name: 'accounts',
    transaction: true,
    statements: [
      {
        sql: 'CREATE TABLE accounts (id integer PRIMARY KEY, name text NOT NULL)',
        effect: exists('accounts'),
      },
      {
        sql: "INSERT INTO accounts SELECT n, 'name ' || n FROM generate_series(1, 500) n",
        effect: rows('accounts', 500),
      },
    ],
  },
  {
    name: 'plans',
    transaction: true,
    statements: [
      { sql: 'CREATE TABLE audit (entry text NOT NULL)', effect: exists('audit') },
      { sql: `SELECT pg_advisory_xact_lock(${GATE}) /* ${PADDING} */`, effect: null },
      {
        sql: "ALTER TABLE accounts ADD COLUMN plan text DEFAULT 'free' NOT NULL",
        effect: '(SELECT count(plan) FROM accounts) > 0',
      },
      { sql: 'CREATE INDEX accounts_plan ON accounts (plan)', effect: null },
      audited('plans'),
    ],
  },
  {
    name: 'indexes',
    transaction: false,
    statements: [
      {
        sql: 'CREATE INDEX CONCURRENTLY accounts_name ON accounts (name)',
        effect: "(SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('accounts_name'))",
      },
      audited('indexes'),
      { sql: 'REINDEX INDEX CONCURRENTLY accounts_name', effect: null },
    ],
  },
  {
    name: 'drop_index',
    transaction: false,
    statements: [
      {
        sql: 'DROP INDEX CONCURRENTLY accounts_plan',
        effect: `${exists('audit')} AND NOT ${exists('accounts_plan')}`,
      },
    ],
  },
  {
    name: 'notes',
    transaction: true,
    statements: [
      { sql: 'CREATE TABLE notes (id integer PRIMARY KEY)', effect: exists('notes') },
      audited('notes'),
    ],
  },
];

/** A history as it lies on disk. */
export function writtenAs(layout: 'journal' | 'folders', history: readonly ProbedMigration[]) {
  return history.map(({ name, statements }, index) => ({
    name: migrationName(layout, name, index),
    sql: statements.map(({ sql }) => `${sql};`).join('\n--> statement-breakpoint\n'),
    when: FIRST_WHEN + index * 60_000,
  }));
}
