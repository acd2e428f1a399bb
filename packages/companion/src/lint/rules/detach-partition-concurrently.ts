import { append, rewritten } from '../advice/edits.ts';
import { canRunOutside, titleOutside, whereOutside } from '../advice/own-migration.ts';
import { withoutConcurrently } from '../advice/without-concurrently.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { defaultPartition } from '../reading/default-partition.ts';
import { isInUse } from '../reading/in-use.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const detachPartitionConcurrently = defineRule({
  id: 'detach-partition-concurrently',
  family: 'locking',
  level: 'warning',
  title: 'DETACH PARTITION locks the whole partitioned table',
  of: ['AlterTableStmt'],
  statement(statement, context) {
    const { facts, parser, runner } = context;
    const [command, ...others] = alterTableCommands(statement.node);
    if (command?.subtype !== 'AT_DetachPartition' || others.length > 0) return [];
    const change =
      command.def !== undefined && 'PartitionCmd' in command.def ? command.def.PartitionCmd : null;
    const parent = nameOfRelation(command.relation);
    if (change?.name === undefined) return [];
    const rest = defaultPartition(parent, statement, context);
    if (change.concurrent === true)
      return rest === null ? [] : [refuse(statement, { parent, rest }, context)];
    // PostgreSQL refuses CONCURRENTLY where there is a default partition.
    if (rest !== null || !isInUse(parent, statement, facts)) return [];
    const name = nameOfRelation(change.name);
    const own = standalone(statement, parser);
    const edit = append(own, ' CONCURRENTLY');
    return [
      {
        statement,
        message: `DETACH PARTITION takes ACCESS EXCLUSIVE on ${showName(parent)} and ${showName(name)}. The work is brief, but the lock has to wait for every query of ${showName(parent)} that is running, and meanwhile all new ones, reads too, wait behind it.`,
        hint: `With CONCURRENTLY it takes SHARE UPDATE EXCLUSIVE on ${showName(parent)}, and nobody waits: ${whereOutside(runner)}.`,
        rewrite: [{ title: titleOutside(runner), sql: rewritten(own, [edit]) }],
        ...(canRunOutside(statement, runner) ? { edits: [edit] } : {}),
      },
    ];
  },
});

function refuse(
  statement: LintStatement,
  { parent, rest }: { readonly parent: QualifiedName; readonly rest: QualifiedName },
  { parser }: RuleContext,
): Report {
  const own = standalone(statement, parser);
  const edit = withoutConcurrently(own);
  return {
    statement,
    message: `${showName(rest)} is the default partition of ${showName(parent)}, and beside one PostgreSQL refuses DETACH PARTITION with CONCURRENTLY (55000): the migration fails here.`,
    hint: `Leave CONCURRENTLY out: the work is brief, but needs ACCESS EXCLUSIVE on ${showName(parent)}, so choose a quiet moment.`,
    ...(edit === null ? {} : { rewrite: [{ title: 'this migration', sql: rewritten(own, [edit]) }] }),
    ...(edit === null || statement.nested ? {} : { edits: [edit] }),
  };
}
