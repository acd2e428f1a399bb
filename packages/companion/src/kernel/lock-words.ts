import type { LockMode } from './lock-modes.ts';

/** `ACCESS EXCLUSIVE`, as LOCK TABLE and the documentation write it. */
export function showMode(mode: LockMode): string {
  return mode.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase();
}
