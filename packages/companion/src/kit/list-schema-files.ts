import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import { configKey, type SchemaProject } from './schema-project.ts';

const MODULE = /\.[cm]?[jt]s$|\.[jt]sx$/;

/**
 * The files that the config's `schema` names, absolute, as drizzle-kit finds them: a glob may name files and
 * directories, and of a directory it takes what lies directly in it.
 * @throws CompanionError `settings-invalid` when the config names none, or none is there.
 */
export async function listSchemaFiles(project: SchemaProject): Promise<readonly string[]> {
  const label = `${basename(project.configFile)}: schema`;
  const patterns = [configKey(project, 'schema')].flat();
  if (!patterns.every((pattern) => typeof pattern === 'string' && pattern !== '') || patterns.length === 0) {
    throw new CompanionError('settings-invalid', {
      message: `${label} names no file: it must be a path, a glob, or an array of them.`,
    });
  }
  for (const directory of bases(project.directory)) {
    const files = await expand(patterns as string[], directory);
    if (files.length > 0) return files;
  }
  throw new CompanionError('settings-invalid', {
    message: `${label}: there is no schema file at ${patterns.join(', ')}.`,
    hint: `Paths are taken from ${project.directory}. A file is named with its extension.`,
  });
}

/**
 * drizzle-kit takes paths from the working directory, which breaks in a monorepo; we take them from the config's
 * place. Where nothing is there, somebody runs drizzle-kit from a package above: the nearest that fits is meant.
 */
function bases(directory: string): readonly string[] {
  const found = [directory];
  for (let at = directory; !existsSync(join(at, '.git')) && dirname(at) !== at; ) {
    at = dirname(at);
    // Without this a `**` would walk the whole disk.
    if (existsSync(join(at, 'package.json'))) found.push(at);
  }
  return found;
}

async function expand(patterns: readonly string[], cwd: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const plain = resolve(cwd, pattern);
    const matches = existsSync(plain) ? [plain] : await glob(pattern, cwd);
    for (const match of matches) {
      const files = lstatSync(match).isDirectory()
        ? readdirSync(match).map((name) => join(match, name))
        : [match];
      for (const file of files) {
        if (MODULE.test(file) && statSync(file, { throwIfNoEntry: false })?.isFile()) found.add(file);
      }
    }
  }
  return [...found];
}

async function glob(pattern: string, cwd: string): Promise<readonly string[]> {
  if (!/[*?{}()[\]!]/.test(pattern)) return [];
  const { glob: expandGlob } = await import('tinyglobby');
  const matches = await expandGlob(pattern, {
    cwd,
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
  });
  return matches.map((match) => resolve(match)).sort();
}
