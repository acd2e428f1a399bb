import type { LeftBehind } from '../kernel/rehearsal.ts';
import type { Asker, Relations } from './relations.ts';

/** By object id: the last value that a sequence gave; null before the first. */
export type SequenceValues = ReadonlyMap<string, string | null>;

/** Temporary ones are nobody else's, and cannot be asked. */
const VALUES = `SELECT s.seqrelid::oid::text,
  CASE WHEN pg_catalog.has_sequence_privilege(s.seqrelid, 'USAGE, SELECT') THEN pg_catalog.pg_sequence_last_value(s.seqrelid)::text END
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid WHERE c.relpersistence <> 't'`;

/** Not inside the transaction: it takes the lock by which one knows who has drawn from a sequence. */
export async function readSequences(asker: Asker): Promise<SequenceValues> {
  const rows = await asker.query(VALUES);
  return new Map(rows.map(([oid, value]) => [oid ?? '', value ?? null]));
}

export type Remains = {
  readonly known: Relations;
  /** The relations as they are after the rollback. */
  readonly after: Relations;
  /** Sequences that the transaction has drawn from or set. */
  readonly drawn: readonly string[];
  readonly sequences: { readonly before: SequenceValues; readonly after: SequenceValues };
  /** Relations that the transaction had locked, by object id. */
  readonly locked: Iterable<string>;
};

/** What the rollback did not take back. Pure. */
export function findLeftBehind({ known, after, drawn, sequences, locked }: Remains): readonly LeftBehind[] {
  const advanced = drawn.flatMap((oid): LeftBehind[] => {
    const name = known.get(oid)?.shown;
    const values = { before: sequences.before.get(oid) ?? null, after: sequences.after.get(oid) ?? null };
    return name === undefined || values.before === values.after
      ? []
      : [{ kind: 'sequence', name, ...values }];
  });
  const estimated = [...locked].flatMap((oid): LeftBehind[] => {
    const [was, is] = [known.get(oid), after.get(oid)];
    if (was === undefined || is === undefined || was.kind === 'sequence') return [];
    return was.estimates === is.estimates ? [] : [{ kind: 'estimates', name: was.shown }];
  });
  return [...advanced, ...estimated].sort((a, b) => (a.name < b.name ? -1 : 1));
}
