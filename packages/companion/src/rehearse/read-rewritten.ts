import { quoteLiteral } from '../sql/quote.ts';
import type { Change } from './compare-moments.ts';
import { type Asker, SHOWN } from './relations.ts';

/** Everything that was written anew, those indexes among it that are there again. Sorted. */
export async function readRewritten(
  asker: Asker,
  { rewritten, goneIndexes }: Change,
): Promise<readonly string[]> {
  if (goneIndexes.length === 0) return rewritten.toSorted();
  const names = [...new Set(goneIndexes.map(({ name }) => quoteLiteral(name)))];
  const rows = await asker.query(`SELECT ${SHOWN}
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('i', 'I') AND c.relname IN (${names.join(', ')})`);
  const there = new Set(rows.map(([shown]) => shown));
  const again = goneIndexes.map(({ shown }) => shown).filter((shown) => there.has(shown));
  return [...rewritten, ...again].sort();
}
