import { deleted } from './deleted.ts';
import { edited } from './edited.ts';
import type { GitCheck } from './git-check.ts';
import { olderThanBase } from './older-than-base.ts';
import { renamed } from './renamed.ts';

/** Every check against the base; their order is that of the findings. */
export const GIT_CHECKS: readonly GitCheck[] = [edited, renamed, deleted, olderThanBase];
