import type { JournalEntry } from '../../folder/history.ts';
import type { HistoryCheck } from '../history-check.ts';
import { placeEntry } from './entry-place.ts';

/** Stock drizzle 0.x compares with the newest row alone. 1.x orders by name and asks for each, so nothing is skipped. */
export const whenNotIncreasing: HistoryCheck = {
  code: 'history/when-not-increasing',
  diagnose({ journal }) {
    if (!journal) return [];
    let newest: JournalEntry | undefined;
    return journal.entries.flatMap((entry) => {
      const before = newest;
      if (!before || entry.when > before.when) newest = entry;
      if (!before || entry.when >= before.when) return [];
      return {
        level: 'error',
        message: `${entry.tag} is older (\`when\` ${entry.when}) than ${before.tag} before it (${before.when}): stock drizzle will skip it on any database that has ${before.tag}, and print success.`,
        ...placeEntry(journal, entry),
        hint: `While it is applied nowhere: set its "when" above ${before.when}. One that is applied keeps its stamp, which its row has, too.`,
        fix: 'drizzle-companion repair',
      };
    });
  },
};
