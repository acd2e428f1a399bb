import type { History } from '../../folder/history.ts';
import type { HistoryCheck } from '../history-check.ts';
import { placeMigration } from './place-migration.ts';

/** A clock that was wrong, or a stamp typed by hand: it hides every migration that comes after it. */
export const futureWhen: HistoryCheck = {
  code: 'history/future-when',
  diagnose(history, now) {
    return listStamps(history)
      .filter(({ when }) => when > now)
      .map(({ name, when, place }) => ({
        ...(history.layout === 'journal' ? inJournal(name, when) : inFolders(name, when)),
        ...place,
      }));
  },
};

function inJournal(name: string, when: number) {
  return {
    level: 'error',
    message: `${name} is dated ${render(when)}, in the future: on any database that has it, stock drizzle will skip whatever is generated until then.`,
    hint: 'While it is applied nowhere: set its "when" in the journal to the moment it was made, in milliseconds, newer than the entry before it.',
    fix: 'drizzle-companion repair',
  } as const;
}

function inFolders(name: string, when: number) {
  return {
    level: 'warning',
    message: `${name} is dated ${render(when)}, in the future: drizzle-kit generate will date whatever comes after it later still.`,
    hint: 'While it is applied nowhere: rename the folder to the moment it was made, <YYYYMMDDHHmmss> in UTC, newer than the folder before it.',
  } as const;
}

function listStamps(history: History) {
  const { journal, migrations } = history;
  return journal
    ? journal.entries.map(({ tag, when, line }) => ({
        name: tag,
        when,
        place: { migration: tag, file: journal.file, line },
      }))
    : migrations.map((migration) => ({
        name: migration.name,
        when: migration.when,
        place: placeMigration(migration),
      }));
}

function render(when: number): string {
  // Beyond the year 275760 there is no date to show: a stamp in microseconds, say.
  return Math.abs(when) > 8.64e15 ? String(when) : new Date(when).toISOString();
}
