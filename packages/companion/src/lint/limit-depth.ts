import type { ParseNode } from '../sql/parser.ts';

/**
 * How deep a tree is looked into, counted in objects and arrays. Rules go down a tree by calling themselves, and the
 * stack ends at some thousand steps; SQL that people write has a few dozen.
 */
const DEEPEST = 400;

/** A level of the tree is written with two characters at least: shorter texts need not be measured. */
const SHORTEST_DEEP_TEXT = DEEPEST * 2;

/** The tree, without what lies deeper than any rule looks: of a sum of thousands, say, the innermost terms. Pure. */
export function limitDepth(node: ParseNode, text: string): ParseNode {
  if (text.length < SHORTEST_DEEP_TEXT || !isDeeper(node, DEEPEST)) return node;
  return cut(node, DEEPEST) as ParseNode;
}

function isDeeper(node: object, most: number): boolean {
  let level: readonly object[] = [node];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === most) return true;
    level = level.flatMap((one) => Object.values(one).filter(isBranch));
  }
  return false;
}

function cut(branch: object, left: number): object {
  if (Array.isArray(branch)) return branch.filter((one) => keeps(one, left)).map((one) => next(one, left));
  return Object.fromEntries(
    Object.entries(branch)
      .filter(([, value]) => keeps(value, left))
      .map(([key, value]) => [key, next(value, left)]),
  );
}

function keeps(value: unknown, left: number): boolean {
  return left > 1 || !isBranch(value);
}

function next(value: unknown, left: number): unknown {
  return isBranch(value) ? cut(value, left - 1) : value;
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
