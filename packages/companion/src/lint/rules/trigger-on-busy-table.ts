import { nameOfParts, nameOfRelation, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule } from '../rule.ts';

export const triggerOnBusyTable = defineRule({
  id: 'trigger-on-busy-table',
  family: 'locking',
  level: 'warning',
  title: 'CREATE TRIGGER keeps writes out of a table until its transaction ends',
  of: ['CreateTrigStmt'],
  statement(statement, { facts }) {
    const { node } = statement;
    if (!('CreateTrigStmt' in node) || node.CreateTrigStmt.relation === undefined) return [];
    const name = nameOfRelation(node.CreateTrigStmt.relation);
    if (!isInUse(name, statement, facts)) return [];
    const table = showName(name);
    const runs = `${showName(nameOfParts(node.CreateTrigStmt.funcname))}()`;
    const work = statement.migration.statements.find(
      (one) =>
        one.index > statement.index &&
        one.transaction === statement.transaction &&
        statement.transaction !== null &&
        isWork(one),
    );
    const lock = `CREATE TRIGGER takes SHARE ROW EXCLUSIVE on ${table}: it waits for every transaction that has written to it, and every INSERT, UPDATE and DELETE waits behind it.`;
    return [
      work === undefined
        ? {
            statement,
            level: 'info',
            message: `${lock} The work itself is brief. From then on ${runs} runs within the writes of the application, and what it costs or refuses is theirs.`,
          }
        : {
            statement,
            growsWith: name,
            message: `${lock} Locks last to the end of the transaction, and in this one ${describeWork(work)} comes after it: writes to ${table} wait until that is done, too.`,
            hint: 'Put what takes long before the trigger, or into a migration of its own.',
          },
    ];
  },
});

/** Does it take a time that grows with the rows? */
function isWork({ node }: LintStatement): boolean {
  if ('InsertStmt' in node) {
    const { selectStmt } = node.InsertStmt;
    return (
      selectStmt !== undefined && 'SelectStmt' in selectStmt && !selectStmt.SelectStmt.valuesLists?.length
    );
  }
  return ['UpdateStmt', 'DeleteStmt', 'MergeStmt', 'IndexStmt', 'RefreshMatViewStmt'].some(
    (kind) => kind in node,
  );
}

function describeWork({ node }: LintStatement): string {
  const names: readonly (readonly [string, string])[] = [
    ['UpdateStmt', 'an UPDATE'],
    ['DeleteStmt', 'a DELETE'],
    ['MergeStmt', 'a MERGE'],
    ['InsertStmt', 'an INSERT … SELECT'],
    ['IndexStmt', 'a CREATE INDEX'],
  ];
  return names.find(([kind]) => kind in node)?.[1] ?? 'a REFRESH MATERIALIZED VIEW';
}
