/** Every object of a parse tree, from the outermost inwards. Not each is a node by name: a CALL has its function bare. */
export function* subtrees(tree: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof tree !== 'object' || tree === null) return;
  if (!Array.isArray(tree)) yield tree as Readonly<Record<string, unknown>>;
  for (const inner of Object.values(tree)) yield* subtrees(inner);
}
