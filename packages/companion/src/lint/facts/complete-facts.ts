import { record, text } from '../../folder/picture/canonical-json.ts';
import type { Entity, Part, Picture } from '../../folder/picture/picture.ts';
import { readPicture } from '../../folder/picture/read-picture.ts';
import { parseExpression } from '../../sql/parse-expression.ts';
import type { ParseNode, SqlParser } from '../../sql/parser.ts';
import { emptyTable } from './build-table.ts';
import { keyOfName, type QualifiedName } from './names.ts';
import { notNullColumns } from './not-null-columns.ts';
import {
  type ConstraintFacts,
  type ConstraintKind,
  keyOfObject,
  type SchemaState,
  type TableFacts,
} from './schema-facts.ts';
import { parseType, type SqlType } from './sql-type.ts';

/**
 * Adds what a snapshot knows of tables and enums that no SQL was seen to make: a history that began with
 * `drizzle-kit pull`, or with a database that was there. What the SQL says counts more.
 */
export function completeFacts(state: SchemaState, snapshot: unknown, parser: SqlParser): void {
  if (snapshot === null || snapshot === undefined) return;
  const picture: Picture = readPicture(snapshot);
  const enums = picture.filter(({ kind }) => kind === 'enum');
  const materialized = materializedViews(snapshot);
  for (const entity of picture) {
    const { kind, schema, name, values } = entity;
    const key = keyOfName({ schema, name });
    if (kind === 'enum') completeEnum(state, { schema, name }, values);
    else if (kind === 'view' && !state.tables.has(key)) {
      state.tables.set(key, readView(entity, materialized.has(key), parser));
    } else if (kind === 'table' && state.tables.get(key)?.complete !== true) {
      completeTable(state, entity, { enums, parser });
    }
  }
}

/** Of an enum that was altered and not made before our eyes, only the new values are known. */
function completeEnum(state: SchemaState, name: QualifiedName, values: readonly string[]): void {
  const known = state.enums.get(keyOfName(name));
  if (known !== undefined && known.born !== null) return;
  const births = new Map(known?.values.map(({ value, born }) => [value, born]));
  const listed = values.map((value) => ({ value, born: births.get(value) ?? null }));
  const others = (known?.values ?? []).filter(({ value }) => !values.includes(value));
  state.enums.set(keyOfName(name), { name: known?.name ?? name, values: [...listed, ...others], born: null });
}

function readView({ schema, name, facts }: Entity, materialized: boolean, parser: SqlParser): TableFacts {
  return {
    ...emptyTable({ schema, name }, null),
    kind: materialized ? 'materialized view' : 'view',
    query: typeof facts.query === 'string' ? parseQuery(facts.query, parser) : null,
  };
}

function parseQuery(text: string, parser: SqlParser): ParseNode | null {
  try {
    return parser.parse(text)[0] ?? null;
  } catch {
    return null;
  }
}

/** drizzle-kit's differ does not look at it, and so the picture leaves it out; for locks it matters. */
function materializedViews(snapshot: unknown): ReadonlySet<string> {
  const { ddl, views } = record(snapshot);
  const rows = Array.isArray(ddl)
    ? ddl.map(record).filter(({ entityType }) => entityType === 'views')
    : Object.values(record(views)).map(record);
  return new Set(
    rows
      .filter(({ materialized }) => materialized === true)
      .map(({ schema, name }) => keyOfName({ schema: text(schema) || 'public', name: String(name) })),
  );
}

type Source = { readonly enums: readonly Entity[]; readonly parser: SqlParser };

function completeTable(state: SchemaState, { schema, name, parts }: Entity, { enums, parser }: Source): void {
  const key = keyOfName({ schema, name });
  const table: TableFacts = state.tables.get(key) ?? emptyTable({ schema, name }, null);
  state.tables.set(key, table);
  table.complete = true;
  for (const part of parts) if (part.kind === 'column') addColumn(table, part, { enums, parser });
  addOwnKey(table, parts);
  for (const part of parts) {
    if (part.kind === 'column') continue;
    if (part.kind === 'index') addIndex(state, table, part, parser);
    else if (part.kind === 'policy') addPolicy(state, table, part, parser);
    else if (!table.constraints.has(part.name)) {
      table.constraints.set(
        part.name,
        readConstraint(part, part.kind === 'unique constraint' ? 'unique' : part.kind, parser),
      );
    }
  }
}

function addColumn(table: TableFacts, { name, facts }: Part, { enums, parser }: Source): void {
  if (table.columns.has(name)) return;
  table.columns.set(name, {
    name,
    type: typeof facts.type === 'string' ? (enumType(facts, enums) ?? parseType(facts.type, parser)) : null,
    notNull: facts['not null'] === true || facts['primary key'] === true,
    hasDefault: facts.default !== null && facts.default !== undefined,
    default: readExpression(facts.default, parser),
    generated: typeof facts['generated as'] === 'string',
    generatedFrom: readExpression(facts['generated as'], parser),
    identity: typeof facts.identity === 'string',
    born: null,
  });
}

/** A key of one column stands with the column in 0.31, and has no name there: it bears the one that PostgreSQL gave it. */
function addOwnKey(table: TableFacts, parts: readonly Part[]): void {
  const column = parts.find(({ kind, facts }) => kind === 'column' && facts['primary key'] === true)?.name;
  if (column === undefined) return;
  if ([...table.constraints.values()].some(({ kind }) => kind === 'primary key')) return;
  const name = `${table.name.name}_pkey`;
  table.constraints.set(name, {
    name,
    kind: 'primary key',
    columns: [column],
    validated: true,
    validatedBy: null,
    notNull: [column],
    expression: null,
    references: null,
    born: null,
  });
}

/** Snapshots write an enum's name as it is, without quotes, and 0.31's picture leaves its schema out. */
function enumType(facts: Part['facts'], enums: readonly Entity[]): SqlType | null {
  const written = String(facts.type);
  const name = written.replace(/(\[\d*\])+$/, '');
  const schema = facts['type schema'];
  const named = enums.filter(
    (one) => one.name === name && (typeof schema !== 'string' || one.schema === schema),
  );
  const [only] = named;
  if (only === undefined || named.length > 1) return null;
  const dimensions = written.slice(name.length).split('[').length - 1;
  return { schema: only.schema, name, modifiers: [], dimensions };
}

function addIndex(state: SchemaState, table: TableFacts, { name, facts }: Part, parser: SqlParser): void {
  const qualified = { schema: table.name.schema, name };
  if (state.indexes.has(keyOfName(qualified))) return;
  const keys = readKeys(facts.columns, table);
  state.indexes.set(keyOfName(qualified), {
    name: qualified,
    table: table.name,
    unique: facts.unique === true,
    columns: keys.map(({ column }) => column),
    partial: typeof facts.where === 'string',
    expressions: [...keys.map(({ expression }) => expression), facts.where].flatMap(
      (text) => readExpression(text, parser) ?? [],
    ),
    concurrently: facts.concurrently === true,
    born: null,
  });
}

function readConstraint({ name, facts }: Part, kind: ConstraintKind, parser: SqlParser): ConstraintFacts {
  const expression = kind === 'check' ? readExpression(facts.expression, parser) : null;
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
    notNull: kind === 'check' ? notNullColumns(expression ?? undefined) : [],
    expression,
    references:
      kind !== 'foreign key' || schemaOrTable === undefined
        ? null
        : table === undefined
          ? { schema: null, name: schemaOrTable }
          : { schema: schemaOrTable, name: table },
    born: null,
  };
}

function addPolicy(state: SchemaState, table: TableFacts, { name, facts }: Part, parser: SqlParser): void {
  const within = { schema: table.name.schema, name: `${table.name.name}.${name}` };
  const key = keyOfObject('policy', within);
  if (state.objects.has(key)) return;
  const expressions = [facts.using, facts['with check']].flatMap(
    (text) => readExpression(text, parser) ?? [],
  );
  state.objects.set(key, { kind: 'policy', name: within, expressions, born: null });
}

type IndexKey = { readonly column: string | null; readonly expression: string | null };

/** `name desc nulls last, (lower(name))`: a column, its order behind it, or an expression in parentheses. */
function readKeys(columns: unknown, table: TableFacts): readonly IndexKey[] {
  const keys: string[] = [];
  let depth = 0;
  for (const piece of typeof columns === 'string' && columns !== '' ? columns.split(', ') : []) {
    if (depth > 0) keys.push(`${keys.pop()}, ${piece}`);
    else keys.push(piece);
    depth += piece.split('(').length - piece.split(')').length;
  }
  return keys.map((key) =>
    key.startsWith('(')
      ? { column: null, expression: key.slice(0, key.lastIndexOf(')') + 1) }
      : { column: columnOfKey(key, table), expression: null },
  );
}

function columnOfKey(key: string, { columns }: TableFacts): string {
  return [...columns.keys()].find((name) => key === name || key.startsWith(`${name} `)) ?? key;
}

function readExpression(text: unknown, parser: SqlParser): ParseNode | null {
  return typeof text === 'string' ? parseExpression(text, parser) : null;
}

function columnList(columns: unknown): string[] {
  return typeof columns === 'string' && columns !== '' ? columns.split(', ') : [];
}
