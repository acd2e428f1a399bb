import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import { quoteIdentifier, quoteQualified } from '../sql/quote.ts';
import { FACTS_TABLE } from './ledger-sql.ts';

/** What was being done to the ledger when the right was missing. */
export type LedgerAction = 'create-schema' | 'create-table' | 'upgrade' | 'read' | 'write';

/** Runs `work`; a refusal for want of a right (42501) then says whose right, and the GRANT that gives it. */
export async function explainMissingRight<T>(
  action: LedgerAction,
  session: Session,
  address: LedgerAddress,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CompanionError) || error.fields.server?.sqlstate !== '42501') throw error;
    const { name, user } = session.facts.identity;
    throw error.with({
      ...describeMissingRight(action, address, { database: name, role: user }),
      state: ['Nothing was changed.'],
    });
  }
}

/** The sentence and the exact GRANT for an action on the ledger. Pure. */
export function describeMissingRight(
  action: LedgerAction,
  address: LedgerAddress,
  { database, role }: { readonly database: string; readonly role: string },
): { readonly message: string; readonly hint: string } {
  const to = quoteIdentifier(role);
  const schema = quoteIdentifier(address.schema);
  const tables = `${quoteQualified(address.schema, address.table)}, ${quoteQualified(address.schema, FACTS_TABLE)}`;
  const grants: Readonly<Record<LedgerAction, readonly string[]>> = {
    'create-schema': [`GRANT CREATE ON DATABASE ${quoteIdentifier(database)} TO ${to};`],
    'create-table': [`GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${to};`],
    upgrade: [`ALTER TABLE ${quoteQualified(address.schema, address.table)} OWNER TO ${to};`],
    read: [`GRANT USAGE ON SCHEMA ${schema} TO ${to};`, `GRANT SELECT ON ${tables} TO ${to};`],
    write: [
      `GRANT SELECT, INSERT, UPDATE ON ${tables} TO ${to};`,
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${to};`,
    ],
  };
  const what: Readonly<Record<LedgerAction, string>> = {
    'create-schema': `create the schema ${address.schema}`,
    'create-table': `create the ledger, or our table beside it, in the schema ${address.schema}`,
    upgrade: `alter the ledger ${address.schema}.${address.table}`,
    read: `read the ledger ${address.schema}.${address.table}`,
    write: `write the ledger ${address.schema}.${address.table}`,
  };
  const instead = action === 'create-schema' ? ` Or: CREATE SCHEMA ${schema} AUTHORIZATION ${to};` : '';
  return {
    message: `The role ${role} may not ${what[action]}.`,
    hint: `Let the owner run: ${grants[action].join(' ')}${instead}`,
  };
}
