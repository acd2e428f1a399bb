import { type CatalogQuery, comment, enabled, ifTrue, list, options, roleName, row } from './catalog-sql.ts';

const relation = { kind: 'c.kind', schema: 'c.nspname', name: 'c.relname' };

/** Columns, constraints, indexes, triggers, rules and policies. `major` is the server's. */
export function relationPartQueries(major: number): readonly CatalogQuery[] {
  return [
    columns(major),
    constraints(major),
    indexes(),
    row({
      ...relation,
      part: { kind: 'trigger', name: 't.tgname' },
      facts: {
        definition: 'CASE t.tgparentid WHEN 0 THEN pg_get_triggerdef(t.oid) END',
        enabled: enabled('t.tgenabled'),
        comment: comment('pg_trigger', 't.oid'),
      },
      // A partition's copy of its parent's trigger follows the parent's, unless somebody set it apart. Until PostgreSQL 14 the
      // copies are marked as the server's own; its real own have their number in the name.
      from: `user_relation c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid LEFT JOIN pg_catalog.pg_trigger pt ON pt.oid = t.tgparentid
        WHERE t.tgparentid = 0 AND NOT t.tgisinternal OR t.tgname = pt.tgname AND t.tgenabled <> pt.tgenabled`,
    }),
    row({
      ...relation,
      part: { kind: 'rule', name: 'r.rulename' },
      facts: {
        definition: 'pg_get_ruledef(r.oid)',
        enabled: enabled('r.ev_enabled'),
        comment: comment('pg_rewrite', 'r.oid'),
      },
      from: `user_relation c JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'`,
    }),
    row({
      ...relation,
      part: { kind: 'policy', name: 'p.polname' },
      facts: {
        as: `CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END`,
        for: `CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END`,
        to: `(SELECT ${list(roleName('o'))} FROM unnest(p.polroles) o)`,
        using: 'pg_get_expr(p.polqual, p.polrelid)',
        'with check': 'pg_get_expr(p.polwithcheck, p.polrelid)',
        comment: comment('pg_policy', 'p.oid'),
      },
      from: 'user_relation c JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid',
    }),
  ];
}

/**
 * Columns in order, numbered among those that are there: a dropped one leaves a hole. NOT NULL is told of its column,
 * also by PostgreSQL 18, where it is a constraint with a name and a validity of its own.
 */
function columns(major: number): CatalogQuery {
  const ofColumn = (type: string) =>
    `o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.refobjid = c.oid AND o.refobjsubid = a.attnum
        AND o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.deptype = '${type}'`;
  const settings = `format('start %s increment %s min %s max %s cache %s%s', q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
      CASE WHEN q.seqcycle THEN ' cycle' ELSE '' END)`;
  const identity = `CASE WHEN a.attidentity <> '' THEN CASE a.attidentity WHEN 'a' THEN 'always, ' ELSE 'by default, ' END
      || (SELECT ${settings} FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_sequence q ON q.seqrelid = o.objid WHERE ${ofColumn('i')}) END`;
  // The number in the name of a serial column's sequence depends on what else was there.
  const value = `(SELECT CASE WHEN v.text LIKE 'nextval(%' AND EXISTS (SELECT FROM pg_catalog.pg_depend o WHERE ${ofColumn('a')}
      AND v.text = format('nextval(%L::regclass)', o.objid::pg_catalog.regclass)) THEN 'nextval(its own sequence)' ELSE v.text END
    FROM (SELECT pg_get_expr(d.adbin, d.adrelid) AS text OFFSET 0) v)`;
  return row({
    ...relation,
    part: { kind: 'column', name: 'a.attname' },
    place: 'row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum)',
    facts: {
      type: 'format_type(a.atttypid, a.atttypmod)',
      'not null': ifTrue('a.attnotnull'),
      ...(major >= 18
        ? {
            'not null not validated': ifTrue('NOT nn.convalidated'),
            'not null no inherit': ifTrue('nn.connoinherit'),
          }
        : {}),
      default: `CASE WHEN d.oid IS NOT NULL AND a.attgenerated = '' THEN ${value} END`,
      generated: `CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END`,
      expression: `CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END`,
      identity,
      'identity sequence': `CASE WHEN a.attidentity <> '' THEN (SELECT o.objid::pg_catalog.regclass FROM pg_catalog.pg_depend o WHERE ${ofColumn('i')}) END`,
      collation: `CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::pg_catalog.regcollation END`,
      storage: `CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
        WHEN 'm' THEN 'main' ELSE 'extended' END END`,
      compression: `CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END`,
      // -1 until PostgreSQL 16, null from 17 on. A view's is 0.
      'statistics target': `CASE WHEN c.relkind NOT IN ('v', 'c') THEN nullif(a.attstattarget, -1) END`,
      options: options('a.attoptions'),
      'server options': options('a.attfdwoptions'),
      privileges: `CASE WHEN a.attacl IS NOT NULL THEN (SELECT ${list(`${roleName('x.grantee')} || ' ' || x.privilege_type || CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END`)}
        FROM aclexplode(a.attacl) x) END`,
      comment: comment('pg_class', 'c.oid', 'a.attnum'),
    },
    from: `user_relation c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind <> 'S'
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum${
        major >= 18
          ? `\n      LEFT JOIN pg_catalog.pg_constraint nn ON nn.conrelid = c.oid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum
        AND (NOT nn.convalidated OR nn.connoinherit)`
          : ''
      }`,
  });
}

/**
 * What a parent table hands down is told of the parent; under the parent's name where it has something of its own. Its name
 * on the partition is PostgreSQL's making, and nobody's handle.
 */
function constraints(major: number): CatalogQuery {
  const isInherited = '(k.conparentid <> 0 OR NOT k.conislocal)';
  const isOwn = `NOT ${isInherited}`;
  // What is NOT ENFORCED says so in its definition, and cannot be validated.
  const isUnvalidated = major >= 18 ? 'NOT k.convalidated AND k.conenforced' : 'NOT k.convalidated';
  // ALTER TABLE … DISABLE TRIGGER ALL, as some load data, and a foreign key or a deferrable constraint is not watched any more.
  const watched = (constraint: string, and = '') =>
    `(SELECT CASE WHEN bool_or(t.tgenabled = 'D') THEN 'never' WHEN bool_or(t.tgenabled = 'R') THEN 'on replicas'
      WHEN bool_or(t.tgenabled = 'A') THEN 'always' ELSE 'on the origin' END
      FROM pg_catalog.pg_trigger t WHERE t.tgconstraint = ${constraint} AND t.tgisinternal${and})`;
  // On the table that a foreign key points to, its parent's watches for all partitions.
  const watchedHere = watched('k.oid', ' AND t.tgrelid = k.conrelid');
  const isSetApart = `k.contype <> 'c' AND pk.oid IS NOT NULL AND ${watchedHere} <> ${watched('pk.oid', ' AND t.tgrelid = pk.conrelid')}`;
  // For each partition of a table that a foreign key points to, PostgreSQL makes one more beside it.
  const isBesideParent = 'pk.conrelid = k.conrelid';
  const indexComment = comment('pg_class', 'i.indexrelid');
  return row({
    ...relation,
    part: { kind: 'constraint', name: 'coalesce(pk.conname, k.conname)' },
    facts: {
      definition: `CASE WHEN ${isOwn} THEN regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') END`,
      'not validated': `CASE WHEN ${isOwn} THEN ${ifTrue(isUnvalidated)} END`,
      invalid: ifTrue('NOT i.indisvalid'),
      clustered: ifTrue('i.indisclustered'),
      'replica identity': ifTrue('i.indisreplident'),
      watched: `CASE WHEN k.contype = 'c' THEN NULL WHEN ${isOwn} THEN nullif(${watched('k.oid')}, 'on the origin')
        WHEN ${isSetApart} THEN ${watchedHere} END`,
      comment: comment('pg_constraint', 'k.oid'),
      'index comment': indexComment,
    },
    from: `user_relation c JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype NOT IN ('n', 't')
      LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
      LEFT JOIN pg_catalog.pg_constraint pk ON pk.oid = k.conparentid
      WHERE ${isOwn} OR (${isBesideParent}) IS NOT TRUE AND (NOT i.indisvalid OR i.indisclustered OR i.indisreplident OR ${isSetApart}
          OR ${comment('pg_constraint', 'k.oid')} IS NOT NULL OR ${indexComment} IS NOT NULL)`,
  });
}

/** An index that a constraint made is the constraint's; one that a partition has because its parent has it, the parent's. */
function indexes(): CatalogQuery {
  return row({
    ...relation,
    part: {
      kind: 'index',
      name: `CASE WHEN ic.relispartition THEN (SELECT pc.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent
        WHERE h.inhrelid = ic.oid) ELSE ic.relname END`,
    },
    facts: {
      definition: 'CASE WHEN NOT ic.relispartition THEN pg_get_indexdef(i.indexrelid) END',
      invalid: ifTrue('NOT i.indisvalid'),
      clustered: ifTrue('i.indisclustered'),
      'replica identity': ifTrue('i.indisreplident'),
      comment: comment('pg_class', 'ic.oid'),
    },
    from: `user_relation c JOIN pg_catalog.pg_index i ON i.indrelid = c.oid JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
        WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x'))
        AND (NOT ic.relispartition OR NOT i.indisvalid OR i.indisclustered OR i.indisreplident OR ${comment('pg_class', 'ic.oid')} IS NOT NULL)`,
  });
}
