import { join } from 'node:path';
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

/** The base's migrations under the names that `drizzle-kit up` gives them, where this branch ran it. */
export function recordBase(history: History | null, layout: History['layout']): readonly RecordedMigration[] {
  if (history === null) return [];
  const recorded = recordMigrations(history);
  if (history.layout === layout || layout === 'journal') return recorded;
  return recorded.map((migration) => {
    if (migration.when > NEWEST_DATE) return migration;
    const when = Math.floor(migration.when / 1000) * 1000;
    const stamp = new Date(when).toISOString().replaceAll(/\D/g, '').slice(0, 14);
    const name = `${stamp}_${migration.name.split('_').slice(1).join('_')}`;
    const file = join(history.path, name, 'migration.sql');
    return { ...migration, name, when, idx: null, file, place: { file, line: 1 } };
  });
}

/** What a Date can hold, in milliseconds. */
const NEWEST_DATE = 8_640_000_000_000_000;
