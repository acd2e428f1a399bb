import type { History } from '../folder/history.ts';
import type { Finding } from '../kernel/finding.ts';

/** A finding of one check, before its code and page are put to it. */
export type HistoryFault = Omit<Finding, 'code' | 'docs'>;

/** One thing that can be wrong with a history. Pure, and linear in the number of migrations. */
export type HistoryCheck = {
  readonly code: `history/${string}` | `snapshots/${string}`;
  /** @param now Unix milliseconds. */
  diagnose(history: History, now: number): readonly HistoryFault[];
};
