import type { ServerError } from '../kernel/errors.ts';
import type { Place } from '../kernel/place.ts';
import type { ShadowProvider } from './shadow.ts';

/**
 * Whose rule a chain is replayed by: ours (a transaction for each migration, statements that refuse one by themselves),
 * or stock drizzle's (the pieces between breakpoints, all migrations in one transaction).
 */
export type ReplayRunner = 'companion' | 'stock';

/** Why a chain cannot be replayed. The shadow is good for nothing after it. */
export type ReplayFailure = {
  readonly migration: string;
  /** Null where no statement is at fault: the COMMIT failed, of a deferred constraint for one. */
  readonly statement: string | null;
  readonly place: Place;
  /** The SQL around the place, with a caret. */
  readonly snippet: string;
  /** What happened: PostgreSQL's sentence where it was PostgreSQL. */
  readonly message: string;
  /** Absent where the statement was not sent, or the provider broke off at it. */
  readonly server?: ServerError;
  readonly provider: ShadowProvider;
  /** The providers that can run the statement, where this one is the cause. */
  readonly able: readonly ShadowProvider[];
  readonly hint?: string;
  readonly fix?: string;
  /** Migrations before it that went through. */
  readonly done: number;
};

export type Replay =
  | { readonly kind: 'replayed'; readonly migrations: number }
  | { readonly kind: 'failed'; readonly failure: ReplayFailure };
