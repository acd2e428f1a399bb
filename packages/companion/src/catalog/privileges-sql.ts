import { type CatalogQuery, list, type RowSubject, roleName, row } from './catalog-sql.ts';

/**
 * Privileges as one part for each grantee that has not just what PostgreSQL grants by itself: a grant taken back leaves
 * no trace, though the list of it stays in the catalog. Owners are told as the owner, whoever that is.
 */
export function privileges(
  input: Omit<RowSubject, 'part'> & {
    readonly acl: string;
    /** As `acldefault` has it. */
    readonly type: string;
    readonly owner: string;
    /** What everything starts with; default `acldefault`. */
    readonly initial?: string;
    readonly from: string;
    readonly where: string;
  },
): CatalogQuery {
  const { acl, type, owner, from, where, ...entity } = input;
  const defaults = `acldefault(${type}, ${owner})`;
  const { initial = defaults, ...subject } = entity;
  // Several grantors may have granted the same.
  const granted = (origin: string) =>
    `(SELECT ${list(`y.privilege_type || CASE WHEN y.grantable THEN ' with grant option' ELSE '' END`)}
      FROM (SELECT z.privilege_type, bool_or(z.is_grantable) AS grantable FROM aclexplode(${origin}) z WHERE z.grantee = g.grantee GROUP BY 1) y)`;
  // ALL is told as such, and without MAINTAIN: it came with PostgreSQL 17, and the same GRANT ALL or its seven privileges
  // written out must be the same everywhere.
  const others = (origin: string, of: string) =>
    `(SELECT count(DISTINCT x.privilege_type) FROM aclexplode(${origin}) x WHERE x.grantee = ${of} AND x.privilege_type <> 'MAINTAIN')`;
  const grantable = (test: string) =>
    `(SELECT bool_${test}(x.is_grantable) FROM aclexplode(${acl}) x WHERE x.grantee = g.grantee AND x.privilege_type <> 'MAINTAIN')`;
  return row({
    ...subject,
    part: {
      kind: 'privilege',
      name: `CASE g.grantee WHEN ${owner} THEN 'the owner' ELSE ${roleName('g.grantee')} END`,
    },
    facts: {
      granted: `CASE WHEN ${others(acl, 'g.grantee')} = ${others(defaults, owner)} AND ${others(acl, 'g.grantee')} > 1
          AND ${grantable('and')} = ${grantable('or')}
        THEN CASE WHEN ${grantable('and')} THEN 'all with grant option' ELSE 'all' END
        ELSE coalesce(${granted(acl)}, 'nothing') END`,
    },
    from: `${from} CROSS JOIN LATERAL (SELECT DISTINCT e.grantee FROM (SELECT grantee FROM aclexplode(${acl})
        UNION ALL SELECT grantee FROM aclexplode(${initial})) e) g
      WHERE ${acl} IS NOT NULL AND ${where} AND ${granted(acl)} IS DISTINCT FROM ${granted(initial)}`,
  });
}
