import type { Finding } from '../../kernel/finding.ts';
import type { BaseComparison } from './base-comparison.ts';

/** A finding of one check, before its code and page are put to it. */
export type GitFault = Omit<Finding, 'code' | 'docs'>;

/** One thing that must not be done to migrations that others have. Pure. */
export type GitCheck = {
  readonly code: `git/${string}`;
  diagnose(comparison: BaseComparison): readonly GitFault[];
};
