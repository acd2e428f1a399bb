import { execFileSync, spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase, journalFolder, temporaryFolder } from '@companion/testing';
import postgres from 'postgres';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrate } from '../migrate/migrate.ts';
import { readStatus } from '../status/read-status.ts';

const pgbouncer = findPgbouncer();
if (!pgbouncer) console.log('skipped: PgBouncer is not installed, so no pooler can be tested against');

describe.skipIf(!pgbouncer)('behind PgBouncer', () => {
  it('in transaction mode migrate refuses, says which variable to set, and changes nothing', async () => {
    const { url, sql } = await createDatabase();
    const pooled = await startPgbouncer(url, 'transaction');
    const folder = journalFolder([{ name: '0000_a', sql: 'CREATE TABLE a (id int);' }]);
    await expect(migrate({ url: pooled, folder: folder.path })).rejects.toMatchObject({
      code: 'pooler-refused',
      exitCode: 4,
      fields: { hint: expect.stringContaining('MIGRATION_DATABASE_URL') },
    });
    expect(await sql`select 1 from pg_namespace where nspname = 'drizzle'`).toEqual([]);
  });

  it('in transaction mode status reads, and leaves no setting behind in the process it was lent', async () => {
    const { url } = await createDatabase();
    const pooled = await startPgbouncer(url, 'transaction');
    const folder = journalFolder([{ name: '0000_a', sql: 'CREATE TABLE a (id int);' }]);
    const read = async () => {
      const sql = postgres(pooled, { max: 1, fetch_types: false });
      const rows = await sql
        .unsafe(`select name, setting from pg_settings where name like '%_timeout' order by 1`)
        .simple();
      await sql.end();
      return [...rows];
    };
    const before = await read();
    await expect(migrate({ url: pooled, folder: folder.path })).rejects.toMatchObject({
      code: 'pooler-refused',
    });
    expect((await readStatus({ url: pooled, folder: folder.path })).comparison.summary.pending).toBe(1);
    expect(await read()).toEqual(before);
  });

  it('in session mode migrate runs, as one process serves it to the end', async () => {
    const { url } = await createDatabase();
    const pooled = await startPgbouncer(url, 'session');
    const folder = journalFolder([{ name: '0000_a', sql: 'CREATE TABLE a (id int);' }]);
    const report = await migrate({ url: pooled, folder: folder.path });
    expect(report.steps).toMatchObject([{ state: 'done' }]);
  });
});

function findPgbouncer(): string | null {
  for (const name of ['pgbouncer', '/usr/sbin/pgbouncer']) {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return name;
    } catch {}
  }
  return null;
}

/** @returns the URL of the same database through the pooler. */
async function startPgbouncer(url: string, mode: 'transaction' | 'session'): Promise<string> {
  const target = new URL(url);
  const port = await freePort();
  const folder = temporaryFolder({
    'users.txt': `"${target.username}" "${decodeURIComponent(target.password)}"\n`,
    'pgbouncer.ini': `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = users.txt
pool_mode = ${mode}
default_pool_size = 5
`,
  });
  // PgBouncer refuses to run as root, as PostgreSQL does; anybody may read these.
  chmodSync(folder.path, 0o755);
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const child = spawn(pgbouncer ?? '', ['pgbouncer.ini'], { cwd: folder.path, stdio: 'ignore', ...account });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pooled = Object.assign(target, { hostname: '127.0.0.1', port: String(port) }).toString();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const probe = postgres(pooled, { max: 1, connect_timeout: 2, fetch_types: false });
    try {
      await probe`select 1`.simple();
      return pooled;
    } catch {
      await sleep(100);
    } finally {
      await probe.end({ timeout: 0 });
    }
  }
  throw new Error('PgBouncer did not answer');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
