import { type CatalogQuery, comment, ifTrue, isItsOwn, reference, row } from './catalog-sql.ts';
import { privileges } from './privileges-sql.ts';

const from = 'pg_catalog.pg_proc p JOIN user_schema n ON n.oid = p.pronamespace';
const isUsers = isItsOwn('pg_proc', 'p');
const routine = {
  kind: `CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END`,
  schema: 'n.nspname',
  name: `p.proname || '(' || oidvectortypes(p.proargtypes) || ')'`,
};

/** Functions, procedures and aggregates. */
export function routineQueries(): readonly CatalogQuery[] {
  return [
    row({
      ...routine,
      facts: { definition: 'pg_get_functiondef(p.oid)', comment: comment('pg_proc', 'p.oid') },
      from: `${from} WHERE p.prokind <> 'a' AND ${isUsers}`,
    }),
    row({
      ...routine,
      facts: {
        arguments: `pg_get_function_arguments(p.oid)`,
        returns: 'pg_get_function_result(p.oid)',
        kind: `CASE g.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical set' END`,
        step: reference('g.aggtransfn', 'regprocedure'),
        state: 'format_type(g.aggtranstype, NULL)',
        initial: 'g.agginitval',
        final: reference('g.aggfinalfn', 'regprocedure'),
        'final extra': ifTrue('g.aggfinalextra'),
        'final modifies': `nullif(g.aggfinalmodify::pg_catalog.text, 'r')`,
        combine: reference('g.aggcombinefn', 'regprocedure'),
        serialize: reference('g.aggserialfn', 'regprocedure'),
        deserialize: reference('g.aggdeserialfn', 'regprocedure'),
        'moving step': reference('g.aggmtransfn', 'regprocedure'),
        'moving back': reference('g.aggminvtransfn', 'regprocedure'),
        'moving final': reference('g.aggmfinalfn', 'regprocedure'),
        'moving initial': 'g.aggminitval',
        sort: reference('g.aggsortop', 'regoperator'),
        parallel: `CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END`,
        comment: comment('pg_proc', 'p.oid'),
      },
      from: `${from} JOIN pg_catalog.pg_aggregate g ON g.aggfnoid = p.oid WHERE ${isUsers}`,
    }),
    privileges({
      ...routine,
      acl: 'p.proacl',
      type: `'f'`,
      owner: 'p.proowner',
      from,
      where: isUsers,
    }),
  ];
}
