import type { ParseNode } from '../../sql/parser.ts';
import { showList } from '../advice/show-list.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { type QualifiedName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { defineRule } from '../rule.ts';

export const dropSchemaOrDatabase = defineRule({
  id: 'drop-schema-or-database',
  family: 'data',
  level: 'error',
  title: 'A schema is dropped with all that is in it, or a database',
  statement(statement, { facts }) {
    const { node } = statement;
    const message = describe(node, statement, facts);
    if (message === null) return [];
    return [
      {
        statement,
        message,
        hint:
          'DropStmt' in node
            ? 'Drop by name what is to go, each once no release uses it, and then the empty schema without CASCADE: PostgreSQL refuses when something was forgotten.'
            : 'This is no work for a migration: it runs in every environment.',
      },
    ];
  },
});

const MOST_NAMED = 8;

function describe(node: ParseNode, statement: LintStatement, facts: SchemaFacts): string | null {
  if ('DropdbStmt' in node) {
    const name = showName({ schema: null, name: node.DropdbStmt.dbname ?? '' });
    return `DROP DATABASE deletes ${name} with everything in it, and nothing but a backup brings it back.`;
  }
  if ('DropOwnedStmt' in node) {
    return 'DROP OWNED drops every table, view, function and schema in this database that belongs to the role, whatever they are.';
  }
  if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_SCHEMA') return null;
  const gone = droppedNames(node.DropStmt).filter(
    (name) => !facts.isNew(facts.object('schema', { schema: null, name: name.name }), statement),
  );
  if (gone.length === 0) return null;
  const schemas = showList(gone.map(showName));
  const tables = gone.flatMap(({ name }) => tablesIn(name, facts));
  const shown = tables.slice(0, MOST_NAMED).map(showName);
  const all = tables.length > MOST_NAMED ? [...shown, `${tables.length - MOST_NAMED} more`] : shown;
  if (node.DropStmt.behavior === 'DROP_CASCADE') {
    return `DROP SCHEMA … CASCADE drops ${schemas} with every table, type and function in it${
      all.length === 0 ? '' : `, among them ${showList(all)}`
    }, and whatever elsewhere depends on them. Each table is locked against reads and writes (ACCESS EXCLUSIVE); code that names one fails from the commit on, and only a backup brings the rows back.`;
  }
  // Without CASCADE, PostgreSQL drops an empty schema or none.
  if (tables.length === 0) return null;
  return `DROP SCHEMA fails here (2BP01): ${showList(all)} ${tables.length === 1 ? 'is' : 'are'} in ${schemas}.`;
}

function tablesIn(schema: string, facts: SchemaFacts): readonly QualifiedName[] {
  return [...facts.tables()]
    .filter((table) => (table.name.schema ?? 'public') === schema && !table.temporary)
    .map(({ name }) => name);
}
