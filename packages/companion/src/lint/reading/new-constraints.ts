import type { NodeOf } from '../../sql/parser.ts';
import {
  type AlterCommand,
  alterTableCommands,
  columnOf,
  constraintOf,
  constraintsOf,
} from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from './in-use.ts';

/** A constraint that an ALTER TABLE adds to a table that may be in use. */
export type NewConstraint = {
  readonly table: QualifiedName;
  /** The command's place among those of the ALTER TABLE, from 0. */
  readonly place: number;
  readonly command: AlterCommand;
  readonly node: NodeOf<'Constraint'>;
  /** The new column with which it stands; null where it is added by itself. */
  readonly column: NodeOf<'ColumnDef'> | null;
};

export function newConstraints(statement: LintStatement, facts: SchemaFacts): readonly NewConstraint[] {
  return alterTableCommands(statement.node).flatMap((command, place): readonly NewConstraint[] => {
    const table = nameOfRelation(command.relation);
    if (!isInUse(table, statement, facts)) return [];
    if (command.subtype === 'AT_AddConstraint') {
      const constraint = constraintOf(command);
      return constraint === null ? [] : [{ table, place, command, node: constraint, column: null }];
    }
    const column = command.subtype === 'AT_AddColumn' ? columnOf(command) : null;
    if (column === null) return [];
    return constraintsOf(column).map((constraint) => ({ table, place, command, node: constraint, column }));
  });
}

const FILLING: readonly NodeOf<'Constraint'>['contype'][] = [
  'CONSTR_DEFAULT',
  'CONSTR_GENERATED',
  'CONSTR_IDENTITY',
];

/** Does the new column have values in the rows that are there? `DEFAULT NULL` counts, as it does to PostgreSQL. */
export function isFilled(column: NodeOf<'ColumnDef'>): boolean {
  return constraintsOf(column).some(({ contype }) => FILLING.includes(contype));
}
