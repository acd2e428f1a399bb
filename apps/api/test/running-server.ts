import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

export type RunningServer = {
  /** Where it listens, without a slash at the end. */
  readonly origin: string;
  kill(signal: NodeJS.Signals): void;
  waitForOutput(text: string): Promise<void>;
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
};

/** Starts src/server.ts as a process of its own on a free port; killed when the test ends. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<RunningServer> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/server.ts'], {
    cwd: PACKAGE,
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });

  let output = '';
  const looks = new Set<() => void>();
  const add = (chunk: string) => {
    output += chunk;
    for (const look of looks) look();
  };
  child.stdout.setEncoding('utf8').on('data', add);
  child.stderr.setEncoding('utf8').on('data', add);
  const waitFor = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const match = output.match(pattern);
        if (match) resolve(match);
      };
      looks.add(look);
      look();
      ended.then(() => reject(new Error(`The server ended without ${pattern} in its output:\n${output}`)));
    });

  const [, origin = ''] = await waitFor(/listening on (\S+)/);
  return {
    origin,
    ended,
    kill: (signal) => child.kill(signal),
    waitForOutput: async (text) => void (await waitFor(new RegExp(text))),
  };
}
