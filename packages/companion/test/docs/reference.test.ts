import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECK_CODES } from '../../src/kernel/check-codes.ts';
import { DEFAULT_LEDGER } from '../../src/kernel/ledger-row.ts';
import { buildCreateFactsSql } from '../../src/ledger/facts-sql.ts';
import { lockKey } from '../../src/migrate/migration-lock.ts';
import { ROOT, readPage, readPages, UPDATE, writePage } from './pages.ts';
import { renderCliReference, renderExitCodes } from './reference.ts';

const SOURCE = join(ROOT, 'packages/companion/src');

describe('Generated pages are what the code says', () => {
  const GENERATED = { 'docs/cli.md': renderCliReference, 'docs/exit-codes.md': renderExitCodes };
  for (const [path, render] of Object.entries(GENERATED)) {
    it(path, () => {
      if (UPDATE) writePage(path, render());
      expect(readPage(path).text, 'UPDATE_DOCS=1 writes it anew').toBe(render());
    });
  }
});

/** What a run meets, and `check` does not look for. */
const OF_A_RUN = ['database/exclusive-lock', 'database/old-transaction', 'database/hidden-sessions'];

describe('Findings', () => {
  const inSource = new Set(readSources().flatMap(({ text }) => findCodes(text)));
  const onPage = readPage('docs/findings.md').headings.filter((heading) => heading.includes('/'));

  it('Each code of the source has its heading', () => {
    expect([...inSource].sort().filter((code) => !onPage.includes(code))).toEqual([]);
  });

  it("Each heading's code stands in the source", () => {
    expect(onPage.filter((code) => !inSource.has(code))).toEqual([]);
  });

  it('A companion config may name each finding of check, and no other', () => {
    const groups = new Set(Object.keys(CHECK_CODES).map((code) => code.split('/')[0]));
    const ofCheck = onPage.filter((code) => groups.has(code.split('/')[0]) && !OF_A_RUN.includes(code));
    expect(Object.keys(CHECK_CODES).sort()).toEqual(ofCheck.toSorted());
  });

  it('Each page and anchor that a finding names is there', () => {
    const named = readSources().flatMap(({ text }) => [
      ...text.matchAll(/'(docs\/[a-z-]+\.md)(?:#([a-z-]+))?'/g),
    ]);
    expect(named.length).toBeGreaterThan(0);
    for (const [, path = '', anchor] of named) {
      if (anchor !== undefined) expect(readPage(path).anchors, path).toContain(anchor);
      else expect(readPages().map((page) => page.path)).toContain(path);
    }
  });
});

describe('docs/formats.md', () => {
  const { text } = readPage('docs/formats.md');

  it("has every column of our own table, in the table's order", () => {
    const [, section = ''] = text.split('## `__drizzle_companion`');
    const shown = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    const columns = [...buildCreateFactsSql(DEFAULT_LEDGER).matchAll(/^ {2}([a-z_]+) /gm)].map(
      ([, name]) => name,
    );
    expect(shown).toEqual(columns);
  });

  it('has the key of the migration lock', () => {
    const key = lockKey(DEFAULT_LEDGER);
    expect(text).toContain(`\`${key}\``);
    expect(text).toContain(
      `classid = ${BigInt.asUintN(32, key >> 32n)} AND objid = ${BigInt.asUintN(32, key)}`,
    );
  });
});

it("A newcomer's walk is six files and under 700 lines", () => {
  const walk = [
    'main.ts',
    'cli/commands.ts',
    'cli/commands/migrate.ts',
    'migrate/plan-migrate.ts',
    'migrate/apply-plan.ts',
    'ledger/pg-ledger.ts',
  ];
  const contributing = readPage('CONTRIBUTING.md').text;
  for (const file of walk) expect(contributing).toContain(`packages/companion/src/${file}`);
  const lines = walk.map((file) => readFileSync(join(SOURCE, file), 'utf8').split('\n').length - 1);
  expect(lines.reduce((sum, count) => sum + count)).toBeLessThan(700);
});

it('Every decision is listed', () => {
  const listed = readPage('docs/adr/README.md').links.map(({ target }) => target);
  const files = readdirSync(join(ROOT, 'docs/adr')).filter((file) => /^\d{4}-/.test(file));
  expect(listed.toSorted()).toEqual(files.toSorted());
});

function readSources(): { readonly text: string }[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|-samples|check-codes/.test(path))
    .map((path) => ({ text: readFileSync(join(SOURCE, path), 'utf8') }));
}

/** Whole codes, and those that a file's own `history('name', …)` or `ledger('name', …)` makes. */
function findCodes(text: string): string[] {
  const whole = [
    ...text.matchAll(
      /'((?:history|snapshots|drift|git|config|ledger|plan|database|usage|settings)\/[a-z-]+)'/g,
    ),
  ];
  const made = [...text.matchAll(/\b(history|ledger)\(\s*'([a-z-]+)',\s*(?:'|exact)/g)];
  return [...whole.map(([, code = '']) => code), ...made.map(([, group, name]) => `${group}/${name}`)];
}
