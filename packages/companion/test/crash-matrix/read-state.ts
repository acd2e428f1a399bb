import { createHash } from 'node:crypto';
import { type ProbedMigration, writtenAs } from './history.ts';
import type { World } from './world.ts';

/** What a database holds of a history at one moment. */
export type State = {
  /** In the words of the matrix: `2 of 5; 1 of 3 statements of indexes`. */
  readonly applied: string;
  /** Where ledger and effects contradict each other. Empty: the invariant holds. */
  readonly contradictions: readonly string[];
};

/** How far our own table says that a migration without a transaction is. */
type Progress = { readonly done: number; readonly inFlight: boolean };

type LedgerRow = { readonly hash: string; readonly created_at: string; readonly name?: string | null };

/** Holds the ledger against the effect of every statement, with queries of our own. */
export async function readState(world: World): Promise<State> {
  const { history, layout } = world.scenario;
  const rows = await ask<{ row: LedgerRow }>(
    world,
    'SELECT to_jsonb(l) AS row FROM drizzle.__drizzle_migrations l',
  );
  const facts = await ask<{ name: string; done: number; inFlight: boolean }>(
    world,
    'SELECT name, statements_done AS done, in_flight AS "inFlight" FROM drizzle.__drizzle_companion WHERE finished_at IS NULL',
  );
  const contradictions = rows
    .filter(({ row }) => row.name === null)
    .map(({ row }) => `the ledger is half upgraded: ${row.created_at} has no name`);
  const partial: string[] = [];
  let applied = 0;
  for (const [index, { name, sql, when }] of writtenAs(layout, history).entries()) {
    const migration = history[index];
    if (!migration) continue;
    const own = rows.filter(({ row }) => Number(row.created_at) === when && row.hash === sha256(sql)).length;
    const effects = await Promise.all(migration.statements.map(({ effect }) => readEffect(world, effect)));
    const progress = facts.find((fact) => fact.name === name) ?? { done: 0, inFlight: false };
    if (own > 1) contradictions.push(`${name} is recorded ${own} times`);
    contradictions.push(...contradict(migration, effects, own > 0, progress));
    applied += own;
    const there = effects.filter((effect) => effect === true).length;
    if (own === 0 && there > 0)
      partial.push(`${there} of ${migration.statements.length} statements of ${migration.name}`);
  }
  if (rows.length !== applied) contradictions.push(`${rows.length - applied} ledger rows belong to no file`);
  // Only drizzle 1.x's ledger knows names; which of the two it is matters where one becomes the other.
  const version =
    layout === 'folders' && applied > 0 ? [`ledger version ${'name' in (rows[0]?.row ?? {}) ? 1 : 0}`] : [];
  const words = [`${applied} of ${history.length}`, ...partial, ...version];
  return { applied: words.join('; '), contradictions };
}

/** Pure. A transactional migration is there whole, with its row, or not at all; another one as far as it is recorded. */
function contradict(
  { name, transaction, statements }: ProbedMigration,
  effects: readonly (boolean | null)[],
  recorded: boolean,
  { done, inFlight }: Progress,
): string[] {
  return statements.flatMap(({ sql }, index) => {
    const effect = effects[index];
    if (effect === null) return [];
    const uncertain = !recorded && !transaction && inFlight && index === done;
    const expected = recorded || (!transaction && index < done);
    if (uncertain || effect === expected) return [];
    const ledger = recorded ? 'recorded' : transaction ? 'not recorded' : `recorded up to statement ${done}`;
    return [`${name} is ${ledger}, and the effect of "${sql}" is ${effect ? '' : 'not '}there`];
  });
}

async function readEffect(world: World, effect: string | null): Promise<boolean | null> {
  if (effect === null) return null;
  const [row] = await ask<{ there: boolean | null }>(world, `SELECT (${effect}) AS there`);
  return row?.there ?? false;
}

const NOTHING_THERE = new Set(['42P01', '42703', '3F000']);

/** The rows of a query; none when what it asks about is not there. */
async function ask<T>({ database }: World, query: string): Promise<readonly T[]> {
  try {
    return (await database.sql.unsafe(query)) as unknown as readonly T[];
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOTHING_THERE.has(String(error.code))) return [];
    throw error;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
