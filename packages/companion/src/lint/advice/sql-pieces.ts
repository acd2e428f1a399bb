import type { NodeOf, SqlToken } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { LintStatement, Span } from '../migration.ts';
import { spanOfRelation } from '../reading/relation-span.ts';

/** The condition of the CHECK that begins in the span, as it is written, without its parentheses. */
export function conditionOf(statement: LintStatement, { start, end }: Span): string | null {
  const tokens = statement.tokens().filter((token) => token.start >= start && token.end <= end);
  const check = tokens.findIndex(({ keyword }) => keyword === 'check');
  return check === -1 ? null : (inParentheses(statement, tokens.slice(check))?.text ?? null);
}

/** What an index orders by, as it is written, without operator classes and orders; null where that cannot be told. */
export function indexKeys(statement: LintStatement, node: NodeOf<'IndexStmt'>): readonly string[] | null {
  const { relation, indexParams = [] } = node;
  const after = relation === undefined ? null : spanOfRelation(statement, relation);
  if (after === null) return null;
  const list = inParentheses(
    statement,
    statement.tokens().filter(({ start }) => start >= after.end),
  );
  if (list === null) return null;
  const elements = cutAtCommas(list.tokens);
  if (elements.length !== indexParams.length) return null;
  return indexParams.map((param, place) => {
    if ('IndexElem' in param && param.IndexElem.name !== undefined)
      return quoteIdentifier(param.IndexElem.name);
    const tokens = elements[place] ?? [];
    // An expression is one call or stands in parentheses: either way it ends with the first that are closed.
    let depth = 0;
    const last = tokens.find(({ text }) => {
      if (text === '(') depth += 1;
      if (text === ')') depth -= 1;
      return text === ')' && depth === 0;
    });
    const [first] = tokens;
    return first === undefined || last === undefined
      ? ''
      : statement.text.slice(first.start - statement.start, last.end - statement.start);
  });
}

/** The condition of a partial index, as it is written; null for none. */
export function indexCondition(statement: LintStatement, node: NodeOf<'IndexStmt'>): string | null {
  if (node.whereClause === undefined) return null;
  // Nothing comes after it, and no expression before it can hold the word outside of parentheses.
  let depth = 0;
  const where = statement.tokens().find(({ text, keyword }) => {
    if (text === '(') depth += 1;
    if (text === ')') depth -= 1;
    return keyword === 'where' && depth === 0;
  });
  return where === undefined ? null : statement.text.slice(where.end - statement.start).trim();
}

export type Parenthesized = { readonly text: string; readonly tokens: readonly SqlToken[] };

/** What stands in the first parentheses. */
export function inParentheses(statement: LintStatement, tokens: readonly SqlToken[]): Parenthesized | null {
  const open = tokens.findIndex(({ text }) => text === '(');
  let depth = 0;
  for (let place = open; place >= 0 && place < tokens.length; place++) {
    if (tokens[place]?.text === '(') depth += 1;
    if (tokens[place]?.text === ')') depth -= 1;
    if (depth > 0) continue;
    const inner = tokens.slice(open + 1, place);
    const [from, to] = [tokens[open]?.end ?? 0, tokens[place]?.start ?? 0];
    return { text: statement.text.slice(from - statement.start, to - statement.start).trim(), tokens: inner };
  }
  return null;
}

function cutAtCommas(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.comment) continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}
