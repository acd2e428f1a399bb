import { describe, expect, it } from 'vitest';
import type { History, Snapshot } from '../../folder/history.ts';
import { GENESIS } from '../../folder/history.ts';
import { collision } from './collision.ts';

describe('Branches of the 1.x layout', () => {
  it('are nothing to tell of when a later migration merges them', () => {
    const merged = [base, diff('b', ['a'], ['t1']), diff('c', ['a'], ['t1']), diff('d', ['c', 'b'], [])];
    expect(judge(merged)).toEqual([]);
  });

  it('are told when they are open, and touch different things', () => {
    const open = [base, diff('b', ['a'], ['t1']), diff('c', ['a'], ['t2'])];
    expect(judge(open)).toMatchObject([
      { level: 'warning', migration: 'c', message: expect.stringContaining('they touch different things') },
    ]);
  });

  it('are an error when both touch one thing, which is named', () => {
    const open = [base, diff('b', ['a'], ['t1']), diff('b2', ['b'], ['t3']), diff('c', ['a'], ['t1'])];
    expect(judge(open)).toMatchObject([
      { level: 'error', migration: 'c', message: expect.stringContaining('both change t1') },
    ]);
  });

  it('are an error when one reads what the other writes', () => {
    const open = [base, diff('b', ['a'], ['t1']), diff('c', ['a'], ['t2'], { reads: ['t1'] })];
    expect(judge(open)).toMatchObject([{ level: 'error' }]);
  });

  it('are no conflict where both make the very same change', () => {
    const same = { statementType: 'create_table', sqlHash: 'x' };
    const open = [base, diff('b', ['a'], ['t1'], same), diff('c', ['a'], ['t1'], same)];
    expect(judge(open)).toMatchObject([{ level: 'warning' }]);
  });

  it('are an error when their snapshots do not say what they touch', () => {
    const old = (id: string) => ({ ...diff(id, ['a'], []), content: { ddl: [] } });
    expect(judge([base, old('b'), old('c')])).toMatchObject([
      { level: 'error', message: expect.stringContaining('if they touch the same thing') },
    ]);
  });

  it('have one beginning', () => {
    expect(judge([base, { ...base, id: 'z', file: '/z/snapshot.json', migration: 'z' }])).toMatchObject([
      { level: 'error', migration: 'z' },
    ]);
  });

  it('are not told of behind a parent that is missing', () => {
    expect(judge([base, diff('b', ['gone'], ['t1'])])).toEqual([]);
  });
});

const base: Snapshot = { ...diff('a', [GENESIS], []), content: { type: 'base', footprints: [] } };

function diff(
  id: string,
  prevIds: readonly string[],
  writes: readonly string[],
  more: object = {},
): Snapshot {
  return {
    file: `/${id}/snapshot.json`,
    migration: id,
    text: JSON.stringify({ id, prevIds }),
    id,
    prevIds,
    content: { type: 'diff', footprints: [{ writes, ...more }] },
  };
}

function judge(snapshots: readonly Snapshot[]) {
  const history: History = {
    path: '/',
    layout: 'folders',
    journal: null,
    files: [],
    migrations: [],
    missing: [],
    snapshots,
    faults: [],
  };
  return collision.diagnose(history, 0);
}
