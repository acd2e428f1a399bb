import type { Finding } from './finding.ts';
import type { blockedBy, LockMode } from './lock-modes.ts';
import type { DatabaseIdentity } from './report.ts';

/** A lock on a relation that was there before the rehearsal. */
export type StatementLock = {
  /** `users`, `billing.invoices`; as it was named before the rehearsal. */
  readonly relation: string;
  readonly mode: LockMode;
  /** False where the rehearsal held the lock already, so that the linter's rules tell instead of the server. */
  readonly measured: boolean;
};

export type TouchedRows = {
  readonly table: string;
  /** By scans of the whole table. */
  readonly read: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
};

export type RehearsedStatement = {
  /** All of it, without the comment before it and the semicolon behind. */
  readonly sql: string;
  /** 1-based, in its file, like `column`. */
  readonly line: number;
  readonly column: number;
  /** `not-rehearsed`: it was left out, and says why. `not-run`: the rehearsal ended before it. */
  readonly state: 'rehearsed' | 'not-rehearsed' | 'failed' | 'not-run';
  /** As the client waits for it. Null where it was not rehearsed to its end. */
  readonly durationMs: number | null;
  /** Locks that it added, the strongest for each relation. */
  readonly locks: readonly StatementLock[];
  /** Tables, materialized views and indexes, there before it, that have new files. */
  readonly rewritten: readonly string[];
  readonly rows: readonly TouchedRows[];
  /** What the server's log grew by meanwhile; what other sessions write is in it. */
  readonly walBytes: number | null;
  /** Why it was not rehearsed. */
  readonly notRehearsed?: string;
  /** In what it was rehearsed otherwise than it will run. */
  readonly note?: string;
};

/** Sessions of one application. */
export type TableUse = { readonly application: string; readonly sessions: number };

/** A lock at SHARE or above, from the statement that took it to the end of its transaction under `migrate`. */
export type HeldLock = StatementLock & {
  readonly heldMs: number;
  /** What has to wait meanwhile. */
  readonly blocks: ReturnType<typeof blockedBy>;
  /** Whose transactions held locks on the relation when the rehearsal began. */
  readonly usedBy: readonly TableUse[];
};

export type RehearsedStep = {
  readonly name: string;
  /**
   * - `partly-rehearsed`, `not-rehearsed`: some or all of its statements were not, and say why
   * - `not-run`: the rehearsal ended before it
   */
  readonly state: 'rehearsed' | 'partly-rehearsed' | 'not-rehearsed' | 'failed' | 'not-run';
  /** Will it run in one transaction? */
  readonly transaction: boolean;
  readonly durationMs: number;
  readonly statements: readonly RehearsedStatement[];
  readonly locks: readonly HeldLock[];
};

/** What a rollback does not take back. */
export type LeftBehind =
  | {
      readonly kind: 'sequence';
      readonly name: string;
      /** Null: it had given no value yet. */
      readonly before: string | null;
      readonly after: string | null;
      /** Where a function had set it back to; null: to its start. The same as `after`: it could not be put forward again. */
      readonly setBackTo?: string | null;
    }
  /** A replication slot that came or went meanwhile. */
  | { readonly kind: 'slot'; readonly name: string; readonly is: 'new' | 'gone' }
  /** The planner's estimates of a relation's size, which PostgreSQL writes in place. */
  | { readonly kind: 'estimates'; readonly name: string };

/** Sessions that were seen waiting for the rehearsal. */
export type Waiter = { readonly application: string; readonly sessions: number; readonly longestMs: number };

export type RehearsalSummary = {
  /** That the rehearsal came to. */
  readonly migrations: number;
  /** Rehearsed or left out. */
  readonly statements: number;
  /** Left out. */
  readonly notRehearsed: number;
  /** Of the statements alone. */
  readonly durationMs: number;
  readonly walBytes: number;
  readonly rewritten: readonly string[];
  /** The longest of the locks that keep readers out, else of those that keep writers out. */
  readonly longestLock: (HeldLock & { readonly migration: string }) | null;
  /** Who used tables that migrations lock against them, when the rehearsal began. */
  readonly wouldWait: readonly TableUse[];
  /** Who did wait, for the rehearsal itself. */
  readonly waited: readonly Waiter[];
};

/** The throw-away database of a rehearsal. */
export type RehearsalShadow = {
  readonly provider: 'pglite' | 'embedded' | 'server';
  /** As `server_version_num` has it. */
  readonly serverVersion: number;
  /** What ran there first, unmeasured: the migrations of a commit, by the name that was given. */
  readonly from: { readonly ref: string; readonly migrations: number } | null;
  /** How many migrations went through under stock drizzle's rule, too: all in one transaction; null: not asked. */
  readonly stock: number | null;
};

export type RehearsalReport = {
  /** The target, in one transaction that was rolled back; or a shadow, from nothing. */
  readonly on: 'target' | 'shadow';
  readonly shadow: RehearsalShadow | null;
  readonly steps: readonly RehearsedStep[];
  readonly summary: RehearsalSummary;
  readonly leftBehind: readonly LeftBehind[];
  readonly findings: readonly Finding[];
  readonly database: DatabaseIdentity | null;
  /** All of it, from connecting on. */
  readonly durationMs: number;
};
