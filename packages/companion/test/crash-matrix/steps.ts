import { after, atGate, before, inside, type Reach } from './reach.ts';
import { FRESH, type Scenario, SINGLE, UPGRADE } from './scenario.ts';

/** A point of a run, and what is applied there. */
export type Step = {
  readonly name: string;
  readonly applied: string;
  readonly scenario: Scenario;
  readonly reach: Reach;
};

/** What ends a migration, in one message with COMMIT: its row, and the fact that it is finished. */
const LEDGER_ROW = /INSERT INTO "drizzle"\."__drizzle_migrations"/;
/** What announces a statement that must be alone. */
const ANNOUNCEMENT = /^(?!.*COMMIT$).*INSERT INTO "drizzle"\."__drizzle_companion"/s;
/** What records a statement as done. */
export const RECORD_AND_COMMIT =
  /^(?!.*"__drizzle_migrations").*INSERT INTO "drizzle"\."__drizzle_companion".*COMMIT$/s;

const ledgerHas = (rows: number) =>
  `SELECT 1 WHERE (SELECT count(*) FROM drizzle.__drizzle_migrations) = ${rows}`;

const fresh = (name: string, applied: string, reach: Reach): Step => ({
  name,
  applied,
  scenario: FRESH,
  reach,
});

export const BEFORE_ANYTHING: readonly Step[] = [
  fresh('before the lock is taken', '0 of 5', before(/pg_try_advisory_lock/)),
  fresh('the lock is taken, the ledger not read', '0 of 5', before(/pg_namespace n\nLEFT JOIN/)),
  fresh("before the ledger's schema is created", '0 of 5', before(/^CREATE SCHEMA/)),
  fresh(
    'between schema and ledger',
    '0 of 5',
    before(/^CREATE TABLE IF NOT EXISTS "drizzle"."__drizzle_migrations"/),
  ),
  fresh(
    'between the ledger and our own table',
    '0 of 5',
    before(/^CREATE TABLE IF NOT EXISTS "drizzle"."__drizzle_companion"/),
  ),
];

/** In the middle of a statement of `plans`. */
export const IN_A_STATEMENT = fresh('in the middle of a statement', '1 of 5', atGate);
/** The server has committed `accounts`; nobody has heard of it. */
export const COMMIT_UNANSWERED = fresh(
  'after COMMIT was sent, before its answer is read',
  '1 of 5',
  after(LEDGER_ROW, { until: ledgerHas(1) }),
);
export const COMMIT_UNSENT = fresh(
  'before the ledger row and COMMIT are sent',
  '1 of 5',
  before(LEDGER_ROW, { occurrence: 2, until: ledgerHas(1) }),
);
export const BETWEEN_MIGRATIONS = fresh(
  'between two migrations',
  '1 of 5',
  before(/^BEGIN/, { occurrence: 2, until: ledgerHas(1) }),
);

export const IN_TRANSACTION: readonly Step[] = [
  fresh('before BEGIN', '0 of 5', before(/^BEGIN/)),
  fresh('after BEGIN, before the first statement', '0 of 5', before(/^CREATE TABLE accounts/)),
  fresh('between two statements', '0 of 5', before(/^INSERT INTO accounts/)),
  IN_A_STATEMENT,
  COMMIT_UNSENT,
  COMMIT_UNANSWERED,
  BETWEEN_MIGRATIONS,
];

const WRITER = 'UPDATE accounts SET name = name WHERE id = 1';
/** Conflicts with nothing but the last phase, in which the old index is already out of use. */
const READER = 'SELECT FROM accounts LIMIT 1';
export const IN_A_BUILD = fresh(
  'in the middle of CREATE INDEX CONCURRENTLY',
  '2 of 5',
  inside(/^CREATE INDEX CONCURRENTLY/, WRITER),
);
export const RECORD_UNSENT = fresh(
  'between the statement and its progress record',
  '2 of 5; 1 of 3 statements of indexes',
  before(RECORD_AND_COMMIT),
);

export const WITHOUT_TRANSACTION: readonly Step[] = [
  fresh('before the first statement is announced', '2 of 5', before(ANNOUNCEMENT)),
  fresh('announced, not sent', '2 of 5', before(/^CREATE INDEX CONCURRENTLY/)),
  IN_A_BUILD,
  fresh(
    'CREATE INDEX CONCURRENTLY is done, before its answer is read',
    '2 of 5; 1 of 3 statements of indexes',
    after(/^CREATE INDEX CONCURRENTLY/, {
      until: "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass('accounts_name') AND indisvalid",
    }),
  ),
  RECORD_UNSENT,
  fresh(
    'the progress record is committed, before its answer is read',
    '2 of 5; 1 of 3 statements of indexes',
    after(RECORD_AND_COMMIT, {
      until: 'SELECT 1 FROM drizzle.__drizzle_companion WHERE statements_done = 1 AND NOT in_flight',
    }),
  ),
  fresh(
    'between a statement and its record that share a transaction',
    '2 of 5; 1 of 3 statements of indexes',
    before(RECORD_AND_COMMIT, { occurrence: 2 }),
  ),
  fresh(
    'in the middle of REINDEX CONCURRENTLY',
    '2 of 5; 2 of 3 statements of indexes',
    inside(/^REINDEX/, WRITER),
  ),
  fresh(
    'in REINDEX CONCURRENTLY, after the indexes were swapped',
    '2 of 5; 2 of 3 statements of indexes',
    inside(/^REINDEX/, READER),
  ),
  fresh(
    'all statements done, before the ledger row',
    '2 of 5; 2 of 3 statements of indexes',
    before(LEDGER_ROW, { occurrence: 3 }),
  ),
  fresh(
    'the ledger row is committed, before its answer is read',
    '3 of 5',
    after(LEDGER_ROW, { occurrence: 3, until: ledgerHas(3) }),
  ),
  fresh('in the middle of DROP INDEX CONCURRENTLY', '3 of 5', inside(/^DROP INDEX/, WRITER)),
];

export const IN_VERIFICATION = fresh(
  'during the verification after the run',
  '5 of 5',
  before(/pg_stat_progress_create_index/),
);

export const AT_THE_END: readonly Step[] = [
  IN_VERIFICATION,
  fresh('before the lock is released', '5 of 5', before(/^SELECT pg_advisory_unlock/)),
];

const upgrade = (name: string, version: 0 | 1, reach: Reach): Step => ({
  name,
  applied: `2 of 5; ledger version ${version}`,
  scenario: UPGRADE,
  reach,
});

export const IN_UPGRADE: readonly Step[] = [
  upgrade('before BEGIN of the upgrade', 0, before(/^BEGIN$/)),
  upgrade('between its two columns', 0, before(/^ALTER TABLE .* "applied_at"/)),
  upgrade('between two names', 0, before(/^UPDATE "drizzle"/, { occurrence: 2 })),
  upgrade('before its COMMIT is sent', 0, before(/^COMMIT$/)),
  upgrade(
    'after its COMMIT was sent, before its answer is read',
    1,
    after(/^COMMIT$/, {
      until: 'SELECT 1 WHERE (SELECT count(name) FROM drizzle.__drizzle_migrations) = 2',
    }),
  ),
];

const single = (name: string, applied: string, reach: Reach): Step => ({
  name,
  applied,
  scenario: SINGLE,
  reach,
});

export const IN_SINGLE_TRANSACTION: readonly Step[] = [
  single('in the middle of a statement of the second migration', '0 of 3', atGate),
  single('before the last ledger row is sent', '0 of 3', before(LEDGER_ROW, { occurrence: 3 })),
  single('before COMMIT is sent', '0 of 3', before(/^COMMIT$/)),
  single(
    'after COMMIT was sent, before its answer is read',
    '3 of 3',
    after(/^COMMIT$/, { until: ledgerHas(3) }),
  ),
];
