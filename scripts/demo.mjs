// `npm run demo [-- --stay]`: the main job on this repository's own migrations, from nothing.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { interruption, runProgram, runScript, StepFailed, step } from './lib/steps.mjs';
import { prepareWorkspace, root } from './lib/workspace.mjs';

const stay = readFlags(process.argv.slice(2));
const API_STARTS_WITHIN_MS = 20_000;

await runScript(async () => {
  await prepareWorkspace();
  const server = await step('PostgreSQL started', startServer);
  try {
    const url = server.url();
    await companion(['migrate'], url);
    await companion(['status'], url);
    await showApi(url);
  } finally {
    await server.stop();
    console.log('\nPostgreSQL stopped, its data removed.');
  }
});

async function startServer() {
  // TypeScript, read by tsx: Node 20 alone cannot.
  const { tsImport } = await import('tsx/esm/api');
  const { startPostgres } = await tsImport('../packages/testing/src/embedded-server.ts', import.meta.url);
  return startPostgres();
}

async function companion(args, url) {
  const bin = join(root, 'packages/companion/bin/drizzle-companion.js');
  const name = `drizzle-companion ${args.join(' ')}`;
  console.log(`\n$ ${name}\n`);
  await runProgram(process.execPath, [bin, ...args, '--url', url], {
    name,
    cwd: join(root, 'packages/db'),
    show: true,
  });
}

async function showApi(url) {
  console.log();
  const api = startApi(url);
  try {
    const address = await step('API started', () => api.address);
    const response = await fetch(`${address}/readyz`);
    console.log(`\nGET ${address}/readyz → ${response.status}\n${await response.text()}`);
    if (!response.ok)
      throw new StepFailed('The API is not ready, although the migrations are applied.', api.output());
    console.log(whatNext(url, address));
    if (stay) await Promise.race([untilInterrupted(), api.ended]);
  } finally {
    await api.stop();
  }
}

function startApi(url) {
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: join(root, 'apps/api'),
    // Port 0: a free one, told in its first line.
    env: { ...process.env, DATABASE_URL: url, HOST: '127.0.0.1', PORT: process.env.PORT ?? '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const closed = new Promise((resolve) => child.once('close', resolve));
  const ended = closed.then(() => {
    if (!interruption.signal.aborted) throw new StepFailed('The API ended by itself.', output);
  });
  ended.catch(() => undefined);
  const listening = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        const match = output.match(/listening on (http:\S+)\n/);
        if (match) resolve(match[1]);
      });
    }
  });
  const tooLate = new Promise((_, reject) => {
    const fail = () => reject(new StepFailed('The API did not start in time.', output));
    setTimeout(fail, API_STARTS_WITHIN_MS).unref();
  });
  tooLate.catch(() => undefined);
  return {
    address: Promise.race([listening, ended, tooLate]),
    ended,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

function whatNext(url, address) {
  if (stay) {
    return `
Everything stays up until Ctrl-C.

  DATABASE_URL=${url}
  API          ${address}

In a second terminal, with that DATABASE_URL exported:
  npm run db:status                  the migrations, held against the database
  npm run db:migrate                 nothing to do: all of them are applied
  curl ${address}/readyz`;
  }
  return `
What to try next:
  npm run demo -- --stay             the same, and everything stays up
  npm test                           the test suite, on PostgreSQL 14 and 18
  docker compose up --wait           the same as services: postgres, migrate, api
  packages/db                        the schema and the migrations that just ran`;
}

function untilInterrupted() {
  return new Promise((_, reject) => {
    interruption.signal.addEventListener('abort', () => reject(interruption.signal.reason));
    if (interruption.signal.aborted) reject(interruption.signal.reason);
    // Nothing else may keep Node running: the server's pipes do not.
    setInterval(() => undefined, 60_000);
  });
}

function readFlags(flags) {
  const unknown = flags.find((flag) => flag !== '--stay');
  if (unknown === undefined) return flags.includes('--stay');
  console.error(`demo knows no "${unknown}"; it takes --stay.`);
  process.exit(2);
}
