import type { Finding } from './finding.ts';
import type { Place } from './place.ts';
import type { RehearsalReport } from './rehearsal.ts';
import type { MigrateReport } from './report.ts';

/** Every error this package raises on purpose, with the exit code the bin ends with. */
export const EXIT_CODES = {
  'problems-found': 1,
  'usage-invalid': 2,
  'settings-invalid': 2,
  'folder-unreadable': 2,
  'permission-denied': 2,
  internal: 2,
  /** A query of our own failed, not one of a migration. */
  'query-failed': 2,
  'shadow-unavailable': 2,
  'migration-failed': 3,
  'history-refused': 4,
  'ledger-refused': 4,
  'pooler-refused': 4,
  'standby-refused': 4,
  'resume-refused': 4,
  'verification-failed': 4,
  'shadow-refused': 4,
  'lock-busy': 5,
  'table-busy': 5,
  'orphan-busy': 5,
  /** A rehearsal would keep others from tables that they work with. */
  'database-in-use': 5,
  'database-unreachable': 6,
  'login-refused': 6,
  'database-missing': 6,
  'connection-lost': 6,
  'interrupted-sigint': 130,
  'interrupted-sigterm': 143,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

/** What PostgreSQL said, under its own field names (protocol, "Error and Notice Message Fields"). */
export type ServerError = {
  readonly sqlstate: string;
  readonly severity: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** 1-based, in characters, into the query that was sent. */
  readonly position?: number;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
};

/** Another session that is in the way, or a transaction that one has prepared and left. Durations in milliseconds. */
export type Culprit = {
  /** 0: a prepared transaction has no process. */
  readonly pid: number;
  readonly user: string | null;
  readonly application: string;
  /** Address, or `local socket`; `unknown` of a session whose activity is hidden from the role. */
  readonly client: string;
  readonly state: string | null;
  /** Age of its open transaction, or of the session when none is open; null where that is hidden from the role. */
  readonly ageMs: number | null;
  /** The first 200 characters of its current or last query. */
  readonly query: string;
  /** The relation it holds, where one is known. */
  readonly relation?: string;
  /** The name of a prepared transaction. */
  readonly prepared?: string;
};

export type ErrorFields = {
  /** What happened, in one sentence. */
  readonly message: string;
  readonly place?: Place;
  /** The user's SQL around `place`, with a caret; several lines. */
  readonly snippet?: string;
  /** The statement that failed, whole. */
  readonly statement?: string;
  readonly migration?: string;
  readonly server?: ServerError;
  readonly culprits?: readonly Culprit[];
  readonly findings?: readonly Finding[];
  /** Sentences that say what state things are in now: rolled back, applied so far. */
  readonly state?: readonly string[];
  /** What to do, in words. */
  readonly hint?: string;
  /** The command that does it. */
  readonly fix?: string;
  /** How far the run came. */
  readonly report?: MigrateReport;
  /** What was rehearsed before it. */
  readonly rehearsal?: RehearsalReport;
  readonly cause?: unknown;
};

/** The one error class of the package: a code from a closed set, and fields; text is rendered from them. */
export class CompanionError extends Error {
  override readonly name = 'CompanionError';
  readonly code: ErrorCode;
  readonly fields: ErrorFields;
  /** Clean-ups that failed after this error; it stays the one that is told. */
  readonly suppressed: unknown[] = [];

  constructor(code: ErrorCode, fields: ErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = code;
    this.fields = fields;
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }

  /** The same error, knowing more. */
  with(fields: Partial<ErrorFields>): CompanionError {
    const next = new CompanionError(this.code, { ...this.fields, ...fields });
    next.suppressed.push(...this.suppressed);
    return next;
  }
}
