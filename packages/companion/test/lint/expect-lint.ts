import { expect } from 'vitest';
import { applyEdits } from '../../src/lint/advice/edits.ts';
import { type LintFinding, lintMigrations } from '../../src/lint/lint-migrations.ts';
import { codeOf, type LintSettings } from '../../src/lint/lint-settings.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { loadSqlParser } from '../../src/sql/parser.ts';

/** SQL under test: one migration, or several by name, in order. */
export type LintCase = {
  /** Migrations that are merged long since: read for what they make, not judged. */
  readonly before?: string | readonly string[];
  /** The snapshot before the judged ones, parsed. */
  readonly snapshot?: unknown;
  /** Migrations that are deployed together, and judged. */
  readonly sql: string | readonly string[];
  readonly options?: object;
  readonly settings?: Partial<LintSettings>;
  readonly pathExists?: (path: string) => boolean;
};

type Input = string | readonly string[] | LintCase;

/** The SQL must parse, and the rule must have nothing to say. */
export async function expectClean(rule: Rule, input: Input): Promise<void> {
  const findings = await lint(rule, input);
  expect(findings.map(({ finding }) => finding.message)).toEqual([]);
}

/** The SQL must parse, and the rule must have one thing to say; `text` is what its finding points at. */
export async function expectFinding(rule: Rule, input: Input): Promise<Found> {
  const found = await expectFindings(rule, input);
  expect(found.map(({ message }) => message)).toHaveLength(1);
  return found[0] as Found;
}

/** A finding with the SQL that it points at, in the migration `place` (from 0, of the judged ones). */
export type Found = LintFinding['finding'] &
  Pick<LintFinding, 'edits'> & { readonly text: string; readonly place: number };

/** The SQL must parse, and the rule must have something to say. */
export async function expectFindings(rule: Rule, input: Input): Promise<readonly Found[]> {
  const findings = await lint(rule, input);
  expect(findings).not.toEqual([]);
  const sources = listOf(readCase(input).sql);
  return findings.map(({ finding, edits }) => {
    const place = Number(finding.migration?.slice(0, 4)) - FIRST;
    // Columns count code points.
    const lines = (sources[place] ?? '').split('\n').map((line) => [...line]);
    const { line = 1, column = 1, endLine = 1, endColumn = 1 } = finding;
    const within = lines.slice(line - 1, endLine);
    const last = within.length - 1;
    const text = within
      .map((one, at) =>
        one.slice(at === 0 ? column - 1 : 0, at === last ? endColumn - 1 : undefined).join(''),
      )
      .join('\n');
    return { ...finding, edits, text, place };
  });
}

/** The rule finds one thing and mends it: its edits must make `fixed` of the SQL, which the rule then finds clean. */
export async function expectFixed(rule: Rule, input: Input, fixed: string): Promise<void> {
  const found = await expectFindings(rule, input);
  const { sql, ...rest } = readCase(input);
  const [only, ...others] = listOf(sql);
  expect(others, 'one migration is mended at a time').toEqual([]);
  const mended = applyEdits(
    only ?? '',
    found.flatMap(({ edits }) => edits),
  );
  expect(mended).toBe(fixed);
  await expectClean(rule, { ...rest, sql: mended });
}

const FIRST = 100;

export async function lint(rule: Rule, input: Input): Promise<readonly LintFinding[]> {
  const { before = [], sql, snapshot = null, options = {}, settings, pathExists } = readCase(input);
  const parser = await loadSqlParser();
  const sources = [
    ...listOf(before).map((text, place) => buildSource(text, place, { linted: false, batch: -1 })),
    ...listOf(sql).map((text, place) => buildSource(text, FIRST + place, { linted: true, batch: 1 })),
  ];
  for (const source of sources)
    expect(() => parser.parse(source.sql), `SQL of the test: ${source.sql}`).not.toThrow();
  const { findings } = lintMigrations({
    migrations: sources,
    snapshot,
    rules: [rule],
    parser,
    ...(pathExists === undefined ? {} : { pathExists }),
    settings: {
      levels: new Map([[codeOf(rule), rule.level === 'off' ? 'warning' : rule.level]]),
      options: new Map([[codeOf(rule), options]]),
      postgresVersion: 14,
      runner: 'companion',
      smallTables: [],
      ...settings,
    },
  });
  return findings;
}

function buildSource(sql: string, number: number, rest: { linted: boolean; batch: number }) {
  const name = `${String(number).padStart(4, '0')}_test`;
  return { name, file: `/test/${name}.sql`, sql, ...rest };
}

function readCase(input: Input): LintCase {
  return typeof input === 'string' || !('sql' in input) ? { sql: input } : input;
}

function listOf(texts: string | readonly string[]): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts;
}
