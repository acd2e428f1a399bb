import type { Entity, Part, Picture } from '../../folder/picture/picture.ts';
import { readPicture } from '../../folder/picture/read-picture.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { emptyTable } from './build-table.ts';
import { keyOfName } from './names.ts';
import { notNullColumns } from './not-null-columns.ts';
import type { ConstraintFacts, ConstraintKind, SchemaState, TableFacts } from './schema-facts.ts';
import { parseType } from './sql-type.ts';

/**
 * Adds what a snapshot knows of tables and enums that no SQL was seen to make: a history that began with
 * `drizzle-kit pull`, or with a database that was there. What the SQL says counts more.
 */
export function completeFacts(state: SchemaState, snapshot: unknown, parser: SqlParser): void {
  if (snapshot === null || snapshot === undefined) return;
  const picture: Picture = readPicture(snapshot);
  for (const entity of picture) {
    const { kind, schema, name, values } = entity;
    const key = keyOfName({ schema, name });
    if (kind === 'enum' && !state.enums.has(key)) {
      state.enums.set(key, {
        name: { schema, name },
        values: values.map((value) => ({ value, born: null })),
        born: null,
      });
    } else if (kind === 'table' && state.tables.get(key)?.complete !== true) {
      completeTable(state, entity, parser);
    }
  }
}

function completeTable(state: SchemaState, { schema, name, parts }: Entity, parser: SqlParser): void {
  const key = keyOfName({ schema, name });
  const table: TableFacts = state.tables.get(key) ?? emptyTable({ schema, name }, null);
  state.tables.set(key, table);
  table.complete = true;
  for (const part of parts) {
    if (part.kind === 'column') addColumn(table, part, parser);
    else if (part.kind === 'index') addIndex(state, table, part);
    else if (part.kind !== 'policy' && !table.constraints.has(part.name)) {
      table.constraints.set(
        part.name,
        readConstraint(part, part.kind === 'unique constraint' ? 'unique' : part.kind, parser),
      );
    }
  }
}

function addColumn(table: TableFacts, { name, facts }: Part, parser: SqlParser): void {
  if (table.columns.has(name)) return;
  table.columns.set(name, {
    name,
    type: typeof facts.type === 'string' ? parseType(facts.type, parser) : null,
    notNull: facts['not null'] === true || facts['primary key'] === true,
    hasDefault: facts.default !== null && facts.default !== undefined,
    generated: typeof facts['generated as'] === 'string',
    identity: typeof facts.identity === 'string',
    born: null,
  });
}

function addIndex(state: SchemaState, table: TableFacts, { name, facts }: Part): void {
  const qualified = { schema: table.name.schema, name };
  if (state.indexes.has(keyOfName(qualified))) return;
  state.indexes.set(keyOfName(qualified), {
    name: qualified,
    table: table.name,
    unique: facts.unique === true,
    columns: columnList(facts.columns),
    partial: typeof facts.where === 'string',
    concurrently: facts.concurrently === true,
    born: null,
  });
}

function readConstraint({ name, facts }: Part, kind: ConstraintKind, parser: SqlParser): ConstraintFacts {
  const [schemaOrTable, table] =
    String(facts.references ?? '')
      .split(' ')[0]
      ?.split('.') ?? [];
  return {
    name,
    kind,
    columns: columnList(facts.columns),
    validated: true,
    validatedBy: null,
    notNull: kind === 'check' ? parseNotNull(String(facts.expression ?? ''), parser) : [],
    references:
      kind !== 'foreign key' || schemaOrTable === undefined
        ? null
        : table === undefined
          ? { schema: null, name: schemaOrTable }
          : { schema: schemaOrTable, name: table },
    born: null,
  };
}

function parseNotNull(expression: string, parser: SqlParser): readonly string[] {
  try {
    const [statement] = parser.parse(`SELECT (${expression})`);
    const target =
      statement !== undefined && 'SelectStmt' in statement ? statement.SelectStmt.targetList?.[0] : undefined;
    return notNullColumns(target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined);
  } catch {
    return [];
  }
}

function columnList(columns: unknown): string[] {
  return typeof columns === 'string' && columns !== '' ? columns.split(', ') : [];
}
