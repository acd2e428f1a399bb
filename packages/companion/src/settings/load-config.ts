import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import type { Place } from '../kernel/place.ts';
import { applyVariables, readEnvFile } from './read-env-file.ts';
import type { LoadedConfig } from './settings.ts';

/**
 * Reads a config, drizzle's or ours, whatever it is written in.
 * @throws CompanionError `settings-invalid`, with the place in the config where it can be told.
 */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  try {
    return { file, value: extname(file) === '.json' ? readJson(file) : await importConfig(file) };
  } catch (cause) {
    throw describeFailure(file, cause);
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}

/** Editors on Windows still put a byte-order mark first, and JSON has no place for it. */
function readText(file: string): string {
  return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
}

/** What a config wants of either package. */
const IDENTITY = { defineConfig: (config: unknown) => config };

/**
 * jiti runs TypeScript and both module systems on every Node we support, and lets us stand in for packages:
 * an image for migrations has no drizzle-kit, and all a config wants of it is an identity function.
 */
async function importConfig(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const virtualModules = {
    [isOurs(file) ? 'drizzle-companion' : 'drizzle-kit']: IDENTITY,
    ...dotenvIfMissing(file),
  };
  const jiti = createJiti(file, { virtualModules });
  return await jiti.import(file, { default: true });
}

function isOurs(file: string): boolean {
  return basename(file).startsWith('drizzle-companion.');
}

/** drizzle's documentation begins every config with `import 'dotenv/config'`, a development dependency. */
function dotenvIfMissing(file: string): Record<string, unknown> {
  try {
    createRequire(file).resolve('dotenv');
    return {};
  } catch {
    const config = (options?: { path?: string }): void =>
      applyVariables(process.env, readEnvFile(resolve(options?.path ?? '.env')));
    // `dotenv/config` has nothing left to do: `.env` was read before the config.
    return { dotenv: { config }, 'dotenv/config': {} };
  }
}

function describeFailure(file: string, cause: unknown): CompanionError {
  const name = basename(file);
  const thrown = cause instanceof Error ? cause : new Error(String(cause));
  const reason = thrown instanceof SyntaxError ? oneLine(thrown.message) : firstLine(thrown.message);
  const place = findPlace(file, thrown);
  return new CompanionError('settings-invalid', {
    message: `${name} cannot be read: ${reason}`,
    ...(place === null ? {} : { place }),
    ...hintFor(file, thrown),
    cause,
  });
}

function hintFor(file: string, thrown: Error): { hint?: string } {
  const code = 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT') return { hint: 'Check the path given with --config.' };
  if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return {};
  if (isOurs(file))
    return { hint: 'Install the package, or do without it: a companion config is plain data.' };
  const hint =
    'Install the package, or do without a config: --folder and a database URL are enough for migrate, status and health.';
  return { hint };
}

/** The topmost mention of the config itself, in the message (does not compile) or in the stack (throws). */
function findPlace(file: string, thrown: Error): Place | null {
  if (extname(file) === '.json') return findJsonPlace(file, thrown);
  const text = `${thrown.message}\n${thrown.stack ?? ''}`;
  // Babel, inside jiti, counts columns from 0; V8's stacks count from 1.
  const firstColumn = thrown.message.startsWith('ParseError') ? 0 : 1;
  for (let from = text.indexOf(`${file}:`); from >= 0; from = text.indexOf(`${file}:`, from + 1)) {
    const match = /^:(\d+):(\d+)/.exec(text.slice(from + file.length));
    if (match !== null) return { file, line: Number(match[1]), column: Number(match[2]) + 1 - firstColumn };
  }
  return null;
}

function findJsonPlace(file: string, thrown: Error): Place | null {
  const position = /at position (\d+)/.exec(thrown.message)?.[1];
  if (position === undefined) return null;
  const before = readText(file).slice(0, Number(position)).split('\n');
  return { file, line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** Node puts a "Require stack" under its first line, jiti the place, which we tell by itself. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^ParseError:/, '').trim();
}

/** V8 quotes the JSON around a syntax error, line ends and all. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
