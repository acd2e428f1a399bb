import type { JournalEntry } from '../../folder/history.ts';
import type { HistoryCheck } from '../history-check.ts';
import { placeEntry } from './entry-place.ts';
import { judgeIdx } from './judge-idx.ts';

/** An idx that repeats an earlier one is `history/duplicate-idx`. */
export const idxNotIncreasing: HistoryCheck = {
  code: 'history/idx-not-increasing',
  diagnose({ journal }) {
    if (!journal) return [];
    const seen = new Set<number>();
    let highest: JournalEntry | undefined;
    return journal.entries.flatMap((entry, position) => {
      const before = highest;
      if (!before || entry.idx > before.idx) highest = entry;
      const repeated = seen.has(entry.idx);
      seen.add(entry.idx);
      if (repeated || !before || entry.idx > before.idx) return [];
      const { level, consequence } = judgeIdx(journal.entries, position);
      return {
        level,
        message: `${entry.tag} has idx ${entry.idx} behind ${before.tag} with ${before.idx}: ${consequence}.`,
        ...placeEntry(journal, entry),
        hint: `drizzle runs the entries as they are listed. If that order is right, this one is "idx": ${position}; if not, move the entry.`,
        fix: 'drizzle-companion repair',
      };
    });
  },
};
