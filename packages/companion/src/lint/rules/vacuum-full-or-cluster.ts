import type { NodeOf } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { isOn } from '../../sql/statement-options.ts';
import { namesOf } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { defineRule, type Report } from '../rule.ts';

export const vacuumFullOrCluster = defineRule({
  id: 'vacuum-full-or-cluster',
  family: 'locking',
  level: 'error',
  title: 'VACUUM FULL and CLUSTER lock a table against everyone while they write it anew',
  statement(statement, { facts }) {
    const { node } = statement;
    if ('ClusterStmt' in node) {
      const { relation } = node.ClusterStmt;
      const tables = relation === undefined ? null : [nameOfRelation(relation)];
      return report(statement, tables, facts, {
        verb: 'CLUSTER',
        all: 'every table that was clustered before',
        hint: 'pg_repack sorts a table (`--order-by`) while reads and writes go on. An index that covers the queries may serve as well.',
      });
    }
    if (!('VacuumStmt' in node)) return [];
    const { options, is_vacuumcmd: isVacuum, rels = [] } = node.VacuumStmt;
    if (!isVacuum || !isOn(options, 'full', false)) return [];
    const named = rels.flatMap((rel) =>
      'VacuumRelation' in rel && rel.VacuumRelation.relation
        ? [nameOfRelation(rel.VacuumRelation.relation)]
        : [],
    );
    return report(statement, rels.length === 0 ? null : named, facts, {
      verb: 'VACUUM FULL',
      all: 'every table of the database',
      hint: 'Without FULL it blocks neither reads nor writes, and frees the space for new rows. To give the space back to the disk, pg_repack writes the table anew while reads and writes go on.',
      rewrite: [{ title: 'this migration', sql: withoutFull(node.VacuumStmt) }],
    });
  },
});

type Told = Pick<Report, 'hint' | 'rewrite'> & { readonly verb: string; readonly all: string };

/** `tables`: null for all there are. */
function report(
  statement: LintStatement,
  tables: readonly QualifiedName[] | null,
  facts: SchemaFacts,
  { verb, all, ...told }: Told,
): readonly Report[] {
  const locked = tables?.filter((name) => isRead(name, statement, facts)) ?? null;
  if (locked?.length === 0) return [];
  const [only, ...others] = locked ?? [];
  const shown = locked === null ? all : locked.map(showName).join(', ');
  return [
    {
      statement,
      ...(only === undefined || others.length > 0 ? {} : { growsWith: only }),
      message: `${verb} writes ${shown} and ${locked?.length === 1 ? 'its' : 'their'} indexes anew, ${locked?.length === 1 ? '' : 'each '}under ACCESS EXCLUSIVE: every read and every write waits until the last row is written, and the disk must hold both copies.`,
      ...told,
    },
  ];
}

/** A materialized view, too, is read. */
function isRead(name: QualifiedName, statement: LintStatement, facts: SchemaFacts): boolean {
  const table = facts.table(name);
  if (table === null) return true;
  return table.kind !== 'view' && !table.temporary && !facts.isNew(table, statement);
}

function withoutFull({ options = [], rels = [] }: NodeOf<'VacuumStmt'>): string {
  // The words that can stand without a value.
  const kept = ['freeze', 'verbose', 'analyze', 'disable_page_skipping'].filter((name) =>
    isOn(options, name, false),
  );
  const targets = rels.flatMap((rel) => {
    if (!('VacuumRelation' in rel) || !rel.VacuumRelation.relation) return [];
    const columns = namesOf(rel.VacuumRelation.va_cols).map(quoteIdentifier);
    const list = columns.length === 0 ? '' : ` (${columns.join(', ')})`;
    return [`${quoteName(nameOfRelation(rel.VacuumRelation.relation))}${list}`];
  });
  const words = kept.length === 0 ? '' : ` (${kept.map((name) => name.toUpperCase()).join(', ')})`;
  return `VACUUM${words}${targets.length === 0 ? '' : ` ${targets.join(', ')}`};`;
}
