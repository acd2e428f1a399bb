import { commandSpans } from '../advice/alter-parts.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule, type Report } from '../rule.ts';

export const dropNotNull = defineRule({
  id: 'drop-not-null',
  family: 'compatibility',
  level: 'info',
  title: 'A column may be NULL from now on, which code that reads it may not expect',
  of: ['AlterTableStmt'],
  statement(statement, { facts }) {
    const commands = alterTableCommands(statement.node);
    return commands.flatMap(({ subtype, relation, name }, place): readonly Report[] => {
      if (subtype !== 'AT_DropNotNull' || name === undefined) return [];
      const table = nameOfRelation(relation);
      if (!isInUse(table, statement, facts)) return [];
      const column = facts.table(table)?.columns.get(name) ?? null;
      if (facts.isNew(column, statement) || column?.notNull === false) return [];
      if (isSettledLater(statement, table, name)) return [];
      const at = statement.nested ? undefined : commandSpans(statement)?.[place];
      const shown = `${showName({ schema: null, name })} of ${showName(table)}`;
      return [
        {
          statement,
          ...(at === undefined ? {} : { at }),
          message: `From the commit on ${shown} may be NULL. A release that still runs was compiled for notNull(): where it reads such a row it may fail, and its conditions with <> and NOT IN leave the row out.`,
          hint: 'Let a release that can read NULL run everywhere before one writes it.',
        },
      ];
    });
  },
});

/** Is the column dropped, or NOT NULL again, when the migration ends? */
function isSettledLater(statement: LintStatement, table: QualifiedName, column: string): boolean {
  return statement.migration.statements
    .filter(({ index }) => index >= statement.index)
    .flatMap(({ node }) => alterTableCommands(node))
    .some(
      ({ subtype, relation, name }) =>
        (subtype === 'AT_DropColumn' || subtype === 'AT_SetNotNull') &&
        name === column &&
        keyOfName(nameOfRelation(relation)) === keyOfName(table),
    );
}
