import type { NodeOf } from '../../sql/parser.ts';
import { append } from '../advice/edits.ts';
import { keyOfName, nameOfRelation, quoteName, showName } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { type BulkWrite, bulkWritesOf } from '../reading/bulk-writes.ts';
import { defineRule } from '../rule.ts';

export const bulkUpdateNeedsAnalyze = defineRule({
  id: 'bulk-update-needs-analyze',
  family: 'data',
  level: 'info',
  title: 'After every row of a table was written, queries are planned by what its columns held before',
  statement(statement, { facts, migrations }) {
    const write = bulkWritesOf(statement, facts).find((one) => isWhole(one));
    if (write === undefined) return [];
    const table = facts.table(write.relation);
    const rest = migrations
      .filter(({ batch }) => batch === statement.migration.batch)
      .flatMap(({ statements }) => statements);
    const later = rest.slice(rest.indexOf(statement) + 1);
    if (table?.temporary || later.some((one) => isSettledBy(one, write))) return [];
    const shown = showName(write.relation);
    const who = table?.partitioned
      ? `Autovacuum never looks at a partitioned table as a whole, so this lasts until somebody runs ANALYZE`
      : 'Autovacuum comes to it by itself, by default within a minute after the commit, later when it is busy';
    const analyze = `ANALYZE ${quoteName(write.relation)};`;
    return [
      {
        statement,
        growsWith: write.grows,
        message: `${write.verb} ${write.verb === 'INSERT' ? `copies all of ${showName(write.grows)} into ${shown}` : `writes every row of ${shown}`}, and the planner's statistics of ${shown} are those of before. ${who}; until then queries may be planned badly.`,
        hint: 'ANALYZE behind it takes a sample, whatever the size of the table, and holds up neither reads nor writes.',
        rewrite: [{ title: 'behind the statement', sql: analyze }],
        edits: [append(statement, breakBefore(statement.migration) + analyze.slice(0, -1))],
      },
    ];
  },
});

function isWhole({ verb, whole, node }: BulkWrite): boolean {
  return whole && node !== null && (verb === 'UPDATE' || verb === 'INSERT');
}

/** ANALYZE, another write of the same kind, which is then told of instead, or the end of the table. */
function isSettledBy({ node }: LintStatement, { relation }: BulkWrite): boolean {
  const key = keyOfName(relation);
  const is = (other: Parameters<typeof nameOfRelation>[0] | undefined): boolean =>
    other !== undefined && keyOfName(nameOfRelation(other)) === key;
  if ('VacuumStmt' in node) {
    const { rels, is_vacuumcmd, options = [] } = node.VacuumStmt;
    const analyzes =
      is_vacuumcmd !== true || options.some((one) => 'DefElem' in one && one.DefElem.defname === 'analyze');
    return (
      analyzes &&
      (rels ?? [node]).some((rel) => !('VacuumRelation' in rel) || is(rel.VacuumRelation.relation))
    );
  }
  if ('UpdateStmt' in node) return is(node.UpdateStmt.relation) && node.UpdateStmt.whereClause === undefined;
  if ('InsertStmt' in node) return is(node.InsertStmt.relation) && copiesAll(node.InsertStmt);
  if ('TruncateStmt' in node) {
    return (node.TruncateStmt.relations ?? []).some((one) => 'RangeVar' in one && is(one.RangeVar));
  }
  return false;
}

function copiesAll({ selectStmt }: NodeOf<'InsertStmt'>): boolean {
  if (selectStmt === undefined || !('SelectStmt' in selectStmt)) return false;
  const { fromClause, whereClause, limitCount } = selectStmt.SelectStmt;
  return fromClause !== undefined && whereClause === undefined && limitCount === undefined;
}

/** As the file sets its statements apart. */
function breakBefore({ sql }: LintMigration): string {
  return sql.includes(BREAKPOINT) ? `;${BREAKPOINT}\n` : ';\n';
}

const BREAKPOINT = '--> statement-breakpoint';
