import type { NodeOf } from '../../sql/parser.ts';
import {
  alterTableCommands,
  columnOf,
  constraintOf,
  constraintsOf,
  namesOf,
} from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement, Span } from '../migration.ts';

/** A foreign key that a statement makes, on a new table or on one that is there. */
export type NewKey = {
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  readonly target: QualifiedName;
  /** null where the SQL leaves them to the primary key of a table of which that is not known. */
  readonly targetColumns: readonly string[] | null;
  readonly node: NodeOf<'Constraint'>;
  readonly at: Span;
};

/** Those that still stand after the migration: one that is made and dropped within it is nobody's concern. */
export function foreignKeysOf(statement: LintStatement, facts: SchemaFacts): readonly NewKey[] {
  return keysOf(statement, facts).filter(({ table, columns }) =>
    [...(facts.table(table)?.constraints.values() ?? [])].some(
      (known) => known.kind === 'foreign key' && known.columns.join('\0') === columns.join('\0'),
    ),
  );
}

function keysOf(statement: LintStatement, facts: SchemaFacts): readonly NewKey[] {
  const { node } = statement;
  if ('CreateStmt' in node) {
    const { relation, tableElts = [], constraints = [] } = node.CreateStmt;
    if (relation === undefined) return [];
    const table = nameOfRelation(relation);
    return [...tableElts, ...constraints].flatMap((element) => {
      if ('ColumnDef' in element) return keysOfColumn(element.ColumnDef, table);
      return 'Constraint' in element ? keyOf(element.Constraint, table, null) : [];
    });
  }
  return alterTableCommands(node).flatMap((command) => {
    const table = nameOfRelation(command.relation);
    const column = command.subtype === 'AT_AddColumn' ? columnOf(command) : null;
    if (column !== null) return keysOfColumn(column, table);
    const constraint = command.subtype === 'AT_AddConstraint' ? constraintOf(command) : null;
    return constraint === null ? [] : keyOf(constraint, table, null);
  });

  function keysOfColumn(column: NodeOf<'ColumnDef'>, table: QualifiedName): readonly NewKey[] {
    return constraintsOf(column).flatMap((one) => keyOf(one, table, column.colname ?? ''));
  }

  function keyOf(
    constraint: NodeOf<'Constraint'>,
    table: QualifiedName,
    column: string | null,
  ): readonly NewKey[] {
    if (constraint.contype !== 'CONSTR_FOREIGN' || constraint.pktable === undefined) return [];
    const target = nameOfRelation(constraint.pktable);
    const named = namesOf(constraint.pk_attrs);
    return [
      {
        table,
        columns: column === null ? namesOf(constraint.fk_attrs) : [column],
        target,
        targetColumns: named.length > 0 ? named : primaryKeyOf(target, facts),
        node: constraint,
        // Read only where something is said of it: it takes the scanner, which is slow.
        get at() {
          return 'CreateStmt' in node ? spanOfElement(statement, constraint.location) : statement;
        },
      },
    ];
  }
}

export function primaryKeyOf(name: QualifiedName, facts: SchemaFacts): readonly string[] | null {
  const constraints = facts.table(name)?.constraints.values() ?? [];
  return [...constraints].find(({ kind }) => kind === 'primary key')?.columns ?? null;
}

/** Do both names mean one table? */
export function isSameTable(a: QualifiedName, b: QualifiedName): boolean {
  return keyOfName(a) === keyOfName(b);
}

/** From the place to the end of its element in the list of a CREATE TABLE. */
function spanOfElement(statement: LintStatement, location: number | undefined): Span {
  if (statement.nested || location === undefined) return statement;
  const start = statement.offsetOf(location);
  let depth = 0;
  let end = start;
  for (const token of statement.tokens()) {
    if (token.start < start || token.comment) continue;
    if (token.text === ')') depth -= 1;
    if (depth < 0 || (depth === 0 && token.text === ',')) break;
    if (token.text === '(') depth += 1;
    end = token.end;
  }
  return { start, end };
}
