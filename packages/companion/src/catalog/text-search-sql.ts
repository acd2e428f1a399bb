import { type CatalogQuery, comment, isNotOfExtension, reference, row } from './catalog-sql.ts';

/** Text search configurations and dictionaries. */
export function textSearchQueries(): readonly CatalogQuery[] {
  return [
    row({
      kind: `'text search configuration'`,
      schema: 'n.nspname',
      name: 'o.cfgname',
      facts: {
        parser: '(SELECT p.prsname FROM pg_catalog.pg_ts_parser p WHERE p.oid = o.cfgparser)',
        mappings: `(SELECT string_agg(m.alias || ': ' || m.dictionaries, '; ' ORDER BY m.alias COLLATE "C") FROM (
          SELECT t.alias, string_agg(${reference('x.mapdict', 'regdictionary')}, ', ' ORDER BY x.mapseqno) AS dictionaries
          FROM pg_catalog.pg_ts_config_map x JOIN ts_token_type(o.cfgparser) t ON t.tokid = x.maptokentype
          WHERE x.mapcfg = o.oid GROUP BY t.alias) m)`,
        comment: comment('pg_ts_config', 'o.oid'),
      },
      from: `pg_catalog.pg_ts_config o JOIN user_schema n ON n.oid = o.cfgnamespace WHERE ${isNotOfExtension('pg_ts_config', 'o')}`,
    }),
    row({
      kind: `'text search dictionary'`,
      schema: 'n.nspname',
      name: 'o.dictname',
      facts: {
        template: '(SELECT t.tmplname FROM pg_catalog.pg_ts_template t WHERE t.oid = o.dicttemplate)',
        options: 'o.dictinitoption',
        comment: comment('pg_ts_dict', 'o.oid'),
      },
      from: `pg_catalog.pg_ts_dict o JOIN user_schema n ON n.oid = o.dictnamespace WHERE ${isNotOfExtension('pg_ts_dict', 'o')}`,
    }),
  ];
}
