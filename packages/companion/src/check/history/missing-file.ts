import type { HistoryCheck } from '../history-check.ts';
import { placeEntry } from './entry-place.ts';

/** A migration of the 1.x layout is its file: there the question does not arise. */
export const missingFile: HistoryCheck = {
  code: 'history/missing-file',
  diagnose({ journal, files }) {
    if (!journal) return [];
    const there = new Set(files);
    return journal.entries
      .filter(({ tag }) => !there.has(`${tag}.sql`))
      .map((entry) => ({
        level: 'error',
        message: `The journal lists ${entry.tag}, and ${entry.tag}.sql is not there: stock drizzle stops at it on every database, and applies nothing.`,
        ...placeEntry(journal, entry),
        hint: `Restore the file from git; \`git log --all -- ":/*${entry.tag}.sql"\` finds the commit that took it. If it was never applied anywhere, take its entry out of the journal.`,
      }));
  },
};
