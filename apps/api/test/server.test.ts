import { createDatabase } from '@companion/testing';
import { migrate } from 'drizzle-companion';
import { expect, test } from 'vitest';
import { parseSettings } from '../src/settings.ts';
import { startServer } from './running-server.ts';

const folder = parseSettings({ DATABASE_URL: 'postgres://unused' }).migrationsFolder;

async function get(url: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('it is alive before the migrations, and ready after the last one', async () => {
  const database = await createDatabase();
  const server = await startServer({ DATABASE_URL: database.url });
  expect(await get(`${server.origin}/healthz`)).toEqual({ status: 200, body: { alive: true } });
  const before = await get(`${server.origin}/readyz`);
  expect(before).toMatchObject({ status: 503, body: { ready: false, applied: 0 } });
  expect(before.body.missing).toContain('0000_users');

  await migrate({ url: database.url, folder, to: '0016_message_role_tool' });
  expect(await get(`${server.origin}/readyz`)).toMatchObject({
    status: 503,
    body: { applied: 17, missing: ['0017_messages_token_counts', '0018_messages_created_at_idx'] },
  });

  await migrate({ url: database.url, folder });
  expect(await get(`${server.origin}/readyz`)).toEqual({ status: 200, body: { ready: true } });
});

test('without a database it stays up and says why it is not ready', async () => {
  // Port 1 is nobody's: the connection is refused at once.
  const server = await startServer({ DATABASE_URL: 'postgres://somebody:secret@127.0.0.1:1/nowhere' });
  const { status, body } = await get(`${server.origin}/readyz`);
  expect({ status, ready: body.ready }).toEqual({ status: 503, ready: false });
  expect(body.reason).toBeTruthy();
  expect(JSON.stringify(body)).not.toContain('secret');
  expect(await get(`${server.origin}/users`)).toMatchObject({ status: 503 });
  expect(await get(`${server.origin}/healthz`)).toMatchObject({ status: 200 });
});

test('SIGTERM lets the open request finish, takes no new one, and exits with 0', async () => {
  const database = await createDatabase();
  await migrate({ url: database.url, folder });
  const server = await startServer({ DATABASE_URL: database.url });

  const locked = await database.sql.reserve();
  await locked`BEGIN`;
  await locked`LOCK TABLE users`;
  const open = fetch(`${server.origin}/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@school.example', displayName: 'Ada' }),
  });
  await expect
    .poll(() => database.sql`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'users'::regclass`)
    .toHaveLength(1);

  server.kill('SIGTERM');
  await server.waitForOutput('finishing open requests');
  await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
  await locked`COMMIT`;
  locked.release();

  expect((await open).status).toBe(201);
  expect(await server.ended).toBe(0);
  // Its backends end by themselves, a moment after the process.
  const connections = () => database.sql`
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE ${'%"users"%'}`;
  await expect.poll(connections).toHaveLength(0);
});

test('SIGINT ends an idle server with 0', async () => {
  const server = await startServer({ DATABASE_URL: 'postgres://somebody@127.0.0.1:1/nowhere' });
  server.kill('SIGINT');
  expect(await server.ended).toBe(0);
});

test('every fault of the environment is told at once, without its value', () => {
  const parse = () => parseSettings({ DATABASE_URL: 'mysql://root:secret@db', PORT: 'http' });
  expect(parse).toThrow(/DATABASE_URL is not a postgres:\/\/ URL; PORT is not a port/);
  expect(parse).not.toThrow(/secret/);
});
