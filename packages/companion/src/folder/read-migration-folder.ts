import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import type { MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';
import { diagnoseFolders, diagnoseJournal } from './diagnose-history.ts';
import { compareFolderNames, parseFolderMillis } from './folder-name.ts';
import { hashMigration } from './hash-migration.ts';
import { parseJournal } from './parse-journal.ts';

export type FolderReading = {
  readonly folder: MigrationFolder;
  /** What is wrong with the history itself, told all at once. */
  readonly findings: readonly Finding[];
};

/**
 * Reads a migrations folder of either layout. File access is synchronous on purpose: for hundreds of small files
 * that is several times quicker than promises, and nothing else waits meanwhile.
 * Throws `folder-unreadable`.
 */
export function readMigrationFolder(path: string): FolderReading {
  if (!existsSync(path)) {
    throw new CompanionError('folder-unreadable', {
      message: `The migrations folder ${path} does not exist.`,
      hint: 'Name it with --folder, or with `out` in drizzle.config. In a container, check that the image copies it.',
    });
  }
  const children = attempt(path, () => readdirSync(path, { withFileTypes: true }));
  const folders = children
    .filter((child) => child.isDirectory() && existsSync(join(path, child.name, 'migration.sql')))
    .map((child) => child.name);
  const journalFile = join(path, 'meta', '_journal.json');
  if (existsSync(journalFile)) {
    if (folders.length > 0) throw bothLayouts(path, folders);
    const files = children.filter((child) => child.isFile() && child.name.endsWith('.sql'));
    return readJournalLayout(
      path,
      journalFile,
      files.map((file) => file.name),
    );
  }
  if (folders.length === 0) {
    throw new CompanionError('folder-unreadable', {
      message: `No migrations in ${path}: neither meta/_journal.json nor <timestamp>_<name>/migration.sql.`,
      hint: 'Is it the right folder? drizzle-kit writes to `out` of drizzle.config (default ./drizzle).',
      fix: 'drizzle-kit generate',
    });
  }
  return readFoldersLayout(path, folders);
}

function readJournalLayout(path: string, journalFile: string, files: readonly string[]): FolderReading {
  const entries = parseJournal(
    attempt(journalFile, () => readFileSync(journalFile, 'utf8')),
    journalFile,
  );
  const known = new Set(files);
  const migrations: MigrationOnDisk[] = [];
  const missing: { name: string; when: number }[] = [];
  for (const entry of entries) {
    const file = join(path, `${entry.tag}.sql`);
    if (known.has(`${entry.tag}.sql`)) migrations.push(readMigration(entry.tag, entry.when, file));
    else missing.push({ name: entry.tag, when: entry.when });
  }
  return {
    folder: { path, layout: 'journal', migrations, missing },
    findings: diagnoseJournal({ path, journalFile, entries, files, migrations }),
  };
}

function readFoldersLayout(path: string, folders: readonly string[]): FolderReading {
  const migrations = [...folders].sort(compareFolderNames).map((name) => {
    const file = join(path, name, 'migration.sql');
    const when = parseFolderMillis(name);
    if (when !== null) return readMigration(name, when, file);
    throw new CompanionError('folder-unreadable', {
      message: `The folder ${name} has a migration.sql, and no timestamp in its name.`,
      place: { file, line: 1, column: 1 },
      hint: 'drizzle-kit names folders <YYYYMMDDHHmmss>_<name>; without the timestamp a migration has no place in time.',
    });
  });
  return {
    folder: { path, layout: 'folders', migrations, missing: [] },
    findings: diagnoseFolders(migrations),
  };
}

function readMigration(name: string, when: number, file: string): MigrationOnDisk {
  const sql = attempt(file, () => readFileSync(file, 'utf8'));
  return { name, when, hash: hashMigration(sql), sql, file };
}

function attempt<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CompanionError('folder-unreadable', {
      message: `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}

function bothLayouts(path: string, folders: readonly string[]): CompanionError {
  return new CompanionError('folder-unreadable', {
    message: `${path} holds both layouts: meta/_journal.json of drizzle-kit 0.31, and ${folders.length} folder(s) of 1.x.`,
    hint: 'A conversion by `drizzle-kit up` was probably cut short. Restore the folder from git and convert it again.',
  });
}
