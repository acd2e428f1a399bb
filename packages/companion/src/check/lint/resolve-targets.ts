import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { DISK_TREE } from '../../folder/disk-tree.ts';
import { parseFolderMillis } from '../../folder/folder-name.ts';
import { readMigrations } from '../../folder/read-migrations.ts';
import { listMigrationNames } from '../../folder/read-snapshots.ts';
import { CompanionError } from '../../kernel/errors.ts';
import { renderSuggestion } from '../../kernel/nearest.ts';
import { buildFaultsError, type Fault, hasFaults } from '../../settings/fault.ts';
import { isFile, isFolder } from '../../settings/find-config.ts';
import { loadSettings } from '../../settings/load-settings.ts';
import type { LintOptions } from './options.ts';
import type { LintFile } from './plan-folder.ts';

/** A file that was named, and the migrations folder that it belongs to; null for one that belongs to none. */
export type NamedFile = LintFile & { readonly folder: string | null };

/** What standard input is called where no name was given. */
export const STANDARD_INPUT = '<stdin>';

/**
 * Files for what was named: a SQL file, a directory with such, a pattern that the shell left as it is, a migration of
 * the project by its name, `-`.
 * @throws CompanionError `usage-invalid` that tells every name which leads to nothing.
 */
export async function resolveTargets(options: LintOptions): Promise<readonly NamedFile[]> {
  const faults: Fault[] = [];
  const found = new Map<string, NamedFile>();
  for (const name of options.files) {
    const files = name === '-' ? [await readStandardInput(options)] : await resolveOne(name, options);
    if (files.length === 0) faults.push(await describeUnknown(name, options));
    for (const file of files) {
      if (isSql(file.file)) found.set(file.file, file);
      else faults.push({ source: shorten(file.file, options), message: NO_SQL });
    }
  }
  if (hasFaults(faults)) throw buildFaultsError({ code: 'usage-invalid', faults });
  return [...found.values()];
}

async function readStandardInput({ cwd, inputName, readInput }: LintOptions): Promise<NamedFile> {
  const sql = await readInput();
  if (inputName === null) return { name: STANDARD_INPUT, file: STANDARD_INPUT, sql, folder: null };
  const file = resolve(cwd, inputName);
  return { ...placeOf(file), file, sql };
}

/** What certainly is something else; SQL has many names. */
const OTHER = /\.([cm]?[jt]sx?|jsonc?|mdx?|ya?ml|toml|lock|html?|css|sh|py|prisma|zip|gz)$/i;
const NO_SQL = 'is no SQL file; lint reads .sql, and drizzle-companion check the schema code';

function isSql(file: string): boolean {
  return !OTHER.test(file);
}

function shorten(file: string, { cwd }: LintOptions): string {
  const short = relative(cwd, file);
  return short.startsWith('..') ? file : short;
}

async function resolveOne(name: string, options: LintOptions): Promise<readonly NamedFile[]> {
  const path = resolve(options.cwd, name);
  if (isFile(path)) return [readNamed(path)];
  if (isFolder(path)) return listDirectory(path).map(readNamed);
  if (isPattern(name)) return (await expand(name, options)).map(readNamed);
  const folder = await findFolder(options);
  if (folder === null) return [];
  return [join(folder, `${name}.sql`), join(folder, name, 'migration.sql')].filter(isFile).map(readNamed);
}

function isPattern(name: string): boolean {
  return /[*?{}[\]!]/.test(name);
}

async function expand(pattern: string, { cwd }: LintOptions): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { cwd, absolute: true, expandDirectories: false });
  return found.map((file) => resolve(file)).sort();
}

/** A migration of the 1.x layout, all files of a directory, or all migrations of a folder of that layout. */
function listDirectory(path: string): readonly string[] {
  const own = join(path, 'migration.sql');
  if (isFile(own)) return [own];
  const children = DISK_TREE.list(path) ?? [];
  const files = children.filter(({ name, kind }) => kind === 'file' && /\.sql$/i.test(name));
  const folders = children.filter(({ kind }) => kind === 'directory');
  return [
    ...files.map(({ name }) => join(path, name)).sort(),
    ...folders
      .map(({ name }) => join(path, name, 'migration.sql'))
      .filter(isFile)
      .sort(),
  ];
}

function readNamed(file: string): NamedFile {
  const place = placeOf(file);
  // A link to a migration is that migration.
  const real = place.folder === null ? placeOf(realpathSync(file)) : place;
  return { ...(real.folder === null ? place : real), file, sql: DISK_TREE.read(file) ?? '' };
}

/** The migrations folder that a file lies in is known by what lies beside it: no config need be read for that. */
function placeOf(file: string): Pick<NamedFile, 'name' | 'folder'> {
  const directory = dirname(file);
  if (basename(file) === 'migration.sql' && parseFolderMillis(basename(directory)) !== null) {
    return { name: basename(directory), folder: dirname(directory) };
  }
  const isMigration = isFile(join(directory, 'meta', '_journal.json'));
  return { name: basename(file).replace(/\.sql$/i, ''), folder: isMigration ? directory : null };
}

async function findFolder({ flags, cwd, env }: LintOptions): Promise<string | null> {
  try {
    return (await loadSettings({ flags, cwd, env, offline: true })).folder;
  } catch (error) {
    // Whoever names files needs no project.
    if (error instanceof CompanionError && flags.config === undefined) return null;
    throw error;
  }
}

async function describeUnknown(name: string, options: LintOptions): Promise<Fault> {
  const path = resolve(options.cwd, name);
  if (isFolder(path)) return { source: name, message: 'holds no SQL file' };
  if (isPattern(name)) return { source: name, message: `matches no file beneath ${options.cwd}` };
  const folder = await findFolder(options);
  if (folder === null || !isFolder(folder)) return { source: name, message: `there is no file ${path}` };
  const names = listMigrationNames(readMigrations(folder, DISK_TREE));
  return { source: name, message: `is neither a file nor a migration${renderSuggestion(name, names)}` };
}
