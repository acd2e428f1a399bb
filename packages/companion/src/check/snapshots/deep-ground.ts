import type { Catalog, CatalogEntity } from '../../catalog/catalog.ts';
import { createSql } from '../../catalog/create-sql.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';

export type Ground = {
  /** SQL to run before the kit's, its CREATE SCHEMA aside; empty where nothing is needed. */
  readonly sql: string;
  /** Does the ground lay it, of what drizzle could have declared? */
  readonly lays: (entity: CatalogEntity) => boolean;
};

/**
 * What a snapshot's SQL may stand on and does not make itself, because migrations make it by hand: extensions, domains,
 * functions, and the schemas, enums and sequences that no snapshot knows of. Each is made where it can be; what is not
 * needed may fail. Pure.
 */
export function layGround(made: Catalog, statements: readonly string[], parser: SqlParser): Ground {
  const declared = new Set(statements.flatMap((sql) => declaredBy(sql, parser)));
  const isLaid = (entity: CatalogEntity) =>
    ['schema', 'enum', 'sequence'].includes(entity.kind) &&
    entity.name !== 'public' &&
    !('owned by' in entity.facts) &&
    !declared.has(keyOf(entity.kind, entity.schema, entity.name));
  const entities = made.entities.filter(
    (entity) => isLaid(entity) || ['extension', 'domain', 'composite type', 'function'].includes(entity.kind),
  );
  const order = ['schema', 'extension', 'enum', 'sequence', 'domain', 'composite type', 'function'];
  const creates = order.flatMap((kind) => entities.filter((one) => one.kind === kind).map(createSql));
  if (creates.length === 0) return { sql: '', lays: () => false };
  const path = [
    'public',
    ...new Set(
      made.entities.flatMap(({ kind, facts }) => (kind === 'extension' ? (facts.schema ?? []) : [])),
    ),
  ];
  const attempts = creates.map(attempt);
  const sql = [
    'SET check_function_bodies = off;',
    // One may stand on another, whatever their names.
    ...attempts,
    ...attempts,
    `SET search_path = ${[...new Set(path)].map(quoteIdentifier).join(', ')};`,
  ].join('\n--> statement-breakpoint\n');
  return { sql, lays: isLaid };
}

function attempt(sql: string): string {
  return `DO ${quoteLiteral(`BEGIN EXECUTE ${quoteLiteral(sql)}; EXCEPTION WHEN OTHERS THEN NULL; END`)};`;
}

function declaredBy(sql: string, parser: SqlParser): readonly string[] {
  return parser.parse(sql).flatMap((node) => {
    if ('CreateSchemaStmt' in node) return [keyOf('schema', null, node.CreateSchemaStmt.schemaname ?? '')];
    if ('CreateEnumStmt' in node) {
      const names = (node.CreateEnumStmt.typeName ?? []).flatMap((part) =>
        'String' in part ? [part.String.sval ?? ''] : [],
      );
      return [keyOf('enum', names.at(-2) ?? 'public', names.at(-1) ?? '')];
    }
    if ('CreateSeqStmt' in node) {
      const { schemaname = 'public', relname = '' } = node.CreateSeqStmt.sequence ?? {};
      return [keyOf('sequence', schemaname, relname)];
    }
    return [];
  });
}

/** Is it the statement that a schema of the snapshot's begins with? What stands in a schema comes after it. */
export function createsSchema(sql: string, parser: SqlParser): boolean {
  return parser.parse(sql).some((node) => 'CreateSchemaStmt' in node);
}

function keyOf(kind: string, schema: string | null, name: string): string {
  return JSON.stringify([kind, schema, name]);
}
