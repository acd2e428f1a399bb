import { showList } from '../advice/show-list.ts';
import { keyOfName, showName } from '../facts/names.ts';
import { isInUse } from '../reading/in-use.ts';
import { isOpaque, type SecurityChange, securityChanges } from '../reading/row-security.ts';
import { defineRule, type Report } from '../rule.ts';

export const rowSecurityChanged = defineRule({
  id: 'row-security-changed',
  family: 'compatibility',
  level: 'info',
  title: 'Who may read and write which rows of a table changes',
  statement(statement, { facts, migrations }) {
    const { migration, index } = statement;
    return securityChanges(statement.node).flatMap(({ table, what }): readonly Report[] => {
      if (!isInUse(table, statement, facts)) return [];
      const all = migration.statements.map(({ node }) =>
        securityChanges(node).filter((one) => isSame(one, table)),
      );
      // One finding for each table, at its first statement.
      if (all.slice(0, index).some((changes) => changes.length > 0)) return [];
      // row-security-without-policy says more.
      if (what.startsWith('ENABLE') && isOpaque(table, { statement, facts, migrations })) return [];
      const shown = showName(table);
      const changes = all.flat().map((one) => one.what);
      return [
        {
          statement,
          message: `${showList(changes)} ${changes.length === 1 ? 'decides' : 'decide'} who reads and writes which rows of ${shown}, and ${changes.length === 1 ? 'holds' : 'hold'} from the commit on for everybody, a release that still runs among them. Rows that a policy leaves out are not refused when read; they are not there.`,
          hint: 'Try it as the role that the application connects as: owners, superusers and roles with BYPASSRLS see everything, unless FORCE is set for the owner.',
        },
      ];
    });
  },
});

function isSame(one: SecurityChange, table: SecurityChange['table']): boolean {
  return keyOfName(one.table) === keyOfName(table);
}
