import { quoteIdentifier } from '../../sql/quote.ts';
import { commandSpans } from '../alter-parts.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { isInUse } from '../in-use.ts';
import { defineRule, type Report } from '../rule.ts';
import { showList } from '../show-list.ts';

export const dropColumn = defineRule({
  id: 'drop-column',
  family: 'compatibility',
  level: 'warning',
  title: 'DROP COLUMN breaks a release that still reads the column',
  statement(statement, { facts }) {
    const commands = alterTableCommands(statement.node);
    const spans = statement.nested ? null : commandSpans(statement);
    return commands.flatMap(({ subtype, relation, name, missing_ok, behavior }, place): readonly Report[] => {
      if (subtype !== 'AT_DropColumn' || name === undefined) return [];
      const table = nameOfRelation(relation);
      if (!isInUse(table, statement, facts)) return [];
      const known = facts.table(table);
      const column = known?.columns.get(name) ?? null;
      if (facts.isNew(column, statement)) return [];
      // IF EXISTS of a column that a complete history does not have.
      if (column === null && known?.complete === true && missing_ok === true) return [];
      const shown = showName({ schema: null, name });
      const gone = dependents(table, name, facts);
      const at = spans?.[place];
      const isRequired =
        column?.notNull === true && !column.hasDefault && !column.identity && !column.generated;
      const inKey = [...(known?.constraints.values() ?? [])].some(
        ({ kind, columns }) => kind === 'primary key' && columns.includes(name),
      );
      return [
        {
          statement,
          ...(at === undefined ? {} : { at }),
          message: [
            `A release that still runs and was built with ${shown} in its schema fails as soon as this commits (42703): drizzle names every column of ${showName(table)} in each select() and returning(), whether the code uses it or not.`,
            'The values are gone for good.',
            ...(gone.length === 0
              ? []
              : [`With the column ${gone.length === 1 ? 'goes' : 'go'} ${showList(gone)}.`]),
            ...(behavior === 'DROP_CASCADE' ? ['CASCADE also drops every view that reads it.'] : []),
          ].join(' '),
          hint: `Two releases: one without the column in its schema, running everywhere, before the one that drops it. drizzle-kit writes the DROP as soon as the schema has lost the column: hold that migration back.${
            isRequired && !inKey
              ? ` The first release needs the column to be nullable: it inserts rows without it.`
              : ''
          }`,
          ...(isRequired && !inKey
            ? {
                rewrite: [
                  {
                    title: 'with the release that stops writing it',
                    sql: `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdentifier(name)} DROP NOT NULL;`,
                  },
                ],
              }
            : {}),
        },
      ];
    });
  },
});

/** The indexes and constraints that PostgreSQL drops with the column, as far as they are known. */
function dependents(table: QualifiedName, column: string, facts: SchemaFacts): readonly string[] {
  const constraints = [...(facts.table(table)?.constraints.values() ?? [])].filter(
    ({ columns, kind }) => columns.includes(column) && kind !== 'not null',
  );
  const indexes = facts.indexesOf(table).filter(({ columns }) => columns.includes(column));
  return [
    ...constraints.map(
      ({ name, kind, columns }) => `the ${WORDS[kind] ?? kind} ${show(name)}${listed(columns)}`,
    ),
    ...indexes.map(({ name, columns }) => `the index ${show(name.name)}${listed(columns)}`),
  ];
}

const WORDS: Readonly<Record<string, string>> = { unique: 'unique constraint', check: 'check constraint' };

function show(name: string): string {
  return showName({ schema: null, name });
}

/** More than the one column: that the others lose their index, too, is easily overlooked. */
function listed(columns: readonly (string | null)[]): string {
  if (columns.length < 2) return '';
  return ` (${columns.map((column) => (column === null ? '…' : show(column))).join(', ')})`;
}
