import type { HistoryCheck } from '../history-check.ts';
import { placeEntry } from './entry-place.ts';
import { judgeIdx } from './judge-idx.ts';

export const duplicateIdx: HistoryCheck = {
  code: 'history/duplicate-idx',
  diagnose({ journal }) {
    if (!journal) return [];
    const first = new Map<number, string>();
    return journal.entries.flatMap((entry, position) => {
      const other = first.get(entry.idx);
      if (other === undefined) {
        first.set(entry.idx, entry.tag);
        return [];
      }
      // The same entry twice is told by its name.
      if (other === entry.tag) return [];
      const { level, consequence } = judgeIdx(journal.entries, position);
      return {
        level,
        message: `${entry.tag} has the idx of ${other} (${entry.idx}): ${consequence}.`,
        ...placeEntry(journal, entry),
        hint: `Number the entries anew, in their order: this one is "idx": ${position}. Nothing on a database depends on it.`,
        fix: 'drizzle-companion repair',
      };
    });
  },
};
