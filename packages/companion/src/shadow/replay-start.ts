import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { buildCreateFactsSql } from '../ledger/facts-sql.ts';
import { buildCreateLedgerSql, buildCreateSchemaSql } from '../ledger/ledger-sql.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { readStatements } from './read-statements.ts';
import type { ReplayRunner } from './replay.ts';
import type { Shadow } from './shadow.ts';

/** Drizzle's ledger, and its version: which a run makes follows from the folder's layout. */
export type ReplayLedger = LedgerAddress & { readonly version: 0 | 1 };

/** What migrations find when they run, and do not make. */
export type ReplayStart = {
  /** A run makes it before its first migration; here it stays empty. Null: there is none. */
  readonly ledger: ReplayLedger | null;
  /** Where the target's sessions look for names, schema after schema; null for PostgreSQL's default. */
  readonly searchPath: readonly string[] | null;
};

export const NO_START: ReplayStart = { ledger: null, searchPath: null };

/** Makes it: the ledger as the runner would, with our own table where the runner is ours. */
export async function makeStart(
  shadow: Shadow,
  { ledger, searchPath }: ReplayStart,
  { runner, chain }: { readonly runner: ReplayRunner; readonly chain: readonly MigrationOnDisk[] },
): Promise<void> {
  if (ledger !== null) {
    await shadow.execute(buildCreateSchemaSql(ledger));
    await shadow.execute(buildCreateLedgerSql(ledger, ledger.version));
    if (runner === 'companion') await shadow.execute(buildCreateFactsSql(ledger));
  }
  if (searchPath === null) return;
  const made = await schemasOf(chain);
  for (const schema of searchPath.filter((name) => !made.has(name))) {
    await shadow.execute(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`);
  }
  await shadow.execute(buildSetPathSql(searchPath.map(quoteIdentifier).join(', ')));
}

/** Schemas that the migrations make: before them they must not be there. */
async function schemasOf(chain: readonly MigrationOnDisk[]): Promise<ReadonlySet<string>> {
  const parser = await loadSqlParser();
  return new Set(
    chain
      .filter(({ sql }) => /\bschema\b/i.test(sql))
      .flatMap(({ sql }) => readStatements(sql, parser))
      .flatMap(({ node }) =>
        node !== null && 'CreateSchemaStmt' in node ? (node.CreateSchemaStmt.schemaname ?? []) : [],
      ),
  );
}

/**
 * What brings the session back to how it is now, when migrations have set what they like: what a new run begins with. Sent
 * one by one, since DISCARD ALL stands alone.
 */
export async function readResetSql(shadow: Shadow): Promise<readonly string[]> {
  const [[path] = []] = await shadow.query(`SELECT pg_catalog.current_setting('search_path')`);
  return ['DISCARD ALL', buildSetPathSql(path ?? '')];
}

function buildSetPathSql(path: string): string {
  return `SELECT pg_catalog.set_config('search_path', ${quoteLiteral(path)}, false)`;
}
