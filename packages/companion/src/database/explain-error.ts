import type { ServerError } from '../kernel/errors.ts';
import type { StatementWork } from '../sql/statement-work.ts';

export type Advice = { readonly hint: string; readonly fix?: string };

type Context = {
  readonly transaction: boolean;
  readonly role: string;
  /** What the statement that failed is about, where it is known. */
  readonly work?: StatementWork;
};

/** What to do about the classic failures of a migration, by SQLSTATE; undefined where PostgreSQL's own words suffice. Pure. */
export function explainError(server: ServerError, context: Context): Advice | undefined {
  return ADVICE[server.sqlstate]?.(server, context);
}

const NO_TRANSACTION =
  'Put this comment on the first line of the file; every statement then runs and commits by itself: -- drizzle-companion: no-transaction';

const alreadyExists = (): Advice => ({
  hint: 'The object is there already: was this database made by `drizzle-kit push`, by hand or by another tool? Then record what it has as applied instead of running it again.',
  fix: 'drizzle-companion baseline',
});

const noSuchObject = (): Advice => ({
  hint: 'An object that the migration needs is not there: an earlier migration is missing from this database, the object has another name or schema, or somebody dropped it by hand.',
  fix: 'drizzle-companion status',
});

/** A statement that says what rows may be finds rows that are there; any other meets the rows that it writes itself. */
const byWork =
  (ofDefinition: string, ofRows: string, others: Partial<Record<StatementWork, string>> = {}) =>
  (_: ServerError, { work = 'unknown' }: Context): Advice => ({
    hint: work === 'definition' ? ofDefinition : (others[work] ?? ofRows),
  });

const ADVICE: Readonly<Record<string, (server: ServerError, context: Context) => Advice>> = {
  '55P04': () => ({
    hint: 'A value added to an enum cannot be used in the transaction that adds it. Move the statement that uses it into a migration of its own, after this one; or make a new type that has the value and switch the columns over to it.',
  }),
  '42P07': alreadyExists,
  '42710': alreadyExists,
  '42701': alreadyExists,
  '42P06': alreadyExists,
  '42P01': noSuchObject,
  '42703': noSuchObject,
  '42704': noSuchObject,
  '25001': (_, { transaction }) => ({
    hint: transaction
      ? `The statement cannot run inside a transaction. ${NO_TRANSACTION}`
      : 'The statement cannot run inside a transaction, and the file opens one before it. Put a COMMIT before it, or the statement into a file of its own.',
  }),
  '2D000': (_, { transaction }) => ({
    hint: transaction
      ? `The block or procedure commits or rolls back by itself, which a transaction around it forbids. ${NO_TRANSACTION}`
      : 'The block or procedure commits or rolls back by itself, which a transaction around it forbids: one that the file opens, or a block with EXCEPTION.',
  }),
  '55P03': () => ({
    hint: 'Another session held a lock on the table past --lock-timeout, at every try. Run it at a quieter time, end the session that blocks, or allow more with --lock-timeout and --lock-retries.',
  }),
  '40P01': () => ({
    hint: 'PostgreSQL ended a deadlock by giving up this migration, at every try. Run it at a quieter time, or let the migration take its locks in the order in which the application does.',
  }),
  '57014': (_, { transaction }) => ({
    hint: `The statement took longer than --statement-timeout. For one migration that must take long, put ${transaction ? 'SET LOCAL' : 'SET'} statement_timeout = '1h' at the top of its file; bulk changes of data belong into batches outside a migration.`,
  }),
  '42501': (server, { role }) => ({ hint: grantHint(server, role) }),
  '23502': byWork(
    'Rows exist that have no value here. Give the column a default or fill it first, and set NOT NULL after that.',
    'A row that is written has no value here. Give it one in the statement, or the column a default.',
  ),
  '23505': byWork(
    'Rows exist that share the value. Find and merge them before the constraint or index is made.',
    'Another row has the value already; this database may have rows that yours has not. Write another value, or, where the row may be there, INSERT … ON CONFLICT DO NOTHING.',
  ),
  '23503': byWork(
    'Rows exist that refer to nothing. Delete or mend them first; for a large table add the constraint NOT VALID and validate it in a later migration.',
    'Either a row that is written refers to one that is not there (write that one first), or others still refer to one that goes (delete or change those first); the detail tells which.',
    {
      insert: 'The row refers to one that is not in this database. Insert that one first.',
      delete:
        'Rows of the other table still refer to what is deleted. Delete them first, or let them refer to another row.',
    },
  ),
  '23514': byWork(
    'Rows exist that break the check. Mend them first; for a large table add the constraint NOT VALID and validate it in a later migration.',
    'A row that is written breaks the check. Mend its values in the statement, or change the check before it.',
  ),
  '0A000': () => ({
    hint: 'PostgreSQL refuses this while something else depends on the object (a view, a policy, an index expression), or does not support it. Drop the dependant before the change and make it again after it.',
  }),
  '2BP01': () => ({
    hint: 'Something still depends on the object; the detail names it. Drop or change the dependant first; CASCADE would take it away unseen.',
  }),
  '42601': () => ({
    hint: 'The server does not understand the SQL here. When two statements stand in one piece, check that a semicolon ends the first.',
  }),
  '26000': () => ({
    hint: 'A prepared statement is gone: a transaction pooler stands between. Use the direct URL.',
  }),
  '53100': () => ({ hint: "The server's disk is full. Nothing of this migration was kept." }),
};

const OWNABLE = new Set([
  'table',
  'view',
  'materialized view',
  'foreign table',
  'sequence',
  'schema',
  'type',
]);

/** The exact GRANT for a right that is missing, as far as the server's words tell what on. */
function grantHint(server: ServerError, role: string): string {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const [, kind, name] = /permission denied for (\w+) (.+)/.exec(server.message) ?? [];
  if (kind === 'schema' && name)
    return `Let its owner run: GRANT USAGE, CREATE ON SCHEMA ${quoted(name)} TO ${quoted(role)};`;
  if (kind === 'database' && name)
    return `Let its owner run: GRANT CREATE ON DATABASE ${quoted(name)} TO ${quoted(role)};`;
  if (kind === 'table' && name)
    return `Let its owner run: GRANT ALL ON TABLE ${quoted(name)} TO ${quoted(role)};`;
  if (kind === 'sequence' && name)
    return `Let its owner run: GRANT ALL ON SEQUENCE ${quoted(name)} TO ${quoted(role)};`;
  const [, what, owned] =
    /must be owner of (materialized view|foreign table|\w+) (.+)/.exec(server.message) ?? [];
  if (what && owned) {
    // An owner cannot lend itself: since PostgreSQL 16 that takes ADMIN OPTION, and before it CREATEROLE.
    const hand = OWNABLE.has(what)
      ? ` Or let a superuser make ${role} its owner: ALTER ${what.toUpperCase()} ${quoted(owned)} OWNER TO ${quoted(role)};`
      : ' Or let a superuser run them.';
    return `Only the owner of ${owned} may do that. Run the migrations as its owner.${hand}`;
  }
  return `The role ${role} may not do that. Run the migrations as the owner of the objects.`;
}
