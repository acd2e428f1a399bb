import type { LintInput } from './lint-migrations.ts';

/** Migrations that are read together: a folder up to the last that is linted, or one file by itself. */
export type LintJob = Pick<LintInput, 'migrations' | 'snapshot' | 'isWhole' | 'pathExists'>;
