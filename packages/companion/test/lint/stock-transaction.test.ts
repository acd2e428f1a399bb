import {
  describeEachPostgres,
  FIRST_WHEN,
  foldersFolder,
  journalFolder,
  type TestFolder,
} from '@companion/testing';
import { expect, test } from 'vitest';
import { concurrentlyInTransaction } from '../../src/lint/rules/concurrently-in-transaction.ts';
import { STOCK_0, STOCK_1, type Stock } from '../stock.ts';
import { lint } from './expect-lint.ts';

const TABLE = 'CREATE TABLE a (b int);';
const BUILD = 'CREATE INDEX CONCURRENTLY x ON a (b);';
const BREAK = '\n--> statement-breakpoint\n';

/** Migrations that are pending together, and whether stock drizzle gets through them. */
const CASES: Readonly<Record<string, { readonly sql: readonly string[]; readonly runs: boolean }>> = {
  'in a migration of its own': { sql: [TABLE, BUILD], runs: false },
  'behind a COMMIT of the file': { sql: [[TABLE, 'COMMIT;', BUILD].join(BREAK)], runs: true },
  'sent together with the COMMIT': { sql: [TABLE, `COMMIT;\n${BUILD}`], runs: false },
  'behind the COMMIT of an earlier file': { sql: [`${TABLE}${BREAK}COMMIT;`, BUILD], runs: true },
  'behind a COMMIT and a BEGIN': { sql: [[TABLE, 'COMMIT;', 'BEGIN;', BUILD].join(BREAK)], runs: false },
  'behind ROLLBACK': { sql: [['ROLLBACK;', TABLE, BUILD].join(BREAK)], runs: true },
  'behind COMMIT AND CHAIN': { sql: [[TABLE, 'COMMIT AND CHAIN;', BUILD].join(BREAK)], runs: false },
};

describeEachPostgres('CONCURRENTLY under stock drizzle', ({ createDatabase }) => {
  for (const stock of [STOCK_0, STOCK_1]) {
    for (const [name, { sql, runs }] of Object.entries(CASES)) {
      test(`${name}, ${stock.name}`, async () => {
        const { url } = await createDatabase();
        const { path } = buildFolder(stock, sql);
        const outcome = await stock.migrate({ url, folder: path }).then(
          () => 'runs',
          (error: unknown) => codeOf(error),
        );
        expect(outcome).toBe(runs ? 'runs' : '25001');
        const findings = await lint(concurrentlyInTransaction, { sql, settings: { runner: 'drizzle' } });
        expect(findings.length).toBe(runs ? 0 : 1);
      });
    }
  }
});

function buildFolder({ layout }: Stock, sqls: readonly string[]): TestFolder {
  const migrations = sqls.map((sql, place) => ({
    name: layout === 'journal' ? `000${place}_test` : `2024010100000${place}_test`,
    sql,
    when: FIRST_WHEN + place * 60_000,
  }));
  return layout === 'journal' ? journalFolder(migrations) : foldersFolder(migrations);
}

/** drizzle-orm 0.45 and newer wrap what the driver throws. */
function codeOf(error: unknown): unknown {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return code ?? (cause === undefined ? error : codeOf(cause));
}
