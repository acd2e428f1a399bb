import { alterTableCommands, columnOf, constraintOf, constraintsOf } from '../facts/alter-commands.ts';
import { nameOfRelation, showName } from '../facts/names.ts';
import { defineRule } from '../rule.ts';

export const exclusionConstraint = defineRule({
  id: 'exclusion-constraint',
  family: 'locking',
  level: 'error',
  title:
    'An exclusion constraint locks the table while its index is built, and there is no other way to add one',
  of: ['AlterTableStmt'],
  statement(statement, { facts }) {
    return alterTableCommands(statement.node).flatMap((command) => {
      const column = columnOf(command);
      const added = [constraintOf(command), ...(column === null ? [] : constraintsOf(column))];
      const constraint = added.find(
        (one) => one?.contype === 'CONSTR_EXCLUSION' || one?.without_overlaps === true,
      );
      const name = nameOfRelation(command.relation);
      const table = facts.table(name);
      if (!constraint || command.subtype !== 'AT_AddConstraint') return [];
      if (facts.isNew(table, statement) || table?.temporary) return [];
      const what = constraint.without_overlaps ? 'a key WITHOUT OVERLAPS' : 'an exclusion constraint';
      const shown = showName(name);
      return [
        {
          statement,
          growsWith: name,
          message: `Adding ${what} locks ${shown} against reads and writes (ACCESS EXCLUSIVE) while its index is built and every row is held against it: all queries wait as long as that takes. It fails when two rows that are there exclude each other.`,
          hint: `PostgreSQL can build no such index concurrently, nor add one NOT VALID. If ${shown} is large, choose a quiet hour and measure on a copy how long it takes; or make a new table with the constraint, fill it in batches, and rename the two in one transaction.`,
        },
      ];
    });
  },
});
