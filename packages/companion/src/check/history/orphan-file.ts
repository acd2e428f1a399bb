import { join } from 'node:path';
import type { History } from '../../folder/history.ts';
import type { HistoryCheck } from '../history-check.ts';
import { numberOf } from './number-of.ts';

/** A file that everybody takes for a migration, and that nobody runs. */
export const orphanFile: HistoryCheck = {
  code: 'history/orphan-file',
  diagnose(history) {
    const { path, layout, journal, files, missing } = history;
    if (layout === 'journal' && journal === null) return [];
    const listed = new Set(journal?.entries.map(({ tag }) => `${tag}.sql`));
    const renamed = new Map(missing.map(({ name }) => [numberOf(name), name]));
    return files
      .filter((file) => !listed.has(file))
      .map((file) => {
        const name = file.slice(0, -'.sql'.length);
        return {
          level: 'error',
          message: `${file} ${layout === 'journal' ? 'is not in the journal' : 'lies outside the migration folders'}: neither drizzle nor drizzle-companion will run it, on any database.`,
          migration: name,
          file: join(path, file),
          line: 1,
          hint: describeWayIn(history, name, renamed.get(numberOf(name))),
        };
      });
  },
};

function describeWayIn({ layout, journal }: History, name: string, renamed: string | undefined): string {
  if (renamed !== undefined)
    return `The journal lists ${renamed}, and that file is not there: was it renamed? Name both alike.`;
  if (layout === 'folders')
    return 'Move its SQL into a folder that `drizzle-kit generate --custom` makes, or delete it.';
  const idx = Math.max(-1, ...(journal?.entries ?? []).map((entry) => entry.idx)) + 1;
  return `Append { "idx": ${idx}, "version": "7", "when": <now, in milliseconds>, "tag": "${name}", "breakpoints": true } to the journal's entries, or delete the file.`;
}
