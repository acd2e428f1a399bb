import type { Session } from '../database/session.ts';

/** What can be asked: a session of the target, or a shadow. */
export type Asker = Pick<Session, 'query'>;

/** Tables, partitioned, foreign tables and materialized views; views; indexes; sequences. */
export type RelationKind = 'table' | 'view' | 'index' | 'sequence';

/** A relation that is there before what is measured. */
export type Relation = {
  readonly schema: string;
  readonly name: string;
  /** For people: `users`, `billing.invoices`. */
  readonly shown: string;
  readonly kind: RelationKind;
  /** The object id of the table of an index, else null. */
  readonly table: string | null;
  /** The file that holds it; another one after it was written anew. */
  readonly file: string;
  /** What PostgreSQL writes in place, so that no rollback takes it back. */
  readonly estimates: string;
};

/** By object id. */
export type Relations = ReadonlyMap<string, Relation>;

/** The name of `pg_class AS c` in `pg_namespace AS n` for people. */
export const SHOWN = `CASE WHEN n.nspname = 'public' THEN '' ELSE pg_catalog.quote_ident(n.nspname) || '.' END || pg_catalog.quote_ident(c.relname)`;

const RELATIONS = `SELECT c.oid::text, n.nspname::text, c.relname::text, ${SHOWN}, c.relkind::text, c.relfilenode::text,
  pg_catalog.concat_ws(' ', c.reltuples, c.relpages, c.relallvisible, c.relhasindex), i.indrelid::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'm', 'f', 'v', 'i', 'I', 'S') AND c.relpersistence <> 't'
  AND n.nspname <> 'information_schema' AND pg_catalog.left(n.nspname::text, 3) <> 'pg_'`;

const KINDS: Readonly<Record<string, RelationKind>> = { v: 'view', i: 'index', I: 'index', S: 'sequence' };

export async function readRelations(asker: Asker): Promise<Relations> {
  const rows = await asker.query(RELATIONS);
  return new Map(
    rows.map(([oid, schema, name, shown, kind, file, estimates, table]) => [
      oid ?? '',
      {
        schema: schema ?? '',
        name: name ?? '',
        shown: shown ?? '',
        kind: KINDS[kind ?? ''] ?? 'table',
        table: table ?? null,
        file: file ?? '',
        estimates: estimates ?? '',
      },
    ]),
  );
}
