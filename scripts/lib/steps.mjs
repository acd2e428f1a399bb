// Running programs one after the other, quietly, so that a person sees one line for each.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A step that failed; `output` is what it printed, when it was not shown already. */
export class StepFailed extends Error {
  name = 'StepFailed';
  output;
  constructor(message, output = '') {
    super(message);
    this.output = output;
  }
}

/** Aborts on Ctrl-C and SIGTERM; `reason` is the signal's name. Steps end their program when it does. */
export const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => interruption.abort(signal));

/**
 * Runs `main`, tells how it went wrong, and ends with 0, 1, or 128 + the signal that interrupted it.
 * @param {() => Promise<number | void>} main resolves with the exit code; must have stopped what it started
 */
export async function runScript(main) {
  let code;
  try {
    code = (await main()) ?? 0;
  } catch (error) {
    code = 1;
    if (!interruption.signal.aborted) {
      if (error instanceof StepFailed && error.output !== '') console.error(error.output.trimEnd());
      console.error(`\n✗ ${error instanceof StepFailed ? error.message : (error?.stack ?? error)}`);
    }
  }
  if (interruption.signal.aborted) code = 128 + constants.signals[interruption.signal.reason];
  process.exit(code);
}

/** Awaits `work` and prints one line: what was done, and how long it took. */
export async function step(label, work) {
  const started = performance.now();
  const result = await work();
  console.log(`✓ ${label.padEnd(44)} ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`);
  return result;
}

/**
 * Runs a program to its end; throws `StepFailed` when that is not 0.
 * @param {{ name?: string, cwd?: string, show?: boolean }} options name: what an error calls it; show: it has
 *   our terminal
 */
export async function runProgram(file, args, { name = [file, ...args].join(' '), cwd, show = false } = {}) {
  interruption.signal.throwIfAborted();
  const child = spawn(file, args, { cwd, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill('SIGTERM');
  interruption.signal.addEventListener('abort', end);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  try {
    const [code, signal] = await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(new StepFailed(`cannot run ${file}: ${error.message}`)));
      child.once('close', (...how) => resolve(how));
    });
    interruption.signal.throwIfAborted();
    if (code !== 0) {
      throw new StepFailed(`\`${name}\` ended with ${signal ?? `exit code ${code}`}`, output);
    }
  } finally {
    interruption.signal.removeEventListener('abort', end);
  }
}
