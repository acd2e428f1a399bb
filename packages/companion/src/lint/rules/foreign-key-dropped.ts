import { alterTableCommands, constraintOf, namesOf } from '../facts/alter-commands.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { nameOfRelation, showIdentifier, showName } from '../facts/names.ts';
import type { ConstraintFacts } from '../facts/schema-facts.ts';
import type { LintMigration } from '../migration.ts';
import { isSameTable } from '../reading/foreign-keys.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule } from '../rule.ts';

export const foreignKeyDropped = defineRule({
  id: 'foreign-key-dropped',
  family: 'data',
  level: 'info',
  title: 'A foreign key is dropped and nothing takes its place',
  of: ['AlterTableStmt'],
  statement(statement, { facts, migrations }) {
    return alterTableCommands(statement.node).flatMap((command) => {
      const table = nameOfRelation(command.relation);
      const known = facts.table(table)?.constraints.get(command.name ?? '');
      if (command.subtype !== 'AT_DropConstraint' || known?.kind !== 'foreign key') return [];
      if (!isInUse(table, statement, facts) || facts.isNew(known, statement)) return [];
      const together = migrations.filter(({ batch }) => batch === statement.migration.batch);
      if (together.some((migration) => makesItNeedless(migration, { table, known }))) return [];
      const target = known.references === null ? 'the other table' : showName(known.references);
      return [
        {
          statement,
          message: `From here on PostgreSQL no longer sees to it that ${known.columns.map(showIdentifier).join(', ')} of ${showName(table)} refers to a row of ${target}: rows that refer to nothing can be written, and ON DELETE no longer acts. The DROP takes ACCESS EXCLUSIVE on both tables, for a moment.`,
          hint: 'Added again later, the key is refused if such a row has come in between. If the references are meant to hold, replace the key in this migration.',
        },
      ];
    });
  },
});

type Dropped = { readonly table: Parameters<typeof showName>[0]; readonly known: ConstraintFacts };

/** Is the column given a key again, or dropped, or one of the tables? */
function makesItNeedless(migration: LintMigration, { table, known }: Dropped): boolean {
  return migration.statements.some(({ node }) => {
    if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') {
      return droppedNames(node.DropStmt).some(
        (name) =>
          isSameTable(name, table) || (known.references !== null && isSameTable(name, known.references)),
      );
    }
    return alterTableCommands(node).some((command) => {
      if (!isSameTable(nameOfRelation(command.relation), table)) return false;
      if (command.subtype === 'AT_DropColumn') return known.columns.includes(command.name ?? '');
      const constraint = constraintOf(command);
      if (constraint?.contype !== 'CONSTR_FOREIGN') return false;
      return namesOf(constraint.fk_attrs).some((column) => known.columns.includes(column));
    });
  });
}
