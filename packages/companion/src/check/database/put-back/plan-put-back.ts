import { followsDrop } from '../follows-drop.ts';
import type { SettledDifference } from '../settle-differences.ts';
import type { PutBackContext } from './context.ts';
import { putBack } from './put-back.ts';
import { rankOf } from './rank.ts';
import { handleOf, isGround, isStoodOn, mentionsOf } from './stands-on.ts';

/** Something that was done by hand, and the statements that undo it; null where none are known. */
export type PlannedPutBack = {
  readonly difference: SettledDifference;
  readonly statements: readonly string[] | null;
};

type Node = PlannedPutBack & { readonly expected: ReadonlySet<string>; readonly actual: ReadonlySet<string> };

/**
 * All that was done by hand, in an order in which the statements run, one after another: what stands on something goes before it, and
 * is made after it. `went` went with columns that are missing, and comes back with them. Pure.
 */
export function planPutBack(
  told: readonly SettledDifference[],
  went: readonly SettledDifference[],
  context: PutBackContext,
): readonly PlannedPutBack[] {
  const nodes = [...told, ...went].map(
    (difference): Node => ({
      difference,
      statements: difference.maybe.length > 0 ? null : putBack(difference, context),
      expected: mentionsOf(difference, 'expected', context),
      actual: mentionsOf(difference, 'actual', context),
    }),
  );
  const ordered = order(withoutVain(nodes, context));
  const hidden = new Set(went);
  const owners = ordered.filter(({ difference }) => !hidden.has(difference));
  const comesWith = (node: Node) =>
    owners.findLast((one) => followsDrop(node.difference, [one.difference], context.parser));
  return owners.map((node) => {
    const others = ordered.filter(({ difference }) => hidden.has(difference));
    const own = others.filter((one) => comesWith(one) === node).flatMap(({ statements }) => statements ?? []);
    return { difference: node.difference, statements: node.statements && [...node.statements, ...own] };
  });
}

/** Without statements that could not run: those on which something stands that stays, and those that stand on what stays lost. */
function withoutVain(nodes: readonly Node[], context: PutBackContext): readonly Node[] {
  const left = nodes.map((node) =>
    node.statements !== null && isVain(node, nodes, context) ? { ...node, statements: null } : node,
  );
  // What stands on what was just found to be vain is so itself.
  return left.every((node, at) => node === nodes[at]) ? left : withoutVain(left, context);
}

function isVain(node: Node, nodes: readonly Node[], { live, parser }: PutBackContext): boolean {
  const { difference, expected } = node;
  const stuck = nodes.filter((one) => one.statements === null && one !== node);
  switch (difference.change) {
    case 'renamed':
      return false;
    case 'added': {
      const differences = nodes.map((one) => one.difference);
      const isHome = difference.kind === 'schema' && difference.part === null;
      if (isHome && isStoodOn(difference.name, live, { differences, parser })) return true;
      const isStays = (one: Node) =>
        one.difference.change !== 'missing' && one.difference.part?.kind !== 'column';
      return (
        isGround(difference) && stuck.some((one) => isStays(one) && one.actual.has(handleOf(difference)))
      );
    }
    default: {
      const isLost = (one: Node) => one.difference.change === 'missing' && isGround(one.difference);
      return stuck.some((one) => isLost(one) && expected.has(handleOf(one.difference)));
    }
  }
}

/** By rank, and before each what has to come before it. */
function order(nodes: readonly Node[]): readonly Node[] {
  const ranked = nodes.toSorted((a, b) => rankOf(a.difference) - rankOf(b.difference));
  const ordered = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const other of ranked) if (other !== node && comesBefore(other, node)) visit(other);
    ordered.add(node);
  };
  ranked.forEach(visit);
  return [...ordered];
}

function comesBefore(one: Node, other: Node): boolean {
  const isMade = one.difference.change === 'missing' && isGround(one.difference);
  if (isMade && other.expected.has(handleOf(one.difference))) return true;
  // A table goes back into a schema that is there.
  const isHome = one.difference.change === 'missing' && one.difference.kind === 'schema';
  if (isHome && other.difference.change === 'renamed' && other.difference.schema === one.difference.name)
    return true;
  const isDropped = other.difference.change === 'added' && isGround(other.difference);
  return isDropped && one.actual.has(handleOf(other.difference)) && one.difference.change !== 'renamed';
}
