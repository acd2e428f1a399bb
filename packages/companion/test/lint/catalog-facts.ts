import type { TestDatabase } from '@companion/testing';
import { keyOfName } from '../../src/lint/facts/names.ts';
import { notNullColumns } from '../../src/lint/facts/not-null-columns.ts';
import {
  type ConstraintKind,
  createSchemaState,
  keyOfObject,
  type SchemaFacts,
  type TableFacts,
  viewFacts,
} from '../../src/lint/facts/schema-facts.ts';
import type { SqlParser } from '../../src/sql/parser.ts';

/** What migrations would have told of the database: nothing that partitions only inherit. */
export async function readFacts({ sql }: TestDatabase, parser: SqlParser): Promise<SchemaFacts> {
  const state = createSchemaState();
  for (const row of await sql<RelationRow[]>`
    select n.nspname as schema, c.relname as name, c.relkind::text as kind, c.relpersistence = 't' as temporary,
      pn.nspname as parent_schema, p.relname as parent
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
      left join pg_inherits on inhrelid = c.oid and c.relispartition
      left join pg_class p on p.oid = inhparent left join pg_namespace pn on pn.oid = p.relnamespace
    where c.relkind in ('r', 'p', 'm', 'f', 'v') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`) {
    const table = {
      name: { schema: row.schema, name: row.name },
      kind: KINDS[row.kind] ?? 'table',
      temporary: row.temporary,
      partitioned: row.kind === 'p',
      partitionOf: row.parent === null ? null : { schema: row.parent_schema, name: row.parent },
      complete: true,
      columns: new Map(),
      constraints: new Map(),
      born: null,
    } satisfies TableFacts;
    state.tables.set(keyOfName(table.name), table);
  }
  const tableOf = ({ schema, table }: { schema: string; table: string }) =>
    state.tables.get(keyOfName({ schema, name: table }));
  for (const row of await sql<ColumnRow[]>`
    select n.nspname as schema, c.relname as table, attname as name, attnotnull as not_null, atthasdef as filled,
      attgenerated <> '' as generated, attidentity <> '' as identity, tn.nspname as type_schema, typname as type
    from pg_attribute join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_type t on t.oid = atttypid join pg_namespace tn on tn.oid = t.typnamespace
    where attnum > 0 and not attisdropped`) {
    tableOf(row)?.columns.set(row.name, {
      name: row.name,
      type: {
        schema: row.type_schema === 'pg_catalog' ? null : row.type_schema,
        name: row.type,
        modifiers: [],
        dimensions: 0,
      },
      notNull: row.not_null,
      hasDefault: row.filled,
      generated: row.generated,
      identity: row.identity,
      born: null,
    });
  }
  for (const row of await sql<ConstraintRow[]>`
    select n.nspname as schema, c.relname as table, conname as name, contype::text as kind, convalidated as validated,
      array(select attname::text from unnest(conkey) as k join pg_attribute on attrelid = conrelid and attnum = k)
        as columns,
      fn.nspname as target_schema, f.relname as target, pg_get_expr(conbin, conrelid) as expression
    from pg_constraint join pg_class c on c.oid = conrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_class f on f.oid = confrelid left join pg_namespace fn on fn.oid = f.relnamespace
    where conparentid = 0 and conislocal`) {
    const kind = CONSTRAINTS[row.kind];
    if (kind === undefined) continue;
    tableOf(row)?.constraints.set(row.name, {
      name: row.name,
      kind,
      columns: kind === 'check' ? [] : row.columns,
      validated: row.validated,
      validatedBy: null,
      notNull: kind === 'check' ? notNullColumns(condition(row.expression ?? 'true', parser)) : [],
      references: row.target === null ? null : { schema: row.target_schema, name: row.target },
      born: null,
    });
  }
  for (const row of await sql<IndexRow[]>`
    select n.nspname as schema, i.relname as name, c.relname as table, indisunique as unique,
      array(select attname::text from unnest(indkey) as k left join pg_attribute on attrelid = indrelid and attnum = k)
        as columns
    from pg_index join pg_class i on i.oid = indexrelid join pg_class c on c.oid = indrelid
      join pg_namespace n on n.oid = c.relnamespace`) {
    const name = { schema: row.schema, name: row.name };
    const table = { schema: row.schema, name: row.table };
    const { unique, columns } = row;
    state.indexes.set(keyOfName(name), {
      ...{ name, table, unique, columns, partial: false, concurrently: false, born: null },
    });
  }
  for (const { schema, name } of await sql<{ schema: string; name: string }[]>`
    select nspname as schema, typname as name from pg_type t join pg_namespace n on n.oid = typnamespace
    where typtype = 'd' and nspname = 'public'`) {
    const named = { schema, name };
    state.objects.set(keyOfObject('domain', named), { kind: 'domain', name: named, born: null });
  }
  return viewFacts(state);
}

type RelationRow = {
  schema: string;
  name: string;
  kind: string;
  temporary: boolean;
  parent_schema: string;
  parent: string | null;
};

type ColumnRow = {
  schema: string;
  table: string;
  name: string;
  not_null: boolean;
  filled: boolean;
  generated: boolean;
  identity: boolean;
  type_schema: string;
  type: string;
};

type ConstraintRow = {
  schema: string;
  table: string;
  name: string;
  kind: string;
  validated: boolean;
  columns: string[];
  target_schema: string;
  target: string | null;
  expression: string | null;
};

type IndexRow = {
  schema: string;
  name: string;
  table: string;
  unique: boolean;
  columns: (string | null)[];
};

const KINDS: Readonly<Record<string, TableFacts['kind']>> = {
  m: 'materialized view',
  f: 'foreign table',
  v: 'view',
};

const CONSTRAINTS: Readonly<Record<string, ConstraintKind>> = {
  c: 'check',
  f: 'foreign key',
  u: 'unique',
  p: 'primary key',
  x: 'exclusion',
  n: 'not null',
};

function condition(expression: string, parser: SqlParser) {
  const [statement] = parser.parse(`SELECT WHERE ${expression}`);
  return statement !== undefined && 'SelectStmt' in statement ? statement.SelectStmt.whereClause : undefined;
}
