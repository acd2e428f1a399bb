import type { Finding, FindingLevel } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { DefaultPrivilege } from './default-privileges.ts';
import { describeCounts } from './describe-counts.ts';
import { nameRole } from './put-back/sql-names.ts';
import type { SummedUp } from './sum-up.ts';

/** One finding for many things that have one cause. Pure. */
export function describeSum({ cause, counts }: SummedUp): Finding {
  const held = describeCounts(counts);
  switch (cause.kind) {
    case 'partitions':
      return finding(
        'info',
        `table ${cause.schema === 'public' ? '' : `${cause.schema}.`}${cause.name}: has ${held} that no migration makes`,
        'Nothing, where a program makes them as time goes by, as pg_partman does. What every database must have belongs into a migration.',
      );
    case 'extension':
      return finding(
        'info',
        `schema ${cause.schema}: holds ${held} that no migration makes; it belongs to the extension ${cause.extension}`,
        'Nothing: the extension keeps them there, and takes them away itself.',
      );
    case 'default privileges':
      return { ...finding('warning', describeGiven(cause, held), ''), ...adviseOnGiven(cause) };
  }
}

function finding(level: FindingLevel, message: string, hint: string): Finding {
  return { code: 'database/added', level, message, hint, docs: 'docs/findings.md#databaseadded' };
}

function describeGiven({ objects, role, schema, grantee, granted }: DefaultPrivilege, held: string): string {
  const within = schema === null ? '' : ` in schema ${schema}`;
  const given = granted === 'nothing' ? `leave ${grantee} nothing` : `give ${grantee} ${granted}`;
  return `default privileges on ${objects} of ${role}${within}: ${given} on ${held}; no migration does`;
}

function adviseOnGiven({
  objects,
  role,
  schema,
  grantee,
  granted,
}: DefaultPrivilege): Pick<Finding, 'hint' | 'rewrite'> {
  const stay = 'To stay, they belong into a migration, with a GRANT or REVOKE for what is there already.';
  if (granted === 'nothing' || grantee === 'the owner') return { hint: `${stay} Or take them back by hand.` };
  const within = schema === null ? '' : ` IN SCHEMA ${quoteIdentifier(schema)}`;
  return {
    hint: `${stay} Or revoke what was given, and give it no more:`,
    rewrite: [
      {
        sql: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(role)}${within} REVOKE ALL ON ${objects.toUpperCase()} FROM ${nameRole(grantee)};`,
      },
    ],
  };
}
