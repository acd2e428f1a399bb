import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import { findSetBack } from './left-behind.ts';
import { type Outside, readOutside } from './outside.ts';

export type Settled = {
  readonly after: Outside;
  /** By object id: to where the rehearsal had set a sequence back; null: to its start. */
  readonly setBack: ReadonlyMap<string, string | null>;
};

/**
 * After the ROLLBACK: reads what it did not take back, and puts sequences forward again that a function has set back out
 * of our sight. The application would be given values that its rows have already.
 */
export async function settleOutside(session: Session, before: Outside): Promise<Settled> {
  const after = await readOutside(session);
  const setBack = findSetBack(before, after);
  if (setBack.size === 0) return { after, setBack };
  for (const oid of setBack.keys()) {
    const { value, increment } = before.sequences.get(oid) ?? {};
    try {
      if (value && increment) await putForward(session, { oid, value, increment });
    } catch (error) {
      // A right that is missing: then the report tells where the sequence stands.
      if (!(error instanceof CompanionError) || error.fields.server === undefined) throw error;
    }
  }
  return { after: await readOutside(session), setBack };
}

const FAR = 1_000_000n;

type Position = { readonly oid: string; readonly value: string; readonly increment: string };

/**
 * By drawing what lies between: whoever draws at the same time, a sequence never goes back by that, so that no lock has to
 * keep the application waiting. Only what is too far for that is set, where nobody can overtake it between two statements.
 * What others drew after the rehearsal began and before the sequence was set back is not known, and stays behind it.
 */
async function putForward(session: Session, { oid, value, increment }: Position): Promise<void> {
  const sequence = `${oid}::oid::regclass`;
  const [[at] = []] = await session.query(`SELECT pg_catalog.nextval(${sequence})::text`);
  const missing = (BigInt(value) - BigInt(at ?? value)) / BigInt(increment);
  if (missing > FAR) await session.query(`SELECT pg_catalog.setval(${sequence}, ${value})`);
  else if (missing > 0n) {
    await session.query(
      `SELECT count(pg_catalog.nextval(${sequence})) FROM pg_catalog.generate_series(1, ${missing})`,
    );
  }
}
