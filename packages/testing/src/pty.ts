import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { releaseAfterTest } from './clean-up.ts';
import { assertCliIsBuilt, CLI_BIN, type CliOptions, minimalEnvironment } from './run-cli.ts';

export type TerminalOptions = CliOptions & {
  /** Default 80. */
  readonly columns?: number;
  /** Default 24. */
  readonly rows?: number;
};

export type Terminal = {
  readonly pid: number;
  /** Everything written so far, escape sequences included. */
  output(): string;
  /** What a person sees now, with what has scrolled away above it; no trailing blanks. */
  screen(): Promise<string>;
  /** Types; `\r` is Enter, `\x1b[B` the down arrow, `\x03` Ctrl-C. */
  send(text: string): void;
  /** Resolves once `output()` matches; rejects when the program ends without. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code; 128 + n when signal n ended it. */
  readonly exit: Promise<number>;
};

/** The built bin in a real pseudo-terminal; killed when the test ends. */
export function runInTerminal(args: readonly string[], options: TerminalOptions = {}): Terminal {
  assertCliIsBuilt();
  return openTerminal(process.execPath, [CLI_BIN, ...args], options);
}

/** Any program in a real pseudo-terminal. */
export function openTerminal(file: string, args: readonly string[], options: TerminalOptions = {}): Terminal {
  const size = { cols: options.columns ?? 80, rows: options.rows ?? 24 };
  const env = minimalEnvironment({ TERM: 'xterm-256color', ...options.env });
  const process_ = spawn(file, [...args], {
    ...size,
    name: 'xterm-256color',
    cwd: options.cwd ?? process.cwd(),
    env,
  });
  const emulator = new headless.Terminal({ ...size, scrollback: 10_000, allowProposedApi: true });
  let output = '';
  let ended = false;
  process_.onData((text) => {
    output += text;
    emulator.write(text);
  });
  const exit = new Promise<number>((resolve) => {
    process_.onExit(({ exitCode, signal }) => {
      ended = true;
      resolve(signal ? 128 + signal : exitCode);
    });
  });
  releaseAfterTest(async () => {
    if (!ended) process_.kill('SIGKILL');
    await exit;
    emulator.dispose();
  });

  return {
    pid: process_.pid,
    exit,
    output: () => output,
    send: (text) => process_.write(text),
    kill: (signal) => process_.kill(signal),
    screen: async () => {
      // The emulator parses in the background; an empty write comes back when all before it is drawn.
      await new Promise<void>((resolve) => emulator.write('', resolve));
      const buffer = emulator.buffer.active;
      const lines = Array.from(
        { length: buffer.length },
        (_, y) => buffer.getLine(y)?.translateToString(true) ?? '',
      );
      return lines.join('\n').trimEnd();
    },
    waitFor: async (pattern) => {
      for (;;) {
        const wasEnded = ended;
        const match = output.match(pattern);
        if (match !== null) return match;
        if (wasEnded) throw new Error(`The program ended without ${pattern} in its output:\n${output}`);
        await sleep(10);
      }
    },
  };
}
