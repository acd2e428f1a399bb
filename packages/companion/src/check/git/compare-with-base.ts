import { join } from 'node:path';
import type { History } from '../../folder/history.ts';
import type { BaseComparison, RecordedMigration, SqlChange } from './base-comparison.ts';
import { recordBase, recordMigrations } from './record-migrations.ts';

export type CompareInput = {
  readonly base: string;
  /** The migrations where the branch left the base; null when there were none. */
  readonly fork: History | null;
  /** On the base now. */
  readonly tip: History | null;
  /** What is judged. */
  readonly now: History | null;
  /** The migrations folder: absolute, and as git names it. */
  readonly directory: string;
  readonly folder: string;
  /** Files that git says differ between the fork and what is judged; absolute. A checkout may change line endings. */
  readonly changed: ReadonlySet<string>;
};

/**
 * Holds migrations against those of the base: the ones that the branch found there must be as they were, or as the base
 * has them now (it was merged in, perhaps). Pure.
 */
export function compareWithBase(input: CompareInput): BaseComparison {
  const layout = (input.now ?? input.fork ?? input.tip)?.layout ?? 'journal';
  const now = input.now === null ? [] : recordMigrations(input.now);
  const fork = recordBase(input.fork, layout);
  const tip = byName(recordBase(input.tip, layout));
  const nowByName = byName(now);
  const forkByName = byName(fork);

  const fresh = now.filter(({ name }) => !forkByName.has(name) && !tip.has(name));
  const edited: BaseComparison['edited'][number][] = [];
  const renamed: BaseComparison['renamed'][number][] = [];
  const deleted: BaseComparison['deleted'][number][] = [];
  for (const before of fork) {
    const after = nowByName.get(before.name);
    const merged = tip.get(before.name);
    if (after !== undefined && after.sql !== null) {
      const sql = compareSql(before, after, input.changed);
      if (sql === 'same' && sameEntry(before, after)) continue;
      if (!merged || !isMerged(merged, after, sql)) edited.push({ before, after, sql });
      continue;
    }
    // The base gave it up itself.
    if (input.tip !== null && !merged) continue;
    const follower = fresh.find(
      (other) => follows(before, other) && !renamed.some((pair) => pair.after === other),
    );
    if (follower) renamed.push({ before, after: follower });
    // One whose file the base has lost already is missing, not deleted here.
    else if (before.sql !== null) deleted.push({ before, place: placeDeleted(before, after, input) });
  }
  const followers = new Set(renamed.map(({ after }) => after));
  return {
    base: input.base,
    directory: input.directory,
    folder: input.folder,
    layout,
    edited,
    renamed,
    deleted,
    added: fresh.filter((migration) => !followers.has(migration)),
    newest: findNewest([...tip.values()]),
  };
}

function compareSql(
  before: RecordedMigration,
  after: RecordedMigration,
  changed: ReadonlySet<string>,
): SqlChange {
  // A file that the base has lost, and that is back.
  if (before.sql === null || before.sql === after.sql) return 'same';
  if (after.sql === null || unify(before.sql) !== unify(after.sql)) return 'edited';
  return changed.has(after.file) ? 'line-endings' : 'same';
}

/** What is judged is what the base has by now. A checkout may have changed the line endings of that, too. */
function isMerged(merged: RecordedMigration, after: RecordedMigration, sql: SqlChange): boolean {
  if (!sameEntry(merged, after) || merged.sql === null || after.sql === null) return false;
  return merged.sql === after.sql || (sql === 'edited' && unify(merged.sql) === unify(after.sql));
}

function sameEntry(one: RecordedMigration, other: RecordedMigration): boolean {
  return one.when === other.when && one.idx === other.idx;
}

/** The same under another name: by what it does, or by its place in time. */
function follows(before: RecordedMigration, other: RecordedMigration): boolean {
  if (other.when === before.when) return true;
  if (before.sql === null || other.sql === null || before.sql.trim() === '') return false;
  return unify(before.sql) === unify(other.sql);
}

/** A deleted file has no line to show; where the journal lists it, or listed it, is the next best. */
function placeDeleted(
  before: RecordedMigration,
  after: RecordedMigration | undefined,
  { now, directory }: CompareInput,
): RecordedMigration['place'] {
  if (after) return after.place;
  if (!now?.journal) return { file: before.file, line: 1 };
  const previous = now.journal.entries.findLast((entry) => entry.idx < (before.idx ?? 0));
  return { file: join(directory, 'meta', '_journal.json'), line: previous?.line ?? 1 };
}

function findNewest(migrations: readonly RecordedMigration[]): RecordedMigration | null {
  return migrations.reduce<RecordedMigration | null>(
    (newest, migration) => (newest === null || migration.when > newest.when ? migration : newest),
    null,
  );
}

function byName(migrations: readonly RecordedMigration[]): ReadonlyMap<string, RecordedMigration> {
  return new Map(migrations.map((migration) => [migration.name, migration]));
}

function unify(sql: string): string {
  return sql.replaceAll('\r\n', '\n');
}
