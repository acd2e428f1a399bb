import { readdirSync } from 'node:fs';
import { createDatabase, NEWEST_POSTGRES, OLDEST_POSTGRES, postgresVersions } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../src/lint/lint-settings.ts';
import { RULES } from '../../src/lint/rules.ts';
import { ROOT, readPage, UPDATE, writePage } from '../docs/pages.ts';
import { judgeExample } from './judge-example.ts';
import { type Measurement, measureMigrations } from './measure.ts';
import { renderRuleIndex } from './rule-index.ts';
import { type Example, measuredPart, readRulePage, withMeasured } from './rule-page.ts';

const pages = readdirSync(`${ROOT}docs/rules`).filter((file) => file !== 'README.md');
/** A rule without a page fails the first test, and no other. */
const written = RULES.filter(({ id }) => pages.includes(`${id}.md`));

it('Each rule has its page, and each page its rule', () => {
  expect(pages.toSorted()).toEqual(RULES.map(({ id }) => `${id}.md`).toSorted());
});

it('The index lists every rule', () => {
  const { text } = readPage('docs/rules/README.md');
  const anew = renderRuleIndex(text, RULES);
  if (UPDATE) writePage('docs/rules/README.md', anew);
  expect(readPage('docs/rules/README.md').text, 'UPDATE_DOCS=1 writes it anew').toBe(anew);
});

const HEADINGS = ['What happens', 'Bad', 'Good', 'Measured', 'When it is silent', 'Options', 'See also'];

describe.each(written.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const page = readRulePage(id);

  it('has a page of the common form', () => {
    expect(page.headings[0]).toBe(codeOf(rule));
    expect(page.summary).toBe(`${rule.title}.`);
    expect(page.headings.slice(1).filter((heading) => !HEADINGS.includes(heading))).toEqual([]);
    expect(page.headings).toContain('What happens');
    expect(page.headings.includes('Options')).toBe(rule.options !== undefined);
    if (rule.family === 'locking') expect(measuredPart(page.text)).not.toBeNull();
    if (rule.family !== 'linter')
      expect(new Set(page.examples.map(({ kind }) => kind))).toEqual(new Set(['bad', 'good']));
  });

  if (rule.family !== 'linter') {
    it.each(page.examples.map((example) => [`${example.kind}, line ${example.line}`, example] as const))(
      'judges its examples: %s',
      async (_, example) => {
        const findings = await judgeExample(page, example, rule);
        const own = findings.filter(({ code }) => code === codeOf(rule));
        if (example.kind === 'bad') expect(own).not.toEqual([]);
        else
          expect(findings.filter(({ level, code }) => level !== 'info' || code === codeOf(rule))).toEqual([]);
      },
    );
    for (const version of postgresVersions()) {
      it(`runs its examples on PostgreSQL ${version}`, async () => {
        const rows: Measured[] = [];
        for (const example of page.examples.filter(({ since }) => since <= version)) {
          const database = await createDatabase({ version });
          const sqls = example.migrations.map(({ sql }) => sql);
          const { measurements, failed } = await measureMigrations(database, {
            before: page.before,
            migrations: sqls,
          });
          await database.drop();
          expect(failed, `${page.path}:${example.line}`).toBe(example.fails);
          rows.push({ kind: example.kind, measurements });
        }
        if (measuredPart(page.text) === null || version !== NEWEST_POSTGRES) {
          if (version === OLDEST_POSTGRES) older.set(page.path, rows);
          return;
        }
        const anew = withMeasured(page.text, renderMeasured(rows, older.get(page.path) ?? null));
        if (UPDATE) writePage(page.path, anew);
        // Without the oldest in the run there is nothing to tell of a difference.
        else if (older.has(page.path)) expect(page.text, 'UPDATE_DOCS=1 writes it anew').toBe(anew);
      });
    }
  }
});

type Measured = { readonly kind: Example['kind']; readonly measurements: readonly Measurement[] };

/** What the oldest server said, by page; its tests run first. */
const older = new Map<string, readonly Measured[]>();

function renderMeasured(rows: readonly Measured[], old: readonly Measured[] | null): string {
  const table = (all: readonly Measured[]): string => {
    const lines = all.flatMap(({ kind, measurements }) =>
      measurements.map(({ statement, locks, rewritten, scanned }) => {
        const cells = [
          kind,
          `\`${statement.replaceAll('|', '\\|')}\``,
          list(locks),
          list(scanned),
          list(rewritten),
        ];
        return `| ${cells.join(' | ')} |`;
      }),
    );
    return [
      '| | statement | locks what was there | reads all rows of | writes anew |',
      '| --- | --- | --- | --- | --- |',
      ...lines,
    ].join('\n');
  };
  const newest = table(rows);
  const oldest = old === null ? newest : table(old);
  if (oldest === newest) return `\nOn PostgreSQL ${OLDEST_POSTGRES} and ${NEWEST_POSTGRES}:\n\n${newest}\n\n`;
  return `\nOn PostgreSQL ${NEWEST_POSTGRES}:\n\n${newest}\n\nOn PostgreSQL ${OLDEST_POSTGRES}:\n\n${oldest}\n\n`;
}

function list(words: readonly string[]): string {
  return words.length === 0 ? '–' : words.join(', ');
}
