import type { History, JournalEntry } from '../../folder/history.ts';

/** Where the journal lists a migration. */
export function placeEntry(
  journal: NonNullable<History['journal']>,
  { tag, line }: JournalEntry,
): { readonly migration: string; readonly file: string; readonly line: number } {
  return { migration: tag, file: journal.file, line };
}
