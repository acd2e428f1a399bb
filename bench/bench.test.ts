import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeAims } from './aims.ts';
import { CHECK, CHECK_ARGS, CHECK_STAGED, GENERATE } from './check-scenarios.ts';
import { BARE_NODE, binOf, COMPANION, CONNECTION, KIT, PSQL } from './contenders.ts';
import { LINT, SQUAWK } from './lint-scenarios.ts';
import { renderResults } from './render-results.ts';
import { runBench } from './run-bench.ts';
import { CACHED, CATALOG, CHECK_DATABASE, REPLAY_PGLITE, REPLAY_SERVER } from './shadow-scenarios.ts';
import { median, type Summary, summarise } from './summary.ts';
import { writeCheckProject } from './write-check-project.ts';

test('every contender applies the history, and has a line in each table', async () => {
  const told: string[] = [];
  const results = await runBench({
    rounds: 1,
    migrations: { nothingToDo: 5, fromEmpty: 9, check: 6, lint: 3, replay: 6 },
    tables: 2,
    tell: (line) => told.push(line),
  });
  const names = results.summaries.fromEmpty.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([COMPANION, KIT, 'dbmate migrate', 'node-pg-migrate up']));
  expect(names.includes(PSQL)).toBe(results.machine.psql !== null);
  expect(results.summaries.nothingToDo.map(({ name }) => name)).toContain(CONNECTION);
  expect(results.summaries.check.map(({ name }) => name)).toEqual([CHECK, GENERATE]);
  expect(results.summaries.staged.map(({ name }) => name)).toEqual([BARE_NODE, CHECK_STAGED]);
  expect(results.summaries.lint.map(({ name }) => name)).toEqual([LINT, SQUAWK]);
  expect(results.summaries.replay.map(({ name }) => name)).toEqual([REPLAY_PGLITE, REPLAY_SERVER]);
  expect(results.summaries.checkDatabase.map(({ name }) => name)).toEqual([CONNECTION, CHECK_DATABASE]);
  expect(told.join('\n')).toMatch(/round 1 {2}readCatalog/);
  expect(results.verdicts).toHaveLength(13);

  const text = renderResults(results);
  for (const name of names) expect(text).toContain(`| ${name} |`);
  expect(text).not.toMatch(/NaN|undefined|null/);
}, 240_000);

test('an aim is held against medians, and a contender that is not here is no verdict', () => {
  const line = (name: string, wallMs: number, peakMemoryBytes: number | null): Summary => ({
    ...summarise({ name, runs: [{ wallMs, peakMemoryBytes }] }),
  });
  const verdicts = judgeAims({
    nothingToDo: [line(COMPANION, 200, 60), line(KIT, 300, 80), line(CONNECTION, 150, 40)],
    fromEmpty: [line(COMPANION, 700, 90), line(KIT, 1000, 80)],
    check: [line(CHECK, 900, 90), line(GENERATE, 1000, 80)],
    staged: [line(CHECK_STAGED, 160, 90)],
    lint: [line(LINT, 520, 90), line(SQUAWK, 200, 40)],
    lintOne: [line(LINT, 130, 90), line(SQUAWK, 60, 40)],
    catalog: [line(CATALOG, 301, 90)],
    replay: [line(REPLAY_PGLITE, 590, 90), line(REPLAY_SERVER, 200, 90)],
    cached: [line(CACHED, 150, 90)],
  });
  expect(verdicts.map(({ result, met }) => [result, met])).toEqual([
    ['0.67 ×', false],
    ['50 ms', true],
    ['0.70 ×', true],
    ['not measured here', null],
    ['0.75 ×', true],
    ['1.13 ×', false],
    ['0.90 ×', true],
    ['not measured here', null],
    ['2.60 ×', false],
    ['1.3 × and 52 ms', true],
    ['301 ms', false],
    ['2.95 ×', true],
    ['150 ms', true],
  ]);
});

test('the median of an even number of runs lies between the middle two', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 100])).toBe(3.5);
});

test('the project that check is measured on has nothing to find and nothing to generate', () => {
  for (const count of [1, 6, 8]) {
    const directory = mkdtempSync(join(tmpdir(), 'companion-bench-test-'));
    try {
      writeCheckProject(count, directory);
      const run = (bin: string, ...args: string[]) =>
        execFileSync(process.execPath, [binOf(bin), ...args], {
          cwd: directory,
          encoding: 'utf8',
          stdio: 'pipe',
        });
      expect(run('drizzle-kit', 'generate')).toContain('No schema changes, nothing to migrate');
      expect(run('drizzle-companion', ...CHECK_ARGS)).toContain('Nothing found (history, snapshots, drift;');
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}, 60_000);
