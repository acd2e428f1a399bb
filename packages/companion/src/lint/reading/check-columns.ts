import { alterTableCommands, columnOf, constraintOf, constraintsOf } from '../facts/alter-commands.ts';
import { columnRefs } from '../facts/column-refs.ts';
import type { ConstraintFacts } from '../facts/schema-facts.ts';

/** The columns that a CHECK is about; null where the statement that made it is not known. */
export function checkColumns({ name, kind, born }: ConstraintFacts): readonly string[] | null {
  if (kind !== 'check' || born === null) return null;
  const { node } = born;
  const checks =
    'CreateStmt' in node
      ? [...(node.CreateStmt.tableElts ?? []), ...(node.CreateStmt.constraints ?? [])].flatMap((element) =>
          'ColumnDef' in element
            ? constraintsOf(element.ColumnDef)
            : 'Constraint' in element
              ? [element.Constraint]
              : [],
        )
      : alterTableCommands(node).flatMap((command) => {
          const column = columnOf(command);
          const constraint = constraintOf(command);
          return column === null ? (constraint === null ? [] : [constraint]) : constraintsOf(column);
        });
  const all = checks.filter(({ contype }) => contype === 'CONSTR_CHECK');
  const named = all.filter(({ conname }) => conname === name);
  // One without a name has got its name from PostgreSQL: any of them may be meant.
  const meant = named.length > 0 ? named : all.filter(({ conname }) => conname === undefined);
  return meant.length === 0 ? null : columnRefs(meant.map(({ raw_expr }) => raw_expr));
}
