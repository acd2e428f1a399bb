import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import type { FileTree, TreeEntry } from '../kernel/file-tree.ts';

/**
 * The files on disk. Access is synchronous on purpose: for hundreds of small files that is several times quicker
 * than promises, and nothing else waits meanwhile. Throws `folder-unreadable` for what is there and cannot be read.
 */
export const DISK_TREE: FileTree = {
  list(directory) {
    const children = attempt(directory, () => readdirSync(directory, { withFileTypes: true }));
    return children?.flatMap((child) => entryOf(directory, child)) ?? null;
  },
  read(file) {
    return attempt(file, () => readFileSync(file, 'utf8'));
  },
};

const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

function attempt<T>(path: string, read: () => T): T | null {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && ABSENT.has(String(cause.code))) return null;
    throw new CompanionError('folder-unreadable', {
      message: `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}

/** A link counts as what it leads to, as it does for drizzle; one that leads nowhere is not there. */
function entryOf(directory: string, child: Dirent): TreeEntry[] {
  const { name } = child;
  const facts = child.isSymbolicLink()
    ? attempt(join(directory, name), () => statSync(join(directory, name)))
    : child;
  if (facts?.isDirectory()) return [{ name, kind: 'directory' }];
  return facts?.isFile() ? [{ name, kind: 'file' }] : [];
}
