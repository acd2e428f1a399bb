import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type TestFolder, temporaryFolder } from '@companion/testing';
import { drizzle as drizzle0 } from 'drizzle-orm-0/postgres-js';
import { migrate as migrate0 } from 'drizzle-orm-0/postgres-js/migrator';
import { drizzle as drizzle1 } from 'drizzle-orm-1/postgres-js';
import { migrate as migrate1 } from 'drizzle-orm-1/postgres-js/migrator';
import postgres from 'postgres';
import type { Layout, LedgerAddress } from '../src/index.ts';

export type StockTarget = {
  readonly url: string;
  readonly folder: string;
  readonly ledger?: LedgerAddress;
};

/** Drizzle as it is published: its own migrator, and its own command line. */
export type Stock = {
  readonly name: string;
  readonly layout: Layout;
  /** `migrate` of drizzle-orm's postgres-js driver. */
  migrate(target: StockTarget): Promise<void>;
  /** drizzle-kit's bin, run in a project that has only a config. Resolves to its output; rejects on a bad exit. */
  runKit(command: 'migrate' | 'up', target: StockTarget): Promise<string>;
};

export const STOCK_0: Stock = {
  name: 'drizzle-orm 0.45',
  layout: 'journal',
  migrate: ({ url, folder, ledger }) =>
    withClient(url, (client) => migrate0(drizzle0(client), stockConfig(folder, ledger))),
  runKit: (command, target) => runKit('drizzle-kit-0', command, target),
};

export const STOCK_1: Stock = {
  name: 'drizzle-orm 1.0-rc',
  layout: 'folders',
  migrate: ({ url, folder, ledger }) =>
    withClient(
      url,
      async (client) => void (await migrate1(drizzle1({ client }), stockConfig(folder, ledger))),
    ),
  runKit: (command, target) => runKit('drizzle-kit-1', command, target),
};

/** The history of packages/db without its last migration: stock cannot build an index CONCURRENTLY. */
export function realHistory(): TestFolder {
  const path = fileURLToPath(new URL('../../db/migrations', import.meta.url));
  return cutFolder(path, (name) => !/concurrently/i.test(sqlWithoutComments(join(path, `${name}.sql`))));
}

/** The same folder in the 1.x layout, converted by `drizzle-kit up` itself. */
export async function convertFolder(journal: TestFolder): Promise<TestFolder> {
  const copy = cutFolder(journal.path, () => true);
  await STOCK_1.runKit('up', { url: '', folder: copy.path });
  return copy;
}

/** A copy of a folder, of either layout, with the migrations that `keep` keeps. */
export function cutFolder(path: string, keep: (name: string, index: number) => boolean): TestFolder {
  const copy = temporaryFolder();
  cpSync(path, copy.path, { recursive: true });
  const names = listMigrations(path);
  const kept = new Set(names.filter(keep));
  const journal = readJournal(path);
  for (const name of names) if (!kept.has(name)) copy.remove(journal ? `${name}.sql` : name);
  if (journal) {
    const entries = journal.entries.filter((entry) => kept.has(entry.tag));
    copy.write(JOURNAL, JSON.stringify({ ...journal, entries }, null, 2));
  }
  return copy;
}

/** Names in the order in which they run. */
export function listMigrations(path: string): readonly string[] {
  return readJournal(path)?.entries.map((entry) => entry.tag) ?? readdirSync(path).sort();
}

const JOURNAL = 'meta/_journal.json';

/** Null under the 1.x layout. */
function readJournal(path: string): { entries: { tag: string }[] } | null {
  const file = join(path, JOURNAL);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

function sqlWithoutComments(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/--(?!>).*$/gm, '');
}

function stockConfig(migrationsFolder: string, ledger: LedgerAddress | undefined) {
  return {
    migrationsFolder,
    ...(ledger && { migrationsSchema: ledger.schema, migrationsTable: ledger.table }),
  };
}

/** A client for one run: drizzle changes the parsers of the client it is given. */
async function withClient(url: string, use: (client: postgres.Sql) => Promise<void>): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function runKit(alias: string, command: string, { url, folder, ledger }: StockTarget): Promise<string> {
  const project = temporaryFolder({
    'package.json': '{ "type": "module" }',
    'drizzle.config.mjs': `export default ${JSON.stringify({
      dialect: 'postgresql',
      schema: './schema.ts',
      out: folder,
      dbCredentials: { url },
      ...(ledger && { migrations: ledger }),
    })};`,
  });
  const bin = fileURLToPath(new URL(`../node_modules/${alias}/bin.cjs`, import.meta.url));
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [bin, command, '--config', 'drizzle.config.mjs'],
      { cwd: project.path },
    );
    return stdout + stderr;
  } finally {
    project.dispose();
  }
}
