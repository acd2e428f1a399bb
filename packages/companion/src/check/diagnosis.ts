import type { NotChecked } from '../kernel/check.ts';
import type { Finding } from '../kernel/finding.ts';

/** What one group has to say. */
export type Diagnosis = {
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  /** Sentences that ask for nothing. */
  readonly notes: readonly string[];
  /** What a comment in the SQL allows. */
  readonly allowed?: readonly Finding[];
  /** Migrations that the linter did not judge. */
  readonly unlinted?: ReadonlySet<string>;
};
