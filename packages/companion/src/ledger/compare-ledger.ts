import type { ComparedMigration, Comparison, MigrationState, Stray } from '../kernel/comparison.ts';
import type { Finding, FindingLevel } from '../kernel/finding.ts';
import type { Ledger, LedgerRow } from '../kernel/ledger-row.ts';
import type { MigrationFolder, MigrationOnDisk } from '../kernel/migration.ts';
import { type MatchKind, matchRows, type RowMatching } from './match-rows.ts';
import { stockVerdict } from './stock-verdict.ts';

/**
 * Holds the folder against the ledger: the applied state is a set, not a high-water mark. Pure.
 * @param now Unix milliseconds, to tell stamps that lie in the future.
 */
export function compareLedger(folder: MigrationFolder, ledger: Ledger, now: number): Comparison {
  const matching = matchRows(folder, ledger);
  const rowOf = (migration: MigrationOnDisk) => matching.matches.get(migration)?.row ?? null;
  const verdict = stockVerdict(folder, ledger, rowOf);
  const isGap = gapTest(folder, matching);

  const migrations = folder.migrations.map((migration, position): ComparedMigration => {
    const match = matching.matches.get(migration);
    const state = match ? STATE_OF[match.kind] : isGap(migration, position) ? 'gap' : 'pending';
    return { migration, state, row: match?.row ?? null, stockDrizzle: verdict(migration) };
  });
  const newest = Math.max(...[...folder.migrations, ...folder.missing].map((migration) => migration.when));
  const missing = new Set(folder.missing.map((migration) => migration.when));
  const strays: Stray[] = [
    ...matching.duplicates.map(({ row }): Stray => ({ row, state: 'duplicate' })),
    // A row whose file is missing has its own finding (history/missing-file): it is not a stranger.
    ...matching.unmatched
      .filter((row) => row.createdAt === null || !missing.has(row.createdAt))
      .map(
        (row): Stray => ({
          row,
          state: isAhead(row, newest) ? 'ahead' : 'stray',
        }),
      ),
  ];
  const count = (state: MigrationState) => migrations.filter((compared) => compared.state === state).length;
  const strange = (state: Stray['state']) => strays.filter((stray) => stray.state === state).length;
  return {
    migrations,
    strays,
    findings: describe(folder, matching, migrations, strays, ledger.rows, now),
    summary: {
      applied: count('applied'),
      pending: count('pending'),
      gap: count('gap'),
      edited: count('edited'),
      retimed: count('retimed'),
      stray: strange('stray'),
      ahead: strange('ahead'),
      duplicate: strange('duplicate'),
    },
  };
}

/** Newer than every migration on disk; where there is none on disk, nothing can be newer. */
function isAhead({ createdAt }: LedgerRow, newest: number): boolean {
  return createdAt !== null && createdAt > newest && newest !== Number.NEGATIVE_INFINITY;
}

const STATE_OF: Readonly<Record<MatchKind, MigrationState>> = {
  same: 'applied',
  'line-endings': 'applied',
  edited: 'edited',
  retimed: 'retimed',
};

/** A migration without a row is a gap when something newer has a row: later in the folder, or later in time. */
function gapTest(folder: MigrationFolder, matching: RowMatching) {
  const lastRecorded = folder.migrations.findLastIndex((migration) => matching.matches.has(migration));
  const newestRecorded = Math.max(
    ...[...matching.matches.keys()].map((migration) => migration.when),
    ...matching.unmatched.map((row) => row.createdAt ?? 0),
  );
  return (migration: MigrationOnDisk, position: number) =>
    position < lastRecorded || migration.when < newestRecorded;
}

function describe(
  folder: MigrationFolder,
  matching: RowMatching,
  migrations: readonly ComparedMigration[],
  strays: readonly Stray[],
  rows: readonly LedgerRow[],
  now: number,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { migration, state, row, stockDrizzle } of migrations) {
    const at = { migration: migration.name, file: migration.file };
    if (state === 'pending')
      findings.push(ledger('pending', 'info', `${migration.name} is not applied.`, at));
    if (state === 'gap') {
      const skip = stockDrizzle === 'would-skip' ? ' Stock drizzle would skip it in silence.' : '';
      findings.push(
        ledger('gap', 'warning', `${migration.name} is not applied, and a newer migration is.${skip}`, {
          ...at,
          fix: 'drizzle-companion migrate',
        }),
      );
    }
    if (state === 'edited') {
      findings.push(
        ledger(
          'edited',
          'error',
          `${migration.name} was changed after it was applied: the file's hash is ${short(migration.hash)}, the ledger's ${short(row?.hash)}.`,
          {
            ...at,
            hint: 'Restore the file as it was applied, and put the change into a new migration.',
          },
        ),
      );
    }
    if (state === 'retimed') {
      findings.push(
        ledger(
          'retimed',
          'warning',
          `${migration.name} was applied as ${row?.createdAt ?? 'an entry without a time'}, and its \`when\` is now ${migration.when}. Stock drizzle ${STOCK_WORDS[stockDrizzle]}.`,
          at,
        ),
      );
    }
    if (matching.matches.get(migration)?.kind === 'line-endings') {
      findings.push(
        ledger(
          'line-endings',
          'warning',
          `${migration.name} was applied with other line endings; its statements are the same.`,
          {
            ...at,
            hint: 'Put `*.sql text eol=lf` into .gitattributes, so that the hash is the same on every machine.',
          },
        ),
      );
    }
  }
  for (const { row, migration, exact } of matching.duplicates) {
    findings.push(
      ledger(
        'duplicate',
        exact ? 'warning' : 'error',
        `${rowName(row)} is a second row for ${migration.name}${exact ? '' : ', with another hash'}.`,
        {
          migration: migration.name,
          fix: 'drizzle-companion repair --plan',
        },
      ),
    );
  }
  const ahead = strays.filter((stray) => stray.state === 'ahead').map(({ row }) => row);
  if (ahead.length > 0) findings.push(describeAhead(ahead, folder.path));
  for (const stray of strays) {
    if (stray.state === 'stray') {
      findings.push(
        ledger('stray', 'error', `${rowName(stray.row)} belongs to no migration in ${folder.path}.`, {
          row: stray.row.id,
          hint: 'The file was deleted, renamed and edited, or this is the database of another project. Restore the file, or check the URL.',
          fix: 'drizzle-companion repair --plan',
        }),
      );
    }
  }
  if (rows.length > 0 && migrations.length > 0 && matching.matches.size === 0) {
    findings.push(
      ledger(
        'foreign',
        'error',
        `Not one of the ${rows.length} rows of the ledger belongs to a migration in ${folder.path}: this looks like the database of another project.`,
        {
          hint: 'Check the database URL and the folder. When both are right, the history was rewritten: compare the rows with the files of an older release.',
        },
      ),
    );
  }
  const future = rows.filter((row) => row.createdAt !== null && row.createdAt > now);
  for (const row of future) {
    findings.push(
      ledger(
        'future',
        'warning',
        `${rowName(row)} lies in the future (${renderTime(row.createdAt)}): until then stock drizzle 0.x skips every new migration.`,
        { row: row.id },
      ),
    );
  }
  return findings;
}

/** However many rows: one release was there. */
function describeAhead(rows: readonly LedgerRow[], path: string): Finding {
  const [only, ...others] = rows;
  const than = `newer than every migration in ${path}: an older release of the code is looking at this database.`;
  if (only !== undefined && others.length === 0)
    return ledger('ahead', 'warning', `${rowName(only)} is ${than}`, { row: only.id });
  const named = rows.slice(0, 3).map(({ id, name }) => (name ? `${id} (${name})` : id));
  const more = rows.length > 3 ? ` and ${rows.length - 3} more` : '';
  return ledger('ahead', 'warning', `The ledger rows ${named.join(', ')}${more} are ${than}`, {});
}

const STOCK_WORDS = {
  applied: 'takes it for applied',
  'would-apply': 'would run it again',
  'would-skip': 'would skip it',
};

/** Hand-made rows hold anything, also microseconds: more than a Date can. */
function renderTime(millis: number | null): string {
  const date = new Date(millis ?? 0);
  return Number.isNaN(date.getTime()) ? `${millis}` : date.toISOString();
}

function rowName(row: LedgerRow): string {
  return `Ledger row ${row.id}${row.name ? ` (${row.name})` : ''}, created_at ${row.createdAt ?? 'NULL'}, hash ${short(row.hash)},`;
}

function short(hash: string | undefined): string {
  return hash && hash.length > 12 ? `${hash.slice(0, 12)}…` : hash || '(empty)';
}

function ledger(name: string, level: FindingLevel, message: string, more: Partial<Finding>): Finding {
  return { code: `ledger/${name}`, level, message, docs: `docs/findings.md#ledger${name}`, ...more };
}
