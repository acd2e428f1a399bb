import { createDatabase, describeEachPostgres, type TestFolder } from '@companion/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LedgerAddress, migrate, readStatus } from '../src/index.ts';
import { readLedgerRows, readWithoutFacts, readWorld } from './read-world.ts';
import { SMALL_HISTORY, writeHistory } from './small-history.ts';
import {
  convertFolder,
  cutFolder,
  listMigrations,
  realHistory,
  STOCK_0,
  STOCK_1,
  type Stock,
} from './stock.ts';

const HISTORIES: readonly (readonly [string, (stock: Stock) => Promise<TestFolder>])[] = [
  ["packages/db's history", makeRealHistory],
  ['a history of odd files', async ({ layout }) => writeHistory(layout, SMALL_HISTORY)],
];
const LEDGERS: readonly LedgerAddress[] = [
  { schema: 'public', table: 'journal' },
  { schema: 'Odd "schema"', table: "it's; odd" },
];

for (const stock of [STOCK_0, STOCK_1]) {
  for (const [history, makeFolder] of HISTORIES) {
    describeEachPostgres(`Beside ${stock.name}, with ${history},`, ({ createDatabase }) => {
      let made: TestFolder;
      let folder: string;
      let names: readonly string[];
      beforeAll(async () => {
        made = await makeFolder(stock);
        folder = made.path;
        names = listMigrations(folder);
      });
      afterAll(() => made.dispose());

      it('leaves the same catalog and the same ledger rows', async () => {
        const [ours, theirs] = [await createDatabase(), await createDatabase()];
        await migrate({ url: ours.url, folder });
        await stock.migrate({ url: theirs.url, folder });

        const world = await readWorld(theirs.sql);
        expect(world.rows).toHaveLength(names.length);
        expect(await readWithoutFacts(ours.sql)).toEqual(world);
      });

      it('leaves stock nothing to do', async () => {
        const { url, sql } = await createDatabase();
        await migrate({ url, folder });
        const before = await readWorld(sql);
        const { comparison } = await readStatus({ url, folder });
        expect(comparison.migrations.map((compared) => compared.stockDrizzle)).toEqual(
          names.map(() => 'applied'),
        );

        await stock.migrate({ url, folder });
        expect(await readWorld(sql)).toEqual(before);
      });

      it('finds nothing to do after stock', async () => {
        const { url, sql } = await createDatabase();
        await stock.migrate({ url, folder });
        const before = await readWorld(sql);

        expect((await migrate({ url, folder })).steps).toEqual([]);
        expect(await readWorld(sql)).toEqual(before);
      });

      it('takes turns: stock three, we three more, stock the rest', async () => {
        const [mixed, theirs] = [await createDatabase(), await createDatabase()];
        await stock.migrate({ url: mixed.url, folder: cutFolder(folder, (_, index) => index < 3).path });
        const report = await migrate({ url: mixed.url, folder, to: names[5] ?? '' });
        await stock.migrate({ url: mixed.url, folder });
        await stock.migrate({ url: theirs.url, folder });

        expect(report.steps.map((step) => step.name)).toEqual(names.slice(3, 6));
        expect(await readWithoutFacts(mixed.sql)).toEqual(await readWorld(theirs.sql));
        expect((await migrate({ url: mixed.url, folder })).steps).toEqual([]);
      });
    });
  }

  describeEachPostgres(`Beside ${stock.name}`, ({ createDatabase }) => {
    for (const ledger of LEDGERS) {
      it(`keeps the ledger where stock keeps it: ${ledger.schema}.${ledger.table}`, async () => {
        const [ours, theirs] = [await createDatabase(), await createDatabase()];
        const { path: folder } = writeHistory(stock.layout, SMALL_HISTORY);
        await migrate({ url: ours.url, folder, ledger });
        await stock.migrate({ url: theirs.url, folder, ledger });
        expect(await readWithoutFacts(ours.sql, ledger)).toEqual(await readWorld(theirs.sql, ledger));

        await stock.migrate({ url: ours.url, folder, ledger });
        expect(await readLedgerRows(ours.sql, ledger)).toEqual(await readLedgerRows(theirs.sql, ledger));
        expect((await migrate({ url: theirs.url, folder, ledger })).steps).toEqual([]);
      });
    }
  });

  describe(`Beside ${stock.name}'s command line`, () => {
    it('leaves the same, and neither finds anything to do after the other', async () => {
      const [ours, theirs] = [await createDatabase(), await createDatabase()];
      const { path: folder } = await makeRealHistory(stock);
      await stock.runKit('migrate', { url: theirs.url, folder });
      await migrate({ url: ours.url, folder });
      const before = await readWorld(ours.sql);
      expect(await readWithoutFacts(ours.sql)).toEqual(await readWorld(theirs.sql));

      await stock.runKit('migrate', { url: ours.url, folder });
      expect(await readWorld(ours.sql)).toEqual(before);
      expect((await migrate({ url: theirs.url, folder })).steps).toEqual([]);
    });
  });
}

async function makeRealHistory({ layout }: Stock): Promise<TestFolder> {
  const journal = realHistory();
  if (layout === 'journal') return journal;
  try {
    return await convertFolder(journal);
  } finally {
    journal.dispose();
  }
}
