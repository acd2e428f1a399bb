import type { ParseNode, RangeVar } from '../../sql/parser.ts';

/** Every relation that the statement names, in the order of the parse tree; names of WITH queries are none. */
export function relationsIn(node: ParseNode): readonly RangeVar[] {
  const found: RangeVar[] = [];
  const queries = new Set<string>();
  visit(node);
  return found.filter(({ relname, schemaname }) => schemaname !== undefined || !queries.has(relname ?? ''));

  function visit(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const one of value) visit(one);
      return;
    }
    const record = value as Readonly<Record<string, unknown>>;
    if (typeof record.ctename === 'string') queries.add(record.ctename);
    // Some fields hold a RangeVar bare: a relation is told by its fields.
    if (typeof record.relname === 'string' && 'relpersistence' in record) found.push(record as RangeVar);
    for (const one of Object.values(record)) visit(one);
  }
}
