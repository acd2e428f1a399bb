import type { Asker } from './relations.ts';

/** What a transaction can change and its rollback does not take back, as far as it can be asked. */
export type Outside = {
  /** By object id; empty where they could not be asked. */
  readonly sequences: ReadonlyMap<string, Sequence>;
  /** Names of this database's replication slots. Those of none are the server's affair, and come and go with its replicas. */
  readonly slots: readonly string[];
};

export type Sequence = {
  /** The last value that it gave; null before the first. */
  readonly value: string | null;
  /** Another one after a change that a rollback does take back: ALTER SEQUENCE, TRUNCATE … RESTART IDENTITY. */
  readonly file: string;
  readonly increment: string;
  /** Does it begin again at its end? */
  readonly cycles: boolean;
};

/** Temporary ones are nobody else's, and cannot be asked. */
const SEQUENCES = `SELECT s.seqrelid::oid::text,
  CASE WHEN pg_catalog.has_sequence_privilege(s.seqrelid, 'USAGE, SELECT') THEN pg_catalog.pg_sequence_last_value(s.seqrelid)::text END,
  c.relfilenode::text, s.seqincrement::text, s.seqcycle::text
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid WHERE c.relpersistence <> 't'`;

const SLOTS = `SELECT slot_name::text FROM pg_catalog.pg_replication_slots
WHERE NOT temporary AND database = pg_catalog.current_database() ORDER BY 1`;

/** Not inside the transaction: asking takes the lock by which one knows who has drawn from a sequence. */
export async function readOutside(asker: Asker): Promise<Outside> {
  // A role that may not ask them, or a sequence that is locked: then nothing is told of sequences.
  const sequences = await asker.query(SEQUENCES).catch(() => []);
  const slots = await asker.query(SLOTS);
  return {
    sequences: new Map(
      sequences.map(([oid, value, file, increment, cycles]) => [
        oid ?? '',
        { value: value ?? null, file: file ?? '', increment: increment ?? '1', cycles: cycles === 'true' },
      ]),
    ),
    slots: slots.map(([name]) => name ?? ''),
  };
}
