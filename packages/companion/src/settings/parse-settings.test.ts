import { describe, expect, test } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { parseSettings, type SettingsInput } from './parse-settings.ts';

const FILE = '/repo/packages/db/drizzle.config.ts';

function parse(input: Partial<SettingsInput> & { value?: unknown }) {
  const config = 'value' in input ? { file: FILE, value: input.value } : (input.config ?? null);
  return parseSettings({ flags: {}, env: {}, cwd: '/repo', folderExists: () => false, ...input, config });
}

function faultsOf(input: Parameters<typeof parse>[0]): string[] {
  try {
    parse(input);
  } catch (error) {
    if (!(error instanceof CompanionError)) throw error;
    expect(error.code).toBe('settings-invalid');
    return error.fields.findings?.map(({ message }) => message) ?? [error.message];
  }
  throw new Error('nothing was refused');
}

test('a folder and a URL are enough, without any config', () => {
  expect(parse({ flags: { folder: 'migrations', url: 'postgres://localhost/acme' } })).toEqual({
    folder: '/repo/migrations',
    ledger: { schema: 'drizzle', table: '__drizzle_migrations' },
    url: { value: 'postgres://localhost/acme', source: '--url' },
    configFile: null,
    config: undefined,
  });
});

test('a config tells the folder, the ledger and the database, and flags win over it', () => {
  const value = {
    dialect: 'postgresql',
    out: './migrations',
    schema: './src/schema.ts',
    anythingElse: 1,
    migrations: { schema: 'app', table: 'ledger', prefix: 'timestamp' },
    dbCredentials: { url: 'postgres://db/acme' },
  };
  expect(parse({ value })).toEqual({
    folder: '/repo/packages/db/migrations',
    ledger: { schema: 'app', table: 'ledger' },
    url: { value: 'postgres://db/acme', source: 'dbCredentials' },
    configFile: FILE,
    config: value,
  });
  const flags = { folder: 'other', ledger: 'a.b', url: 'postgresql://x/y' };
  expect(parse({ value, flags })).toMatchObject({
    folder: '/repo/other',
    ledger: { schema: 'a', table: 'b' },
    url: { value: 'postgresql://x/y', source: '--url' },
  });
});

test('all faults are told at once, each with its source', () => {
  const value = {
    dialect: 'sqlite',
    out: 7,
    migrations: { tabel: 'x', table: '' },
    dbCredentials: { host: 'localhost', port: 'http', ssl: 'maybe' },
  };
  expect(faultsOf({ value, flags: { ledger: 'a.b.c' } })).toEqual([
    'drizzle.config.ts: dialect: is "sqlite", and drizzle-companion knows "postgresql" alone',
    'drizzle.config.ts: out: must be the path of the migrations folder',
    'drizzle.config.ts: migrations.tabel: is not a key of migrations; did you mean table?',
    'drizzle.config.ts: migrations.table: must be a name of 1 to 63 bytes',
    '--ledger: "a.b.c" is not schema.table',
    'drizzle.config.ts: dbCredentials.database: is missing',
    'drizzle.config.ts: dbCredentials.port: must be a number from 1 to 65535',
    "drizzle.config.ts: dbCredentials.ssl: must be true, false, 'require', 'allow', 'prefer', 'verify-full' or an object",
  ]);
});

test.each([
  [[{ dialect: 'postgresql' }], 'drizzle.config.ts: exports an array of 1 configs'],
  [() => ({}), 'drizzle.config.ts: exports a function'],
  [undefined, 'drizzle.config.ts: exports undefined instead of a config'],
])('a config that exports something else is refused in plain words', (value, message) => {
  expect(faultsOf({ value })).toEqual([message]);
});

test('no config and no folder is a fault that names both ways out', () => {
  expect(faultsOf({})).toEqual(['drizzle.config: none found from /repo upwards']);
});

describe('the migrations folder', () => {
  const value = { out: './drizzle' };
  const existing = (path: string) => parse({ value, folderExists: (asked) => asked === path }).folder;

  test('lies beside the config', () => {
    expect(parse({ value, folderExists: () => true }).folder).toBe('/repo/packages/db/drizzle');
    expect(parse({ value }).folder).toBe('/repo/packages/db/drizzle');
  });

  test("lies in the working directory when only drizzle-kit's reading exists", () => {
    expect(existing('/repo/drizzle')).toBe('/repo/drizzle');
  });

  test('is ./drizzle when the config does not say', () => {
    expect(parse({ value: {} }).folder).toBe('/repo/packages/db/drizzle');
  });
});

describe('the database', () => {
  const env = {
    MIGRATION_DATABASE_URL: 'postgres://h/1',
    DIRECT_URL: 'postgres://h/2',
    DATABASE_URL_UNPOOLED: 'postgres://h/3',
    DATABASE_URL: 'postgres://h/4',
  };
  const value = { dbCredentials: { url: 'postgres://h/5' } };

  test('comes from the first source that names one', () => {
    const sources = [parse({ value, env, flags: { url: 'postgres://h/0' } }).url];
    const left: Record<string, string> = { ...env };
    for (const name of Object.keys(env)) {
      sources.push(parse({ value, env: left }).url);
      left[name] = '';
    }
    sources.push(parse({ value, env: left }).url);
    expect(sources.map((url) => `${url?.source} ${url?.value.at(-1)}`)).toEqual([
      '--url 0',
      'MIGRATION_DATABASE_URL 1',
      'DIRECT_URL 2',
      'DATABASE_URL_UNPOOLED 3',
      'DATABASE_URL 4',
      'dbCredentials 5',
    ]);
  });

  test('may be unknown: not every command needs one', () => {
    expect(parse({ value: {} }).url).toBeNull();
    expect(parse({ value: { driver: 'pglite', dbCredentials: { url: './data' } } }).url).toBeNull();
  });

  test('credentials made of unset variables are a fault only when they are needed', () => {
    const unset = { dbCredentials: { url: undefined } };
    expect(parse({ value: unset, env }).url?.source).toBe('MIGRATION_DATABASE_URL');
    expect(faultsOf({ value: unset })).toEqual([
      'drizzle.config.ts: dbCredentials.url: is empty: the variable it reads is not set',
    ]);
  });

  test.each([
    ['', '--url: is empty'],
    ['mysql://root:secret@h/db', '--url: is not a postgres:// URL'],
    ['postgres://u:se#cret@h/db', '--url: is not a valid URL'],
  ])('a faulty URL is refused without printing it', (url, message) => {
    expect(faultsOf({ value: {}, flags: { url } })).toEqual([message]);
  });

  test('several hosts in one URL are fine', () => {
    const url = 'postgres://u:p@h1:5432,h2:5433/db?target_session_attrs=primary';
    expect(parse({ value: {}, flags: { url } }).url?.value).toBe(url);
  });
});

test('offline, nothing is said of the database', () => {
  const value = { dialect: 'postgresql', dbCredentials: { url: '' } };
  expect(parse({ value, env: { DATABASE_URL: 'mysql://x' }, offline: true }).url).toBeNull();
  expect(faultsOf({ value })).toHaveLength(1);
});
