import { quoteIdentifier } from '../../sql/quote.ts';
import { commandSpans } from '../advice/alter-parts.ts';
import { showList } from '../advice/show-list.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement, Span } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule } from '../rule.ts';

export const dropColumn = defineRule({
  id: 'drop-column',
  family: 'compatibility',
  level: 'warning',
  title: 'DROP COLUMN breaks a release that still reads the column',
  statement(statement, { facts }) {
    const first = dropsOf(statement)[0];
    if (first === undefined || !isInUse(first.table, statement, facts)) return [];
    const drops = statement.migration.statements
      .flatMap(dropsOf)
      .filter(({ table }) => keyOfName(table) === keyOfName(first.table))
      .filter((drop) => isThere(drop, facts));
    // One finding for a table: its columns are wanted or not wanted together.
    if (drops[0]?.by !== statement) return [];
    const shown = showName(first.table);
    const names = drops.map(({ column }) => show(column));
    const gone = new Set(drops.flatMap(({ column }) => dependents(first.table, column, facts)));
    const required = drops.filter(({ column }) => isRequired(first.table, column, facts));
    return [
      {
        statement,
        ...(drops[0].at === null ? {} : { at: drops[0].at }),
        message: [
          `A release that still runs and was built with ${showList(names)} in its schema fails as soon as this commits (42703): drizzle names every column of ${shown} in each select() and returning(), whether the code uses it or not.`,
          'The values are gone for good.',
          ...(gone.size === 0 ? [] : [`PostgreSQL also drops ${showList([...gone])}.`]),
          ...(drops.some(({ cascades }) => cascades)
            ? ['CASCADE also drops every view that reads what goes.']
            : []),
        ].join(' '),
        hint: `Two releases: one without ${names.length === 1 ? 'the column' : 'the columns'} in its schema, running everywhere, before the one that drops ${names.length === 1 ? 'it' : 'them'}. drizzle-kit writes the DROP as soon as the schema has lost a column: hold that migration back.${
          required.length === 0
            ? ''
            : ` The first release inserts rows without ${showList(required.map(({ column }) => show(column)))}, so let it be NULL by then.`
        }`,
        ...(required.length === 0
          ? {}
          : {
              rewrite: [
                {
                  title: 'with the release that stops writing it',
                  sql: required
                    .map(
                      ({ column }) =>
                        `ALTER TABLE ${quoteName(first.table)} ALTER COLUMN ${quoteIdentifier(column)} DROP NOT NULL;`,
                    )
                    .join('\n'),
                },
              ],
            }),
      },
    ];
  },
});

type Drop = {
  readonly by: LintStatement;
  readonly at: Span | null;
  readonly table: QualifiedName;
  readonly column: string;
  readonly cascades: boolean;
  readonly ifExists: boolean;
};

function dropsOf(by: LintStatement): readonly Drop[] {
  const commands = alterTableCommands(by.node);
  if (!commands.some(({ subtype }) => subtype === 'AT_DropColumn')) return [];
  const spans = by.nested ? null : commandSpans(by);
  return commands.flatMap(({ subtype, relation, name, missing_ok, behavior }, place): readonly Drop[] =>
    subtype !== 'AT_DropColumn' || name === undefined
      ? []
      : [
          {
            by,
            at: spans?.[place] ?? null,
            table: nameOfRelation(relation),
            column: name,
            cascades: behavior === 'DROP_CASCADE',
            ifExists: missing_ok === true,
          },
        ],
  );
}

/** Is it a column that a release may know? Not one of this deployment, nor one that IF EXISTS looks for in vain. */
function isThere({ by, table, column, ifExists }: Drop, facts: SchemaFacts): boolean {
  const known = facts.table(table);
  const there = known?.columns.get(column) ?? null;
  if (there !== null) return !facts.isNew(there, by);
  const isAdded = by.migration.statements
    .filter(({ index }) => index <= by.index)
    .flatMap(({ node }) => alterTableCommands(node))
    .some((command) => columnOf(command)?.colname === column);
  return !isAdded && !(known?.complete === true && ifExists);
}

/** Would an INSERT without the column fail? */
function isRequired(table: QualifiedName, name: string, facts: SchemaFacts): boolean {
  const known = facts.table(table);
  const column = known?.columns.get(name);
  if (column === undefined || !column.notNull || column.hasDefault || column.identity || column.generated)
    return false;
  return ![...(known?.constraints.values() ?? [])].some(
    ({ kind, columns }) => kind === 'primary key' && columns.includes(name),
  );
}

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
