import { quoteIdentifier } from '../../sql/quote.ts';
import type { QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement, Span } from '../migration.ts';
import { nameWithin } from '../reading/bounded-rows.ts';
import type { BulkWrite } from '../reading/bulk-writes.ts';
import type { Edit } from '../rule.ts';
import { rewritten } from './edits.ts';

/** A statement for the rows between two values of a key, to be run for one such range after the other. */
export type Batched = { readonly key: string; readonly sql: string };

/** The UPDATE or DELETE for one batch; null where no key is known, or the statement has another shape. */
export function inBatches(statement: LintStatement, write: BulkWrite, facts: SchemaFacts): Batched | null {
  const { node, verb, relation } = write;
  if (node === null || node.relation === undefined || statement.nested) return null;
  const key = singleKey(relation, facts);
  if (key === null || (verb !== 'UPDATE' && verb !== 'DELETE')) return null;
  const column = `${quoteIdentifier(nameWithin(node.relation))}.${quoteIdentifier(key)}`;
  const range = `${column} > $1 AND ${column} <= $2`;
  return { key, sql: rewritten(statement, narrow(conditionSpan(statement), range)) };
}

/** Where the condition of an UPDATE or DELETE stands, without WHERE; empty where there is none. */
export function conditionSpan(statement: LintStatement): Span {
  const tokens = statement.tokens().filter(({ comment }) => !comment);
  let depth = 0;
  let start: number | null = null;
  let end = statement.start;
  for (const [place, token] of tokens.entries()) {
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth === 0 && token.keyword === 'returning') break;
    end = token.end;
    if (depth === 0 && token.keyword === 'where') start ??= tokens[place + 1]?.start ?? null;
  }
  return { start: start ?? end, end };
}

function narrow({ start, end }: Span, range: string): readonly Edit[] {
  if (start === end) return [{ start: end, end, text: ` WHERE ${range}` }];
  return [
    { start, end: start, text: '(' },
    { start: end, end, text: `) AND ${range}` },
  ];
}

/** The primary key where it is one column, or else a column `id`. */
export function singleKey(name: QualifiedName, facts: SchemaFacts): string | null {
  const table = facts.table(name);
  const primary = [...(table?.constraints.values() ?? [])].find(({ kind }) => kind === 'primary key');
  if (primary !== undefined) return primary.columns.length === 1 ? (primary.columns[0] ?? null) : null;
  return table?.columns.has('id') ? 'id' : null;
}
