import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, CONNECTION, type Contender, floors } from './contenders.ts';
import type { Databases } from './databases.ts';
import { MIGRATIONS_PER_TABLE, makeHistory } from './history.ts';
import type { LintScenarioOptions } from './lint-scenarios.ts';
import { measure } from './measure.ts';
import { type Runs, runRounds } from './rounds.ts';
import { writeCheckProject } from './write-check-project.ts';
import { writeFormats } from './write-formats.ts';

export const CATALOG = 'readCatalog';
export const REPLAY_PGLITE = 'replay on PGlite';
export const REPLAY_SERVER = 'replay on a server';
export const CACHED = 'replayed before: the catalog that was kept';
export const CHECK_DATABASE = 'drizzle-companion check --database --only database';

export type ShadowScenarioOptions = LintScenarioOptions & { readonly databases: Databases };

/** What a database of so many tables is, read by a session that is open. */
export async function runCatalog(
  options: Omit<ShadowScenarioOptions, 'migrations'> & { readonly tables: number },
): Promise<readonly Runs[]> {
  const { databases, directory, tables } = options;
  const { drizzle } = writeFormats(makeHistory(tables * MIGRATIONS_PER_TABLE), directory);
  const url = await databases.create();
  await measure(migrateAll(drizzle, directory, url), directory);
  await databases.settle();
  const runs = await run(options, [timed(CATALOG, directory, ['catalog'])], url);
  await databases.drop(url);
  return runs;
}

/** The same chain from nothing, on the shadow that needs no server and on one that has been started. */
export async function runReplay(options: ShadowScenarioOptions): Promise<readonly Runs[]> {
  const { databases, directory, migrations } = options;
  const { drizzle } = writeFormats(makeHistory(migrations), directory);
  const contenders = [
    timed(REPLAY_PGLITE, directory, ['replay', 'pglite', drizzle]),
    timed(REPLAY_SERVER, directory, ['replay', 'server', drizzle]),
  ];
  return run(options, contenders, await databases.create());
}

/** The chain was replayed before: the warm-up does it. */
export async function runCached(options: ShadowScenarioOptions): Promise<readonly Runs[]> {
  const { databases, directory, migrations } = options;
  const { drizzle } = writeFormats(makeHistory(migrations), directory);
  // A cache of its own, that the warm-up fills.
  mkdirSync(join(directory, 'node_modules'));
  return run(options, [timed(CACHED, directory, ['cached', drizzle])], await databases.create());
}

/** What becomes of it: a database that is as its migrations make it, and whose chain was replayed before. */
export async function runCheckDatabase(options: ShadowScenarioOptions): Promise<readonly Runs[]> {
  const { databases, directory, migrations } = options;
  writeCheckProject(migrations, directory);
  const url = await databases.create();
  await measure(migrateAll(join(directory, 'drizzle'), directory, url), directory);
  await databases.settle();
  const check: Contender = {
    name: CHECK_DATABASE,
    command: (DATABASE_URL) => ({
      program: process.execPath,
      args: [binOf('drizzle-companion'), 'check', '--database', '--only', 'database'],
      cwd: directory,
      env: { DATABASE_URL },
    }),
  };
  const connection = floors(directory).filter(({ name }) => name === CONNECTION);
  const runs = await run(options, [...connection, check], url);
  await databases.drop(url);
  return runs;
}

function migrateAll(folder: string, cwd: string, url: string) {
  const args = [binOf('drizzle-companion'), 'migrate', '--folder', folder];
  return { program: process.execPath, args, cwd, env: { DATABASE_URL: url } };
}

/** A part of the engine that no command runs by itself: it is loaded from source, and times itself when it is. */
function timed(name: string, directory: string, args: readonly string[]): Contender {
  return {
    name,
    command: (DATABASE_URL) => ({
      program: process.execPath,
      args: ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'time-shadow.ts'), ...args],
      cwd: directory,
      env: { DATABASE_URL },
      timesItself: true,
    }),
  };
}

function run(
  options: Pick<ShadowScenarioOptions, 'directory' | 'rounds' | 'tell'>,
  contenders: readonly Contender[],
  url: string,
): Promise<readonly Runs[]> {
  return runRounds({
    ...options,
    contenders,
    scratch: options.directory,
    before: async () => url,
    after: async () => undefined,
  });
}
