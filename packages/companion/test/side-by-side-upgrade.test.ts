import { createHash } from 'node:crypto';
import { describeEachPostgres, foldersFolder, type TestDatabase, type TestFolder } from '@companion/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../src/index.ts';
import { readWithoutFacts, readWorld } from './read-world.ts';
import { convertFolder, cutFolder, listMigrations, realHistory, STOCK_0, STOCK_1 } from './stock.ts';

const SECOND = Date.UTC(2024, 0, 1, 10, 0, 0);
const [A, B] = ['SELECT 1;', 'SELECT 2;'];

type Case = {
  readonly title: string;
  readonly folders: readonly { readonly name: string; readonly sql: string }[];
  /** Hash and created_at. */
  readonly rows: readonly (readonly [hash: string, createdAt: number | null])[];
};

const HARD_MATCHES: readonly Case[] = [
  {
    title: 'two folders in one second, told apart by their hash',
    folders: [
      { name: '20240101100000_b', sql: B },
      { name: '20240101100000_a', sql: A },
    ],
    rows: [
      [hashOf(B), SECOND + 100],
      [hashOf(A), SECOND + 900],
    ],
  },
  {
    title: 'a row without a time, known by its hash',
    folders: [{ name: '20240101100000_a', sql: A }],
    rows: [[hashOf(A), null]],
  },
  {
    title: 'a row of another time, known by its hash, which two folders have',
    folders: [
      { name: '20240101100000_first', sql: A },
      { name: '20240101100001_second', sql: A },
    ],
    rows: [[hashOf(A), SECOND - 5_000]],
  },
  {
    title: 'a file that was edited, known by its second',
    folders: [{ name: '20240101100000_a', sql: A }],
    rows: [[hashOf(B), SECOND + 1]],
  },
  {
    title: 'two rows for one file',
    folders: [{ name: '20240101100000_a', sql: A }],
    rows: [
      [hashOf(A), SECOND + 1],
      [hashOf(A), SECOND + 2],
    ],
  },
];

describeEachPostgres('A ledger of drizzle 0.x under the 1.x layout', ({ createDatabase }) => {
  let journal: TestFolder;
  let converted: TestFolder;
  beforeAll(async () => {
    journal = realHistory();
    converted = await convertFolder(journal);
  });
  afterAll(() => {
    journal.dispose();
    converted.dispose();
  });

  /** Two databases in the same state: what 0.45 made of the first `count` migrations. */
  async function makeTwins(count: number): Promise<readonly [TestDatabase, TestDatabase]> {
    const twins = [await createDatabase(), await createDatabase()] as const;
    const { path: folder } = cutFolder(journal.path, (_, index) => index < count);
    for (const { url } of twins) await STOCK_0.migrate({ url, folder });
    return twins;
  }

  it('is upgraded by us as by stock, column by column', async () => {
    const [ours, theirs] = await makeTwins(Number.POSITIVE_INFINITY);
    await STOCK_1.migrate({ url: theirs.url, folder: converted.path });
    const report = await migrate({ url: ours.url, folder: converted.path });

    expect(report.steps).toEqual([]);
    const world = await readWorld(theirs.sql);
    expect(await readWorld(ours.sql)).toEqual(world);
    expect(world.rows.map((row) => row.name)).toEqual(listMigrations(converted.path));
    expect(world.rows.map((row) => row.applied_at)).toEqual(world.rows.map(() => null));
  });

  it('is upgraded on the way when migrations are pending', async () => {
    const [ours, theirs] = await makeTwins(10);
    await STOCK_1.migrate({ url: theirs.url, folder: converted.path });
    const report = await migrate({ url: ours.url, folder: converted.path });

    expect(report.steps.map((step) => step.name)).toEqual(listMigrations(converted.path).slice(10));
    expect(await readWithoutFacts(ours.sql)).toEqual(await readWorld(theirs.sql));
  });

  it('is left alone by stock once we upgraded it', async () => {
    const [{ url, sql }] = await makeTwins(10);
    await migrate({ url, folder: converted.path });
    const before = await readWorld(sql);
    await STOCK_1.migrate({ url, folder: converted.path });
    expect(await readWorld(sql)).toEqual(before);
  });

  it('is refused, and not touched, when a row matches no file', async () => {
    const [ours, theirs] = await makeTwins(10);
    for (const { sql } of [ours, theirs]) {
      await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of no file', 1500000000000)`;
    }
    const before = await readWorld(ours.sql);

    const run = migrate({ url: ours.url, folder: converted.path });
    await expect(run).rejects.toMatchObject({ code: 'ledger-refused', exitCode: 4 });
    expect(await readWorld(ours.sql)).toEqual(before);
    await expect(STOCK_1.migrate({ url: theirs.url, folder: converted.path })).rejects.toThrow(
      'do not match any local migration',
    );
  });

  for (const { title, folders, rows } of HARD_MATCHES) {
    it(`gives the names that stock gives: ${title}`, async () => {
      const [ours, theirs] = [await createDatabase(), await createDatabase()];
      const { path: folder } = foldersFolder(folders);
      for (const { url, sql } of [ours, theirs]) {
        await STOCK_0.migrate({ url, folder: cutFolder(journal.path, () => false).path });
        for (const [hash, createdAt] of rows) {
          await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${createdAt})`;
        }
      }
      await STOCK_1.migrate({ url: theirs.url, folder });
      // Some of these histories are in doubt, and we say so where stock goes on: the upgrade itself is the same.
      const accept = ['ledger/edited', 'ledger/duplicate'].map((code) => ({ code, name: null }));
      await migrate({ url: ours.url, folder, accept });

      expect((await readWorld(ours.sql)).rows).toEqual((await readWorld(theirs.sql)).rows);
    });
  }
});

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
