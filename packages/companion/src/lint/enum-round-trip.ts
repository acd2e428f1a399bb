import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { constraintName } from './constraint-name.ts';
import { alterTableCommands } from './facts/alter-commands.ts';
import { droppedNames } from './facts/apply-drop.ts';
import { keyOfName, nameOfParts, nameOfRelation, quoteName } from './facts/names.ts';
import type { EnumFacts } from './facts/schema-facts.ts';
import { laterMigration } from './later-migration.ts';
import type { LintStatement } from './migration.ts';
import type { Report, RuleContext } from './rule.ts';
import type { TypeChange } from './type-changes.ts';

// drizzle-kit takes a value from an enum by making the column text, the type anew, and the column of that type again.

/** What takes a value from an enum without writing a row. */
export function adviseInstead(
  statement: LintStatement,
  change: TypeChange,
  { facts, runner }: RuleContext,
): Pick<Report, 'hint' | 'rewrite'> {
  const hint =
    'A value that is no longer wanted can stay in the type, and in pgEnum. A CHECK forbids it: NOT VALID it reads no row, and VALIDATE CONSTRAINT in a later migration reads while reads and writes go on.';
  const known = change.from === null ? null : facts.enum(change.from);
  const made = known === null ? null : valuesMadeLater(statement, known);
  if (known === null || made === null) return { hint };
  const gone = known.values.filter(({ value }) => !made.includes(value)).map(({ value }) => value);
  const more = made.filter((value) => !known.values.some((one) => one.value === value));
  if (gone.length === 0) return { hint: 'Only order changes: leave the type as it is.' };
  const name = quoteIdentifier(constraintName(change.table.name, [change.column], 'check'));
  const table = quoteName(change.table);
  const column = quoteIdentifier(change.column);
  const type = quoteName(known.name);
  return {
    hint,
    rewrite: [
      {
        title: 'this migration',
        sql: [
          ...more.map((value) => `ALTER TYPE ${type} ADD VALUE ${quoteLiteral(value)};`),
          `ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${column} NOT IN (${gone.map(quoteLiteral).join(', ')})) NOT VALID;`,
        ].join('\n'),
      },
      { title: laterMigration(runner), sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};` },
    ],
  };
}

function valuesMadeLater({ migration, index }: LintStatement, { name }: EnumFacts): readonly string[] | null {
  for (const { node, index: place } of migration.statements) {
    if (place < index || !('CreateEnumStmt' in node)) continue;
    const { typeName, vals = [] } = node.CreateEnumStmt;
    if (keyOfName(nameOfParts(typeName)) !== keyOfName(name)) continue;
    return vals.flatMap((value) => ('String' in value ? [value.String.sval ?? ''] : []));
  }
  return null;
}

/** The statement, later in the file, that gives the column a type again after its own was dropped. */
export function wayBack(statement: LintStatement, { table, column, from }: TypeChange): LintStatement | null {
  if (from === null) return null;
  const later = statement.migration.statements.filter(({ index }) => index > statement.index);
  const isDropped = later.some(
    ({ node }) =>
      'DropStmt' in node && droppedNames(node.DropStmt).some((name) => keyOfName(name) === keyOfName(from)),
  );
  return (isDropped && later.find((one) => changesType(one, { table, column }))) || null;
}

/** Is it the second half of such a pair? The finding at the first half speaks for both. */
export function isWayBack(statement: LintStatement, { table, column, to }: TypeChange): boolean {
  const { statements } = statement.migration;
  const away = statements.find((one) => one.index < statement.index && changesType(one, { table, column }));
  if (away === undefined) return false;
  return statements.some(
    ({ node, index }) =>
      index > away.index &&
      index < statement.index &&
      'DropStmt' in node &&
      node.DropStmt.removeType === 'OBJECT_TYPE' &&
      droppedNames(node.DropStmt).some((name) => keyOfName(name) === keyOfName(to)),
  );
}

function changesType(
  { node }: LintStatement,
  { table, column }: Pick<TypeChange, 'table' | 'column'>,
): boolean {
  return alterTableCommands(node).some(
    ({ subtype, relation, name }) =>
      subtype === 'AT_AlterColumnType' &&
      name === column &&
      keyOfName(nameOfRelation(relation)) === keyOfName(table),
  );
}
