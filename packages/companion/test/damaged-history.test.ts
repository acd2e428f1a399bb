import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@companion/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnoseForRun, diagnoseHistory } from '../src/check/diagnose-history.ts';
import { HISTORY_CHECKS } from '../src/check/history-checks.ts';
import { DISK_TREE } from '../src/folder/disk-tree.ts';
import { readHistory } from '../src/folder/read-history.ts';
import type { Finding } from '../src/kernel/finding.ts';
import { DAMAGES } from './damaged-history.ts';
import {
  arbitraryKinds,
  DRAFT_PATH,
  type Draft,
  draftHistory,
  LAYOUTS,
  NOW,
  treeOf,
} from './draft-history.ts';

const RUNS = { numRuns: 40 };

describe.each(LAYOUTS)('A history of the %s layout', (layout) => {
  it('has no findings while nothing is wrong with it', () => {
    fc.assert(
      fc.property(arbitraryKinds, (kinds) => {
        expect(judge(draftHistory(layout, kinds))).toEqual([]);
      }),
      RUNS,
    );
  });

  const damages = DAMAGES.filter(({ layouts }) => layouts.includes(layout));
  it.each(damages)('has $code and nothing else for $what', ({ code, apply }) => {
    fc.assert(
      fc.property(arbitraryKinds, fc.nat(), (kinds, seed) => {
        const draft = apply(draftHistory(layout, kinds), 1 + (seed % (kinds.length - 1)));
        const findings = judge(draft);
        expect([...new Set(findings.map((finding) => finding.code))]).toEqual([code]);
        for (const finding of findings) expectUseful(finding, draft);
      }),
      RUNS,
    );
  });
});

it('Every code has a damage', () => {
  expect([...new Set(DAMAGES.map(({ code }) => code))].sort()).toEqual(
    HISTORY_CHECKS.map(({ code }) => code).sort(),
  );
});

it('Two damages at once are both told', () => {
  const [first, second] = ['history/crlf', 'snapshots/broken-chain'].map((code) =>
    DAMAGES.find((damage) => damage.code === code),
  );
  const draft = draftHistory('journal', ['table', 'data', 'table', 'table']);
  const findings = judge(second?.apply(first?.apply(draft, 1) ?? draft, 2) ?? draft);
  expect(findings.map(({ code }) => code)).toEqual(['history/crlf', 'snapshots/broken-chain']);
});

it('For a run, what does not bear on it is a warning at most', () => {
  for (const { code, layouts, apply } of DAMAGES) {
    for (const layout of layouts) {
      const draft = apply(draftHistory(layout, ['table', 'data', 'table']), 1);
      const levels = diagnoseForRun(readHistory(DRAFT_PATH, treeOf(draft)), NOW).map(({ level }) => level);
      const grave = /missing-file|duplicate-name|duplicate-when/.test(code);
      expect(new Set(levels), code).toEqual(new Set([grave ? 'error' : 'warning']));
    }
  }
});

it('The history of packages/db is clean', () => {
  const path = fileURLToPath(new URL('../../db/migrations', import.meta.url));
  const history = readHistory(path, DISK_TREE);
  expect(history.snapshots?.length).toBeGreaterThan(18);
  expect(diagnoseHistory(history, Date.now())).toEqual([]);
});

it('A folder on disk is read as a tree is', () => {
  const draft = draftHistory('folders', ['table', 'function', 'table']);
  const folder = temporaryFolder(draft.files);
  const [onDisk, inTree] = [readHistory(folder.path, DISK_TREE), readHistory(DRAFT_PATH, treeOf(draft))];
  const moved = JSON.parse(JSON.stringify(inTree).replaceAll(DRAFT_PATH, folder.path));
  expect(onDisk).toEqual(moved);
});

function judge(draft: Draft): readonly Finding[] {
  return diagnoseHistory(readHistory(DRAFT_PATH, treeOf(draft)), NOW);
}

/** The place is there, the page has an anchor, and there is something to do. */
function expectUseful({ file = '', line = 0, docs, code, hint, message }: Finding, draft: Draft): void {
  const text = draft.files[file.slice(DRAFT_PATH.length + 1)];
  expect(text ?? (code === 'snapshots/orphan' ? '' : undefined), file).toBeDefined();
  expect(line).toBeGreaterThan(0);
  expect(line).toBeLessThanOrEqual((text ?? '').split('\n').length);
  expect(docs).toBe(`docs/findings.md#${code.replace('/', '')}`);
  expect(message).toMatch(/\.$/);
  expect(hint?.length).toBeGreaterThan(20);
}
