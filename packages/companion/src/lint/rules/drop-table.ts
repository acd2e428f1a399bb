import { quoteIdentifier } from '../../sql/quote.ts';
import { showList } from '../advice/show-list.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { locksOf } from '../facts/locks.ts';
import { keyOfName, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import { sourcesOf } from '../facts/relation-lock.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule, type Report } from '../rule.ts';

export const dropTable = defineRule({
  id: 'drop-table',
  family: 'data',
  level: 'warning',
  title: 'DROP TABLE takes rows for good, and breaks a release that still reads them',
  of: ['DropStmt'],
  statement(statement, { facts, runner }) {
    const { node } = statement;
    if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_TABLE') return [];
    const named = droppedNames(node.DropStmt);
    const gone = named.filter((name) => isInUse(name, statement, facts));
    if (gone.length === 0) return [];
    const partition = gone.length === 1 ? (facts.table(gone[0] as QualifiedName)?.partitionOf ?? null) : null;
    if (partition !== null) return [ofPartition(gone[0] as QualifiedName, partition)];

    const keys = new Set(named.map(keyOfName));
    const isOther = (name: QualifiedName) => !keys.has(keyOfName(name)) && isInUse(name, statement, facts);
    const pointing = unique(gone.flatMap((name) => sourcesOf(name, facts))).filter(isOther);
    const foreignKeys = gone.flatMap((table) => keysOf(table, facts)).filter(({ target }) => isOther(target));
    const cascades = node.DropStmt.behavior === 'DROP_CASCADE';
    const locked = locksOf(node, facts)
      .map(({ relation }) => relation)
      .filter(isOther);
    const several = new Set(foreignKeys.map(({ target }) => keyOfName(target))).size > 1;
    return [
      {
        statement,
        message: [
          `DROP TABLE takes ${showList(gone.map(showName))} with every row; only a backup brings them back.`,
          `A release that still runs and names ${gone.length === 1 ? 'it' : 'them'} fails from the commit on (42P01).`,
          ...describePointing(pointing, cascades),
          ...(locked.length === 0
            ? []
            : [
                `With it go foreign keys to or from ${showList(locked.map(showName))}: each of these tables is locked against reads and writes, too (ACCESS EXCLUSIVE), until the commit.`,
              ]),
        ].join(' '),
        hint: `Two releases: one that no longer names the table, running everywhere, before the one that drops it.${
          several
            ? ` Drop its foreign keys before it, ${runner === 'drizzle' ? 'in deployments' : 'in migrations'} of their own, so that never more than two tables are locked together.`
            : ''
        }`,
        ...(several
          ? {
              rewrite: foreignKeys.map(({ table, name }) => ({
                title: 'before it, by itself',
                sql: `ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteIdentifier(name)};`,
              })),
            }
          : {}),
      },
    ];

    function ofPartition(name: QualifiedName, parent: QualifiedName): Report {
      const detach = `ALTER TABLE ${quoteName(parent)} DETACH PARTITION ${quoteName(name)} CONCURRENTLY;`;
      return {
        statement,
        message: `DROP TABLE takes the partition ${showName(name)} with every row, and locks all of ${showName(parent)} against reads and writes (ACCESS EXCLUSIVE) until the commit: it waits for every query of ${showName(parent)}, and whoever comes later waits behind it.`,
        hint: 'Detach it with CONCURRENTLY before, which reads and writes pass; then it is a table that nobody uses.',
        rewrite: [
          {
            title:
              runner === 'drizzle'
                ? 'by hand, before the deployment'
                : 'a migration of its own, before this one',
            sql: detach,
          },
        ],
      };
    }
  },
});

function describePointing(pointing: readonly QualifiedName[], cascades: boolean): readonly string[] {
  const shown = showList(pointing.map(showName));
  if (cascades) {
    return [
      pointing.length === 0
        ? 'CASCADE also drops every view that reads it and every foreign key that points to it, whichever these are.'
        : `CASCADE also drops the foreign keys of ${shown}, and every view that reads it.`,
    ];
  }
  return pointing.length === 0
    ? []
    : [`As it stands it fails (2BP01): foreign keys of ${shown} point there.`];
}

function keysOf(table: QualifiedName, facts: SchemaFacts) {
  return [...(facts.table(table)?.constraints.values() ?? [])].flatMap(({ name, references }) =>
    references === null ? [] : [{ table, name, target: references }],
  );
}

function unique(names: readonly QualifiedName[]): readonly QualifiedName[] {
  return [...new Map(names.map((name) => [keyOfName(name), name])).values()];
}
