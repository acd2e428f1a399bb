import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { releaseAfterTest } from './clean-up.ts';

const packageUrl = new URL('../../companion/', import.meta.url);

/** The bin as it is published, and what it runs. */
export const CLI_BIN = fileURLToPath(new URL('bin/drizzle-companion.js', packageUrl));
const CLI_BUILD = fileURLToPath(new URL('dist/main.js', packageUrl));

export type CliOptions = {
  /** Added to an environment of PATH and HOME alone, so that nothing of the developer's shell leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
};

export type CliResult = {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type LiveCli = {
  readonly pid: number;
  /** Both streams so far, as they came in. */
  output(): string;
  /** Resolves with the match once the output has it; rejects when the process ends without. */
  waitForOutput(pattern: RegExp): Promise<RegExpMatchArray>;
  write(input: string): void;
  kill(signal: NodeJS.Signals): void;
  readonly finished: Promise<CliResult>;
};

/** Runs the built bin to its end; kills it after `timeoutMs` (default 25 s). Never throws on a bad exit. */
export async function runCli(
  args: readonly string[],
  options: CliOptions & { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<CliResult> {
  const cli = spawnProcess(args, options);
  const timer = setTimeout(() => cli.child.kill('SIGKILL'), options.timeoutMs ?? 25_000);
  cli.child.stdin.end(options.input ?? '');
  try {
    return await cli.live.finished;
  } finally {
    clearTimeout(timer);
  }
}

/** Starts the built bin and hands it over while it runs; killed when the test ends. */
export function spawnCli(args: readonly string[], options: CliOptions = {}): LiveCli {
  const { child, live } = spawnProcess(args, options);
  releaseAfterTest(async () => {
    child.kill('SIGKILL');
    await live.finished;
  });
  return live;
}

/** PATH, HOME and what is given. */
export function minimalEnvironment(given: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...given };
}

export function assertCliIsBuilt(): void {
  if (!existsSync(CLI_BUILD)) {
    throw new Error('The bin is not built: run `pnpm --filter drizzle-companion run build`.');
  }
}

function spawnProcess(
  args: readonly string[],
  options: CliOptions,
): { child: ChildProcessWithoutNullStreams; live: LiveCli } {
  assertCliIsBuilt();
  const child = spawn(process.execPath, [CLI_BIN, ...args], {
    stdio: 'pipe',
    env: minimalEnvironment(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  // A bin that ends before it has read its input is not an error of the test.
  child.stdin.on('error', () => undefined);

  const output = { stdout: '', stderr: '', both: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      output.both += text;
      for (const look of watchers) look();
    });
  }
  const finished = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stdout: output.stdout, stderr: output.stderr });
    });
  });

  const live: LiveCli = {
    pid: child.pid ?? 0,
    finished,
    output: () => output.both,
    write: (input) => void child.stdin.write(input),
    kill: (signal) => void child.kill(signal),
    waitForOutput: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = output.both.match(pattern);
          if (match === null) return;
          watchers.delete(look);
          resolve(match);
        };
        watchers.add(look);
        look();
        const fail = () =>
          reject(new Error(`The bin ended without ${pattern} in its output:\n${output.both}`));
        finished.then(fail, reject);
      }),
  };
  return { child, live };
}
