import type { JournalEntry } from '../../folder/history.ts';
import type { HistoryCheck } from '../history-check.ts';
import { placeEntry } from './entry-place.ts';

/** In the 1.x layout the same fact is a timestamp that two folders share: `history/duplicate-prefix`. */
export const duplicateWhen: HistoryCheck = {
  code: 'history/duplicate-when',
  diagnose({ journal }) {
    if (!journal) return [];
    const firstAt = new Map<number, JournalEntry>();
    return journal.entries.flatMap((entry) => {
      const first = firstAt.get(entry.when);
      if (!first) firstAt.set(entry.when, entry);
      if (!first || first.tag === entry.tag) return [];
      return {
        level: 'error',
        message: `${entry.tag} has the same \`when\` (${entry.when}) as ${first.tag}: stock drizzle will skip it on any database that has ${first.tag}.`,
        ...placeEntry(journal, entry),
        hint: `While ${entry.tag} is applied nowhere: set its "when" above ${entry.when}, and below that of the entry after it.`,
        fix: 'drizzle-companion repair',
      };
    });
  },
};
