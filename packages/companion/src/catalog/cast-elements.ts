import type { NodeOf, ParseNode } from '../sql/parser.ts';

/**
 * `(ARRAY[a, b])::text[]` to `ARRAY[(a)::text, (b)::text]`. So PostgreSQL reads it, and prints it from then on: what was dumped and
 * restored is held in the other form than what was written first. `kind IN ('a', 'b')` on a varchar is such. Pure.
 */
export function castElements(node: ParseNode): ParseNode {
  if (!('TypeCast' in node)) return node;
  const { arg, typeName } = node.TypeCast;
  if (arg === undefined || typeName?.arrayBounds === undefined) return node;
  const { arrayBounds: _, ...element } = typeName;
  return castEach(arg, element) ?? node;
}

type TypeName = NonNullable<NodeOf<'TypeCast'>['typeName']>;

/** Null for what is no array written out; an empty one has nothing else to say its type. */
function castEach(array: ParseNode, typeName: TypeName): ParseNode | null {
  if (!('A_ArrayExpr' in array) || array.A_ArrayExpr.elements === undefined) return null;
  const elements = array.A_ArrayExpr.elements.map(
    (arg) => castEach(arg, typeName) ?? { TypeCast: { arg, typeName } },
  );
  return { A_ArrayExpr: { ...array.A_ArrayExpr, elements } };
}
