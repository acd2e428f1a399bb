import { join } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import type { FileTree } from '../kernel/file-tree.ts';
import type { Finding } from '../kernel/finding.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { compareFolderNames, parseFolderMillis } from './folder-name.ts';
import { hashMigration } from './hash-migration.ts';
import type { History } from './history.ts';
import { parseJournal } from './parse-journal.ts';
import { historyUnreadable } from './unreadable.ts';

/**
 * Reads what is needed to run migrations, of either layout: all but the snapshots, which are long.
 * Throws `folder-unreadable` when there is no folder, or nothing of drizzle's in it.
 */
export function readMigrations(path: string, tree: FileTree): History {
  const children = tree.list(path);
  if (children === null) {
    throw new CompanionError('folder-unreadable', {
      message: `The migrations folder ${path} does not exist.`,
      hint: 'Name it with --folder, or with `out` in drizzle.config. In a container, check that the image copies it.',
    });
  }
  const files = children
    .filter((child) => child.kind === 'file' && child.name.endsWith('.sql'))
    .map((child) => child.name)
    .sort();
  const folders = children
    .filter((child) => child.kind === 'directory')
    .flatMap(({ name }) => readFolder(path, name, tree));
  const journalFile = join(path, 'meta', '_journal.json');
  const journal = tree.read(journalFile);
  if (journal !== null) {
    const history = readJournalLayout(path, tree, files, { file: journalFile, text: journal });
    return folders.length === 0
      ? history
      : { ...history, faults: [bothLayouts(journalFile, folders.length), ...history.faults] };
  }
  if (folders.length > 0) return readFoldersLayout(path, files, folders);
  throw new CompanionError('folder-unreadable', {
    message: `No migrations in ${path}: neither meta/_journal.json nor <timestamp>_<name>/migration.sql.`,
    hint: 'Is it the right folder? drizzle-kit writes to `out` of drizzle.config (default ./drizzle).',
    fix: 'drizzle-kit generate',
  });
}

type SqlFolder = Pick<MigrationOnDisk, 'name' | 'file' | 'sql'>;

function readFolder(path: string, name: string, tree: FileTree): SqlFolder[] {
  const file = join(path, name, 'migration.sql');
  const sql = tree.read(file);
  return sql === null ? [] : [{ name, file, sql }];
}

function readJournalLayout(
  path: string,
  tree: FileTree,
  files: readonly string[],
  journal: { readonly file: string; readonly text: string },
): History {
  const { entries, faults } = parseJournal(journal.text, journal.file);
  const migrations: MigrationOnDisk[] = [];
  const missing: { name: string; when: number }[] = [];
  const known = new Set(files);
  for (const { tag: name, when } of faults.length === 0 ? entries : []) {
    const file = join(path, `${name}.sql`);
    // Only a name that is listed as it is written: some file systems find another spelling, and Linux does not.
    const sql = known.has(`${name}.sql`) ? tree.read(file) : null;
    if (sql === null) missing.push({ name, when });
    else migrations.push({ name, when, hash: hashMigration(sql), sql, file });
  }
  return {
    path,
    layout: 'journal',
    journal: faults.length === 0 ? { ...journal, entries } : null,
    files,
    migrations,
    missing,
    snapshots: null,
    faults,
  };
}

function readFoldersLayout(path: string, files: readonly string[], folders: readonly SqlFolder[]): History {
  const faults: Finding[] = [];
  const migrations: MigrationOnDisk[] = [];
  for (const { name, file, sql } of folders.toSorted((a, b) => compareFolderNames(a.name, b.name))) {
    const when = parseFolderMillis(name);
    if (when === null) faults.push(noTimestamp(name, file));
    else migrations.push({ name, when, hash: hashMigration(sql), sql, file });
  }
  return {
    path,
    layout: 'folders',
    journal: null,
    files,
    migrations,
    missing: [],
    snapshots: null,
    faults,
  };
}

function noTimestamp(name: string, file: string): Finding {
  return historyUnreadable({
    message: `The folder ${name} has a migration.sql, and no timestamp in its name.`,
    file,
    line: 1,
    hint: 'drizzle-kit names folders <YYYYMMDDHHmmss>_<name>; without the timestamp a migration has no place in time.',
  });
}

function bothLayouts(file: string, folders: number): Finding {
  return historyUnreadable({
    message: `The folder holds both layouts: meta/_journal.json of drizzle-kit 0.31, and ${folders} folder(s) of 1.x.`,
    file,
    line: 1,
    hint: 'A conversion by `drizzle-kit up` was probably cut short. Restore the folder from git and convert it again.',
  });
}
