import { showList } from '../advice/show-list.ts';
import { locksOf } from '../facts/locks.ts';
import { keyOfName, nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import { sourcesOf } from '../facts/relation-lock.ts';
import { isInUse } from '../reading/in-use.ts';
import { isRefilled } from '../reading/refilled.ts';
import { defineRule } from '../rule.ts';

export const truncate = defineRule({
  id: 'truncate',
  family: 'data',
  level: 'warning',
  title: 'TRUNCATE empties a table at once and locks it against reads and writes',
  of: ['TruncateStmt'],
  statement(statement, { facts, migrations }) {
    const { node } = statement;
    // With CASCADE, truncate-cascade says more.
    if (!('TruncateStmt' in node) || node.TruncateStmt.behavior === 'DROP_CASCADE') return [];
    const named = (node.TruncateStmt.relations ?? []).flatMap((one) =>
      'RangeVar' in one ? [nameOfRelation(one.RangeVar)] : [],
    );
    const emptied = named.filter(
      (name) => isInUse(name, statement, facts) && !isRefilled(name, statement, migrations),
    );
    if (emptied.length === 0) return [];
    const reached = new Set(locksOf(node, facts).map(({ relation }) => keyOfName(relation)));
    const pointing = uniqueNames(emptied.flatMap((name) => sourcesOf(name, facts))).filter(
      (name) => !reached.has(keyOfName(name)),
    );
    const all = showList(emptied.map(showName));
    const refused =
      pointing.length === 0
        ? ''
        : ` As it stands it fails (0A000): foreign keys of ${showList(pointing.map(showName))} point there.`;
    return [
      {
        statement,
        message: `TRUNCATE takes every row of ${all}, and locks ${emptied.length === 1 ? 'it' : 'them'} against reads and writes (ACCESS EXCLUSIVE) until the commit. No trigger for rows fires, no foreign key acts, and only a backup brings the rows back.${refused}`,
        hint: 'A migration runs in every environment, production among them. Where only some rows are to go, DELETE them in batches; where all of them are, say so in a comment that allows this.',
      },
    ];
  },
});

function uniqueNames(names: readonly QualifiedName[]): readonly QualifiedName[] {
  return [...new Map(names.map((name) => [keyOfName(name), name])).values()];
}
