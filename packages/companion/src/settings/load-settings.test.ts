import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { loadSettings } from './load-settings.ts';
import { requireUrl } from './require-url.ts';

const VARIABLES = [
  'MIGRATION_DATABASE_URL',
  'DIRECT_URL',
  'DATABASE_URL_UNPOOLED',
  'DATABASE_URL',
  'ACME_OUT',
];

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'companion-settings-')));
  for (const name of VARIABLES) delete process.env[name];
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  for (const name of VARIABLES) delete process.env[name];
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

function load(flags: Parameters<typeof loadSettings>[0]['flags'] = {}, directory = '.') {
  return loadSettings({ flags, cwd: join(root, directory), env: process.env });
}

async function failureOf(loading: Promise<unknown>): Promise<CompanionError> {
  const error = await loading.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CompanionError)) throw new Error(`expected a CompanionError, got ${String(error)}`);
  expect(error.code).toBe('settings-invalid');
  return error;
}

const typed = `
  import 'dotenv/config';
  import { defineConfig } from 'drizzle-kit';
  const out: string = process.env.ACME_OUT ?? './migrations';
  export default defineConfig({ dialect: 'postgresql', out, dbCredentials: { url: process.env.DATABASE_URL! } });
`;
const untyped = typed.replace(': string', '').replace('!', '');
const common = untyped
  .replace("import { defineConfig } from 'drizzle-kit'", "const { defineConfig } = require('drizzle-kit')")
  .replace("import 'dotenv/config'", "require('dotenv').config()")
  .replace('export default', 'module.exports =');

describe('a config, where neither drizzle-kit nor dotenv is installed', () => {
  test.each([
    ['drizzle.config.ts', typed],
    ['drizzle.config.mts', typed],
    ['drizzle.config.cts', typed],
    ['drizzle.config.js', untyped],
    ['drizzle.config.mjs', untyped],
    ['drizzle.config.js', common],
    ['drizzle.config.cjs', common],
    ['drizzle.config.json', '\uFEFF{ "dialect": "postgresql", "out": "./migrations" }'],
  ])('%s is read, with .env beside it', async (name, text) => {
    write({ [name]: text, '.env': 'DATABASE_URL=postgres://from-env-file/acme' });
    const settings = await load();
    expect(settings.folder).toBe(join(root, 'migrations'));
    expect(settings.configFile).toBe(join(root, name));
    expect(settings.url).toEqual({ value: 'postgres://from-env-file/acme', source: 'DATABASE_URL' });
  });
});

test('a config may import modules of its own', async () => {
  write({
    'drizzle.config.ts': "import { out } from './paths'; export default { out };",
    'paths.ts': "export const out: string = 'elsewhere';",
  });
  expect((await load()).folder).toBe(join(root, 'elsewhere'));
});

test('the nearest config upwards is taken, and its folder lies beside it', async () => {
  write({
    'drizzle.config.json': '{ "out": "outer" }',
    'packages/db/drizzle.config.json': '{ "out": "inner" }',
    'packages/db/src/x.ts': '',
  });
  expect((await load({}, 'packages/db/src')).folder).toBe(join(root, 'packages/db/inner'));
  expect((await load({}, 'packages')).folder).toBe(join(root, 'outer'));
  expect((await load({ config: 'packages/db/drizzle.config.json' })).folder).toBe(
    join(root, 'packages/db/inner'),
  );
});

test('the real environment wins over .env', async () => {
  process.env.DATABASE_URL = 'postgres://real/acme';
  write({ 'drizzle.config.ts': typed, '.env': 'DATABASE_URL=postgres://file/acme\nACME_OUT=from-file' });
  const settings = await load();
  expect(settings.url?.value).toBe('postgres://real/acme');
  expect(settings.folder).toBe(join(root, 'from-file'));
});

test('.env of the working directory serves a config that has none beside it', async () => {
  write({ 'db/drizzle.config.json': '{}', '.env': 'DATABASE_URL=postgres://top/acme' });
  expect((await load({ config: 'db/drizzle.config.json' })).url?.value).toBe('postgres://top/acme');
});

test('with a folder and a URL no config is read, not even a broken one', async () => {
  write({ 'drizzle.config.ts': 'throw 1', '.env': 'DATABASE_URL=postgres://file/acme' });
  const settings = await load({ folder: 'm' });
  expect(settings).toMatchObject({ folder: join(root, 'm'), configFile: null });
  expect(settings.url?.value).toBe('postgres://file/acme');
});

test('--config is read for the ledger even when nothing else is needed of it', async () => {
  write({ 'drizzle.config.json': '{ "migrations": { "table": "mine" } }' });
  const flags = { folder: 'm', url: 'postgres://h/db' };
  expect((await load(flags)).ledger.table).toBe('__drizzle_migrations');
  expect((await load({ ...flags, config: 'drizzle.config.json' })).ledger.table).toBe('mine');
});

describe('a config that cannot be read', () => {
  test('names the place where it does not compile', async () => {
    write({ 'drizzle.config.ts': "export default {\n  out: './drizzle',\n  dialect: ]\n};\n" });
    const { fields } = await failureOf(load());
    expect(fields.message).toBe('drizzle.config.ts cannot be read: Unexpected token');
    expect(fields.place).toEqual({ file: join(root, 'drizzle.config.ts'), line: 3, column: 12 });
  });

  test('names the place where it throws', async () => {
    write({ 'drizzle.config.ts': "type A = {\n  a: 1;\n};\nthrow new Error('ACME_OUT is not set');\n" });
    const { fields } = await failureOf(load());
    expect(fields.message).toBe('drizzle.config.ts cannot be read: ACME_OUT is not set');
    expect(fields.place).toMatchObject({ line: 4, column: 7 });
  });

  test('names the place where the JSON ends to be JSON', async () => {
    write({ 'drizzle.config.json': '{\n  "out": "x",\n}' });
    const { fields } = await failureOf(load());
    expect(fields.place).toMatchObject({ line: 3, column: 1 });
  });

  test('names the package that is missing', async () => {
    write({ 'drizzle.config.ts': "import 'no-such-package';\nexport default {};" });
    const { fields } = await failureOf(load());
    expect(fields.message).toBe("drizzle.config.ts cannot be read: Cannot find module 'no-such-package'");
    expect(fields.hint).toMatch(/--folder/);
  });

  test('is missing at the path that --config gives', async () => {
    const { message } = await failureOf(load({ config: 'nope.ts' }));
    expect(message).toBe(`--config: there is no file ${join(root, 'nope.ts')}`);
  });
});

test('a command that needs a database names every place where a URL was looked for', async () => {
  write({ 'drizzle.config.json': '{}' });
  const settings = await load();
  expect(() => requireUrl(settings)).toThrow(
    'no database is named: none of --url, MIGRATION_DATABASE_URL, DIRECT_URL, DATABASE_URL_UNPOOLED, DATABASE_URL is set, and drizzle.config.json has no dbCredentials',
  );
});
