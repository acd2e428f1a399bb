import { quoteIdentifier } from '../../sql/quote.ts';
import { fillColumn } from '../advice/fill-column.ts';
import { generateAgain } from '../advice/generate-again.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import { isSameName, nameOfRelation, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { ColumnFacts, SchemaFacts } from '../facts/schema-facts.ts';
import { typeOfColumn } from '../facts/serial-types.ts';
import { showType } from '../facts/sql-type.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { earlierInTransaction, laterInTransaction } from '../reading/same-transaction.ts';
import { defineRule, type Report } from '../rule.ts';

export const renameColumn = defineRule({
  id: 'rename-column',
  family: 'compatibility',
  level: 'warning',
  title: 'A release that still runs does not find a column that is renamed',
  statement(statement, { facts, migrations }) {
    const rename = renameOf(statement);
    if (rename === null) return [];
    const { table, from, to } = rename;
    const known = facts.table(table);
    const column = known?.columns.get(from) ?? null;
    if (known?.temporary || facts.isNew(known, statement) || facts.isNew(column, statement)) return [];
    if (isTakenLater(rename, statement, migrations) || isFreedBefore(rename, statement, migrations))
      return [];
    const shown = showName({ schema: null, name: from });
    return [
      {
        statement,
        message: `From the commit on ${showName(table)} has no column ${shown} (42703): a release that still runs names it in every select() and insert of ${showName(table)}, and fails until it is replaced; so does each function, job and report that names it.`,
        hint: `If the code alone is to have the new name, rename the property in the schema and leave the column: drizzle lets them differ (\`${camelCase(to)}: ${builderOf(column)}('${from}')\`). Else declare both: add the new column, let a release write both, fill the old rows, let a release read the new one, and drop the old one when no release names it. Either way ${generateAgain('change the schema')}: drizzle-kit asks, and a new column is created, not renamed.`,
        ...expandAndContract(rename, column, facts),
      },
    ];
  },
});

type Rename = { readonly table: QualifiedName; readonly from: string; readonly to: string };

function renameOf({ node }: Pick<LintStatement, 'node'>): Rename | null {
  if (!('RenameStmt' in node)) return null;
  const { renameType, relation, subname, newname } = node.RenameStmt;
  if (renameType !== 'OBJECT_COLUMN' || relation === undefined) return null;
  return subname === undefined || newname === undefined
    ? null
    : { table: nameOfRelation(relation), from: subname, to: newname };
}

/** Another column gets the name in the same transaction: two columns change places. */
function isTakenLater(
  { table, from }: Rename,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  return laterInTransaction(statement, migrations).some((later) => {
    const rename = renameOf(later);
    if (rename !== null) return isSameName(rename.table, table) && rename.to === from;
    return alterTableCommands(later.node).some(
      (command) => isSameName(nameOfRelation(command.relation), table) && columnOf(command)?.colname === from,
    );
  });
}

function isFreedBefore(
  { table, to }: Rename,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  return earlierInTransaction(statement, migrations).some((earlier) => {
    const rename = renameOf(earlier);
    if (rename !== null) return isSameName(rename.table, table) && rename.from === to;
    return alterTableCommands(earlier.node).some(
      ({ relation, subtype, name }) =>
        isSameName(nameOfRelation(relation), table) && subtype === 'AT_DropColumn' && name === to,
    );
  });
}

/** The rename in steps that two releases survive; only where the column's type is known. */
function expandAndContract(
  { table, from, to }: Rename,
  column: ColumnFacts | null,
  facts: SchemaFacts,
): Pick<Report, 'rewrite'> {
  if (column === null || column.type === null || column.generated) return {};
  const type = showType(typeOfColumn(column.type));
  const [name, old, fresh] = [quoteName(table), quoteIdentifier(from), quoteIdentifier(to)];
  const fill = fillColumn(
    { table, column: to, value: old, missing: `${fresh} IS DISTINCT FROM ${old}` },
    facts,
  );
  return {
    rewrite: [
      { title: 'this migration', sql: `ALTER TABLE ${name} ADD COLUMN ${fresh} ${type};` },
      { ...fill, title: `${fill.title}, when the release that writes both columns runs` },
      {
        title: 'a later deployment, when no release names the old column',
        sql: `ALTER TABLE ${name} DROP COLUMN ${old};`,
      },
    ],
  };
}

/** What declares the column in drizzle's schema; an ellipsis where the type does not tell. */
function builderOf(column: ColumnFacts | null): string {
  const type = column?.type ?? null;
  return type === null || type.schema !== null ? '…' : (BUILDERS[type.name] ?? '…');
}

const BUILDERS: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bpchar: 'char',
  date: 'date',
  float4: 'real',
  float8: 'doublePrecision',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  json: 'json',
  jsonb: 'jsonb',
  numeric: 'numeric',
  serial: 'serial',
  bigserial: 'bigserial',
  smallserial: 'smallserial',
  text: 'text',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  uuid: 'uuid',
  varchar: 'varchar',
};

function camelCase(name: string): string {
  return name.replace(/[_\s-]+(\w)/g, (_, letter: string) => letter.toUpperCase());
}
