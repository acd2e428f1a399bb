import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashMigration } from '../folder/hash-migration.ts';
import type { Ledger, LedgerRow } from '../kernel/ledger-row.ts';
import type { Layout, MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';
import { compareLedger } from './compare-ledger.ts';

const NOW = Date.UTC(2026, 0, 1);
const FIRST = Date.UTC(2025, 0, 1);

describe('a version 0 ledger', () => {
  it('takes a row with the same time and hash for applied', () => {
    const files = [migration(0), migration(1)];
    expect(states(files, [rowOf(files[0]), rowOf(files[1])])).toEqual(['applied', 'applied']);
  });

  it('calls what follows the newest applied one pending, and what precedes it a gap', () => {
    const files = [migration(0), migration(1), migration(2)];
    const comparison = compare(files, [rowOf(files[1])]);
    expect(comparison.migrations.map((m) => m.state)).toEqual(['gap', 'applied', 'pending']);
    expect(comparison.migrations.map((m) => m.stockDrizzle)).toEqual([
      'would-skip',
      'applied',
      'would-apply',
    ]);
    expect(codes(comparison)).toEqual(['ledger/gap', 'ledger/pending']);
  });

  it('calls a later entry with an older time a gap, as stock skips it', () => {
    const files = [migration(5), migration(1)];
    const comparison = compare(files, [rowOf(files[0])]);
    expect(comparison.migrations[1]).toMatchObject({ state: 'gap', stockDrizzle: 'would-skip' });
  });

  it('tells an edited file from other line endings', () => {
    const edited = migration(0);
    const crlf = migration(1, 'select 1;\r\nselect 2;\r\n');
    const comparison = compare(
      [edited, crlf],
      [
        rowOf(edited, { hash: 'f'.repeat(64) }),
        rowOf(crlf, { hash: hashMigration('select 1;\nselect 2;\n') }),
      ],
    );
    expect(comparison.migrations.map((m) => m.state)).toEqual(['edited', 'applied']);
    expect(codes(comparison)).toEqual(['ledger/edited', 'ledger/line-endings']);
  });

  it('recognises a restamped migration by its hash, and says that stock would run it again', () => {
    const file = migration(3);
    const comparison = compare([file], [rowOf(file, { createdAt: file.when - 1 })]);
    expect(comparison.migrations[0]).toMatchObject({ state: 'retimed', stockDrizzle: 'would-apply' });
  });

  it('tells strangers from rows of a newer release', () => {
    const file = migration(1);
    const comparison = compare(
      [file],
      [rowOf(file), row('2', 'a'.repeat(64), FIRST - 1), row('3', 'b'.repeat(64), file.when + 1)],
    );
    expect(comparison.strays.map((s) => [s.row.id, s.state])).toEqual([
      ['2', 'stray'],
      ['3', 'ahead'],
    ]);
  });

  it('tells once of all rows of a newer release', () => {
    const file = migration(1);
    const ahead = [2, 3, 4, 5, 6].map((id) => row(`${id}`, `${id}`.repeat(64), file.when + id));
    const { findings, summary } = compare([file], [rowOf(file), ...ahead]);
    expect(summary.ahead).toBe(5);
    expect(findings.filter(({ code }) => code === 'ledger/ahead')).toMatchObject([
      {
        message: expect.stringMatching(/^The ledger rows 2, 3, 4 and 2 more are newer than every migration/),
      },
    ]);
  });

  it('calls a second row a duplicate: a warning when its content is the same, else an error', () => {
    const file = migration(1);
    const comparison = compare(
      [file],
      [rowOf(file), { ...rowOf(file), id: '8' }, rowOf(file, { id: '9', hash: 'c'.repeat(64) })],
    );
    const duplicates = comparison.findings.filter((f) => f.code === 'ledger/duplicate');
    expect(duplicates.map((f) => f.level)).toEqual(['warning', 'error']);
    expect(comparison.summary).toMatchObject({ applied: 1, duplicate: 2 });
  });

  it('gives each of two migrations with one time its own row', () => {
    const files = [migration(1, 'select 1'), { ...migration(1, 'select 2'), name: 'other' }];
    expect(states(files, [rowOf(files[1]), rowOf(files[0])])).toEqual(['applied', 'applied']);
  });

  it('does not let a weak match take a migration from a strong one', () => {
    const file = migration(1);
    const comparison = compare([file], [row('1', 'd'.repeat(64), file.when), rowOf(file, { id: '2' })]);
    expect(comparison.migrations[0]).toMatchObject({ state: 'applied', row: { id: '2' } });
    expect(comparison.strays).toMatchObject([{ state: 'duplicate', row: { id: '1' } }]);
  });

  it('says that a row in the future hides everything new from stock', () => {
    const file = migration(1);
    const comparison = compare([file], [row('1', 'e'.repeat(64), NOW + 1)]);
    expect(codes(comparison)).toContain('ledger/future');
    expect(comparison.migrations[0]?.stockDrizzle).toBe('would-skip');
  });

  it('bears a time that no calendar has', () => {
    const file = migration(1);
    const comparison = compare([file], [row('1', 'e'.repeat(64), 1_700_000_000_000_000_000)]);
    expect(codes(comparison)).toContain('ledger/future');
  });

  it('takes a row without a time for what stock takes it for: nothing', () => {
    const file = migration(1);
    const comparison = compare([file], [row('1', file.hash, null)]);
    expect(comparison.migrations[0]).toMatchObject({ state: 'retimed', stockDrizzle: 'would-apply' });
  });

  it('leaves the row of a missing file alone', () => {
    const folder: MigrationFolder = { ...folderOf([migration(2)]), missing: [{ name: 'gone', when: FIRST }] };
    const comparison = compareLedger(folder, ledgerOf([row('1', 'a'.repeat(64), FIRST)]), NOW);
    expect(comparison.strays).toEqual([]);
  });
});

describe('a version 1 ledger', () => {
  it('matches by name first, whatever time the row carries', () => {
    const file = migration(1);
    const comparison = compareLedger(
      folderOf([file], 'folders'),
      ledgerOf([rowOf(file, { name: file.name, createdAt: 7 })], 1),
      NOW,
    );
    expect(comparison.migrations[0]).toMatchObject({ state: 'applied', stockDrizzle: 'applied' });
  });

  it('recognises a renamed folder by time and hash, and says that stock would run it again', () => {
    const file = migration(1);
    const comparison = compareLedger(
      folderOf([file], 'folders'),
      ledgerOf([rowOf(file, { name: 'old_name' })], 1),
      NOW,
    );
    expect(comparison.migrations[0]).toMatchObject({ state: 'applied', stockDrizzle: 'would-apply' });
  });

  it('matches milliseconds of the journal layout to the seconds of a folder name', () => {
    const file = migration(1);
    const comparison = compareLedger(
      folderOf([file], 'folders'),
      ledgerOf([rowOf(file, { createdAt: file.when + 321 })]),
      NOW,
    );
    expect(comparison.migrations[0]).toMatchObject({ state: 'applied', stockDrizzle: 'applied' });
  });
});

describe('any ledger', () => {
  const rows = fc.array(
    fc.record({
      hash: fc.constantFrom('h0', 'h1', 'h2', 'h3', 'zz'),
      createdAt: fc.option(fc.constantFrom(0, 1, 2, 3, 9).map((n) => FIRST + n * 1000)),
    }),
    { maxLength: 8 },
  );
  const files = [0, 1, 2, 3].map((n) => ({ ...migration(n), hash: `h${n}` }));

  it('accounts for every row exactly once', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const all = given.map((r, index) => row(String(index), r.hash, r.createdAt));
        const comparison = compare(files, all);
        const claimed = comparison.migrations.flatMap((m) => (m.row ? [m.row.id] : []));
        const strange = comparison.strays.map((s) => s.row.id);
        expect([...claimed, ...strange].sort()).toEqual(all.map((r) => r.id).sort());
      }),
    );
  });

  it('is indifferent to the order of rows that match exactly', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(files), (some) => {
        const comparison = compare(
          files,
          some.map((file, index) => rowOf(file, { id: String(index) })),
        );
        const applied = comparison.migrations
          .filter((m) => m.state === 'applied')
          .map((m) => m.migration.name);
        expect(applied).toEqual(files.filter((file) => some.includes(file)).map((file) => file.name));
        expect(comparison.strays).toEqual([]);
      }),
    );
  });
});

function compare(files: readonly MigrationOnDisk[], rows: readonly LedgerRow[]) {
  return compareLedger(folderOf(files), ledgerOf(rows), NOW);
}

function states(files: readonly MigrationOnDisk[], rows: readonly LedgerRow[]) {
  return compare(files, rows).migrations.map((m) => m.state);
}

function codes(comparison: ReturnType<typeof compareLedger>) {
  return comparison.findings.map((finding) => finding.code);
}

function migration(n: number, sql = `select ${n}`): MigrationOnDisk {
  return {
    name: `000${n}_m`,
    when: FIRST + n * 1000,
    hash: hashMigration(sql),
    sql,
    file: `/m/000${n}_m.sql`,
  };
}

function row(id: string, hash: string, createdAt: number | null): LedgerRow {
  return { id, hash, createdAt, name: null, appliedAt: null };
}

function rowOf(file: MigrationOnDisk | undefined, over: Partial<LedgerRow> = {}): LedgerRow {
  if (!file) throw new Error('no such file');
  return { ...row(`of ${file.name}`, file.hash, file.when), ...over };
}

function folderOf(migrations: readonly MigrationOnDisk[], layout: Layout = 'journal'): MigrationFolder {
  return { path: '/m', layout, migrations, missing: [] };
}

function ledgerOf(rows: readonly LedgerRow[], version: 0 | 1 = 0): Ledger {
  return { schema: 'drizzle', table: '__drizzle_migrations', version, rows };
}
