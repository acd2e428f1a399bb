import type { HistoryCheck } from '../history-check.ts';

/** Found while reading. */
export const unreadableSnapshot: HistoryCheck = {
  code: 'snapshots/unreadable',
  diagnose: ({ faults }) => faults.filter((fault) => fault.code === 'snapshots/unreadable'),
};
