import { setTimeout as sleep } from 'node:timers/promises';
import { describeEachPostgres, journalFolder, startTcpProxy } from '@companion/testing';
import { expect, it } from 'vitest';
import { migrate } from './migrate.ts';

/** More than a socket takes at once: the driver keeps what follows in a queue of its own. */
const LARGE = `SELECT pg_sleep(30) /* ${'x'.repeat(4_000_000)} */;`;

describeEachPostgres('a connection lost in the middle of a large migration', (server) => {
  it('sends nothing of the rest anywhere else', async () => {
    const { url, sql } = await server.createDatabase();
    const proxy = await startTcpProxy(url);
    const folder = journalFolder([
      {
        name: '0000_large',
        sql: ['CREATE TABLE a ();', LARGE, 'CREATE TABLE b ();'].join('--> statement-breakpoint\n'),
      },
    ]);
    const lost = migrate({ url: proxy.url(), folder: folder.path });
    lost.catch(() => undefined);
    const asleep = () =>
      sql`select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`;
    await expect.poll(async () => (await asleep()).length, { timeout: 10_000 }).toBe(1);
    proxy.cut('rst');
    await expect(lost).rejects.toMatchObject({ code: 'connection-lost' });
    await sleep(500);
    expect(
      await sql`select to_regclass('a') as a, to_regclass('b') as b, (select count(*)::int from drizzle.__drizzle_migrations) as rows`,
    ).toEqual([{ a: null, b: null, rows: 0 }]);
  });
});
