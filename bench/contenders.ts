import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Command } from './measure.ts';
import type { Formats } from './write-formats.ts';

/** One line of a results table: a name and how it is run against a database. */
export type Contender = {
  readonly name: string;
  command(url: string): Command;
};

/** What applies migrations; in the order of the tables. */
export type Contenders = {
  readonly companion: Contender;
  readonly companionWithConfig: Contender;
  readonly kit: Contender;
  readonly orm: Contender;
  readonly dbmate: Contender;
  readonly nodePgMigrate: Contender;
  readonly psql: Contender;
};

export const COMPANION = 'drizzle-companion migrate';
export const KIT = 'drizzle-kit migrate';
export const PSQL = 'psql -1 -f, one script';
export const CONNECTION = 'node, one connection, SELECT 1';
export const BARE_NODE = 'node -e 0';

const require = createRequire(import.meta.url);
const here = import.meta.dirname;

/** Every contender on one history. Writes what else they need, configs and scripts, into `directory`. */
export function prepareContenders(formats: Formats, directory: string): Contenders {
  writeFileSync(join(directory, 'drizzle.config.ts'), renderConfig(formats.drizzle));
  const node = (name: string, bin: readonly string[], args: readonly string[], query = ''): Contender => ({
    name,
    command: (url) => ({
      program: process.execPath,
      args: [...bin, ...args],
      cwd: directory,
      env: { DATABASE_URL: url + query },
    }),
  });
  return {
    companion: node(COMPANION, [binOf('drizzle-companion')], ['migrate', '--folder', formats.drizzle]),
    companionWithConfig: node(
      'drizzle-companion migrate, settings from drizzle.config.ts',
      [binOf('drizzle-companion')],
      ['migrate'],
    ),
    kit: node(KIT, [binOf('drizzle-kit')], ['migrate']),
    orm: node("drizzle-orm's migrator", [join(here, 'run-drizzle-orm.mjs')], [formats.drizzle]),
    dbmate: node(
      'dbmate migrate',
      [binOf('dbmate')],
      ['--migrations-dir', formats.dbmate, '--no-dump-schema', 'migrate'],
      '?sslmode=disable',
    ),
    nodePgMigrate: node(
      'node-pg-migrate up',
      [binOf('node-pg-migrate')],
      ['up', '--migrations-dir', formats.nodePgMigrate],
    ),
    psql: {
      name: PSQL,
      command: (url) => ({
        program: 'psql',
        args: ['-X', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-f', formats.script, url],
        cwd: directory,
      }),
    },
  };
}

/** `status`, `health` and the like, on the same folder. */
export function companionCommand(
  subcommand: 'status' | 'health',
  formats: Formats,
  directory: string,
): Contender {
  return {
    name: `drizzle-companion ${subcommand}`,
    command: (url) => ({
      program: process.execPath,
      args: [binOf('drizzle-companion'), subcommand, '--folder', formats.drizzle],
      cwd: directory,
      env: { DATABASE_URL: url },
    }),
  };
}

/** What no program that runs on Node and talks to PostgreSQL can be quicker than. */
export function floors(directory: string): readonly Contender[] {
  const command = (args: readonly string[]) => (url: string) => ({
    program: process.execPath,
    args,
    cwd: directory,
    env: { DATABASE_URL: url },
  });
  return [
    { name: BARE_NODE, command: command(['-e', '0']) },
    { name: CONNECTION, command: command([join(here, 'run-connection.mjs')]) },
  ];
}

export function versionContenders(directory: string): readonly Contender[] {
  return ['drizzle-companion', 'drizzle-kit', 'dbmate', 'node-pg-migrate'].map((name) => ({
    name: `${name} --version`,
    command: () => ({ program: process.execPath, args: [binOf(name), '--version'], cwd: directory }),
  }));
}

/** The version of one of our dependencies, as installed. */
export function versionOf(name: string): string {
  return readManifest(name).manifest.version;
}

/** A package's bin, run by `node` itself: package managers' wrappers are not what is measured. */
export function binOf(name: string, command: string = name): string {
  const { file, manifest } = readManifest(name);
  const bin = manifest.bin?.[command];
  if (bin === undefined) throw new Error(`${name} has no bin ${command}`);
  return join(dirname(file), bin);
}

function readManifest(name: string): {
  file: string;
  manifest: { version: string; bin?: Record<string, string> };
} {
  const file = (require.resolve.paths(name) ?? [])
    .map((directory) => join(directory, name, 'package.json'))
    .find(existsSync);
  if (file === undefined) throw new Error(`${name} is not installed`);
  return { file, manifest: JSON.parse(readFileSync(file, 'utf8')) };
}

/** As drizzle-kit's documentation has it, but for `defineConfig`, which returns what it is given. */
function renderConfig(folder: string): string {
  return `export default {
  dialect: 'postgresql',
  schema: './schema.ts',
  out: ${JSON.stringify(folder)},
  dbCredentials: { url: process.env.DATABASE_URL },
};
`;
}
