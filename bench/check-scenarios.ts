import { BARE_NODE, binOf, type Contender, floors } from './contenders.ts';
import { type Runs, runRounds } from './rounds.ts';
import { stageSomethingElse, writeCheckProject } from './write-check-project.ts';

export const CHECK = 'drizzle-companion check';
export const CHECK_STAGED = 'drizzle-companion check --staged';
export const GENERATE = 'drizzle-kit generate';

/** What drizzle-kit looks at as well; the linter is measured beside another linter. */
export const CHECK_ARGS = ['check', '--only', 'history', '--only', 'snapshots', '--only', 'drift'] as const;

export type CheckScenarioOptions = {
  /** An existing directory, for this scenario alone. */
  readonly directory: string;
  readonly rounds: number;
  readonly migrations: number;
  readonly tell: (line: string) => void;
};

/** Schema, history and snapshots agree: what a look at all of them costs. */
export async function runCheck(options: CheckScenarioOptions): Promise<readonly Runs[]> {
  writeCheckProject(options.migrations, options.directory);
  return run(options, [
    contender(CHECK, 'drizzle-companion', CHECK_ARGS, options),
    contender(GENERATE, 'drizzle-kit', ['generate'], options),
  ]);
}

/** A page is staged: what every commit pays that is about something else. */
export async function runStaged(options: CheckScenarioOptions): Promise<readonly Runs[]> {
  writeCheckProject(options.migrations, options.directory);
  stageSomethingElse(options.directory);
  const bare = floors(options.directory).filter(({ name }) => name === BARE_NODE);
  return run(options, [
    ...bare,
    contender(CHECK_STAGED, 'drizzle-companion', ['check', '--staged'], options),
  ]);
}

function contender(
  name: string,
  bin: string,
  args: readonly string[],
  { directory }: CheckScenarioOptions,
): Contender {
  return {
    name,
    command: () => ({ program: process.execPath, args: [binOf(bin), ...args], cwd: directory }),
  };
}

function run(options: CheckScenarioOptions, contenders: readonly Contender[]): Promise<readonly Runs[]> {
  return runRounds({
    ...options,
    contenders,
    scratch: options.directory,
    before: async () => '',
    after: async () => undefined,
  });
}
