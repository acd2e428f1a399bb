import {
  type CatalogQuery,
  comment,
  ifTrue,
  isNotOfExtension,
  list,
  options,
  reference,
  row,
} from './catalog-sql.ts';
import { privileges } from './privileges-sql.ts';

const relation = { kind: 'c.kind', schema: 'c.nspname', name: 'c.relname' };

/** Tables, views, composite types, sequences and statistics, without their parts. `major` is the server's. */
export function relationQueries(major: number): readonly CatalogQuery[] {
  return [
    row({
      ...relation,
      facts: {
        unlogged: ifTrue(`c.relpersistence = 'u'`),
        'row security': `CASE WHEN c.relrowsecurity THEN CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE 'enabled' END
          WHEN c.relforcerowsecurity THEN 'forced, not enabled' END`,
        'partitioned by': `CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END`,
        'partition of': `CASE WHEN c.relispartition THEN (SELECT i.inhparent::pg_catalog.regclass FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END`,
        'being detached': `CASE WHEN c.relispartition THEN (SELECT ${ifTrue('i.inhdetachpending')} FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END`,
        bound: 'pg_get_expr(c.relpartbound, c.oid)',
        inherits: `CASE WHEN NOT c.relispartition THEN (SELECT string_agg(i.inhparent::pg_catalog.regclass::pg_catalog.text, ', ' ORDER BY i.inhseqno)
          FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END`,
        'of type': reference('c.reloftype', 'regtype'),
        definition: `CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END`,
        options: options('c.reloptions'),
        'toast options': `CASE WHEN c.reltoastrelid <> 0 THEN (SELECT ${options('o.reloptions')} FROM pg_catalog.pg_class o WHERE o.oid = c.reltoastrelid) END`,
        // The index, if it is one, says so itself.
        'replica identity': `CASE WHEN c.relkind IN ('r', 'p') THEN CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing'
          WHEN 'i' THEN CASE WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
            THEN 'an index that was dropped' END END END`,
        'access method': `(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap')`,
        server: `CASE c.relkind WHEN 'f' THEN (SELECT s.srvname FROM pg_catalog.pg_foreign_table t JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver WHERE t.ftrelid = c.oid) END`,
        'server options': `CASE c.relkind WHEN 'f' THEN (SELECT ${options('t.ftoptions')} FROM pg_catalog.pg_foreign_table t WHERE t.ftrelid = c.oid) END`,
        comment: comment('pg_class', 'c.oid'),
      },
      from: `user_relation c WHERE c.relkind NOT IN ('c', 'S')`,
    }),
    row({
      ...relation,
      facts: { comment: comment('pg_type', 'c.reltype') },
      from: `user_relation c WHERE c.relkind = 'c'`,
    }),
    sequences(),
    privileges({
      ...relation,
      acl: 'c.relacl',
      type: `CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char"`,
      owner: 'c.relowner',
      from: 'user_relation c',
      where: `c.relkind <> 'c'`,
    }),
    row({
      kind: `'statistics'`,
      schema: 'n.nspname',
      name: 's.stxname',
      facts: {
        definition: 'pg_get_statisticsobjdef(s.oid)',
        target: major >= 17 ? 's.stxstattarget' : 'nullif(s.stxstattarget, -1)',
        comment: comment('pg_statistic_ext', 's.oid'),
      },
      from: `pg_catalog.pg_statistic_ext s JOIN user_schema n ON n.oid = s.stxnamespace JOIN user_relation c ON c.oid = s.stxrelid
        WHERE ${isNotOfExtension('pg_statistic_ext', 's')}`,
    }),
  ];
}

/** The settings, not the current value: that is data. As text: their limits are beyond the numbers of JSON. */
function sequences(): CatalogQuery {
  const text = (column: string) => `s.${column}::pg_catalog.text`;
  return row({
    ...relation,
    facts: {
      unlogged: ifTrue(`c.relpersistence = 'u'`),
      type: 'format_type(s.seqtypid, NULL)',
      start: text('seqstart'),
      increment: text('seqincrement'),
      min: text('seqmin'),
      max: text('seqmax'),
      cache: text('seqcache'),
      cycle: ifTrue('s.seqcycle'),
      'owned by': `(SELECT ${list(`o.refobjid::pg_catalog.regclass || '.' || quote_ident(a.attname)`)} FROM pg_catalog.pg_depend o
        JOIN pg_catalog.pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
        WHERE o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.objid = c.oid AND o.deptype = 'a' AND o.refobjsubid > 0)`,
      comment: comment('pg_class', 'c.oid'),
    },
    from: `pg_catalog.pg_sequence s JOIN user_relation c ON c.oid = s.seqrelid`,
  });
}
