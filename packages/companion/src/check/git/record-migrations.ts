import type { History } from '../../folder/history.ts';
import type { RecordedMigration } from './base-comparison.ts';

/** What a history says of each migration, in its order. Pure. */
export function recordMigrations(history: History): readonly RecordedMigration[] {
  const { journal, migrations } = history;
  if (!journal) {
    return migrations.map(({ name, when, sql, file }) => ({
      ...{ name, when, idx: null, sql, file },
      place: { file, line: 1 },
    }));
  }
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  return journal.entries.map(({ tag, when, idx, line }) => ({
    ...{ name: tag, when, idx },
    sql: files.get(tag)?.sql ?? null,
    file: files.get(tag)?.file ?? `${history.path}/${tag}.sql`,
    place: { file: journal.file, line },
  }));
}
