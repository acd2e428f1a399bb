type Tree = Readonly<Record<string, unknown>>;

/** Every object of a parse tree, the outer ones first. Not each is a node by name: a CALL has its function bare. */
export function subtrees(tree: unknown): readonly Tree[] {
  const found: Tree[] = [];
  const open = [tree];
  // It grows while it is walked: a long INSERT is too deep and too wide for a call for each object.
  for (const node of open) {
    if (typeof node !== 'object' || node === null) continue;
    if (!Array.isArray(node)) found.push(node as Tree);
    for (const inner of Object.values(node)) if (typeof inner === 'object') open.push(inner);
  }
  return found;
}
