import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { binOf, type Contender } from './contenders.ts';
import { type Runs, runRounds } from './rounds.ts';
import { writeLintFiles } from './write-lint-files.ts';

export const LINT = 'drizzle-companion lint';
export const SQUAWK = 'squawk';

export type LintScenarioOptions = {
  /** An existing directory, for this scenario alone. */
  readonly directory: string;
  readonly rounds: number;
  /** How many files are linted. */
  readonly migrations: number;
  readonly tell: (line: string) => void;
};

/** Both linters on the same files, each with the rules that it has on by itself; both find something. */
export async function runLint(options: LintScenarioOptions): Promise<readonly Runs[]> {
  const folder = join(options.directory, 'sql');
  writeLintFiles(options.migrations, folder);
  const files = readdirSync(folder).map((file) => join('sql', file));
  const contender = (name: string, command: readonly string[]): Contender => ({
    name,
    command: () => ({
      program: process.execPath,
      args: [...command, ...files],
      cwd: options.directory,
      exitCodes: [0, 1],
    }),
  });
  return runRounds({
    ...options,
    contenders: [
      contender(LINT, [binOf('drizzle-companion'), 'lint']),
      contender(SQUAWK, [binOf('squawk-cli', 'squawk')]),
    ],
    scratch: options.directory,
    before: async () => '',
    after: async () => undefined,
  });
}
