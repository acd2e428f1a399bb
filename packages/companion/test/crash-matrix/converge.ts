import { readCatalog, runCli, withResources } from '@companion/testing';
import { expect } from 'vitest';
import { DEFAULT_LEDGER } from '../../src/kernel/ledger-row.ts';
import { readLedgerRows } from '../read-world.ts';
import type { Scenario } from './scenario.ts';
import { openWorld, type World } from './world.ts';

/** Runs the bin once more: it must apply the rest, arrive where an undisturbed run arrives, and then have nothing to do. */
export async function expectConvergence(world: World): Promise<void> {
  await runToEnd(world);
  expect(await readEnd(world), 'the database after the rerun').toEqual(await undisturbed(world));
  expect(await runToEnd(world), 'the steps of a further rerun').toEqual([]);
}

/** The names of the steps it applied. */
async function runToEnd({ directly, folder }: World): Promise<string[]> {
  const args = directly('--format', 'json');
  const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder.path, timeoutMs: 90_000 });
  expect(exitCode, `exit code of a rerun; it said:\n${stdout}${stderr}`).toBe(0);
  return (JSON.parse(stdout) as { steps: { name: string }[] }).steps.map(({ name }) => name);
}

type End = Awaited<ReturnType<typeof readEnd>>;

/** Everything that must not depend on how often a run was broken. */
async function readEnd({ database: { sql } }: World) {
  const rows = await readLedgerRows(sql, DEFAULT_LEDGER);
  const tables = await sql<{ name: string }[]>`
    select table_name::text as name from information_schema.tables where table_schema = 'public' order by 1`;
  return {
    catalog: (await readCatalog(sql)).split('\n'),
    // A rolled back row consumes its id, as it does with stock drizzle.
    ledger: rows.map(({ id: _, ...row }) => row),
    data: await Promise.all(
      tables.map(({ name }) => sql`select t.* from ${sql(name)} t order by t::text`.then((all) => [...all])),
    ),
    unfinished: [...(await sql`select name from drizzle.__drizzle_companion where finished_at is null`)],
  };
}

const references = new Map<string, Promise<End>>();
const scenarios: Scenario[] = [];

/** Where one run that nothing disturbs arrives; found once for each scenario and PostgreSQL. */
function undisturbed({ version, scenario }: World): Promise<End> {
  if (!scenarios.includes(scenario)) scenarios.push(scenario);
  const key = `${version} ${scenarios.indexOf(scenario)}`;
  const known = references.get(key);
  if (known) return known;
  const reference = withResources(async () => {
    const world = await openWorld(version, scenario);
    await scenario.prepare?.(world);
    await runToEnd(world);
    return readEnd(world);
  });
  references.set(key, reference);
  return reference;
}
