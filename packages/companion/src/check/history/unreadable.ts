import type { HistoryCheck } from '../history-check.ts';

/** Found while reading: a journal with merge-conflict markers, say. What depends on it is not judged. */
export const unreadableHistory: HistoryCheck = {
  code: 'history/unreadable',
  diagnose: ({ faults }) => faults.filter((fault) => fault.code === 'history/unreadable'),
};
