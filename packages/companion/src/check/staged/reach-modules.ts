import { existsSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type { FileTree } from '../../kernel/file-tree.ts';

/** Where the modules of a schema lie. */
export type Reach = {
  /** Absolute directories; packages of the workspace whole. */
  readonly directories: ReadonlySet<string>;
  /** True when something is imported that cannot be followed, as by an alias: then it may lie anywhere. */
  readonly isOpen: boolean;
};

/** `from 'x'`, `import 'x'`, `import('x')`, `require('x')`; one too many, in a comment, does no harm. */
const IMPORTS = /\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g;

const ENDS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** Follows imports from `entries`, absolute paths, by their text alone: nothing is loaded. */
export function reachModules(entries: readonly string[], tree: FileTree): Reach {
  const directories = new Set<string>();
  const seen = new Set<string>();
  let isOpen = false;
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const text = tree.read(file);
    directories.add(dirname(file));
    for (const [, name = ''] of (text ?? '').matchAll(IMPORTS)) {
      const found = follow(name, file, tree);
      if (found === 'unknown') isOpen = true;
      else if (found !== 'installed') {
        if (found.kind === 'file') waiting.push(found.path);
        else directories.add(found.path);
      }
    }
  }
  return { directories, isOpen };
}

type Found = 'installed' | 'unknown' | { readonly kind: 'file' | 'package'; readonly path: string };

function follow(name: string, from: string, tree: FileTree): Found {
  if (isBuiltin(name)) return 'installed';
  if (!name.startsWith('.')) return findPackage(name, dirname(from));
  const plain = resolve(dirname(from), name);
  // TypeScript's own way of writing `./x.js` for the file x.ts.
  const bases = [plain, plain.replace(/\.([cm]?)jsx?$/, '.$1ts'), join(plain, 'index')];
  for (const base of bases) {
    for (const end of ENDS) if (tree.read(base + end) !== null) return { kind: 'file', path: base + end };
  }
  return 'unknown';
}

/** A package is installed, of this workspace (a link out of node_modules), or no package at all but an alias. */
function findPackage(name: string, from: string): Found {
  const parts = name.split('/').slice(0, name.startsWith('@') ? 2 : 1);
  for (let directory = from; ; directory = dirname(directory)) {
    const place = join(directory, 'node_modules', ...parts);
    if (existsSync(place)) {
      const path = realpathSync(place);
      return path.includes(`${sep}node_modules${sep}`) ? 'installed' : { kind: 'package', path };
    }
    if (dirname(directory) === directory) return 'unknown';
  }
}
