import { quoteIdentifier } from '../../sql/quote.ts';
import { insertAfter, rewritten } from '../advice/edits.ts';
import { indexPartitions } from '../advice/index-partitions.ts';
import { canRunOutside, titleOutside, whereOutside } from '../advice/own-migration.ts';
import { nameOfIndex } from '../facts/index-name.ts';
import { nameOfRelation, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { isRewrittenBefore, noteLocks } from '../reading/held-locks.ts';
import { comesBack } from '../reading/set-aside.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const createIndexConcurrently = defineRule({
  id: 'create-index-concurrently',
  family: 'locking',
  level: 'error',
  title: 'CREATE INDEX keeps writes out of a table while it builds',
  statement(statement, context) {
    const { facts, migrations, parser, runner } = context;
    const { node } = statement;
    noteLocks(statement, facts);
    if (!('IndexStmt' in node) || node.IndexStmt.relation === undefined) return [];
    const { concurrent, relation, if_not_exists, idxname } = node.IndexStmt;
    const name = nameOfRelation(relation);
    const index = nameOfIndex(node.IndexStmt, relation);
    const table = facts.table(name);
    if (table?.partitioned && table.kind === 'table') return onPartitioned(statement, context);
    if (concurrent || facts.isNew(table, statement) || table?.temporary) return [];
    // Nobody writes to a materialized view; what waits for its index is REFRESH alone.
    if (table !== null && table.kind !== 'table') return [];
    // Told where the type of its column changes, whose own work this is a part of.
    if (isRewrittenBefore(name, statement, migrations) && comesBack(statement, migrations)) return [];
    if (if_not_exists && facts.index(index) !== null) return [];
    const own = standalone(statement, parser);
    // A name tells a run that was interrupted which INVALID index to look for.
    const words = idxname ? ' CONCURRENTLY' : ` CONCURRENTLY ${quoteIdentifier(index.name)}`;
    const edit = insertAfter(own, ['index'], words);
    if (edit === null) return [];
    return [
      {
        statement,
        growsWith: name,
        message: `CREATE INDEX locks ${showName(name)} against writes (SHARE) until the index is built: every INSERT, UPDATE and DELETE waits as long as it takes to read the whole table.`,
        hint: `Build it with CONCURRENTLY, ${whereOutside(runner)}; writes go on meanwhile.${if_not_exists ? ` ${IF_NOT_EXISTS}` : ''}`,
        rewrite: [{ title: titleOutside(runner), sql: rewritten(own, [edit]) }],
        ...(canRunOutside(statement, runner) ? { edits: [edit] } : {}),
      },
    ];
  },
});

const IF_NOT_EXISTS =
  'IF NOT EXISTS also takes the INVALID index that a failed build leaves for the one that is wanted: drop that first.';

function onPartitioned(statement: LintStatement, { facts, parser, runner }: RuleContext): readonly Report[] {
  const { node } = statement;
  if (!('IndexStmt' in node) || node.IndexStmt.relation === undefined) return [];
  const { concurrent, relation } = node.IndexStmt;
  const name = nameOfRelation(relation);
  const isNew = facts.isNew(facts.table(name), statement);
  if (!concurrent && (isNew || !relation.inh)) return [];
  const shown = showName(name);
  const outside = titleOutside(runner);
  const rewrite = indexPartitions(standalone(statement, parser), node.IndexStmt, { facts, outside });
  return [
    {
      statement,
      ...(concurrent ? {} : { growsWith: name }),
      message: concurrent
        ? `${shown} is partitioned, and PostgreSQL refuses CREATE INDEX CONCURRENTLY on a partitioned table: the migration fails here.`
        : `CREATE INDEX locks ${shown} and all of its partitions against writes (SHARE) until the index of the last one is built: every INSERT, UPDATE and DELETE waits as long as it takes to read all of them.`,
      hint: isNew
        ? 'The table is made in this deployment: leave CONCURRENTLY out, there is nothing to build.'
        : `Make it on the parent alone, build it on each partition with CONCURRENTLY, ${whereOutside(runner)}, and join them with ALTER INDEX … ATTACH PARTITION. The parent's index counts once every partition's is attached.`,
      ...(isNew ? {} : { rewrite }),
    },
  ];
}
