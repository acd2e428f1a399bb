import type { HistoryCheck } from '../history-check.ts';
import { placeEntry } from './entry-place.ts';

export const duplicateName: HistoryCheck = {
  code: 'history/duplicate-name',
  diagnose({ journal }) {
    if (!journal) return [];
    const seen = new Set<string>();
    return journal.entries.flatMap((entry) => {
      if (!seen.has(entry.tag)) {
        seen.add(entry.tag);
        return [];
      }
      return {
        level: 'error',
        message: `The journal lists ${entry.tag} twice: stock drizzle will run its file twice on an empty database.`,
        ...placeEntry(journal, entry),
        hint: 'Take out the entry that does not belong; where the migration is applied, keep the one whose `when` the row has.',
        fix: 'drizzle-companion repair',
      };
    });
  },
};
