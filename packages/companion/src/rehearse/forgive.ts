import type { ServerError } from '../kernel/errors.ts';
import type { Unit } from '../kernel/plan.ts';
import type { Missing, Skip } from './judge-statement.ts';

/** A value that an earlier migration of the rehearsal added to an enum: not committed, it cannot be used. */
export type AddedValue = { readonly type: string; readonly label: string };

export type Circumstances = {
  readonly unit: Unit['kind'];
  /** May the unit have a transaction block around it? */
  readonly atomic: boolean;
  /** The gravest of what earlier statements have left out, and where the first of that kind stands. */
  readonly missing: { readonly kind: Missing; readonly where: string } | null;
  readonly added: readonly AddedValue[];
};

/** unsafe_new_enum_value_usage */
const NEW_VALUE = '55P04';
/** active_sql_transaction, invalid_transaction_termination, invalid_transaction_initiation */
const WANTS_NO_TRANSACTION = new Set(['25001', '2D000', '0B000']);
/** What is undefined, what is there already, what does not fit or depends: an index or partition was not made or dropped. */
const OF_OBJECTS = new Set(
  '42P01 42703 42704 42883 3F000 3D000 42P07 42701 42710 42P10 42830 2BP01 55000 42809 42P17 23505'.split(
    ' ',
  ),
);

/** Can such a failure be no failure of the migration? Then a savepoint is worth its cost. Pure. */
export function mayBeForgiven({ unit, atomic, missing, added }: Circumstances): boolean {
  return (
    (unit === 'autocommit' && !atomic) || (missing !== null && missing.kind !== 'nothing') || added.length > 0
  );
}

/** Why a statement that PostgreSQL refused in the rehearsal is not at fault; null when it is. Pure. */
export function forgive(server: ServerError, circumstances: Circumstances): Skip | null {
  const { unit, missing, added } = circumstances;
  const { sqlstate, message } = server;
  if (unit === 'autocommit' && WANTS_NO_TRANSACTION.has(sqlstate)) {
    return { reason: `it cannot run inside a transaction: ${message}`, missing: 'anything' };
  }
  if (sqlstate === NEW_VALUE) {
    const value = added.find(({ type, label }) => namesIn(message, label) && namesIn(message, type));
    if (value === undefined) return null;
    return {
      reason: `it uses the value '${value.label}' of ${value.type}, which an earlier migration commits before it, and a rehearsal does not`,
      missing: 'anything',
    };
  }
  if (missing === null || missing.kind === 'nothing') return null;
  const follows = OF_OBJECTS.has(sqlstate) || (missing.kind === 'anything' && sqlstate.startsWith('23'));
  if (!follows) return null;
  return {
    reason: `it may need ${missing.where}, which was not rehearsed: ${message}`,
    missing: missing.kind,
  };
}

/** Is the name in the sentence as a whole? In every language the server quotes a label and writes a type bare. */
function namesIn(message: string, name: string): boolean {
  for (let at = message.indexOf(name); at !== -1; at = message.indexOf(name, at + 1)) {
    if (!isPartOfWord(message[at - 1]) && !isPartOfWord(message[at + name.length])) return true;
  }
  return false;
}

function isPartOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
