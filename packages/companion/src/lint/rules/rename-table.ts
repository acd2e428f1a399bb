import { quoteName, showName } from '../facts/names.ts';
import { isNameFreed, isNameTaken, moveOf } from '../reading/renamed-relation.ts';
import { defineRule } from '../rule.ts';

export const renameTable = defineRule({
  id: 'rename-table',
  family: 'compatibility',
  level: 'warning',
  title: 'A release that still runs does not find a table that is renamed or moved',
  statement(statement, { facts, migrations, postgresVersion }) {
    const move = moveOf(statement.node);
    if (move === null) return [];
    const { from, to } = move;
    const table = facts.table(from);
    // ALTER TABLE renames indexes and sequences as well.
    if (table === null && (facts.index(from) !== null || facts.object('sequence', from) !== null)) return [];
    if (table?.temporary || facts.isNew(table, statement)) return [];
    if (isNameTaken(from, statement, migrations) || isNameFreed(to, statement, migrations)) return [];
    const shown = showName(from);
    // So that row security and grants are asked about whoever reads, as without the view.
    const asReader = postgresVersion >= 15 ? ' WITH (security_invoker = true)' : '';
    return [
      {
        statement,
        message: `From the commit on there is no ${shown} (42P01): every query of a release that still runs fails, and so does each function, job and report that names it.`,
        hint: 'In the same transaction, leave a view with the old name; PostgreSQL passes reads and writes of such a view on to the table. Grant on it what is granted on the table. Drop it when no release names it.',
        rewrite: [
          {
            title: 'this migration',
            sql: `${statement.text};\nCREATE VIEW ${quoteName(from)}${asReader} AS SELECT * FROM ${quoteName(to)};`,
          },
          { title: 'a later deployment', sql: `DROP VIEW ${quoteName(from)};` },
        ],
      },
    ];
  },
});
