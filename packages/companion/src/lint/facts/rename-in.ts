import type { RangeVar } from '../../sql/parser.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from './names.ts';

/** The expression with a column's new name: PostgreSQL keeps the column, not its name. Pure. */
export function renameColumnIn<Tree>(tree: Tree, from: string, to: string): Tree {
  return mapNodes(tree, (key, value) => {
    if (key !== 'ColumnRef') return null;
    const fields = (value as { fields?: readonly { String?: { sval?: string } }[] }).fields ?? [];
    const last = fields.at(-1)?.String?.sval;
    return last === from ? { ...value, fields: [...fields.slice(0, -1), { String: { sval: to } }] } : null;
  });
}

/** The query with a table's new name. Pure. */
export function moveRelationIn<Tree>(tree: Tree, from: QualifiedName, to: QualifiedName): Tree {
  return mapNodes(tree, (key, value) => {
    if (key !== 'RangeVar' || keyOfName(nameOfRelation(value as RangeVar)) !== keyOfName(from)) return null;
    return { ...value, relname: to.name, ...(to.schema === null ? {} : { schemaname: to.schema }) };
  });
}

/** Copies the tree; `change` says what comes in a node's place, null for the node itself. */
function mapNodes<Tree>(tree: Tree, change: (key: string, value: object) => object | null): Tree {
  if (Array.isArray(tree)) return tree.map((item) => mapNodes(item, change)) as Tree;
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree).map(([key, value]) => {
    const isNode = typeof value === 'object' && value !== null;
    return [key, (isNode ? change(key, value) : null) ?? mapNodes(value, change)];
  });
  return Object.fromEntries(entries) as Tree;
}
