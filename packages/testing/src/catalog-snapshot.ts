import type postgres from 'postgres';

export type CatalogOptions = {
  /** Schemas left out beside the system's own, e.g. the ledger's. */
  readonly excludeSchemas?: readonly string[];
};

/**
 * Everything a database holds, one line for each fact, sorted: equal texts mean equal catalogs. Nothing in it
 * depends on the order of creation (object ids, column numbers), the order of columns and enum values aside,
 * which is part of what a table or an enum is.
 */
export async function readCatalog(sql: postgres.Sql, options: CatalogOptions = {}): Promise<string> {
  const excluded = ['pg_catalog', 'information_schema', 'pg_toast', ...(options.excludeSchemas ?? [])];
  const rows = await sql.begin('read only', async (tx) => {
    // With an empty search path, pg_get_*def qualifies every name, whatever the role's own path is.
    await tx`select set_config('search_path', '', true)`;
    return tx.unsafe<{ fact: string }[]>(FACTS.join('\nunion all\n'), [excluded], { prepare: false });
  });
  return rows
    .map((row) => row.fact)
    .sort()
    .join('\n');
}

const USER_SCHEMAS = `n.nspname <> all ($1::text[]) and n.nspname !~ '^pg_(toast_)?temp_'`;
/** What an extension brought in is the extension's, and differs with its version. */
const notOfExtension = (catalog: string, alias: string) =>
  `not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.${catalog}'::regclass
     and d.objid = ${alias}.oid and d.deptype = 'e')`;

const FACTS = [
  `select format('schema %I', n.nspname) as fact from pg_catalog.pg_namespace n where ${USER_SCHEMAS}`,

  `select format('extension %I', e.extname) from pg_catalog.pg_extension e`,

  `select format('%s %I.%I%s%s%s',
      case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' else 'foreign table' end,
      n.nspname, c.relname,
      case c.relpersistence when 'u' then ' unlogged' else '' end,
      case when c.relrowsecurity then ' row security' else '' end,
      case when c.relforcerowsecurity then ' forced' else '' end
        || coalesce(' partition of ' || (select i.inhparent::regclass::text from pg_catalog.pg_inherits i
             where i.inhrelid = c.oid limit 1) || ' ' || pg_get_expr(c.relpartbound, c.oid), '')
        || coalesce(' ' || pg_get_partkeydef(c.oid), '') || coalesce(' with ' || c.reloptions::text, ''))
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f') and ${USER_SCHEMAS} and ${notOfExtension('pg_class', 'c')}`,

  // Numbered among the columns that are there: a dropped one leaves a hole in attnum.
  `select format('column %I.%I.%I #%s %s%s%s%s%s', n.nspname, c.relname, a.attname,
      row_number() over (partition by c.oid order by a.attnum),
      format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      case a.attidentity when 'a' then ' identity always' when 'd' then ' identity by default' else '' end,
      case a.attgenerated when '' then ' default ' else ' generated ' || a.attgenerated::text || ' ' end
        || coalesce(pg_get_expr(d.adbin, d.adrelid), 'none'),
      coalesce(' collate ' || nullif(a.attcollation, t.typcollation)::regcollation::text, ''))
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
    join pg_catalog.pg_type t on t.oid = a.atttypid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
      and ${USER_SCHEMAS} and ${notOfExtension('pg_class', 'c')}`,

  `select format('constraint %I on %s: %s%s', k.conname,
      case when k.conrelid <> 0 then k.conrelid::regclass::text else k.contypid::regtype::text end,
      pg_get_constraintdef(k.oid), case when k.convalidated then '' else ' (not validated)' end)
    from pg_catalog.pg_constraint k join pg_catalog.pg_namespace n on n.oid = k.connamespace
    where ${USER_SCHEMAS} and ${notOfExtension('pg_constraint', 'k')}`,

  `select format('index %s%s%s', pg_get_indexdef(i.indexrelid),
      case when i.indisvalid then '' else ' (invalid)' end,
      case when i.indisreplident then ' (replica identity)' else '' end)
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${USER_SCHEMAS}`,

  `select format('enum %I.%I: %s', n.nspname, t.typname,
      (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
       from pg_catalog.pg_enum e where e.enumtypid = t.oid))
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'e' and ${USER_SCHEMAS} and ${notOfExtension('pg_type', 't')}`,

  `select format('domain %I.%I: %s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
      case when t.typnotnull then ' not null' else '' end, coalesce(' default ' || t.typdefault, ''))
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'd' and ${USER_SCHEMAS} and ${notOfExtension('pg_type', 't')}`,

  `select format('%s %I.%I: %s', case c.relkind when 'v' then 'view' else 'materialized view' end,
      n.nspname, c.relname, pg_get_viewdef(c.oid))
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and ${USER_SCHEMAS} and ${notOfExtension('pg_class', 'c')}`,

  `select format('function %s', pg_get_functiondef(p.oid))
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where p.prokind in ('f', 'p') and ${USER_SCHEMAS} and ${notOfExtension('pg_proc', 'p')}`,

  // Settings, not the current value: that is data.
  `select format('sequence %I.%I as %s start %s increment %s min %s max %s cache %s%s%s', n.nspname, c.relname,
      format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
      case when s.seqcycle then ' cycle' else '' end,
      (select format(' owned by %s.%I', d.refobjid::regclass, a.attname) from pg_catalog.pg_depend d
       join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
       where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
         and d.refclassid = 'pg_catalog.pg_class'::regclass))
    from pg_catalog.pg_sequence s join pg_catalog.pg_class c on c.oid = s.seqrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where ${USER_SCHEMAS} and ${notOfExtension('pg_class', 'c')}`,

  `select format('trigger %s%s', pg_get_triggerdef(g.oid), case g.tgenabled when 'O' then '' else ' (' || g.tgenabled::text || ')' end)
    from pg_catalog.pg_trigger g join pg_catalog.pg_class c on c.oid = g.tgrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace where not g.tgisinternal and ${USER_SCHEMAS}`,

  `select format('policy %I on %I.%I as %s for %s to %s using %s check %s', p.policyname, n.nspname, p.tablename,
      p.permissive, p.cmd, p.roles, coalesce(p.qual, '-'), coalesce(p.with_check, '-'))
    from pg_catalog.pg_policies p join pg_catalog.pg_namespace n on n.nspname = p.schemaname where ${USER_SCHEMAS}`,

  `select format('comment on %s: %s', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description)
    from pg_catalog.pg_description d join pg_catalog.pg_class c on c.oid = d.objoid and d.classoid = 'pg_catalog.pg_class'::regclass
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${USER_SCHEMAS}`,
];
