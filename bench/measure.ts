import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program to run, as the operating system sees it. */
export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it may end with; default 0 alone. A linter that finds something ends with 1. */
  readonly exitCodes?: readonly number[];
  /** It times a part of itself: the last line that it prints is milliseconds, and counts instead. */
  readonly timesItself?: boolean;
};

export type Measurement = {
  /** From spawn to exit, everything the program started included; or what it timed itself. */
  readonly wallMs: number;
  /** Largest resident set of the largest single process; null where GNU time is not there to tell. */
  readonly peakMemoryBytes: number | null;
};

const TIME = '/usr/bin/time';
const hasGnuTime = existsSync(TIME) && /GNU/.test(run(TIME, ['--version']));

/** Runs a program to its end. Throws with its output when it fails: a contender that fails has no time. */
export async function measure(command: Command, scratch: string): Promise<Measurement> {
  const memoryFile = join(scratch, 'peak-memory');
  // Everybody is started through it, the bare `node` as well: what it costs, a millisecond, it costs all.
  const wrapper = hasGnuTime ? [TIME, '--quiet', '--format=%M', `--output=${memoryFile}`] : [];
  const [program = '', ...args] = [...wrapper, command.program, ...command.args];
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: command.cwd,
    // Nothing of the shell's that could speed one up or hold one back.
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let wallMs = 0;
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      wallMs = performance.now() - started;
    });
    child.once('close', resolve);
  });
  const { exitCodes = [0] } = command;
  if (exitCode === null || !exitCodes.includes(exitCode)) {
    throw new Error(
      `${[command.program, ...command.args].join(' ')} ended with ${exitCode}:\n${output.slice(-2_000)}`,
    );
  }
  if (command.timesItself) wallMs = Number(output.trimEnd().split('\n').at(-1));
  if (Number.isNaN(wallMs)) throw new Error(`${command.args.join(' ')} told no time:\n${output}`);
  return { wallMs, peakMemoryBytes: hasGnuTime ? Number(readFileSync(memoryFile, 'utf8')) * 1024 : null };
}

/** Output of a program, or nothing when it is not there. */
export function run(program: string, args: readonly string[]): string {
  const { stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return stdout ?? '';
}
