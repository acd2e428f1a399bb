import type { Rewrite } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { quoteName, showName } from '../facts/names.ts';
import type { TableFacts } from '../facts/schema-facts.ts';
import { defineRule } from '../rule.ts';

export const renameSchema = defineRule({
  id: 'rename-schema',
  family: 'compatibility',
  level: 'warning',
  title: 'A release that still runs finds nothing of a schema that is renamed',
  of: ['RenameStmt'],
  statement(statement, { facts, postgresVersion }) {
    const { node } = statement;
    if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_SCHEMA') return [];
    const { subname: from = '', newname: to = '' } = node.RenameStmt;
    if (facts.isNew(facts.object('schema', { schema: null, name: from }), statement)) return [];
    const tables = [...facts.tables()].filter(
      ({ name, kind }) => kind === 'table' && (name.schema ?? 'public') === from,
    );
    const shown = showName({ schema: null, name: from });
    return [
      {
        statement,
        message: `From the commit on there is no schema ${shown}: every query of a release that still runs and names a table or type in it fails (42P01), and so does each function with ${shown} in its body or its search_path.`,
        hint: 'Make the new schema beside the old one, move table by table, and leave views with the old names until no release uses them.',
        ...(tables.length === 0 ? {} : { rewrite: moveAll(tables, { from, to, postgresVersion }) }),
      },
    ];
  },
});

type Target = { readonly from: string; readonly to: string; readonly postgresVersion: number };

function moveAll(tables: readonly TableFacts[], { from, to, postgresVersion }: Target): readonly Rewrite[] {
  const asReader = postgresVersion >= 15 ? ' WITH (security_invoker = true)' : '';
  const moves = tables.flatMap(({ name: { name } }) => {
    const [old, fresh] = [from, to].map((schema) => quoteName({ schema, name }));
    return [
      `ALTER TABLE ${old} SET SCHEMA ${quoteIdentifier(to)};`,
      `CREATE VIEW ${old}${asReader} AS SELECT * FROM ${fresh};`,
    ];
  });
  return [
    { title: 'this migration', sql: [`CREATE SCHEMA ${quoteIdentifier(to)};`, ...moves].join('\n') },
    {
      title: 'a later deployment',
      sql: tables.map(({ name: { name } }) => `DROP VIEW ${quoteName({ schema: from, name })};`).join('\n'),
    },
  ];
}
