import { existsSync } from 'node:fs';
import { OLDEST_POSTGRES } from '@companion/testing';
import { expect } from 'vitest';
import type { Finding } from '../../src/kernel/finding.ts';
import { lintMigrations } from '../../src/lint/lint-migrations.ts';
import { codeOf } from '../../src/lint/lint-settings.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { RULES } from '../../src/lint/rules.ts';
import { loadSqlParser } from '../../src/sql/parser.ts';
import { ROOT } from '../docs/pages.ts';
import type { Example, RulePage } from './rule-page.ts';

/** What all rules say of a block of a rule's page, after what is there already; the rule itself even where it is off. */
export async function judgeExample(
  { before }: Pick<RulePage, 'before'>,
  { migrations, since }: Pick<Example, 'migrations' | 'since'>,
  rule: Rule,
): Promise<readonly Finding[]> {
  const parser = await loadSqlParser();
  const file = (name: string) => `/example/${name}.sql`;
  const sources = migrations.map((migration) => ({ ...migration, file: file(migration.name), linted: true }));
  const there = { name: '0000_before', file: file('0000_before'), batch: 0, sql: before, linted: false };
  for (const { sql } of [there, ...sources]) expect(() => parser.parse(sql)).not.toThrow();
  const { findings } = lintMigrations({
    migrations: [there, ...sources],
    snapshot: null,
    rules: RULES,
    parser,
    pathExists: (path) => existsSync(`${ROOT}${path}`),
    settings: {
      levels: new Map(rule.level === 'off' ? [[codeOf(rule), 'warning']] : []),
      options: new Map(),
      postgresVersion: Math.max(OLDEST_POSTGRES, since),
      runner: 'companion',
      smallTables: [],
    },
  });
  return findings.map(({ finding }) => finding);
}
