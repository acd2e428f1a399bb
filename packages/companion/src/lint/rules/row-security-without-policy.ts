import { alterTableCommands } from '../facts/alter-commands.ts';
import { nameOfRelation, quoteName, showName } from '../facts/names.ts';
import { isInUse } from '../reading/in-use.ts';
import { isOpaque } from '../reading/row-security.ts';
import { defineRule, type Report } from '../rule.ts';

export const rowSecurityWithoutPolicy = defineRule({
  id: 'row-security-without-policy',
  family: 'compatibility',
  level: 'warning',
  title: 'Row level security without a policy hides every row from all but the owner',
  of: ['AlterTableStmt'],
  statement(statement, { facts, migrations }) {
    return alterTableCommands(statement.node).flatMap(({ subtype, relation }): readonly Report[] => {
      const table = nameOfRelation(relation);
      if (subtype !== 'AT_EnableRowSecurity' || !isInUse(table, statement, facts)) return [];
      if (!isOpaque(table, { statement, facts, migrations })) return [];
      const shown = showName(table);
      return [
        {
          statement,
          message: `${shown} has no policy when this commits: whoever is not its owner, a superuser or a role with BYPASSRLS reads an empty table and cannot write a row (42501). Nothing fails on reading; the rows are just not there.`,
          hint: 'Make the policies in the same transaction, before or behind it. One with USING (true) leaves things as they are until the others are written.',
          rewrite: [
            {
              title: 'this migration',
              sql: `CREATE POLICY ${quoteName({ schema: null, name: `${table.name}_all` })} ON ${quoteName(table)} USING (true) WITH CHECK (true);\n${statement.text};`,
            },
          ],
        },
      ];
    });
  },
});
