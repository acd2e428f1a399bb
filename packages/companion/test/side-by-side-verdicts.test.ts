import { createHash } from 'node:crypto';
import {
  describeEachPostgres,
  FIRST_WHEN,
  foldersFolder,
  journalFolder,
  type TestDatabase,
  withDatabase,
} from '@companion/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { migrate, readStatus } from '../src/index.ts';
import { readLedgerRows } from './read-world.ts';
import { STOCK_0, STOCK_1, type Stock } from './stock.ts';

const MINUTE = 60_000;
const FAR_FUTURE = Date.UTC(2100, 0, 1);
const [A, B, C] = [FIRST_WHEN, FIRST_WHEN + MINUTE, FIRST_WHEN + 2 * MINUTE];
const LEDGER = { schema: 'drizzle', table: '__drizzle_migrations' };

type Row = { readonly hash: string; readonly createdAt: number | null; readonly name?: string | null };
type Migration = { readonly name: string; readonly sql: string; readonly when: number };

/** Who made the ledger, and who looks at it: a version 0 ledger under the 1.x layout is between the two. */
type Setting = { readonly stock: Stock; readonly ledgerOf: Stock; readonly migrations: readonly Migration[] };

const OF_0: Setting = {
  stock: STOCK_0,
  ledgerOf: STOCK_0,
  migrations: [migration('a', A), migration('b', B), migration('c', C)],
};
const OF_1: Setting = {
  stock: STOCK_1,
  ledgerOf: STOCK_1,
  migrations: [
    migration('20240101000000_a', A),
    migration('20240101000100_b', B),
    migration('20240101000200_c', C),
  ],
};
const BETWEEN: Setting = { ...OF_1, ledgerOf: STOCK_0 };
/** The last two say the same. */
const BETWEEN_TWINS: Setting = {
  ...BETWEEN,
  migrations: OF_1.migrations.map((twin) => ({ ...twin, sql: twin.when === A ? 'SELECT 0' : 'SELECT 1' })),
};
const SAME_WHEN: Setting = {
  ...OF_0,
  migrations: [migration('a', A), migration('b', B), migration('c', B)],
};

const [ROW_A, ROW_B, ROW_C] = OF_0.migrations.map(rowOf) as [Row, Row, Row];
const [NAMED_A, NAMED_B, NAMED_C] = OF_1.migrations.map((it) => ({ ...rowOf(it), name: it.name })) as [
  Row,
  Row,
  Row,
];
const RETIMED_TWIN: Row = { hash: hashOf('SELECT 1'), createdAt: A - 1 };

const RUN = 'would-apply';
const SKIP = 'would-skip';
const DONE = 'applied';
const CASES: readonly (readonly [string, Setting, readonly Row[], readonly string[]])[] = [
  ['0.45, an empty ledger', OF_0, [], [RUN, RUN, RUN]],
  ['0.45, the first applied', OF_0, [ROW_A], [DONE, RUN, RUN]],
  ['0.45, a gap', OF_0, [ROW_A, ROW_C], [DONE, SKIP, DONE]],
  ['0.45, a row without a time', OF_0, [ROW_A, { ...ROW_B, createdAt: null }], [RUN, RUN, RUN]],
  ['0.45, a row of the future', OF_0, [ROW_A, { ...ROW_B, createdAt: FAR_FUTURE }], [DONE, DONE, SKIP]],
  ['0.45, two migrations with one `when`', SAME_WHEN, [ROW_A, ROW_B], [DONE, DONE, SKIP]],
  ['0.45, retimed forwards', OF_0, [ROW_A, { ...ROW_B, createdAt: B - 1 }], [DONE, RUN, RUN]],
  ['0.45, retimed backwards', OF_0, [ROW_A, { ...ROW_B, createdAt: B + 1 }], [DONE, DONE, RUN]],
  ['0.45, edited', OF_0, [ROW_A, { ...ROW_B, hash: 'other' }], [DONE, DONE, RUN]],
  ['0.45, a newer release was here', OF_0, [ROW_A, { hash: 'x', createdAt: C + 1 }], [DONE, SKIP, SKIP]],
  ['0.45, an older stray', OF_0, [{ hash: 'x', createdAt: A - 1 }], [RUN, RUN, RUN]],
  ['1.0, an empty ledger', OF_1, [], [RUN, RUN, RUN]],
  ['1.0, a gap', OF_1, [NAMED_A, NAMED_C], [DONE, RUN, DONE]],
  ['1.0, a row without a time', OF_1, [NAMED_A, { ...NAMED_B, createdAt: null }], [DONE, DONE, RUN]],
  ['1.0, a row without a name', OF_1, [NAMED_A, { ...NAMED_B, name: null }], [DONE, RUN, RUN]],
  ['1.0, a renamed folder', OF_1, [NAMED_A, { ...NAMED_B, name: '20240101000100_old' }], [DONE, RUN, RUN]],
  ['1.0, edited', OF_1, [NAMED_A, { ...NAMED_B, hash: 'other' }], [DONE, DONE, RUN]],
  ['1.0, a row of the future', OF_1, [{ ...NAMED_A, createdAt: FAR_FUTURE }], [DONE, RUN, RUN]],
  ['1.0, a ledger of 0.45', BETWEEN, [ROW_A, { ...ROW_B, createdAt: B + 999 }], [DONE, DONE, RUN]],
  ['1.0, a ledger of 0.45 with a gap', BETWEEN, [ROW_A, ROW_C], [DONE, RUN, DONE]],
  ['1.0, a retimed ledger of 0.45, and twins', BETWEEN_TWINS, [RETIMED_TWIN], [RUN, RUN, DONE]],
];

describeEachPostgres('What we say stock would do, stock does', ({ createDatabase }) => {
  for (const [title, setting, rows, expected] of CASES) {
    it(title, async () => {
      const database = await createDatabase();
      const { verdicts, ran, names } = await observe(database, setting, rows);
      expect(verdicts).toEqual(expected);
      expect(ran).toEqual(names.filter((_, index) => verdicts[index] === RUN));
    });
  }

  it('0.45 passes a migration over in silence, we apply it, and then all agree', async () => {
    const { url, sql } = await createDatabase();
    const sqlOf = (name: string) => `CREATE TABLE "${name}" ("id" integer);`;
    const entries = ['a', 'b', 'c'].map((name, index) => ({
      name,
      sql: sqlOf(name),
      when: FIRST_WHEN + index,
    }));
    const folder = journalFolder(entries);
    // b is older than c, and was merged after c had been deployed.
    folder.writeJournal(entries.filter(({ name }) => name !== 'b'));
    await STOCK_0.migrate({ url, folder: folder.path });
    folder.writeJournal(entries);
    const readMiddle = async () =>
      (await readStatus({ url, folder: folder.path })).comparison.migrations.map(
        ({ state, stockDrizzle }) => `${state}, ${stockDrizzle}`,
      )[1];

    expect(await readMiddle()).toBe('gap, would-skip');
    await STOCK_0.migrate({ url, folder: folder.path });
    expect(await sql`select to_regclass('b') as b`).toMatchObject([{ b: null }]);
    expect(await readMiddle()).toBe('gap, would-skip');

    const { steps } = await migrate({ url, folder: folder.path });
    expect(steps.map((step) => step.name)).toEqual(['b']);
    expect(await sql`select to_regclass('b')::text as b`).toMatchObject([{ b: 'b' }]);
    expect(await readMiddle()).toBe('applied, applied');
  });
});

describe('On any ledger, what we say stock would do, stock does', () => {
  const settings = { '0.45': OF_0, '1.0': OF_1, '1.0 on a ledger of 0.45': BETWEEN_TWINS };
  for (const [title, setting] of Object.entries(settings)) {
    it(title, { timeout: 90_000 }, async () => {
      const { migrations } = setting;
      const row = fc.record({
        hash: fc.constantFrom(...migrations.map(({ sql }) => hashOf(sql)), 'of no file'),
        createdAt: fc.constantFrom(...[A, B, C].flatMap((when) => [when, when, when - 1]), FAR_FUTURE, null),
        name: fc.constantFrom(...migrations.map(({ name }) => name), 'no folder', null),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 4 }), (rows) =>
          withDatabase(async (database) => {
            const { verdicts, ran, names } = await observe(database, setting, rows);
            // Of a ledger that it refuses to upgrade, stock runs nothing.
            if (ran !== 'refused') expect(ran).toEqual(names.filter((_, index) => verdicts[index] === RUN));
          }),
        ),
        { numRuns: 25 },
      );
    });
  }
});

/** Our verdicts, migration by migration, and the names of those that stock then ran. */
async function observe({ url, sql }: TestDatabase, setting: Setting, rows: readonly Row[]) {
  const { stock, ledgerOf, migrations } = setting;
  const write = (layout: Stock['layout'], entries: readonly Migration[]) =>
    (layout === 'journal' ? journalFolder(entries) : foldersFolder(entries)).path;
  const folder = write(stock.layout, migrations);
  await ledgerOf.migrate({ url, folder: write(ledgerOf.layout, []) });
  for (const { hash, createdAt, name } of rows) {
    const columns = { hash, created_at: createdAt, ...(ledgerOf === STOCK_1 && { name: name ?? null }) };
    await sql`insert into drizzle.__drizzle_migrations ${sql(columns)}`;
  }
  const { comparison } = await readStatus({ url, folder });
  const verdicts = comparison.migrations.map((compared) => compared.stockDrizzle);
  const names = migrations.map(({ name }) => name);

  try {
    await stock.migrate({ url, folder });
  } catch (error) {
    if (!String(error).includes('do not match any local migration')) throw error;
    return { verdicts, names, ran: 'refused' as const };
  }
  // Stock writes one row for each migration that it runs.
  const added = (await readLedgerRows(sql, LEDGER)).slice(rows.length);
  const ran = added.map((row) => {
    const known = migrations.find(({ name, sql: text, when }) =>
      stock === STOCK_1 ? name === row.name : when === row.created_at && hashOf(text) === row.hash,
    );
    return known?.name;
  });
  return { verdicts, names, ran };
}

function migration(name: string, when: number): Migration {
  return { name, when, sql: `SELECT '${name.slice(-1)}'` };
}

function rowOf({ sql, when }: Migration): Row {
  return { hash: hashOf(sql), createdAt: when };
}

function hashOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
