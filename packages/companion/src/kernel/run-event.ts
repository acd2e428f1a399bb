import type { Culprit } from './errors.ts';
import type { Finding } from './finding.ts';
import type { DatabaseIdentity, StepReport } from './report.ts';

/** What the runner tells while it works. The library prints nothing; the bin renders these. */
export type RunEvent =
  /** A connection attempt failed for a passing reason and is tried again. */
  | {
      readonly type: 'connect-retry';
      readonly attempt: number;
      readonly reason: string;
      readonly delayMs: number;
    }
  /** A rehearsal on a shadow begins. */
  | { readonly type: 'reading-files' }
  /** `isFirst`: what is made now the next run will find. */
  | {
      readonly type: 'shadow-start';
      readonly provider: 'pglite' | 'embedded' | 'server';
      readonly isFirst: boolean;
    }
  /** It takes statements; migrations that are not measured may run first. */
  | { readonly type: 'shadow-ready' }
  | { readonly type: 'connected'; readonly database: DatabaseIdentity }
  /** Another runner holds the migration lock. Told when it changes hands, not at each poll. */
  | { readonly type: 'lock-wait'; readonly holder: Culprit | null; readonly waitedMs: number }
  | { readonly type: 'finding'; readonly finding: Finding }
  /** Sent once, before the first step; also with no step at all. */
  | { readonly type: 'planned'; readonly steps: number; readonly applied: number }
  | { readonly type: 'ledger-upgraded'; readonly rows: number }
  | {
      readonly type: 'step-start';
      readonly name: string;
      /** 1-based. */
      readonly index: number;
      readonly steps: number;
      readonly statements: number;
      readonly transaction: boolean;
      /** Statements that an earlier, broken run had done already. */
      readonly resumedAfter: number;
    }
  | {
      readonly type: 'statement-done';
      readonly name: string;
      readonly done: number;
      readonly statements: number;
      /** The statement's SQL. */
      readonly sql: string;
    }
  | {
      readonly type: 'step-retry';
      readonly name: string;
      readonly attempt: number;
      readonly sqlstate: string;
      readonly delayMs: number;
      readonly culprits: readonly Culprit[];
    }
  /** A rehearsal begins with this migration. */
  | { readonly type: 'rehearsal-step'; readonly name: string; readonly index: number; readonly steps: number }
  | { readonly type: 'invalid-index-dropped'; readonly name: string; readonly index: string }
  | { readonly type: 'step-end'; readonly step: StepReport; readonly index: number; readonly steps: number };
