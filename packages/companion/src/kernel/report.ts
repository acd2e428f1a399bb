import type { Finding } from './finding.ts';

/** The server a run talked to. */
export type DatabaseIdentity = {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  /** As `server_version` says it, e.g. `17.9`. */
  readonly serverVersion: string;
};

/** One planned migration and what became of it. */
export type StepReport = {
  readonly name: string;
  readonly state: 'done' | 'failed' | 'not-run';
  readonly statements: number;
  readonly durationMs: number;
  readonly transaction: boolean;
  readonly attempts: number;
};

export type MigrateReport = {
  readonly steps: readonly StepReport[];
  readonly findings: readonly Finding[];
  readonly database: DatabaseIdentity | null;
  readonly durationMs: number;
};
