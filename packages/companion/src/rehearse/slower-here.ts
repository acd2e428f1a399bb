import type { Moment } from './moment.ts';
import type { RehearsalRun, StepRun } from './rehearsal-run.ts';

/** Fewer make no difference that anybody would notice. */
const MANY_ROWS = 1_000;

/**
 * An UPDATE leaves foreign keys unchecked that it does not change; unless its own transaction has written the row before.
 * In a run that was another transaction.
 * @param before the moment before the statement. @returns what is told of it; null for nothing.
 */
export async function noteSlower(
  { session, known, moment }: RehearsalRun,
  { began }: StepRun,
  before: Moment,
): Promise<string | null> {
  const tables = [...moment.rows].flatMap(([oid, { updated }]) => {
    const isMany = updated - (before.rows.get(oid)?.updated ?? 0) >= MANY_ROWS;
    return isMany && wasWritten(oid) ? [oid] : [];
  });
  if (tables.length === 0) return null;
  const [row] = await session.query(
    `SELECT FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conrelid IN (${tables.join(', ')}) LIMIT 1`,
  );
  return row === undefined ? null : NOTE;

  function wasWritten(oid: string): boolean {
    const rows = began.rows.get(oid);
    if (rows !== undefined && rows.inserted + rows.updated >= MANY_ROWS) return true;
    const file = began.files.get(oid);
    return file !== undefined && file !== known.get(oid)?.file;
  }
}

const NOTE =
  'takes longer here than in a run: an earlier migration has written these rows in the same transaction, so that their foreign keys are checked once more';
