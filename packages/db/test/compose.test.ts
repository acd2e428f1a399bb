import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ComposeProject, createComposeProject, missingEngine } from './compose-project.ts';
import { MIGRATIONS } from './migrations-folder.ts';

const SLOW = { timeout: 600_000 };
const reason = missingEngine();
if (reason) console.warn(`Compose is not tested: ${reason}.`);

const journal: { entries: { tag: string; when: number }[] } = JSON.parse(
  readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'),
);

describe.skipIf(reason)('docker compose up -d --wait', () => {
  let project: ComposeProject;

  beforeAll(async () => {
    project = await createComposeProject();
    const { exitCode, stderr } = await project.run('up', '-d', '--wait');
    if (exitCode !== 0) throw new Error(`${stderr}\n${(await project.run('logs', '--no-color')).stdout}`);
  }, SLOW.timeout);
  afterAll(() => project?.remove(), SLOW.timeout);

  test('from nothing, applies every migration and serves after it', SLOW, async () => {
    expect((await project.readLedger()).map((row) => Number(row.split('|')[2]))).toEqual(
      journal.entries.map((entry) => entry.when),
    );
    const services = await project.readServices();
    expect(services.get('postgres')).toMatchObject({ State: 'running', Health: 'healthy' });
    expect(services.get('migrate')).toMatchObject({ State: 'exited', ExitCode: 0 });
    expect(services.get('api')).toMatchObject({ State: 'running', Health: 'healthy' });
    expect(await project.readMoment('api', 'StartedAt')).toBeGreaterThan(
      await project.readMoment('migrate', 'FinishedAt'),
    );
    const ready = await fetch(`${project.origin}/readyz`);
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ready: true },
    });
    expect((await fetch(`${project.origin}/users`)).status).toBe(200);
  });

  test('a second time, changes nothing', SLOW, async () => {
    const before = { ledger: await project.readLedger(), services: await project.readServices() };
    expect(await project.run('up', '-d', '--wait')).toMatchObject({ exitCode: 0 });
    const ids = (services: typeof before.services) => [...services.values()].map(({ ID }) => ID).sort();
    expect(await project.readLedger()).toEqual(before.ledger);
    expect(ids(await project.readServices())).toEqual(ids(before.services));
  });

  test('runs nothing as root, and migrates without drizzle-kit or TypeScript', SLOW, async () => {
    const inside = async (service: string, script: string) =>
      (await project.run('run', '--rm', '--no-deps', '-T', service, 'sh', '-c', script)).stdout.trim();
    expect(await inside('api', 'id -un')).toBe('node');
    expect(await inside('migrate', 'id -un')).toBe('node');
    const packages = await inside('migrate', 'ls /opt/drizzle-companion/node_modules/.pnpm');
    expect(packages).toMatch(/^postgres@/m);
    expect(packages).not.toMatch(/^(drizzle-|typescript|esbuild|tsdown|vitest)/m);
  });

  test(
    'the api answers 503 with the reason while the database is away, and is ready again after',
    SLOW,
    async () => {
      await project.run('stop', 'postgres');
      const away = await fetch(`${project.origin}/readyz`);
      expect({ status: away.status, body: await away.json() }).toMatchObject({
        status: 503,
        body: { ready: false, reason: expect.stringMatching(/./) },
      });
      expect((await fetch(`${project.origin}/healthz`)).status).toBe(200);
      await project.run('up', '-d', '--wait', 'postgres');
      await expect
        .poll(async () => (await fetch(`${project.origin}/readyz`)).status, { timeout: 30_000 })
        .toBe(200);
    },
  );

  test('the api stops by itself when it is told to', SLOW, async () => {
    await project.run('stop', 'api');
    expect((await project.readServices()).get('api')).toMatchObject({ State: 'exited', ExitCode: 0 });
  });
});

describe.skipIf(reason)('docker compose up with a broken migration', () => {
  let scratch: string;
  let project: ComposeProject;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'acme-broken-'));
    const folder = join(scratch, 'migrations');
    cpSync(MIGRATIONS, folder, { recursive: true });
    const file = readdirSync(folder).find((name) => name.startsWith('0003_')) ?? '';
    writeFileSync(join(folder, file), 'SELECT 1;--> statement-breakpoint\n\nCREATE TABEL "tools" ();\n');
    const override = join(scratch, 'override.yml');
    writeFileSync(override, `services:\n  migrate:\n    volumes:\n      - ${folder}:/app/migrations:ro\n`);
    project = await createComposeProject(override);
  });
  afterAll(async () => {
    await project?.remove();
    rmSync(scratch, { recursive: true, force: true });
  }, SLOW.timeout);

  test('fails, names file and line, keeps what was applied before, and starts no api', SLOW, async () => {
    expect((await project.run('up', '-d', '--wait')).exitCode).not.toBe(0);
    const services = await project.readServices();
    expect(services.get('migrate')).toMatchObject({ State: 'exited', ExitCode: 3 });
    expect(services.get('api')?.State ?? 'created').toBe('created');
    expect((await project.run('logs', '--no-color', 'migrate')).stdout).toMatch(/0003_tools\.sql:3/);
    expect(await project.readLedger()).toHaveLength(3);
  });
});
