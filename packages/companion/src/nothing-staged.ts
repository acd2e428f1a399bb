import { writeSync } from 'node:fs';
import { mayMatter } from './check/staged/may-matter.ts';
import { listStagedQuickly } from './git/list-staged-quickly.ts';

/** How the hook of every commit calls us. */
const HOOK = 'check --staged';

/**
 * Most commits have nothing for us. True when this is `check --staged` in one of them, and that was said; then there is
 * nothing to load. The bin asks before anything else, in CommonJS, which Node starts quicker than modules.
 */
export function saysNothingStaged(argv: readonly string[]): boolean {
  if (argv.join(' ') !== HOOK) return false;
  const staged = listStagedQuickly(process.cwd());
  if (staged === null || staged.some(({ file }) => mayMatter(file))) return false;
  try {
    writeSync(1, 'Nothing is staged that check looks at.\n');
  } catch {
    // Nobody reads it.
  }
  return true;
}
