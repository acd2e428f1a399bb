import { type LintInput, type LintResult, lintMigrations } from '../../src/lint/lint-migrations.ts';
import type { LintSettings } from '../../src/lint/lint-settings.ts';
import type { LintMigration } from '../../src/lint/migration.ts';
import { numberTransactions } from '../../src/lint/number-transactions.ts';
import { type MigrationSource, parseMigration } from '../../src/lint/parse-migration.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { loadSqlParser } from '../../src/sql/parser.ts';

export type JudgedSource = Pick<MigrationSource, 'sql'> & Partial<MigrationSource>;

export type JudgeInput = {
  readonly sources: string | readonly JudgedSource[];
  readonly rules: readonly Rule[];
  readonly settings?: Partial<LintSettings>;
  readonly snapshot?: LintInput['snapshot'];
  readonly isWhole?: boolean;
};

/** The linter as it is, for SQL that need not parse. Migrations are named `0000`, `0001` … and judged unless they say otherwise. */
export async function judge({
  sources,
  rules,
  settings,
  snapshot = null,
  isWhole = false,
}: JudgeInput): Promise<LintResult> {
  return lintMigrations({
    migrations: (typeof sources === 'string' ? [{ sql: sources }] : sources).map(buildSource),
    snapshot,
    isWhole,
    rules,
    parser: await loadSqlParser(),
    settings: {
      levels: new Map(),
      options: new Map(),
      postgresVersion: 14,
      runner: 'companion',
      smallTables: [],
      ...settings,
    },
  });
}

/** One file, parsed as `judge` would have it parsed. */
export async function parseSource(
  sql: string,
  runner: LintSettings['runner'] = 'companion',
): Promise<LintMigration> {
  return parseMigration(buildSource({ sql }, 0), {
    parser: await loadSqlParser(),
    numbers: numberTransactions(runner),
  });
}

function buildSource(source: JudgedSource, place: number): MigrationSource {
  const name = String(place).padStart(4, '0');
  return { name, file: `/judged/${name}.sql`, batch: 1, linted: true, ...source };
}
