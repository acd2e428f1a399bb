import type { NodeOf, ParseNode, SqlParser } from '../sql/parser.ts';
import { castElements } from './cast-elements.ts';

/** What PostgreSQL renders in a fact: a whole statement, or a part of one. */
export type DefinitionForm = 'statement' | 'expression' | 'constraint' | 'domain constraint';

/**
 * Two renderings of one thing are the same text afterwards. PostgreSQL's majors print differently what they hold alike, so what is
 * compared is the tree that PostgreSQL's parser makes of the text, without
 * - where things stand in it;
 * - the name of the index, trigger, rule or statistics object that is defined: that is told beside it;
 * - the table before a column where a view has just one: up to 15 it is printed, from 16 on it is not;
 * - the cast of a whole array: each of its elements has it.
 *
 * What the parser refuses stays the text that it is. Pure.
 */
export function canonicalDefinition(text: string, form: DefinitionForm, parser: SqlParser): string {
  try {
    return JSON.stringify(parser.parse(complete(text, form)).map(withoutNames), canonicalNode);
  } catch {
    return text.trim();
  }
}

function complete(text: string, form: DefinitionForm): string {
  switch (form) {
    case 'statement':
      return text;
    case 'expression':
      return `SELECT (${text}\n)`;
    case 'constraint':
      return `ALTER TABLE t ADD ${text}`;
    case 'domain constraint':
      return `ALTER DOMAIN d ADD ${text}`;
  }
}

const PLACES = new Set([
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
]);

function canonicalNode(key: string, value: unknown): unknown {
  if (key === 'location' || key.endsWith('_location') || PLACES.has(key)) return undefined;
  const isNode = typeof value === 'object' && value !== null && 'TypeCast' in value;
  return isNode ? castElements(value as ParseNode) : value;
}

function withoutNames(node: ParseNode): ParseNode {
  if ('SelectStmt' in node) return { SelectStmt: withoutSoleQualifier(node.SelectStmt) };
  if ('IndexStmt' in node) return { IndexStmt: { ...node.IndexStmt, idxname: '' } };
  if ('CreateTrigStmt' in node) return { CreateTrigStmt: { ...node.CreateTrigStmt, trigname: '' } };
  if ('RuleStmt' in node) return { RuleStmt: { ...node.RuleStmt, rulename: '' } };
  if ('CreateStatsStmt' in node) return { CreateStatsStmt: { ...node.CreateStatsStmt, defnames: [] } };
  return node;
}

type Select = NodeOf<'SelectStmt'>;

/** Only outermost: inside a sub-select every major qualifies. */
function withoutSoleQualifier(select: Select): Select {
  const [source, ...others] = select.fromClause ?? [];
  const name = others.length === 0 && source !== undefined ? nameOfSource(source) : undefined;
  if (name === undefined) return select;
  const { fromClause, withClause, ...scope } = select;
  return {
    ...(unqualified(scope, name) as Select),
    ...(fromClause === undefined ? {} : { fromClause }),
    ...(withClause === undefined ? {} : { withClause }),
  };
}

function nameOfSource(source: ParseNode): string | undefined {
  if ('RangeVar' in source) return source.RangeVar.alias?.aliasname ?? source.RangeVar.relname;
  if ('RangeSubselect' in source) return source.RangeSubselect.alias?.aliasname;
  if ('RangeFunction' in source) return source.RangeFunction.alias?.aliasname;
  if ('RangeTableFunc' in source) return source.RangeTableFunc.alias?.aliasname;
  if ('JsonTable' in source) return source.JsonTable.alias?.aliasname;
  if ('RangeTableSample' in source && source.RangeTableSample.relation !== undefined)
    return nameOfSource(source.RangeTableSample.relation);
  return undefined;
}

/** `users.age` to `age`, in all that lies in the scope of `users`; `users.*` stays. */
function unqualified(tree: unknown, qualifier: string): unknown {
  if (Array.isArray(tree)) return tree.map((inner) => unqualified(inner, qualifier));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => {
      if (key === 'subselect') return [key, value];
      if (key === 'ColumnRef') return [key, unqualifiedColumn(value as NodeOf<'ColumnRef'>, qualifier)];
      return [key, unqualified(value, qualifier)];
    }),
  );
}

function unqualifiedColumn(column: NodeOf<'ColumnRef'>, qualifier: string): NodeOf<'ColumnRef'> {
  const [first, second, ...others] = column.fields ?? [];
  const isQualified = first !== undefined && 'String' in first && first.String.sval === qualifier;
  const isColumn = second !== undefined && 'String' in second && others.length === 0;
  return isQualified && isColumn ? { ...column, fields: [second] } : column;
}
