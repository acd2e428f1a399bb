import { join } from 'node:path';
import type { History } from '../../folder/history.ts';
import type { HistoryCheck, HistoryFault } from '../history-check.ts';
import { placeEntry } from './entry-place.ts';
import { numberOf } from './number-of.ts';
import { placeMigration } from './place-migration.ts';

/** Two branches took the same number. */
export const duplicatePrefix: HistoryCheck = {
  code: 'history/duplicate-prefix',
  diagnose: (history) => (history.layout === 'journal' ? diagnoseJournal(history) : diagnoseFolders(history)),
};

function diagnoseJournal({ path, journal, files }: History): readonly HistoryFault[] {
  const entries = journal?.entries ?? [];
  const listed = new Set(entries.map(({ tag }) => tag));
  const tags = findRepeated([...listed]);
  const faults: HistoryFault[] = [];
  for (const entry of journal ? entries : []) {
    const other = tags.get(entry.tag);
    if (other === undefined || !journal) continue;
    tags.delete(entry.tag);
    faults.push({
      level: 'warning',
      message: `${entry.tag} has the number of ${other}: drizzle-kit keeps one snapshot for both, ${numberOf(entry.tag)}_snapshot.json, and the later of them was written over the other.`,
      ...placeEntry(journal, entry),
      hint: `Give ${entry.tag} the next free number: the file, the tag and the snapshot. No row depends on the name. Where its snapshot is lost, delete the migration while it is applied nowhere, and let \`drizzle-kit generate\` write it anew.`,
    });
  }
  const names = files.map((file) => file.slice(0, -'.sql'.length));
  // Those of the journal first: it is the other file that does not belong.
  const ordered = [...names.filter((name) => listed.has(name)), ...names.filter((name) => !listed.has(name))];
  for (const [name, other] of findRepeated(ordered)) {
    if (listed.has(name)) continue;
    faults.push({
      level: 'warning',
      message: `${name}.sql has the number of ${other}.sql: two branches took the same one, and only what the journal lists is run.`,
      migration: name,
      file: join(path, `${name}.sql`),
      line: 1,
      hint: 'Give one of them the next free number, and list it in the journal, or delete it.',
    });
  }
  return faults;
}

function diagnoseFolders({ migrations }: History): readonly HistoryFault[] {
  const repeated = findRepeated(migrations.map(({ name }) => name));
  return migrations.flatMap((migration) => {
    const other = repeated.get(migration.name);
    if (other === undefined) return [];
    return {
      level: 'warning',
      message: `${migration.name} has the timestamp of ${other}: the rest of the names alone says which runs first, and a ledger of drizzle 0.x cannot tell them apart.`,
      ...placeMigration(migration),
      hint: 'While it is applied nowhere: rename the folder, with a timestamp of its own. Applied, it keeps its name, which its row has, too.',
    };
  });
}

/** Names whose number an earlier one has, each with that one; a 1.x number is its timestamp. */
function findRepeated(names: readonly string[]): Map<string, string> {
  const first = new Map<string, string>();
  const repeated = new Map<string, string>();
  for (const name of names) {
    const number = numberOf(name);
    if (number === null) continue;
    const other = first.get(number);
    if (other === undefined) first.set(number, name);
    else repeated.set(name, other);
  }
  return repeated;
}
