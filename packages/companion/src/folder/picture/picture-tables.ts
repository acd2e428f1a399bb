import { canonicalJson, type Json, list, record, text } from './canonical-json.ts';
import { buildEntity, type Entity, type Facts, type Part, type Picture } from './picture.ts';

/**
 * A snapshot of 0.31 (version 7). Left out is what drizzle-kit's differ does not look at: a column's `typeSchema`,
 * a view's columns, `withNoData` and `materialized`.
 */
export function pictureTables(snapshot: Json): Picture {
  const each = (key: string, read: (value: Json) => Entity): Entity[] =>
    Object.values(record(snapshot[key])).map((value) => read(record(value)));
  return [
    ...Object.keys(record(snapshot.schemas)).map((name) =>
      buildEntity({ kind: 'schema', schema: null, name }),
    ),
    ...each('enums', (it) => buildEntity({ ...named('enum', it), values: list(it.values).map(String) })),
    ...each('sequences', (it) => buildEntity({ ...named('sequence', it), facts: readSequence(it) })),
    ...each('roles', (it) =>
      buildEntity({ kind: 'role', schema: null, name: String(it.name), facts: readRole(it) }),
    ),
    ...each('tables', readTable),
    ...each('policies', (it) =>
      buildEntity({ ...named('policy', it), facts: { ...readPolicy(it), on: text(it.on) } }),
    ),
    ...each('views', readView),
  ];
}

function named<Kind extends Entity['kind']>(kind: Kind, { schema, name }: Json) {
  return { kind, schema: text(schema) || 'public', name: String(name) };
}

function readTable(table: Json): Entity {
  const parts = (kind: Part['kind'], key: string, read: (value: Json) => Facts): Part[] =>
    Object.values(record(table[key])).map((value) => ({
      kind,
      name: String(record(value).name),
      facts: read(record(value)),
    }));
  return buildEntity({
    ...named('table', table),
    facts: { 'row level security': table.isRLSEnabled === true },
    parts: [
      ...parts('column', 'columns', readColumn),
      ...parts('index', 'indexes', readIndex),
      ...parts('primary key', 'compositePrimaryKeys', (it) => ({ columns: columnList(it.columns) })),
      ...parts('foreign key', 'foreignKeys', readForeignKey),
      ...parts('unique constraint', 'uniqueConstraints', (it) => ({
        columns: columnList(it.columns),
        'nulls not distinct': it.nullsNotDistinct === true,
      })),
      ...parts('check', 'checkConstraints', (it) => ({ expression: text(it.value) })),
      ...parts('policy', 'policies', readPolicy),
    ],
  });
}

function readColumn(column: Json): Facts {
  const identity = record(column.identity);
  return {
    type: text(column.type),
    'not null': column.notNull === true,
    'primary key': column.primaryKey === true,
    default: readDefault(column.default),
    'generated as': text(record(column.generated).as),
    // Without its name: the kit alters the options of an identity, and never renames it.
    identity:
      column.identity === undefined
        ? null
        : `${identity.type} (${describeOptions(identity, IDENTITY_OPTIONS)})`,
  };
}

/** To the kit the number 1 and the SQL `1` are two defaults; SQL that looks like JSON is told in parentheses. */
function readDefault(value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string') return canonicalJson(value);
  return /^(-?\d|true$|false$|null$|[[{])/.test(value) ? `(${value})` : value;
}

const IDENTITY_OPTIONS = ['increment', 'startWith', 'minValue', 'maxValue', 'cache', 'cycle'];

function describeOptions(options: Json, keys: readonly string[]): string {
  return keys.flatMap((key) => (options[key] === undefined ? [] : [`${key} ${options[key]}`])).join(', ');
}

function readIndex(index: Json): Facts {
  const columns = list(index.columns).map((value) => {
    const { expression, isExpression, asc, nulls, opclass } = record(value);
    const order = `${asc === true ? '' : ' desc'} nulls ${nulls}${opclass ? ` ${opclass}` : ''}`;
    return `${isExpression === true ? `(${expression})` : expression}${order === ' nulls last' ? '' : order}`;
  });
  return {
    columns: columns.join(', '),
    unique: index.isUnique === true,
    method: text(index.method) ?? 'btree',
    where: text(index.where),
    concurrently: index.concurrently === true,
    // In the order of its keys: drizzle-kit compares the text.
    with: index.with === undefined ? null : JSON.stringify(index.with),
  };
}

function readForeignKey(it: Json): Facts {
  const target = `${text(it.schemaTo) || 'public'}.${it.tableTo}`.replace(/^public\./, '');
  return {
    columns: columnList(it.columnsFrom),
    references: `${target} (${columnList(it.columnsTo)})`,
    'on update': text(it.onUpdate),
    'on delete': text(it.onDelete),
  };
}

function readPolicy(it: Json): Facts {
  return {
    as: text(it.as),
    for: text(it.for),
    to: Array.isArray(it.to) ? it.to.join(', ') : null,
    using: text(it.using),
    'with check': text(it.withCheck),
  };
}

function readSequence(it: Json): Facts {
  return Object.fromEntries(IDENTITY_OPTIONS.map((key) => [key, text(it[key])]));
}

function readRole(it: Json): Facts {
  return { createDb: text(it.createDb), createRole: text(it.createRole), inherit: text(it.inherit) };
}

function readView(it: Json): Entity {
  return buildEntity({
    ...named('view', it),
    facts: {
      query: text(it.definition),
      with: it.with === undefined ? null : canonicalJson(it.with),
      tablespace: text(it.tablespace),
      using: text(it.using),
    },
  });
}

function columnList(columns: unknown): string {
  return list(columns).join(', ');
}
