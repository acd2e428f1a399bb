import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Contender,
  companionCommand,
  floors,
  prepareContenders,
  versionContenders,
} from './contenders.ts';
import type { Databases } from './databases.ts';
import { countTables, makeHistory } from './history.ts';
import { type Runs, runRounds } from './rounds.ts';
import { writeFormats } from './write-formats.ts';

export type ScenarioOptions = {
  readonly databases: Databases;
  /** An existing directory, for this scenario alone. */
  readonly directory: string;
  readonly rounds: number;
  readonly migrations: number;
  readonly hasPsql: boolean;
  readonly tell: (line: string) => void;
};

/** Everything is applied already: what a deploy pays that has nothing to do. */
export async function runNothingToDo(options: ScenarioOptions): Promise<readonly Runs[]> {
  const { databases, directory } = options;
  const history = makeHistory(options.migrations);
  const formats = writeFormats(history, directory);
  const { psql: _, ...migrators } = prepareContenders(formats, directory);
  const all = [
    ...floors(directory),
    ...Object.values(migrators),
    companionCommand('status', formats, directory),
    companionCommand('health', formats, directory),
  ];
  // Each has a database of its own, which it, or the migrator it belongs to, brings up to date before the first round.
  const urls = new Map<Contender, string>();
  for (const contender of all) {
    const url = await databases.create();
    urls.set(contender, url);
    const migrator = Object.values(migrators).includes(contender) ? contender : migrators.companion;
    await runRounds({
      ...options,
      contenders: [migrator],
      rounds: 0,
      scratch: directory,
      before: async () => url,
      after: async () => expectTables(databases, url, countTables(history)),
    });
  }
  await databases.settle();
  const runs = await runRounds({
    ...options,
    contenders: all,
    scratch: directory,
    before: async (contender) => urls.get(contender) ?? '',
    after: async () => undefined,
  });
  for (const url of urls.values()) await databases.drop(url);
  return runs;
}

/** An empty database, and all of the history to apply. */
export async function runFromEmpty(options: ScenarioOptions): Promise<readonly Runs[]> {
  const { databases, directory } = options;
  const history = makeHistory(options.migrations);
  const {
    psql,
    companionWithConfig: _,
    ...migrators
  } = prepareContenders(writeFormats(history, directory), directory);
  return runRounds({
    ...options,
    contenders: [...Object.values(migrators), ...(options.hasPsql ? [psql] : [])],
    scratch: directory,
    before: async () => {
      const url = await databases.create();
      await databases.settle();
      return url;
    },
    after: async (_, url) => {
      await expectTables(databases, url, countTables(history));
      await databases.drop(url);
    },
  });
}

/** Nothing but starting up. */
export async function runStartUp(options: ScenarioOptions): Promise<readonly Runs[]> {
  const { directory } = options;
  return runRounds({
    ...options,
    contenders: [...floors(directory).slice(0, 1), ...versionContenders(directory)],
    scratch: directory,
    before: async () => '',
    after: async () => undefined,
  });
}

/** A directory of its own below `parent`. */
export function scenarioDirectory(parent: string, name: string): string {
  const directory = join(parent, name);
  mkdirSync(directory);
  return directory;
}

async function expectTables(databases: Databases, url: string, expected: number): Promise<void> {
  const found = await databases.countTables(url);
  if (found < expected) throw new Error(`${found} tables where the history makes ${expected}`);
}
