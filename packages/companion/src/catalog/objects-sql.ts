import {
  type CatalogQuery,
  type CatalogScope,
  comment,
  ifTrue,
  isNotOfExtension,
  isUserSchema,
  privileges,
  row,
} from './catalog-sql.ts';

/** Schemas, extensions, types, routines, publications and event triggers. `major` is the server's. */
export function objectQueries(scope: CatalogScope, major: number): readonly CatalogQuery[] {
  return [...schemas(scope), ...types(scope), ...routines(scope), ...databaseWide(major)];
}

function schemas(scope: CatalogScope): readonly CatalogQuery[] {
  const schema = { kind: `'schema'`, name: 'n.nspname' };
  const where = `${isUserSchema(scope)} AND ${isNotOfExtension('pg_namespace', 'n')}`;
  return [
    row({
      ...schema,
      // The one that is there from the start has the comment of the start.
      facts: { comment: `nullif(${comment('pg_namespace', 'n.oid')}, 'standard public schema')` },
      from: `pg_catalog.pg_namespace n WHERE ${where}`,
    }),
    privileges({
      ...schema,
      acl: 'n.nspacl',
      type: `'n'`,
      owner: 'n.nspowner',
      // What PUBLIC may do in `public` from the start changed with PostgreSQL 15.
      from: `pg_catalog.pg_namespace n /* grants */ WHERE ${where} AND NOT (n.nspname = 'public' AND a.grantee = 0)`,
    }),
  ];
}

function types(scope: CatalogScope): readonly CatalogQuery[] {
  const typesOf = (typtype: string) =>
    `pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND t.typtype = '${typtype}'`;
  const where = `${isUserSchema(scope)} AND ${isNotOfExtension('pg_type', 't')}`;
  const named = (kind: string) => ({ kind: `'${kind}'`, schema: 'n.nspname', name: 't.typname' });
  const kind = `CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'composite type' END`;
  return [
    row({
      ...named('enum'),
      facts: {
        values: `(SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)`,
        comment: comment('pg_type', 't.oid'),
      },
      from: `${typesOf('e')} WHERE ${where}`,
    }),
    row({
      ...named('domain'),
      facts: {
        type: 'pg_catalog.format_type(t.typbasetype, t.typtypmod)',
        'not null': ifTrue('t.typnotnull'),
        default: 't.typdefault',
        collation: `(SELECT nullif(t.typcollation, b.typcollation)::pg_catalog.regcollation FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype)`,
        comment: comment('pg_type', 't.oid'),
      },
      from: `${typesOf('d')} WHERE ${where}`,
    }),
    row({
      ...named('domain'),
      part: { kind: 'constraint', name: 'k.conname' },
      facts: {
        definition: `pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', '')`,
        'not validated': ifTrue('NOT k.convalidated'),
        comment: comment('pg_constraint', 'k.oid'),
      },
      from: `${typesOf('d')} JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid AND k.contype = 'c' WHERE ${where}`,
    }),
    row({
      ...named('range type'),
      facts: {
        subtype: 'pg_catalog.format_type(r.rngsubtype, NULL)',
        collation: 'nullif(r.rngcollation, 0)::pg_catalog.regcollation',
        canonical: `nullif(r.rngcanonical::oid, 0)::pg_catalog.regproc`,
        difference: `nullif(r.rngsubdiff::oid, 0)::pg_catalog.regproc`,
        comment: comment('pg_type', 't.oid'),
      },
      from: `${typesOf('r')} JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid WHERE ${where}`,
    }),
    privileges({
      kind,
      schema: 'n.nspname',
      name: 't.typname',
      acl: 't.typacl',
      type: `'T'`,
      owner: 't.typowner',
      // Everybody may use a type unless somebody says otherwise: told only then.
      from: `pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace /* grants */
        WHERE t.typacl IS NOT NULL AND t.typtype IN ('e', 'd', 'r', 'c') AND (t.typrelid = 0 OR EXISTS (
          SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')) AND ${where}`,
    }),
  ];
}

function routines(scope: CatalogScope): readonly CatalogQuery[] {
  const from = 'pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace';
  // The constructors of a range type are the type's.
  const where = `${isUserSchema(scope)} AND ${isNotOfExtension('pg_proc', 'p')} AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend i
    WHERE i.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND i.objid = p.oid AND i.deptype = 'i')`;
  const routine = {
    kind: `CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END`,
    schema: 'n.nspname',
    name: `p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')'`,
  };
  return [
    row({
      ...routine,
      facts: {
        definition: `CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END`,
        comment: comment('pg_proc', 'p.oid'),
      },
      from: `${from} WHERE p.prokind <> 'a' AND ${where}`,
    }),
    row({
      ...routine,
      facts: {
        returns: 'pg_catalog.pg_get_function_result(p.oid)',
        kind: `nullif(g.aggkind::text, 'n')`,
        step: 'g.aggtransfn::pg_catalog.regproc',
        state: 'pg_catalog.format_type(g.aggtranstype, NULL)',
        initial: 'g.agginitval',
        final: 'nullif(g.aggfinalfn::oid, 0)::pg_catalog.regproc',
        combine: 'nullif(g.aggcombinefn::oid, 0)::pg_catalog.regproc',
        serialize: 'nullif(g.aggserialfn::oid, 0)::pg_catalog.regproc',
        deserialize: 'nullif(g.aggdeserialfn::oid, 0)::pg_catalog.regproc',
        'moving step': 'nullif(g.aggmtransfn::oid, 0)::pg_catalog.regproc',
        sort: 'nullif(g.aggsortop, 0)::pg_catalog.regoperator',
        parallel: `nullif(p.proparallel::text, 'u')`,
        comment: comment('pg_proc', 'p.oid'),
      },
      from: `${from} JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = p.oid WHERE ${where}`,
    }),
    privileges({
      ...routine,
      acl: 'p.proacl',
      type: `'f'`,
      owner: 'p.proowner',
      // Everybody may call a function unless somebody says otherwise: told only then.
      from: `${from} /* grants */ WHERE p.proacl IS NOT NULL AND ${where}`,
    }),
  ];
}

function databaseWide(major: number): readonly CatalogQuery[] {
  const filter =
    major >= 15 ? `coalesce(' WHERE ' || pg_catalog.pg_get_expr(r.prqual, r.prrelid), '')` : `''`;
  const columns =
    major >= 15
      ? `coalesce((SELECT ' (' || pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')' FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)), '')`
      : `''`;
  return [
    row({
      kind: `'extension'`,
      name: 'e.extname',
      facts: { version: 'e.extversion', schema: 'n.nspname' },
      from: `pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`,
    }),
    row({
      kind: `'publication'`,
      name: 'p.pubname',
      facts: {
        'all tables': ifTrue('p.puballtables'),
        operations: `pg_catalog.concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
          CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)`,
        'via root': ifTrue('p.pubviaroot'),
        tables: `(SELECT pg_catalog.string_agg(r.prrelid::pg_catalog.regclass || ${columns} || ${filter}, ', ' ORDER BY r.prrelid::pg_catalog.regclass::text)
          FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid)`,
        ...(major >= 15
          ? {
              schemas: `(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(sn.nspname), ', ' ORDER BY sn.nspname) FROM pg_catalog.pg_publication_namespace s
                JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pnnspid WHERE s.pnpubid = p.oid)`,
            }
          : {}),
        comment: comment('pg_publication', 'p.oid'),
      },
      from: `pg_catalog.pg_publication p WHERE ${isNotOfExtension('pg_publication', 'p')}`,
    }),
    row({
      kind: `'event trigger'`,
      name: 't.evtname',
      facts: {
        event: 't.evtevent',
        function: 't.evtfoid::pg_catalog.regproc',
        tags: `(SELECT pg_catalog.string_agg(x, ', ' ORDER BY x) FROM pg_catalog.unnest(t.evttags) x)`,
        enabled: `CASE t.evtenabled WHEN 'D' THEN 'never' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END`,
        comment: comment('pg_event_trigger', 't.oid'),
      },
      from: `pg_catalog.pg_event_trigger t WHERE ${isNotOfExtension('pg_event_trigger', 't')}`,
    }),
  ];
}
