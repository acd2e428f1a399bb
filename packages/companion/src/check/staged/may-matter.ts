import { extname } from 'node:path';

/** What a migrations folder, a config or a schema can be made of. */
const MATTERS = new Set(['.sql', '.json', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']);

/**
 * Could a change of this file change what `check` says? Told by its name alone, so that a commit of pages and
 * pictures costs no more than asking git what is staged. Pure.
 */
export function mayMatter(file: string): boolean {
  return MATTERS.has(extname(file).toLowerCase());
}
