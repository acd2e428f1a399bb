import { quoteLiteral } from '../sql/quote.ts';
import {
  type CatalogQuery,
  comment,
  enabled,
  ifTrue,
  isNotOfExtension,
  list,
  reference,
  row,
} from './catalog-sql.ts';
import { privileges } from './privileges-sql.ts';

/** Schemas, and what lies in none: extensions, publications, event triggers, foreign servers, default privileges. */
export function objectQueries(major: number): readonly CatalogQuery[] {
  return [
    ...schemas(major),
    row({
      kind: `'extension'`,
      name: 'e.extname',
      facts: {
        version: 'e.extversion',
        schema: 'n.nspname',
        // Made by its script. What it keeps there for its users, as Timescale keeps the parts of their tables, is not its own.
        schemas: `(SELECT ${list('quote_ident(s.nspname)')} FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_namespace s ON s.oid = d.objid
          WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid
            AND d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.deptype = 'e')`,
      },
      from: `pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`,
    }),
    ...publications(major),
    row({
      kind: `'event trigger'`,
      name: 't.evtname',
      facts: {
        event: 't.evtevent',
        function: reference('t.evtfoid', 'regprocedure'),
        tags: `(SELECT ${list('x')} FROM unnest(t.evttags) x)`,
        enabled: enabled('t.evtenabled'),
        comment: comment('pg_event_trigger', 't.oid'),
      },
      from: `pg_catalog.pg_event_trigger t WHERE ${isNotOfExtension('pg_event_trigger', 't')}`,
    }),
    ...foreignServers(),
    defaultPrivileges(),
  ];
}

function schemas(major: number): readonly CatalogQuery[] {
  const schema = { kind: `'schema'`, name: 'n.nspname' };
  const isUsers = isNotOfExtension('pg_namespace', 'n');
  // What PUBLIC may do in `public` from the start changed with PostgreSQL 15: until then CREATE, which is told nowhere.
  const publicUsage = `makeaclitem(0, n.nspowner, 'USAGE', false)`;
  const isCreateOfPublic = `n.nspname = 'public' AND x.grantee = 0 AND x.privilege_type = 'CREATE'`;
  const acl =
    major >= 15
      ? 'n.nspacl'
      : `(SELECT array_agg(makeaclitem(x.grantee, x.grantor, x.privilege_type, x.is_grantable)) FROM aclexplode(n.nspacl) x WHERE NOT (${isCreateOfPublic}))`;
  return [
    row({
      ...schema,
      // The one that is there from the start has the comment of the start.
      facts: { comment: `nullif(${comment('pg_namespace', 'n.oid')}, 'standard public schema')` },
      from: `user_schema n WHERE ${isUsers}`,
    }),
    privileges({
      ...schema,
      acl,
      type: `'n'`,
      owner: 'n.nspowner',
      initial: `CASE n.nspname WHEN 'public' THEN acldefault('n', n.nspowner) || ${publicUsage} ELSE acldefault('n', n.nspowner) END`,
      from: 'user_schema n',
      where: isUsers,
    }),
  ];
}

function publications(major: number): readonly CatalogQuery[] {
  const publication = { kind: `'publication'`, name: 'p.pubname' };
  const isUsers = isNotOfExtension('pg_publication', 'p');
  const member = (name: string) => ({ ...publication, part: { kind: 'member', name } });
  return [
    row({
      ...publication,
      facts: {
        'all tables': ifTrue('p.puballtables'),
        operations: `concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
          CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)`,
        'via root': ifTrue('p.pubviaroot'),
        ...(major >= 18
          ? {
              'generated columns': `CASE p.pubgencols WHEN 's' THEN 'stored' WHEN 'n' THEN NULL ELSE p.pubgencols::pg_catalog.text END`,
            }
          : {}),
        comment: comment('pg_publication', 'p.oid'),
      },
      from: `pg_catalog.pg_publication p WHERE ${isUsers}`,
    }),
    row({
      ...member(`'table ' || r.prrelid::pg_catalog.regclass`),
      facts:
        major >= 15
          ? {
              where: 'pg_get_expr(r.prqual, r.prrelid)',
              columns: `(SELECT ${list('quote_ident(a.attname)')} FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))`,
            }
          : {},
      from: `pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_rel r ON r.prpubid = p.oid
        JOIN user_relation c ON c.oid = r.prrelid WHERE ${isUsers}`,
    }),
    ...(major >= 15
      ? [
          row({
            ...member(`'schema ' || quote_ident(n.nspname)`),
            facts: {},
            from: `pg_catalog.pg_publication p JOIN pg_catalog.pg_publication_namespace s ON s.pnpubid = p.oid
              JOIN pg_catalog.pg_namespace n ON n.oid = s.pnnspid WHERE ${isUsers}`,
          }),
        ]
      : []),
  ];
}

/** Options of a server whose value no wrapper keeps a secret in. */
const PLAIN_OPTIONS = [
  'host',
  'hostaddr',
  'port',
  'dbname',
  'service',
  'fetch_size',
  'use_remote_estimate',
  'updatable',
  'truncatable',
];

function foreignServers(): readonly CatalogQuery[] {
  const server = { kind: `'foreign server'`, name: 's.srvname' };
  const plain = PLAIN_OPTIONS.map(quoteLiteral).join(', ');
  // Some wrappers take keys and passwords here: such options are told by name alone.
  const option = `CASE WHEN o.option_name IN (${plain}) THEN o.option_name || '=' || o.option_value ELSE o.option_name END`;
  const from = 'pg_catalog.pg_foreign_server s';
  const isUsers = isNotOfExtension('pg_foreign_server', 's');
  return [
    row({
      ...server,
      facts: {
        wrapper: '(SELECT w.fdwname FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw)',
        type: 's.srvtype',
        version: 's.srvversion',
        options: `(SELECT ${list(option)} FROM pg_options_to_table(s.srvoptions) o)`,
        comment: comment('pg_foreign_server', 's.oid'),
      },
      from: `${from} WHERE ${isUsers}`,
    }),
    privileges({ ...server, acl: 's.srvacl', type: `'S'`, owner: 's.srvowner', from, where: isUsers }),
  ];
}

/** In one schema they add to those everywhere, and start with none. */
function defaultPrivileges(): CatalogQuery {
  const of = `CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
    WHEN 'n' THEN 'schemas' ELSE 'large objects' END`;
  const type = `CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char"`;
  return privileges({
    kind: `'default privileges'`,
    schema: 'n.nspname',
    name: `${of} || ' of ' || pg_get_userbyid(d.defaclrole)`,
    acl: 'd.defaclacl',
    type,
    owner: 'd.defaclrole',
    initial: `CASE d.defaclnamespace WHEN 0 THEN acldefault(${type}, d.defaclrole) END`,
    from: 'pg_catalog.pg_default_acl d LEFT JOIN user_schema n ON n.oid = d.defaclnamespace',
    where: '(d.defaclnamespace = 0 OR n.oid IS NOT NULL)',
  });
}
