import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { startTcpProxy } from './tcp-proxy.ts';
import { createDatabase } from './test-database.ts';

test('carries a PostgreSQL session', async () => {
  const { url } = await createDatabase();
  const sql = client((await startTcpProxy(url)).url());
  expect(await sql`select repeat('x', 100000) as text`).toEqual([{ text: 'x'.repeat(100_000) }]);
});

test.each(['rst', 'fin'] as const)('cuts what is open (%s), and serves what comes next', async (style) => {
  const database = await createDatabase();
  const proxy = await startTcpProxy(database.url);
  const sql = client(proxy.url());
  const waiting = sql`select pg_sleep(30)`.execute();
  waiting.catch(() => undefined);
  const asleep = () => database.sql`select from pg_stat_activity where wait_event = 'PgSleep'
    and datname = ${database.name}`;
  await expect.poll(() => asleep().then((rows) => rows.length)).toBe(1);
  proxy.cut(style);
  await expect(waiting).rejects.toMatchObject({
    code: expect.stringMatching(/ECONNRESET|CONNECTION_CLOSED/),
  });
  expect(await sql`select 2 as two`).toEqual([{ two: 2 }]);
});

test('stalls without closing, then delivers what it held back', async () => {
  const { proxy, seen } = await echoThroughProxy();
  const socket = await open(proxy.port);
  proxy.stall();
  socket.write('held');
  const late = await open(proxy.port);
  late.write('late');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(seen()).toBe('');
  expect(proxy.connections()).toBe(2);
  const answers = Promise.all([once(socket, 'data'), once(late, 'data')]);
  await proxy.recover();
  expect((await answers).map(([chunk]) => String(chunk))).toEqual(['held', 'late']);
});

test('refuses new connections for a while, on the same port again afterwards', async () => {
  const { proxy } = await echoThroughProxy();
  const before = await open(proxy.port);
  await proxy.refuse();
  await expect(open(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  before.write('still here');
  expect(String((await once(before, 'data'))[0])).toBe('still here');
  await proxy.recover();
  await expect(open(proxy.port)).resolves.toBeDefined();
});

test.each([
  ['before', 0],
  ['after', 1],
] as const)('loses a statement %s the server has seen it', async (moment, rows) => {
  const database = await createDatabase();
  await database.sql`create table done (id int)`;
  const proxy = await startTcpProxy(database.url);
  const sql = client(proxy.url());
  await sql`select 1`;
  proxy.cutWhenClientSends(/insert into done/, moment);
  await expect(sql.unsafe('insert into done values (1)')).rejects.toMatchObject({
    code: expect.stringMatching(/ECONNRESET|CONNECTION_CLOSED/),
  });
  await expect
    .poll(() => database.sql`select count(*)::int as rows from done`.then(([row]) => row?.rows))
    .toBe(rows);
});

test('stops a connection before a message, and lets it go on', async () => {
  const database = await createDatabase();
  await database.sql`create table done (id int)`;
  const proxy = await startTcpProxy(database.url);
  const sql = client(proxy.url());
  const standing = proxy.holdWhenClientSends({ pattern: /insert/, moment: 'before', occurrence: 2 });
  // One chunk on the wire: the first message goes through, the second does not.
  const first = sql.unsafe('insert into done values (1)').simple();
  const sent = Promise.all([first, sql.unsafe('insert into done values (2)').simple()]);
  const wire = await standing;
  await first;
  expect(await database.sql`select id from done`).toEqual([{ id: 1 }]);
  wire.release();
  await sent;
  expect(await database.sql`select id from done order by id`).toEqual([{ id: 1 }, { id: 2 }]);
});

test('stops a connection after a message: the server acts on it, and the client hears nothing', async () => {
  const database = await createDatabase();
  await database.sql`create table done (id int)`;
  const proxy = await startTcpProxy(database.url);
  const sql = client(proxy.url());
  const standing = proxy.holdWhenClientSends({ pattern: /insert/, moment: 'after' });
  const inserted = sql.unsafe('insert into done values (1)').simple().execute();
  inserted.catch(() => undefined);
  const wire = await standing;
  await expect.poll(() => database.sql`select id from done`).toEqual([{ id: 1 }]);
  expect(await Promise.race([inserted, 'no answer'])).toBe('no answer');
  wire.cut();
  await expect(inserted).rejects.toMatchObject({
    code: expect.stringMatching(/ECONNRESET|CONNECTION_CLOSED/),
  });
});

test('gives up what it holds back when the client goes away', async () => {
  const database = await createDatabase();
  await database.sql`create table done (id int)`;
  const proxy = await startTcpProxy(database.url);
  const sql = client(proxy.url());
  const standing = proxy.holdWhenClientSends({ pattern: /insert/, moment: 'before' });
  const inserted = sql.unsafe('insert into done values (1)').simple().execute();
  inserted.catch(() => undefined);
  const wire = await standing;
  await sql.end({ timeout: 0 });
  await expect.poll(() => proxy.connections()).toBe(0);
  wire.release();
  expect(await database.sql`select id from done`).toEqual([]);
});

function client(url: string): postgres.Sql {
  const sql = postgres(url, { max: 1 });
  onTestFinished(() => sql.end({ timeout: 0 }));
  return sql;
}

async function echoThroughProxy() {
  let seen = '';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      seen += chunk;
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const proxy = await startTcpProxy(`postgres://127.0.0.1:${address.port}/x`);
  return { proxy, seen: () => seen };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}
