import {
  type CatalogQuery,
  comment,
  ifTrue,
  isItsOwn,
  isNotOfExtension,
  reference,
  row,
} from './catalog-sql.ts';
import { privileges } from './privileges-sql.ts';

const isUsers = isNotOfExtension('pg_type', 't');

/** Enums, domains and range types with their privileges; collations, casts and operators. `major` is the server's. */
export function typeQueries(major: number): readonly CatalogQuery[] {
  return [...types(), ...aroundTypes(major)];
}

function types(): readonly CatalogQuery[] {
  const from = (type: string) =>
    `pg_catalog.pg_type t JOIN user_schema n ON n.oid = t.typnamespace AND t.typtype = '${type}'`;
  const named = (kind: string) => ({ kind: `'${kind}'`, schema: 'n.nspname', name: 't.typname' });
  return [
    row({
      ...named('enum'),
      facts: {
        values: `(SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)`,
        comment: comment('pg_type', 't.oid'),
      },
      from: `${from('e')} WHERE ${isUsers}`,
    }),
    row({
      ...named('domain'),
      facts: {
        type: 'format_type(t.typbasetype, t.typtypmod)',
        'not null': ifTrue('t.typnotnull'),
        default: 'pg_get_expr(t.typdefaultbin, 0)',
        collation: `(SELECT CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::pg_catalog.regcollation END FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype)`,
        comment: comment('pg_type', 't.oid'),
      },
      from: `${from('d')} WHERE ${isUsers}`,
    }),
    row({
      ...named('domain'),
      part: { kind: 'constraint', name: 'k.conname' },
      facts: {
        definition: `regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')`,
        'not validated': ifTrue('NOT k.convalidated'),
        comment: comment('pg_constraint', 'k.oid'),
      },
      from: `${from('d')} JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid AND k.contype = 'c' WHERE ${isUsers}`,
    }),
    row({
      ...named('range type'),
      facts: {
        subtype: 'format_type(r.rngsubtype, NULL)',
        collation: `(SELECT CASE WHEN r.rngcollation <> b.typcollation THEN r.rngcollation::pg_catalog.regcollation END FROM pg_catalog.pg_type b WHERE b.oid = r.rngsubtype)`,
        'operator class': `(SELECT oc.opcname FROM pg_catalog.pg_opclass oc WHERE oc.oid = r.rngsubopc AND NOT oc.opcdefault)`,
        canonical: reference('r.rngcanonical', 'regprocedure'),
        difference: reference('r.rngsubdiff', 'regprocedure'),
        multirange: reference('r.rngmultitypid', 'regtype'),
        comment: comment('pg_type', 't.oid'),
      },
      from: `${from('r')} JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid WHERE ${isUsers}`,
    }),
    privileges({
      kind: `CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type' ELSE 'composite type' END`,
      schema: 'n.nspname',
      name: 't.typname',
      acl: 't.typacl',
      type: `'T'`,
      owner: 't.typowner',
      from: 'pg_catalog.pg_type t JOIN user_schema n ON n.oid = t.typnamespace',
      where: `${isUsers} AND (t.typtype IN ('e', 'd', 'r') OR EXISTS (SELECT FROM user_relation c WHERE c.oid = t.typrelid AND c.relkind = 'c'))`,
    }),
  ];
}

function aroundTypes(major: number): readonly CatalogQuery[] {
  // An ICU locale moved from column to column.
  const locale =
    major >= 17
      ? 'o.colllocale'
      : major >= 15
        ? 'o.colliculocale'
        : `CASE o.collprovider WHEN 'i' THEN o.collcollate END`;
  return [
    row({
      kind: `'collation'`,
      schema: 'n.nspname',
      name: 'o.collname',
      facts: {
        provider: `CASE o.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc' WHEN 'b' THEN 'builtin' ELSE 'default' END`,
        locale: `coalesce(${locale}, CASE WHEN o.collcollate = o.collctype THEN o.collcollate END)`,
        'collate and ctype': `CASE WHEN o.collcollate <> o.collctype THEN o.collcollate || ', ' || o.collctype END`,
        'not deterministic': ifTrue('NOT o.collisdeterministic'),
        ...(major >= 16 ? { rules: 'o.collicurules' } : {}),
        comment: comment('pg_collation', 'o.oid'),
      },
      from: `pg_catalog.pg_collation o JOIN user_schema n ON n.oid = o.collnamespace WHERE ${isNotOfExtension('pg_collation', 'o')}`,
    }),
    row({
      kind: `'cast'`,
      name: `format_type(o.castsource, NULL) || ' as ' || format_type(o.casttarget, NULL)`,
      facts: {
        function: reference('o.castfunc', 'regprocedure'),
        method: `CASE o.castmethod WHEN 'i' THEN 'inout' WHEN 'b' THEN 'binary' ELSE 'function' END`,
        context: `CASE o.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' END`,
        comment: comment('pg_cast', 'o.oid'),
      },
      // Casts lie in no schema; those that came with the server have the numbers of its making.
      from: `pg_catalog.pg_cast o WHERE o.oid >= 16384 AND ${isItsOwn('pg_cast', 'o')}`,
    }),
    row({
      kind: `'operator'`,
      schema: 'n.nspname',
      name: `o.oprname || '(' || concat_ws(', ', CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END, format_type(o.oprright, NULL)) || ')'`,
      facts: {
        function: reference('o.oprcode', 'regprocedure'),
        commutator: reference('o.oprcom', 'regoperator'),
        negator: reference('o.oprnegate', 'regoperator'),
        restrict: reference('o.oprrest', 'regproc'),
        join: reference('o.oprjoin', 'regproc'),
        hashes: ifTrue('o.oprcanhash'),
        merges: ifTrue('o.oprcanmerge'),
        comment: comment('pg_operator', 'o.oid'),
      },
      from: `pg_catalog.pg_operator o JOIN user_schema n ON n.oid = o.oprnamespace WHERE ${isNotOfExtension('pg_operator', 'o')}`,
    }),
  ];
}
