import { describe, expect, it } from 'vitest';
import {
  DRAFT_PATH,
  type Draft,
  draftHistory,
  type Entry,
  FIRST_WHEN,
  idOf,
  JOURNAL,
  type Kind,
  NOW,
  print,
  snapshotPath,
  sqlPath,
  treeOf,
} from '../../test/draft-history.ts';
import { readHistory } from '../folder/read-history.ts';
import type { Finding } from '../kernel/finding.ts';
import { diagnoseHistory } from './diagnose-history.ts';

describe('Histories as they are found', () => {
  it('300 migrations and 150 snapshots: each gap is named, and the newest state is there', () => {
    const draft = draftHistory('journal', kinds(300));
    const kept = without(
      draft,
      every(300, (index) => index % 2 === 0).map((at) => snapshotPath(draft, at)),
    );
    const findings = judge(kept);
    expect(findings).toHaveLength(150);
    expect(summary(findings)).toEqual({ 'snapshots/missing warning': 150 });
  });

  it('38 of 39 files are not in the journal', () => {
    const draft = draftHistory('journal', kinds(39));
    const lone = editEntries(draft, (entries) => entries.slice(0, 1));
    const bare = without(
      lone,
      every(39, (index) => index > 0).map((at) => snapshotPath(draft, at)),
    );
    const findings = judge(bare);
    expect(summary(findings)).toEqual({ 'history/orphan-file error': 38 });
    expect(findings[0]).toMatchObject({
      migration: '0001_table_1',
      file: `${DRAFT_PATH}/0001_table_1.sql`,
      message: expect.stringContaining('neither drizzle nor drizzle-companion will run it'),
      hint: expect.stringContaining('"idx": 1'),
    });
  });

  it('the first file of a journal is gone', () => {
    const draft = draftHistory('journal', kinds(4));
    expect(judge(without(draft, [sqlPath(draft, 0)]))).toMatchObject([
      { code: 'history/missing-file', level: 'error', migration: '0000_table_0', line: 9 },
    ]);
  });

  it('a file that was renamed, and not in the journal', () => {
    const draft = draftHistory('journal', kinds(3));
    const renamed = { ...without(draft, [sqlPath(draft, 1)]) };
    const findings = judge({ ...renamed, files: { ...renamed.files, '0001_better.sql': 'SELECT 1;' } });
    expect(findings.map(({ code }) => code)).toEqual(['history/missing-file', 'history/orphan-file']);
    expect(findings[1]?.hint).toContain('The journal lists 0001_table_1');
  });

  it('a journal with merge-conflict markers: nothing is said of what depends on it', () => {
    const draft = draftHistory('journal', kinds(5));
    const text = (draft.files[JOURNAL] ?? '').replace(
      '    {\n      "idx": 4',
      '<<<<<<< HEAD\n    {\n      "idx": 4',
    );
    expect(judge({ ...draft, files: { ...draft.files, [JOURNAL]: text } })).toMatchObject([
      {
        code: 'history/unreadable',
        file: `${DRAFT_PATH}/${JOURNAL}`,
        line: 33,
        message: 'The journal cannot be read: it has merge-conflict markers.',
      },
    ]);
  });

  it('22 snapshots are missing in the middle: 22 warnings, and the chain behind them is not said to be broken', () => {
    const draft = draftHistory('journal', kinds(60));
    const gap = every(60, (index) => index >= 20 && index < 42);
    const findings = judge(
      without(
        draft,
        gap.map((at) => snapshotPath(draft, at)),
      ),
    );
    expect(summary(findings)).toEqual({ 'snapshots/missing warning': 22 });
    expect(findings.map(({ migration }) => migration)).toEqual(gap.map((at) => draft.names[at]));
  });

  it('two branches with one number, of which the journal lists one', () => {
    const draft = draftHistory('journal', kinds(3));
    const findings = judge({ ...draft, files: { ...draft.files, '0002_theirs.sql': 'SELECT 1;' } });
    expect(findings).toMatchObject([
      { code: 'history/duplicate-prefix', migration: '0002_theirs' },
      { code: 'history/orphan-file', migration: '0002_theirs' },
    ]);
  });
});

describe('What it says and how grave it is', () => {
  it('names the migration that hides another from stock', () => {
    const draft = editEntries(draftHistory('journal', kinds(3)), (entries) =>
      entries.map((entry, index) => (index === 2 ? { ...entry, when: FIRST_WHEN + 1 } : entry)),
    );
    expect(judge(draft)).toMatchObject([
      {
        code: 'history/when-not-increasing',
        level: 'error',
        line: 23,
        message: expect.stringContaining('stock drizzle will skip it on any database that has 0001_table_1'),
      },
    ]);
  });

  it('tells a wrong idx as an error where the next generate writes over a snapshot', () => {
    const renumber = (at: number, idx: number) =>
      judge(
        editEntries(draftHistory('journal', kinds(4)), (entries) =>
          entries.map((entry, index) => (index === at ? { ...entry, idx } : entry)),
        ),
      );
    expect(renumber(3, 1)).toMatchObject([
      {
        code: 'history/duplicate-idx',
        level: 'error',
        message: expect.stringContaining('number 0002 and write its snapshot over that of 0002_table_2'),
      },
    ]);
    expect(renumber(3, -1)).toMatchObject([{ code: 'history/idx-not-increasing', level: 'error' }]);
    expect(renumber(1, 0)).toMatchObject([{ code: 'history/duplicate-idx', level: 'warning' }]);
  });

  it('says which line endings, and where they begin', () => {
    const draft = draftHistory('journal', kinds(2));
    const write = (sql: string) => judge({ ...draft, files: { ...draft.files, [sqlPath(draft, 1)]: sql } });
    expect(write('SELECT 1;\nSELECT 2;\r\n')).toMatchObject([
      { code: 'history/crlf', line: 2, message: expect.stringContaining('mixed') },
    ]);
    expect(write('SELECT 1;\r\nSELECT 2;\r\n')).toMatchObject([
      { line: 1, message: expect.stringContaining('has CRLF') },
    ]);
  });

  it('says from which state the next generate starts when the newest snapshots are missing', () => {
    const draft = draftHistory('journal', kinds(4));
    const gone = (indexes: readonly number[]) =>
      judge(
        without(
          draft,
          indexes.map((at) => snapshotPath(draft, at)),
        ),
      );
    expect(gone([2, 3])).toMatchObject([
      {
        level: 'error',
        migration: '0002_table_2',
        message: expect.stringContaining('the state of 0001_table_1'),
      },
      { level: 'error', migration: '0003_table_3' },
    ]);
    expect(gone([0, 1, 2, 3])[0]?.message).toContain('starts from an empty database');
  });

  it('takes a snapshot that is missing in the middle for an error only where 1.x stops at it', () => {
    const draft = draftHistory('folders', kinds(4));
    const gone = without(draft, [snapshotPath(draft, 2)]);
    expect(judge(gone)).toMatchObject([{ code: 'snapshots/missing', level: 'error' }]);
    const byHand = editSnapshot(gone, 3, { prevIds: [idOf(1)] });
    expect(judge(byHand)).toMatchObject([{ code: 'snapshots/missing', level: 'warning' }]);
  });

  it('takes a broken chain for an error where the next generate depends on it', () => {
    const draft = draftHistory('journal', kinds(4));
    const broken = (at: number) => judge(editSnapshot(draft, at, { prevId: 'x' }));
    expect(broken(3)).toMatchObject([{ code: 'snapshots/broken-chain', level: 'error', line: 3 }]);
    expect(broken(2)).toMatchObject([{ code: 'snapshots/broken-chain', level: 'warning', line: 3 }]);
  });

  it('takes a snapshot of nobody for an error where generate starts from it', () => {
    const draft = draftHistory('journal', kinds(4));
    const dropped = editEntries(draft, (entries) => entries.slice(0, 3));
    expect(judge(without(dropped, [sqlPath(draft, 3)]))).toMatchObject([
      { code: 'snapshots/orphan', level: 'error', file: `${DRAFT_PATH}/meta/0003_snapshot.json`, line: 2 },
    ]);
    const middle = editEntries(draft, (entries) => entries.filter((_, index) => index !== 2));
    expect(judge(without(middle, [sqlPath(draft, 2)]))).toMatchObject([
      { code: 'snapshots/orphan', level: 'warning' },
    ]);
  });
});

function judge(draft: Draft): readonly Finding[] {
  return diagnoseHistory(readHistory(DRAFT_PATH, treeOf(draft)), NOW);
}

function kinds(count: number): readonly Kind[] {
  return Array.from({ length: count }, () => 'table');
}

function every(count: number, wanted: (index: number) => boolean): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).filter(wanted);
}

function summary(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { code, level } of findings) counts[`${code} ${level}`] = (counts[`${code} ${level}`] ?? 0) + 1;
  return counts;
}

function without(draft: Draft, paths: readonly string[]): Draft {
  const gone = new Set(paths);
  return {
    ...draft,
    files: Object.fromEntries(Object.entries(draft.files).filter(([path]) => !gone.has(path))),
  };
}

function editEntries(draft: Draft, change: (entries: readonly Entry[]) => readonly Entry[]): Draft {
  const { entries, ...rest } = JSON.parse(draft.files[JOURNAL] ?? '');
  return { ...draft, files: { ...draft.files, [JOURNAL]: print({ ...rest, entries: change(entries) }) } };
}

function editSnapshot(draft: Draft, at: number, facts: object): Draft {
  const path = snapshotPath(draft, at);
  const snapshot = JSON.parse(draft.files[path] ?? '');
  return { ...draft, files: { ...draft.files, [path]: print({ ...snapshot, ...facts }) } };
}
