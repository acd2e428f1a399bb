import { createDatabase, journalFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { migrate } from '../migrate/migrate.ts';
import { assertMigrated, readiness } from './readiness.ts';

const A = { name: '0000_a', sql: 'CREATE TABLE a (id int);' };
const B = { name: '0001_b', sql: 'CREATE TABLE b (id int);' };

describe('readiness', () => {
  it('is no before the first run, naming what is missing, and makes nothing', async () => {
    const { url, sql } = await createDatabase();
    expect(await readiness({ url, folder: journalFolder([A, B]).path })).toEqual({
      ready: false,
      applied: 0,
      missing: ['0000_a', '0001_b'],
      reason: '2 of 2 migrations not applied: 0000_a, 0001_b.',
    });
    expect(await sql`select 1 from pg_namespace where nspname = 'drizzle'`).toEqual([]);
  });

  it('is yes when the applied set holds the set on disk', async () => {
    const { url, sql } = await createDatabase();
    const folder = journalFolder([A, B]).path;
    await migrate({ url, folder });
    expect(await readiness({ client: sql, folder })).toMatchObject({ ready: true, applied: 2, missing: [] });
    await expect(assertMigrated({ url, folder })).resolves.toBeUndefined();
  });

  it('stays yes for an older release while the database is ahead', async () => {
    const { url } = await createDatabase();
    await migrate({ url, folder: journalFolder([A, B]).path });
    expect(await readiness({ url, folder: journalFolder([A]).path })).toMatchObject({
      ready: true,
      reason: 'The one migration is applied, and the database is 1 ahead.',
    });
  });

  it('is no when a gap is left behind the newest one, which a high-water mark would not see', async () => {
    const { url } = await createDatabase();
    const folder = journalFolder([A, B]);
    folder.writeJournal([{ name: '0001_b', when: 2000 }]);
    await migrate({ url, folder: folder.path });
    folder.writeJournal([
      { name: '0000_a', when: 1000 },
      { name: '0001_b', when: 2000 },
    ]);
    expect(await readiness({ url, folder: folder.path })).toMatchObject({
      ready: false,
      missing: ['0000_a'],
    });
  });

  it('is no when an applied file was changed', async () => {
    const { url } = await createDatabase();
    const folder = journalFolder([A]);
    await migrate({ url, folder: folder.path });
    folder.write('0000_a.sql', 'CREATE TABLE other (id int);');
    expect(await readiness({ url, folder: folder.path })).toMatchObject({
      ready: false,
      reason: 'Changed after being applied: 0000_a.',
    });
  });

  it('stops an application that starts too early, with the command that mends it', async () => {
    const { url } = await createDatabase();
    await expect(assertMigrated({ url, folder: journalFolder([A]).path })).rejects.toMatchObject({
      code: 'problems-found',
      fields: { fix: 'drizzle-companion migrate' },
    });
  });

  it('cannot be told when the database is away', async () => {
    const away = { url: 'postgres://u@127.0.0.1:1/d', folder: journalFolder([A]).path };
    await expect(readiness(away)).rejects.toMatchObject({ code: 'database-unreachable', exitCode: 6 });
  });
});
