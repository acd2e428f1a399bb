import { rewritten } from '../advice/edits.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { settingChanges } from '../reading/setting-changes.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule } from '../rule.ts';

export const foreignKeysSwitchedOff = defineRule({
  id: 'foreign-keys-switched-off',
  family: 'data',
  level: 'error',
  title: 'Foreign keys are switched off with the triggers that hold them',
  statement(statement, { facts, parser }) {
    const replica = settingChanges(statement).some(
      ({ name, values }) => name === 'session_replication_role' && values?.[0]?.toLowerCase() === 'replica',
    );
    if (replica) {
      return [
        {
          statement,
          level: 'warning',
          message:
            "With session_replication_role = 'replica' no trigger fires, and no foreign key is looked after: what is written or deleted from here on may refer to rows that are not there, ON DELETE CASCADE does not act, and PostgreSQL never checks any of it later. It takes a superuser, or a role that was granted the right (42501).",
          hint: 'Write the rows in an order that the keys allow, or make the keys DEFERRABLE and say SET CONSTRAINTS ALL DEFERRED: then they are checked at the commit.',
        },
      ];
    }
    return alterTableCommands(statement.node)
      .filter(({ subtype }) => subtype === 'AT_DisableTrigAll')
      .flatMap(({ relation }) => {
        const table = nameOfRelation(relation);
        const isBack = isEnabledLater(table, statement);
        if (isBack && !isInUse(table, statement, facts)) return [];
        const shown = showName(table);
        const own = standalone(statement, parser);
        const all = own.tokens().find(({ keyword }) => keyword === 'all');
        return [
          {
            statement,
            ...(isBack ? { level: 'warning' as const } : {}),
            message: `DISABLE TRIGGER ALL switches off more than triggers: the foreign keys of ${shown}, and those that point to it, are held by some of them. ${
              isBack
                ? `Rows that are written before they are enabled again may refer to nothing, and ENABLE TRIGGER checks none of them.`
                : `Nothing here enables them again: from the commit on rows may refer to nothing, ON DELETE CASCADE does not act, and the schema looks as if all were well.`
            } It takes SHARE ROW EXCLUSIVE on ${shown} (writes wait), and a superuser.`,
            hint: 'DISABLE TRIGGER USER leaves the foreign keys on; the owner of the table may do that. Enable them again in the same migration.',
            ...(all === undefined
              ? {}
              : {
                  rewrite: [
                    {
                      title: 'this migration',
                      sql: rewritten(own, [{ start: all.start, end: all.end, text: 'USER' }]),
                    },
                  ],
                }),
          },
        ];
      });
  },
});

function isEnabledLater(table: QualifiedName, { migration, index }: LintStatement): boolean {
  return migration.statements
    .slice(index + 1)
    .flatMap(({ node }) => alterTableCommands(node))
    .some(
      ({ subtype, relation }) =>
        subtype === 'AT_EnableTrigAll' && keyOfName(nameOfRelation(relation)) === keyOfName(table),
    );
}
