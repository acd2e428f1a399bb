import { quoteIdentifier } from '../../sql/quote.ts';
import { commandSpans } from '../advice/alter-parts.ts';
import { showList } from '../advice/show-list.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement, Span } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule, type Report } from '../rule.ts';

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
    const swaps = drops.flatMap((drop) => swapOf(drop) ?? []);
    if (swaps.length === drops.length) return tellSwaps(swaps, facts);
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

/** A second column takes the name, and code that names it finds the values there. */
type Swap = { readonly drop: Drop; readonly heir: string };

function swapOf(drop: Drop): Swap | null {
  for (const { node, index } of drop.by.migration.statements) {
    if (index <= drop.by.index || !('RenameStmt' in node)) continue;
    const { renameType, relation, subname, newname } = node.RenameStmt;
    if (renameType !== 'OBJECT_COLUMN' || relation === undefined || subname === undefined) continue;
    const isTable = keyOfName(nameOfRelation(relation)) === keyOfName(drop.table);
    if (isTable && newname === drop.column) return { drop, heir: subname };
  }
  return null;
}

function tellSwaps(swaps: readonly Swap[], facts: SchemaFacts): readonly Report[] {
  return swaps.flatMap(({ drop: { by, at, table, column }, heir }): readonly Report[] => {
    const gone = dependents(table, column, facts, heir);
    if (gone.length === 0) return [];
    return [
      {
        statement: by,
        ...(at === null ? {} : { at }),
        message: `${show(heir)} takes the name of ${show(column)}, but not what hangs on it: PostgreSQL drops ${showList(gone)} with the old column, and queries of ${showName(table)} or its rules do without from the commit on.`,
        hint: `Before this migration, give ${show(heir)} the same: build each index with CONCURRENTLY in a migration of its own; a constraint then takes over its index (ADD CONSTRAINT … USING INDEX).`,
      },
    ];
  });
}

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
function dependents(
  table: QualifiedName,
  column: string,
  facts: SchemaFacts,
  heir: string | null = null,
): readonly string[] {
  const all = [...(facts.table(table)?.constraints.values() ?? [])];
  // The heir has the same, under another name.
  const isInherited = ({ columns, unique }: { columns: readonly (string | null)[]; unique: boolean }) => {
    const wanted = columns.map((one) => (one === column ? heir : one)).join();
    const keys = all.filter(({ kind }) => kind === 'unique' || kind === 'primary key');
    const there = [...keys.map((one) => ({ ...one, unique: true })), ...facts.indexesOf(table)];
    return heir !== null && there.some((one) => one.columns.join() === wanted && (one.unique || !unique));
  };
  const constraints = all.filter((one) => {
    if (!one.columns.includes(column) || one.kind === 'not null') return false;
    if (one.kind !== 'foreign key') return !isInherited({ ...one, unique: true });
    const wanted = one.columns.map((name) => (name === column ? heir : name)).join();
    return !all.some(({ kind, columns }) => kind === 'foreign key' && columns.join() === wanted);
  });
  const indexes = facts.indexesOf(table).filter((one) => one.columns.includes(column) && !isInherited(one));
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
