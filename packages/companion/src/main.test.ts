import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** A port that takes connections and never says a word, as a database behind a dead proxy does. */
const mute = createServer(() => {});
let mutePort = 0;
let cwd = '';

beforeAll(async () => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'companion-main-')));
  mkdirSync(join(cwd, 'drizzle/meta'), { recursive: true });
  writeFileSync(
    join(cwd, 'drizzle/meta/_journal.json'),
    '{"version":"7","dialect":"postgresql","entries":[]}',
  );
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const address = mute.address();
  if (address !== null && typeof address === 'object') mutePort = address.port;
});

afterAll(() => {
  mute.close();
  rmSync(cwd, { recursive: true, force: true });
});

type Result = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** The bin from its source, in an empty directory and an environment of our own. */
function run(args: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr })));
}

test('--version is the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('help goes to standard output; no command at all is no success', async () => {
  const [asked, nothing] = await Promise.all([run(['--help']), run([])]);
  expect(asked).toMatchObject({ exitCode: 0, stderr: '' });
  expect(asked.stdout).toContain('Usage\n  drizzle-companion <command> [flags]');
  expect(nothing).toEqual({ exitCode: 2, stdout: '', stderr: asked.stdout });
});

test('a misspelt command ends with 2 and the nearest right one', async () => {
  expect(await run(['migrat'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'error  migrat: is not a command; did you mean migrate?\n\n  -> drizzle-companion --help\n',
  });
});

test('under json even a faulty command line is answered with one object', async () => {
  const { exitCode, stdout, stderr } = await run(['status', '--nope', '--format', 'json']);
  expect(stderr).toBe('');
  expect({ exitCode, json: JSON.parse(stdout) }).toEqual({
    exitCode: 2,
    json: {
      version: 1,
      command: 'status',
      exitCode: 2,
      error: {
        code: 'usage-invalid',
        message: '--nope: is not a flag',
        fix: 'drizzle-companion status --help',
      },
    },
  });
});

test('an unreachable database ends with 6, and its password is not printed', async () => {
  const url = 'postgres://app:hunter2@127.0.0.1:1/acme';
  const results = await Promise.all([
    run(['status', '--folder', 'drizzle', '--url', url, '--verbose']),
    run(['health', '--folder', 'drizzle'], { DATABASE_URL: url }),
    run(['migrate', '--folder', 'drizzle', '--wait', '0', '--format', 'json'], { DATABASE_URL: url }),
  ]);
  for (const { exitCode, stdout, stderr } of results) {
    expect([exitCode, `${stdout}${stderr}`]).toEqual([6, expect.not.stringContaining('hunter2')]);
  }
  expect(results[1]?.stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('health does not hang on a database that takes the connection and says nothing', async () => {
  const url = `postgres://app@127.0.0.1:${mutePort}/acme`;
  const { exitCode, stdout, stderr } = await run(['health', '--folder', 'drizzle', '--url', url]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
  expect(stderr).toMatch(/^database-unreachable: .+\n$/);
});

test('a command that needs a database names all the places it looked in', async () => {
  const { exitCode, stderr } = await run(['status', '--folder', 'drizzle', '--config', 'nope.ts']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`--config: there is no file ${join(cwd, 'nope.ts')}`);
  writeFileSync(join(cwd, 'empty.json'), '{}');
  const without = await run(['status', '--config', 'empty.json']);
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toContain('none of --url, MIGRATION_DATABASE_URL, DIRECT_URL');
});

test('under github an error is an annotation, too', async () => {
  const { exitCode, stdout } = await run(['status', '--config', 'nope.ts', '--format', 'github']);
  expect({ exitCode, stdout }).toEqual({
    exitCode: 2,
    stdout: expect.stringMatching(/^::error title=settings-invalid::--config: there is no file /),
  });
});

test.runIf(existsSync('/dev/full'))('a full disk is told in a sentence, and is no success', async () => {
  const full = openSync('/dev/full', 'w');
  for (const args of [
    ['--help'],
    ['lint', '--explain', 'drop-column'],
    ['status', '--nope', '--format', 'json'],
  ]) {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
      ...{ cwd, env: { PATH, HOME } },
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect({ args, exitCode, stderr }).toEqual({
      ...{ args, exitCode: 2 },
      stderr: 'error  standard output cannot be written: ENOSPC: no space left on device, write\n',
    });
  }
  closeSync(full);
});

test('a reader that goes away is no fault', async () => {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(
    'sh',
    ['-c', `"$0" --import "$1" "$2" lint --explain drop-column | true`, process.execPath, TSX, MAIN],
    {
      ...{ cwd, env: { PATH, HOME } },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  expect(stderr).toBe('');
});
