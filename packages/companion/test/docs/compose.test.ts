import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestFolder, temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { ROOT, readPages } from './pages.ts';
import { SHOP } from './shop.ts';

const missing = findMissing();
if (missing !== null) console.log(`Compose on the pages is not tested: ${missing}`);

/** The blocks that pages show as files of a Compose project, by the name they have there. */
const shown = readPages().flatMap(({ path, blocks }) =>
  blocks.flatMap(({ text, directives }) => {
    const file = directives.get('compose');
    return file === undefined ? [] : [{ path, file, text }];
  }),
);
const dockerfile = shown.find(({ file }) => file === 'Dockerfile')?.text ?? '';

it('Pages show a Dockerfile and Compose files', () => {
  expect(shown.map(({ path, file }) => `${path} ${file}`)).toEqual([
    'README.md compose.yaml',
    'docs/docker.md Dockerfile',
    'docs/docker.md compose.yaml',
  ]);
});

describe.skipIf(missing !== null)('Compose as the pages show it', () => {
  for (const { path, text } of shown.filter(({ file }) => file === 'compose.yaml')) {
    it(`${path}: the api starts after every migration was applied`, { timeout: 180_000 }, async () => {
      const folder = temporaryFolder({
        ...SHOP,
        'compose.yaml': text,
        Dockerfile: withPackedModules(dockerfile),
        'server.js': 'setInterval(() => {}, 1000);\n',
      });
      copyModules(folder);
      const project = `shop-test-${randomBytes(4).toString('hex')}`;
      const compose = (...args: string[]) =>
        docker(folder.path, 'compose', '-p', project, '--ansi', 'never', ...args);
      try {
        const up = await compose('up', '--build', '--detach', '--wait');
        const logs = await compose('logs', '--no-log-prefix', 'migrate');
        expect(up.exitCode, `${up.output}\n${logs.output}`).toBe(0);
        expect(logs.output).toContain('Applied 4 migrations in');
        expect(
          (await compose('ps', '--services', '--status', 'running')).output.trim().split('\n').sort(),
        ).toEqual(['api', 'postgres']);
      } finally {
        await compose('down', '--volumes', '--rmi', 'local', '--timeout', '1');
      }
    });
  }
});

/** The package is not in a registry while it is tested: what `npm install` would bring is copied in. */
function withPackedModules(text: string): string {
  const packed = text.replace(/^RUN npm install .* drizzle-companion$/m, 'COPY node_modules node_modules');
  if (packed === text) throw new Error('The Dockerfile installs nothing.');
  return packed;
}

function copyModules(folder: TestFolder): void {
  const companion = join(ROOT, 'packages/companion');
  const modules = join(folder.path, 'node_modules');
  for (const part of ['package.json', 'bin', 'dist'])
    cpSync(join(companion, part), join(modules, 'drizzle-companion', part), { recursive: true });
  const copy = (from: string, name: string) =>
    cpSync(realpathSync(from), join(modules, name), { recursive: true, dereference: true });
  for (const name of ['postgres', 'jiti', 'libpg-query']) copy(join(companion, 'node_modules', name), name);
  const beside = dirname(realpathSync(join(companion, 'node_modules/libpg-query')));
  copy(join(beside, '@pgsql/types'), '@pgsql/types');
  const bin = 'node_modules/.bin/drizzle-companion';
  folder.write(bin, "#!/usr/bin/env node\nimport('../drizzle-companion/bin/drizzle-companion.js');\n");
  chmodSync(join(folder.path, bin), 0o755);
}

function findMissing(): string | null {
  const asked = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (asked.error !== undefined) return `docker cannot be started (${asked.error.message})`;
  return asked.status === 0 ? null : `no Docker engine answers (${asked.stderr.trim()})`;
}

function docker(cwd: string, ...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}
