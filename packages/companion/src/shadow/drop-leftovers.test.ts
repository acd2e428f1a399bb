import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describeEachPostgres, releaseAfterTest, serverUrl, withDatabase } from '@companion/testing';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { shadowOptions, TESTING_DIRECTORY } from '../../test/shadow-chain.ts';
import { sourceScript } from '../../test/source-script.ts';
import { openSession } from '../database/session.ts';
import { dropLeftovers } from './drop-leftovers.ts';
import { newShadowName, renderMark } from './shadow-name.ts';
import { withShadow } from './with-shadow.ts';

const LONG = 180_000;

const inside = (url: string, name = '') => Object.assign(new URL(url), { pathname: `/${name}` }).toString();

async function again(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(statement);
  await sql.end();
}

/** A name of ours, of twenty minutes ago. */
function longAgo(): string {
  return newShadowName().replace(/\d{13}$/, `${Date.now() - 1_200_000}`);
}

/** A process of its own that holds a shadow on the server until it is killed; its name. */
async function holdShadow(url: string): Promise<{ child: ChildProcess; name: string }> {
  const script = sourceScript(`
const { withShadow } = await load('shadow/with-shadow.ts');
const { NO_SHADOW_SETTINGS } = await load('shadow/shadow.ts');
const settings = { ...NO_SHADOW_SETTINGS, url: ${JSON.stringify(url)} };
await withShadow({ settings, directory: process.cwd(), target: null }, async (shadow) => {
  const [row] = await shadow.query('SELECT current_database()');
  console.log(row[0]);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});`);
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  releaseAfterTest(() => void child.kill('SIGKILL'));
  const [chunk] = await once(child.stdout, 'data');
  return { child, name: String(chunk).trim() };
}

describeEachPostgres('leftovers of runs that were killed', ({ version }) => {
  async function server() {
    const url = await serverUrl({ version });
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    releaseAfterTest(() => sql.end());
    const exists = async (name: string) =>
      (await sql`SELECT FROM pg_database WHERE datname = ${name}`).length === 1;
    return { url, sql, exists };
  }

  it('are dropped by the next run, and not before the process is dead', { timeout: LONG }, async () => {
    const { url, sql, exists } = await server();
    const { child, name } = await holdShadow(url);
    expect(name).toMatch(/^drizzle_companion_shadow_/);
    const next = () => withShadow(shadowOptions(TESTING_DIRECTORY, { url }), async () => undefined);
    await next();
    expect(await exists(name)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => sql`SELECT FROM pg_stat_activity WHERE datname = ${name}`).toHaveLength(0);
    await expect
      .poll(async () => {
        await next();
        return exists(name);
      })
      .toBe(false);
  });

  it('are ours by name and mark; nothing else is touched', { timeout: LONG }, async () => {
    const { url, sql, exists } = await server();
    const dead = renderMark({ pid: 999_999, backendStart: '1704067200.5' });
    const made: string[] = [];
    const make = async (name: string, comment: string | null, owner = 'postgres') => {
      await sql`CREATE DATABASE ${sql(name)} TEMPLATE template0 OWNER ${sql(owner)}`;
      releaseAfterTest(async () => {
        await again(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
      });
      if (comment !== null) await sql.unsafe(`COMMENT ON DATABASE "${name}" IS '${comment}'`);
      made.push(name);
      return name;
    };
    const [me] =
      await sql`SELECT pg_backend_pid() AS pid, extract(epoch from backend_start)::text AS start FROM pg_stat_activity WHERE pid = pg_backend_pid()`;
    const role = `r_${Date.now()}`;
    await sql`CREATE ROLE ${sql(role)}`;
    releaseAfterTest(async () => void (await again(url, `DROP ROLE ${role}`)));
    const subscription = `CREATE SUBSCRIPTION s CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)`;
    const leftovers = [
      await make(newShadowName(), dead),
      await make(newShadowName(), dead),
      // Killed before it was marked.
      await make(longAgo(), null),
    ];
    await again(inside(url, leftovers[1]), subscription);
    const used = await make(longAgo(), null);
    await again(inside(url, used), 'CREATE TYPE mine AS ENUM ()');
    const others = [
      used,
      await make(longAgo(), null, role),
      await make(longAgo(), 'mine'),
      await make(newShadowName(), null),
      await make(newShadowName(), 'production'),
      await make('drizzle_companion_shadow_of_mine', dead),
      await make(newShadowName(), renderMark({ pid: me?.pid, backendStart: me?.start })),
    ];
    const inUse = await make(newShadowName(), null);
    const user = postgres(inside(url, inUse), { max: 1 });
    await user`SELECT 1`;
    await sql.unsafe(`COMMENT ON DATABASE "${inUse}" IS '${dead}'`);
    // A session that writes dates in another way.
    const foreign = `${url}?TimeZone=Asia/Tokyo&DateStyle=German`;
    const session = await openSession({ url: foreign }, 0, undefined, () => undefined);
    const dropped = await dropLeftovers(session, foreign);
    await session.close();
    // By this call, or by a shadow of another test on the same server.
    for (const leftover of leftovers) expect(await exists(leftover)).toBe(false);
    for (const name of [...others, inUse]) {
      expect(dropped).not.toContain(name);
      expect(await exists(name)).toBe(true);
    }
    await user.end();
  });

  it('are not made where the role may not make databases', { timeout: LONG }, async () => {
    const { url, sql } = await server();
    const role = `r_${Date.now()}`;
    await sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
    try {
      const target = Object.assign(new URL(url), { username: role, password: 'x' }).toString();
      const thrown: unknown = await withShadow(
        shadowOptions(TESTING_DIRECTORY, { url: target }),
        async () => null,
      ).catch((error) => error);
      expect(thrown).toMatchObject({
        code: 'shadow-unavailable',
        fields: { hint: expect.stringContaining(`ALTER ROLE "${role}" CREATEDB`) },
      });
    } finally {
      await sql.unsafe(`DROP ROLE ${role}`);
    }
  });

  it('do not come of a use that kills the session of the shadow', { timeout: LONG }, async () => {
    const { url, exists } = await server();
    let name = '';
    const killed = withShadow(shadowOptions(TESTING_DIRECTORY, { url }), async (shadow) => {
      name = (await shadow.query('SELECT current_database()'))[0]?.[0] ?? '';
      await shadow.execute('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(killed).rejects.toMatchObject({ code: 'connection-lost' });
    expect(name).not.toBe('');
    expect(await exists(name)).toBe(false);
  });

  it('do not come of what PostgreSQL drops no database with', { timeout: LONG }, async () => {
    const { url, exists } = await server();
    const name = await withShadow(shadowOptions(TESTING_DIRECTORY, { url }), async (shadow) => {
      await shadow.execute(
        `CREATE SUBSCRIPTION "S" CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false)`,
      );
      return (await shadow.query('SELECT current_database()'))[0]?.[0];
    });
    expect(await exists(name ?? '')).toBe(false);
  });

  it('do not come of a shadow that is used twice at once', { timeout: LONG }, async () => {
    await withDatabase(
      async ({ url }) => {
        const names = await Promise.all(
          [1, 2, 3].map(() =>
            withShadow(shadowOptions(TESTING_DIRECTORY, { url }), async (shadow) => {
              await shadow.execute('CREATE TABLE mine ()');
              return (await shadow.query('SELECT current_database()'))[0]?.[0];
            }),
          ),
        );
        expect(new Set(names).size).toBe(3);
      },
      { version },
    );
  });
});
