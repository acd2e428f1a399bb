import type { Finding } from './finding.ts';

export const CHECK_GROUPS = ['history', 'snapshots', 'drift', 'git', 'lint', 'database'] as const;

export type CheckGroup = (typeof CHECK_GROUPS)[number];

/** What was asked for and could not be looked at: never told as clean. */
export type NotChecked = {
  readonly group: CheckGroup;
  readonly reason: string;
  /** No success even where nobody asked for the group: what it needs was there, and was left out. */
  readonly isFailure?: boolean;
};

export type CheckReport = {
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  /** How many files were looked at. */
  readonly files: number;
};
