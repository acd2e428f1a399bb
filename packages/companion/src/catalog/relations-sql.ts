import {
  type CatalogQuery,
  type CatalogScope,
  comment,
  ifTrue,
  isNotOfExtension,
  isUserSchema,
  isUserTable,
  options,
  privileges,
  row,
} from './catalog-sql.ts';

const KIND = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'f' THEN 'foreign table'
  WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'c' THEN 'composite type' WHEN 'S' THEN 'sequence' END`;

/** Tables, views and sequences, with all that is part of them. `major` is the server's. */
export function relationQueries(scope: CatalogScope, major: number): readonly CatalogQuery[] {
  const isUsers = (kinds: string) =>
    `c.relkind IN (${kinds}) AND ${isUserSchema(scope)} AND ${isUserTable(scope, 'c')} AND ${isNotOfExtension('pg_class', 'c')}`;
  const classes = 'pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';
  const owner = { kind: KIND, schema: 'n.nspname', name: 'c.relname' };
  return [
    row({
      ...owner,
      facts: {
        unlogged: ifTrue(`c.relpersistence = 'u'`),
        'row security': `CASE WHEN c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'enabled' END`,
        'partitioned by': 'pg_catalog.pg_get_partkeydef(c.oid)',
        'partition of': `CASE WHEN c.relispartition THEN (SELECT i.inhparent::pg_catalog.regclass::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END`,
        bound: 'pg_catalog.pg_get_expr(c.relpartbound, c.oid)',
        inherits: `CASE WHEN NOT c.relispartition THEN (SELECT pg_catalog.string_agg(i.inhparent::pg_catalog.regclass::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END`,
        // A table that a role may not see into has no definition of its own.
        definition: `CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END`,
        options: options('c.reloptions'),
        'replica identity': `CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN CASE WHEN c.relkind IN ('r', 'p') THEN 'nothing' END WHEN 'i' THEN 'index' END`,
        'access method': `(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap')`,
        server: `(SELECT s.srvname FROM pg_catalog.pg_foreign_table t JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = c.oid)`,
        comment: comment('pg_class', 'c.oid'),
      },
      from: `${classes} WHERE ${isUsers(`'r', 'p', 'f', 'v', 'm'`)}`,
    }),
    row({
      kind: `'composite type'`,
      schema: 'n.nspname',
      name: 'c.relname',
      facts: { comment: comment('pg_type', 'c.reltype') },
      from: `${classes} WHERE ${isUsers(`'c'`)}`,
    }),
    columns(owner, classes, isUsers),
    constraints(owner, classes, isUsers),
    indexes(owner, classes, isUsers),
    row({
      ...owner,
      part: { kind: 'trigger', name: 't.tgname' },
      facts: {
        definition: 'pg_catalog.pg_get_triggerdef(t.oid)',
        enabled: `CASE t.tgenabled WHEN 'D' THEN 'never' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END`,
        comment: comment('pg_trigger', 't.oid'),
      },
      // A partition's copy of its parent's trigger follows the parent's.
      from: `${classes} JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0
        WHERE ${isUsers(`'r', 'p', 'f', 'v'`)}`,
    }),
    row({
      ...owner,
      part: { kind: 'rule', name: 'r.rulename' },
      facts: {
        definition: 'pg_catalog.pg_get_ruledef(r.oid)',
        enabled: `CASE r.ev_enabled WHEN 'D' THEN 'never' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END`,
        comment: comment('pg_rewrite', 'r.oid'),
      },
      from: `${classes} JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'
        WHERE ${isUsers(`'r', 'p', 'f', 'v', 'm'`)}`,
    }),
    row({
      ...owner,
      part: { kind: 'policy', name: 'p.polname' },
      facts: {
        as: `CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END`,
        for: `CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END`,
        to: `(SELECT pg_catalog.string_agg(CASE r WHEN 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(r) END, ', ' ORDER BY 1) FROM pg_catalog.unnest(p.polroles) r)`,
        using: 'pg_catalog.pg_get_expr(p.polqual, p.polrelid)',
        'with check': 'pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)',
        comment: comment('pg_policy', 'p.oid'),
      },
      from: `${classes} JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid WHERE ${isUsers(`'r', 'p'`)}`,
    }),
    sequences(scope),
    privileges({
      ...owner,
      acl: 'c.relacl',
      type: `CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"`,
      owner: 'c.relowner',
      from: `${classes} /* grants */ WHERE ${isUsers(`'r', 'p', 'f', 'v', 'm', 'S'`)}`,
    }),
    row({
      kind: `'statistics'`,
      schema: 'n.nspname',
      name: 's.stxname',
      facts: {
        definition: 'pg_catalog.pg_get_statisticsobjdef(s.oid)',
        target: major >= 17 ? 's.stxstattarget' : 'nullif(s.stxstattarget, -1)',
        comment: comment('pg_statistic_ext', 's.oid'),
      },
      from: `pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
        WHERE ${isUserSchema(scope)} AND ${isNotOfExtension('pg_statistic_ext', 's')}`,
    }),
  ];
}

type Owner = { readonly kind: string; readonly schema: string; readonly name: string };
type IsUsers = (kinds: string) => string;

function columns(owner: Owner, classes: string, isUsers: IsUsers): CatalogQuery {
  const generated = `CASE a.attgenerated WHEN 's' THEN 'stored: ' WHEN 'v' THEN 'virtual: ' END`;
  const value = 'pg_catalog.pg_get_expr(d.adbin, d.adrelid)';
  const sequence = (column: string) =>
    `(SELECT ${column} FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_sequence q ON q.seqrelid = o.objid
      WHERE o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.refobjid = c.oid AND o.refobjsubid = a.attnum
        AND o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.deptype = 'i')`;
  const settings = `pg_catalog.format('start %s increment %s min %s max %s cache %s%s', q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, CASE WHEN q.seqcycle THEN ' cycle' ELSE '' END)`;
  return row({
    ...owner,
    part: { kind: 'column', name: 'a.attname' },
    // Numbered among the columns that are there: a dropped one leaves a hole.
    place: 'pg_catalog.row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)',
    facts: {
      type: 'pg_catalog.format_type(a.atttypid, a.atttypmod)',
      'not null': ifTrue('a.attnotnull'),
      default: `CASE WHEN a.attgenerated = '' THEN ${value} END`,
      generated: `${generated} || ${value}`,
      identity: `CASE a.attidentity WHEN 'a' THEN 'always, ' WHEN 'd' THEN 'by default, ' END || ${sequence(settings)}`,
      collation: `nullif(a.attcollation, t.typcollation)::pg_catalog.regcollation`,
      storage: `CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END`,
      compression: `nullif(a.attcompression::text, '')`,
      'statistics target': 'nullif(a.attstattarget, -1)',
      options: options('a.attoptions'),
      privileges: `(SELECT pg_catalog.string_agg(CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee) END || ' ' || x.privilege_type
        || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END, ', ' ORDER BY 1) FROM pg_catalog.aclexplode(a.attacl) x)`,
      comment: comment('pg_class', 'c.oid', 'a.attnum'),
    },
    from: `${classes} JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE ${isUsers(`'r', 'p', 'f', 'v', 'm', 'c'`)}`,
  });
}

/** NOT NULL is told of its column, also by PostgreSQL 18, where it is a constraint of its own, named by the server. */
function constraints(owner: Owner, classes: string, isUsers: IsUsers): CatalogQuery {
  return row({
    ...owner,
    part: { kind: 'constraint', name: 'k.conname' },
    facts: {
      definition: `pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid), ' NOT VALID$', '')`,
      'not validated': ifTrue('NOT k.convalidated'),
      inherited: ifTrue('NOT k.conislocal'),
      comment: comment('pg_constraint', 'k.oid'),
    },
    from: `${classes} JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype NOT IN ('n', 't')
      WHERE ${isUsers(`'r', 'p', 'f'`)}`,
  });
}

/** An index that a constraint made is the constraint's. */
function indexes(owner: Owner, classes: string, isUsers: IsUsers): CatalogQuery {
  return row({
    ...owner,
    part: { kind: 'index', name: 'ic.relname' },
    facts: {
      definition: 'pg_catalog.pg_get_indexdef(i.indexrelid)',
      invalid: ifTrue('NOT i.indisvalid'),
      clustered: ifTrue('i.indisclustered'),
      'replica identity': ifTrue('i.indisreplident'),
      comment: comment('pg_class', 'ic.oid'),
    },
    from: `${classes} JOIN pg_catalog.pg_index i ON i.indrelid = c.oid JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
      WHERE ${isUsers(`'r', 'p', 'm'`)} AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
        WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))`,
  });
}

/** The settings, not the current value: that is data. The sequence of an identity column is the column's. */
function sequences(scope: CatalogScope): CatalogQuery {
  return row({
    kind: `'sequence'`,
    schema: 'n.nspname',
    name: 'c.relname',
    facts: {
      type: 'pg_catalog.format_type(s.seqtypid, NULL)',
      start: 's.seqstart',
      increment: 's.seqincrement',
      min: 's.seqmin',
      max: 's.seqmax',
      cache: 's.seqcache',
      cycle: ifTrue('s.seqcycle'),
      'owned by': `(SELECT o.refobjid::pg_catalog.regclass || '.' || pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_depend o
        JOIN pg_catalog.pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
        WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid AND o.deptype = 'a' AND o.refobjsubid > 0)`,
      comment: comment('pg_class', 'c.oid'),
    },
    from: `pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE ${isUserSchema(scope)} AND ${isUserTable(scope, 'c')} AND ${isNotOfExtension('pg_class', 'c')}
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend o WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid AND o.deptype = 'i')`,
  });
}
