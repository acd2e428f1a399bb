import { canonicalJson, type Json, list, record, text } from './canonical-json.ts';
import { buildEntity, type Entity, type Facts, type Part, type Picture } from './picture.ts';

/** One row of a 1.x state: `entityType`, its key, and its fields. An absent field is a null one. */
export type Row = Json & { readonly entityType: string };

/**
 * A state of 1.x (versions 8 and 9): a list of rows, of which tables are put together. Left out is what
 * drizzle-kit's differ writes nothing for: `nameExplicit`, `concurrently` and `withNoData`.
 */
export function pictureDdl(rows: readonly Row[]): Picture {
  const parts = new Map<string, Part[]>();
  for (const row of rows) {
    const part = PARTS[row.entityType];
    if (part === undefined) continue;
    const owner = JSON.stringify([row.schema, row.table]);
    const siblings = parts.get(owner) ?? [];
    siblings.push({ kind: part.kind, name: String(row.name), facts: part.read(row) });
    parts.set(owner, siblings);
  }
  return rows.flatMap((row) => {
    const entity = ENTITIES[row.entityType]?.(row);
    if (entity?.kind !== 'table') return entity ?? [];
    return { ...entity, parts: parts.get(JSON.stringify([row.schema, row.name])) ?? [] };
  });
}

const ENTITIES: Readonly<Record<string, (row: Json) => Entity>> = {
  schemas: (it) => buildEntity({ kind: 'schema', schema: null, name: String(it.name) }),
  enums: (it) => buildEntity({ ...named('enum', it), values: list(it.values).map(String) }),
  sequences: (it) => buildEntity({ ...named('sequence', it), facts: others(it, ['schema', 'name']) }),
  roles: (it) =>
    buildEntity({ kind: 'role', schema: null, name: String(it.name), facts: others(it, ['name']) }),
  tables: (it) =>
    buildEntity({ ...named('table', it), facts: { 'row level security': it.isRlsEnabled === true } }),
  views: (it) =>
    buildEntity({
      ...named('view', it),
      facts: {
        query: text(it.definition),
        materialized: it.materialized === true,
        with: describeOptions(it.with),
        tablespace: text(it.tablespace),
        using: text(it.using),
      },
    }),
  privileges: (it) =>
    buildEntity({
      kind: 'privilege',
      schema: text(it.schema),
      name: `${it.type} on ${it.table} to ${it.grantee} by ${it.grantor}`,
      facts: { 'grant option': it.isGrantable === true },
    }),
};

const PARTS: Readonly<Record<string, { readonly kind: Part['kind']; readonly read: (row: Json) => Facts }>> =
  {
    columns: { kind: 'column', read: readColumn },
    indexes: { kind: 'index', read: readIndex },
    pks: { kind: 'primary key', read: (it) => ({ columns: columnList(it.columns) }) },
    fks: { kind: 'foreign key', read: readForeignKey },
    uniques: {
      kind: 'unique constraint',
      read: (it) => ({
        columns: columnList(it.columns),
        'nulls not distinct': it.nullsNotDistinct === true,
      }),
    },
    checks: { kind: 'check', read: (it) => ({ expression: text(it.value) }) },
    policies: {
      kind: 'policy',
      read: (it) => ({
        as: text(it.as),
        for: text(it.for),
        to: columnList(it.roles),
        using: text(it.using),
        'with check': text(it.withCheck),
      }),
    },
  };

function readColumn(it: Json): Facts {
  const { name: _, type, ...options } = record(it.identity);
  return {
    type: `${it.type}${'[]'.repeat(Number(it.dimensions ?? 0))}`,
    'type schema': text(it.typeSchema),
    'not null': it.notNull === true,
    default: text(it.default),
    'generated as': text(record(it.generated).as),
    // Without its name: the kit alters the options of an identity, and never renames it.
    identity: type === undefined ? null : `${type} (${describeOptions(options)})`,
  };
}

function readIndex(it: Json): Facts {
  const columns = list(it.columns).map((value) => {
    const { value: expression, isExpression, asc, nullsFirst, opclass } = record(value);
    const order = `${asc === true ? '' : ' desc'}${nullsFirst === true ? ' nulls first' : ''}`;
    const operators = opclass ? ` ${record(opclass).name}` : '';
    return `${isExpression === true ? `(${expression})` : expression}${order}${operators}`;
  });
  return {
    columns: columns.join(', '),
    unique: it.isUnique === true,
    method: text(it.method),
    where: text(it.where),
    with: text(it.with) || null,
  };
}

function readForeignKey(it: Json): Facts {
  const target = it.schemaTo === 'public' ? it.tableTo : `${it.schemaTo}.${it.tableTo}`;
  return {
    columns: columnList(it.columns),
    references: `${target} (${columnList(it.columnsTo)})`,
    'on update': text(it.onUpdate),
    'on delete': text(it.onDelete),
  };
}

function named<Kind extends Entity['kind']>(kind: Kind, { schema, name }: Json) {
  return { kind, schema: String(schema), name: String(name) };
}

/** All fields but those that name the row, each a fact of its own name. */
function others(row: Json, names: readonly string[]): Facts {
  const skipped = new Set(['entityType', ...names]);
  const fields = Object.entries(row).filter(([key]) => !skipped.has(key));
  return Object.fromEntries(fields.map(([key, value]) => [key, text(value)]));
}

/** The options that are set; an absent one and a null one are the same. */
function describeOptions(options: unknown): string | null {
  const set = Object.entries(record(options)).filter(([, value]) => value !== null && value !== undefined);
  if (set.length === 0) return null;
  return set
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key} ${typeof value === 'object' ? canonicalJson(value) : value}`)
    .join(', ');
}

function columnList(columns: unknown): string {
  return list(columns).join(', ');
}
