import type { NodeOf } from '../../sql/parser.ts';
import type { LintStatement } from '../migration.ts';
import { buildColumn } from './build-column.ts';
import { buildConstraint } from './build-constraint.ts';
import type { QualifiedName } from './names.ts';
import type { Birth, TableFacts } from './schema-facts.ts';

/** A table of which nothing is known but its name. */
export function emptyTable(name: QualifiedName, born: Birth): TableFacts {
  return {
    name,
    kind: 'table',
    temporary: false,
    partitioned: false,
    partitionOf: null,
    complete: false,
    columns: new Map(),
    constraints: new Map(),
    query: null,
    born,
  };
}

export function addColumn(table: TableFacts, node: NodeOf<'ColumnDef'>, born: LintStatement): void {
  const column = buildColumn(node, born);
  table.columns.set(column.name, column);
  for (const constraint of node.constraints ?? []) {
    if ('Constraint' in constraint)
      addConstraint(table, { node: constraint.Constraint, column: column.name, born });
  }
}

type Added = {
  readonly node: NodeOf<'Constraint'>;
  readonly column: string | null;
  readonly born: LintStatement;
};

export function addConstraint(table: TableFacts, added: Added): void {
  const constraint = buildConstraint({ ...added, table: table.name });
  if (constraint === null) return;
  table.constraints.set(constraint.name, constraint);
  if (constraint.kind !== 'primary key' && constraint.kind !== 'not null') return;
  for (const name of constraint.columns) {
    const column = table.columns.get(name);
    if (column !== undefined && constraint.validated) column.notNull = true;
  }
}
