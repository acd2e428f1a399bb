import { foldersFolder, journalFolder, runCli, type TestFolder } from '@companion/testing';
import { HISTORY, type ProbedMigration, writtenAs } from './history.ts';
import type { World } from './world.ts';

/** Which folder meets which database. */
export type Scenario = {
  readonly layout: 'journal' | 'folders';
  readonly history: readonly ProbedMigration[];
  /** Further arguments of every run. */
  readonly args: readonly string[];
  /** Brings the database to where the fault begins. */
  readonly prepare?: (world: World) => Promise<void>;
};

/** All of the history on an empty database. */
export const FRESH: Scenario = { layout: 'journal', history: HISTORY, args: [] };

/** A later release: the first migration is applied. */
export const RELEASE: Scenario = {
  ...FRESH,
  prepare: async (world) => applyFirst(world, journalFolder(writtenAs('journal', HISTORY)), 1),
};

/** What can share one transaction, in one. */
export const SINGLE: Scenario = {
  layout: 'journal',
  history: HISTORY.filter((migration) => migration.transaction),
  args: ['--single-transaction'],
};

/** drizzle 1.x's folder meets the ledger of 0.x, which holds the first two migrations and no table of ours. */
export const UPGRADE: Scenario = {
  layout: 'folders',
  history: HISTORY,
  args: [],
  prepare: async (world) => {
    await applyFirst(world, journalFolder(writtenAs('journal', HISTORY)), 2);
    await world.database.sql`drop table drizzle.__drizzle_companion`;
  },
};

export function writeFolder({ layout, history }: Scenario): TestFolder {
  const entries = writtenAs(layout, history);
  return layout === 'journal' ? journalFolder(entries) : foldersFolder(entries);
}

async function applyFirst(world: World, folder: TestFolder, count: number): Promise<void> {
  const last = writtenAs('journal', HISTORY)[count - 1]?.name ?? '';
  const target = ['--folder', folder.path, '--url', world.database.url, '--to', last];
  const result = await runCli(['migrate', ...target], { cwd: folder.path, timeoutMs: 60_000 });
  if (result.exitCode !== 0) throw new Error(`The first migrations failed:\n${result.stderr}`);
}
