import type { ServerError } from '../kernel/errors.ts';
import type { Unit } from '../kernel/plan.ts';
import type { ParseNode } from '../sql/parser.ts';
import { follows } from './follows.ts';
import type { Skip } from './judge-statement.ts';
import type { Missing } from './missing-after.ts';
import { namesBare } from './names-in.ts';

/** A value that an earlier migration of the rehearsal added to an enum: not committed, it cannot be used. */
export type AddedValue = { readonly type: string; readonly label: string };

/** What earlier statements that were left out would have made otherwise, and where they stand. */
export type Missed = Missing & { readonly where: string };

export type Circumstances = {
  readonly unit: Unit['kind'];
  /** May the unit have a transaction block around it? */
  readonly atomic: boolean;
  readonly missing: readonly Missed[];
  readonly added: readonly AddedValue[];
};

/** The statement that was refused, and what is missing without it. */
export type Refused = { readonly node: ParseNode | null; readonly missing: readonly Missing[] };

const AT_COMMIT: Refused = { node: null, missing: [] };

/** unsafe_new_enum_value_usage */
const NEW_VALUE = '55P04';
/** active_sql_transaction, invalid_transaction_termination, invalid_transaction_initiation */
const WANTS_NO_TRANSACTION = new Set(['25001', '2D000', '0B000']);

/** Can such a failure be no failure of the migration? Then a savepoint is worth its cost. Pure. */
export function mayBeForgiven({ unit, atomic, missing, added }: Circumstances): boolean {
  return (unit === 'autocommit' && !atomic) || missing.length > 0 || added.length > 0;
}

/** Why a statement that PostgreSQL refused in the rehearsal is not at fault; null when it is. Pure. */
export function forgive(
  server: ServerError,
  { unit, missing, added }: Circumstances,
  refused: Refused = AT_COMMIT,
): Skip | null {
  const { sqlstate, message } = server;
  if (unit === 'autocommit' && WANTS_NO_TRANSACTION.has(sqlstate)) {
    return { reason: `it cannot run inside a transaction: ${message}`, missing: refused.missing };
  }
  if (sqlstate === NEW_VALUE) {
    const value = added.find(({ type, label }) => namesBare(message, label) && namesBare(message, type));
    if (value === undefined) return null;
    return {
      reason: `it uses the value '${value.label}' of ${value.type}, which an earlier migration commits before it, and a rehearsal does not`,
      missing: refused.missing,
    };
  }
  const causes = missing.filter((one) => follows(server, one, refused.node));
  // What has the very name, before what may have one that begins so.
  const cause = causes.find((one) => !('as' in one)) ?? causes[0];
  if (cause === undefined) return null;
  return {
    reason: `it may need ${cause.where}, which was not rehearsed: ${message}`,
    missing: refused.missing,
  };
}
