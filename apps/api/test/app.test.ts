import type { AddressInfo } from 'node:net';
import { createDatabase } from '@acme/db';
import { createDatabase as createTestDatabase, type TestDatabase } from '@companion/testing';
import { serve } from '@hono/node-server';
import { migrate } from 'drizzle-companion';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../src/app.ts';
import { parseSettings } from '../src/settings.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';
let database: TestDatabase;
let close: () => Promise<void>;
let origin: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const folder = parseSettings({ DATABASE_URL: database.url }).migrationsFolder;
  await migrate({ url: database.url, folder });
  const client = createDatabase(database.url);
  const app = createApp({
    db: client.db,
    readReadiness: async () => ({ ready: true, reason: '', applied: 0, missing: [] }),
    isStopping: () => false,
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  origin = await new Promise((resolve) => {
    server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
  close = async () => {
    await new Promise((resolve) => server.close(resolve));
    await client.close();
  };
});
afterAll(async () => {
  await close?.();
  await database?.drop();
});

// biome-ignore lint/suspicious/noExplicitAny: what the api answers is what is tested
type Answer = { status: number; body: any };

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          body: typeof body === 'string' ? body : JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
  });
  return { status: response.status, body: await response.json() };
}

async function createTool(email: string): Promise<{ toolId: string; userId: string; groupId: string }> {
  const user = await call('POST', '/users', { email, displayName: 'Ada', role: 'teacher' });
  const group = await call('POST', '/groups', { name: 'Physics 9b', leadId: user.body.id });
  const tool = await call('POST', `/groups/${group.body.id}/tools`, { name: 'Lab partner', model: 'small' });
  expect([user.status, group.status, tool.status]).toEqual([201, 201, 201]);
  return { toolId: tool.body.id, userId: user.body.id, groupId: group.body.id };
}

test('a teacher prepares a tool, a student talks to it until the chat session is completed', async () => {
  const { toolId, userId: teacher, groupId } = await createTool('lise@school.example');
  expect((await call('GET', `/groups/${groupId}/members`)).body).toEqual([
    { id: teacher, displayName: 'Ada', role: 'lead' },
  ]);
  expect((await call('GET', `/groups/${groupId}/tools`)).body).toMatchObject([
    { id: toolId, published: true },
  ]);

  const student = await call('POST', '/users', { email: 'otto@school.example', displayName: ' Otto ' });
  expect(student).toMatchObject({ status: 201, body: { role: 'student', displayName: 'Otto' } });
  const chat = await call('POST', '/chat-sessions', { toolId, userId: student.body.id });
  expect(chat).toMatchObject({ status: 201, body: { state: 'active' } });

  const path = `/chat-sessions/${chat.body.id}`;
  expect(await call('POST', `${path}/messages`, { content: 'Why is the sky blue?' })).toMatchObject({
    status: 201,
    body: { position: 1, role: 'user' },
  });
  expect(await call('PATCH', path, { state: 'completed' })).toMatchObject({
    status: 200,
    body: { state: 'completed' },
  });
  expect(await call('POST', `${path}/messages`, { content: 'And red?' })).toMatchObject({
    status: 409,
    body: { error: 'The chat session is completed.' },
  });
  expect((await call('GET', `${path}/messages`)).body).toMatchObject([{ content: 'Why is the sky blue?' }]);
  expect((await call('GET', `/chat-sessions?userId=${student.body.id}`)).body).toMatchObject([
    { id: chat.body.id },
  ]);
});

test('messages sent at the same moment get positions without gaps or doubles', async () => {
  const chat = await call('POST', '/chat-sessions', await createTool('marie@school.example'));
  const path = `/chat-sessions/${chat.body.id}/messages`;
  const sent = await Promise.all(
    Array.from({ length: 8 }, (_, index) => call('POST', path, { content: `${index}` })),
  );
  expect(sent.map((answer) => answer.status)).toEqual(Array(8).fill(201));
  const { body } = await call('GET', path);
  expect(body.map((message: { position: number }) => message.position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test.each([
  ['a body that is not JSON', 'POST', '/users', '{'],
  ['an address that is none', 'POST', '/users', { email: 'ada', displayName: 'Ada' }],
  [
    'a role that does not exist',
    'POST',
    '/users',
    { email: 'a@b.example', displayName: 'Ada', role: 'root' },
  ],
  ['a user id that is none', 'GET', '/chat-sessions?userId=1', undefined],
  ['no user id', 'GET', '/chat-sessions', undefined],
  ['a tool that does not exist', 'POST', '/chat-sessions', { toolId: NOBODY, userId: NOBODY }],
  ['an empty message', 'POST', `/chat-sessions/${NOBODY}/messages`, { content: '  ' }],
  ['an old state', 'PATCH', `/chat-sessions/${NOBODY}`, { state: 'paused' }],
])('%s is refused with 400', async (_, method, path, body) => {
  const answer = await call(method, path, body);
  expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } });
});

test.each([
  ['GET', '/nothing', undefined],
  ['GET', `/chat-sessions/${NOBODY}/messages`, undefined],
  ['POST', `/chat-sessions/${NOBODY}/messages`, { content: 'hello' }],
  ['PATCH', `/chat-sessions/${NOBODY}`, { state: 'archived' }],
])('%s %s is answered with 404', async (method, path, body) => {
  expect((await call(method, path, body)).status).toBe(404);
});

test('an address that is taken is refused with 409, whatever its case', async () => {
  await call('POST', '/users', { email: 'emmy@school.example', displayName: 'Emmy' });
  const again = await call('POST', '/users', { email: 'Emmy@School.example', displayName: 'Emmy' });
  expect(again.status).toBe(409);
});

test('the list of users holds who was added', async () => {
  const added = await call('POST', '/users', { email: 'rosalind@school.example', displayName: 'Rosalind' });
  const { body } = await call('GET', '/users');
  expect(body).toContainEqual(added.body);
});
