import { CompanionError } from '../kernel/errors.ts';
import type { BlobFile } from './build-tree.ts';
import type { EntryKind } from './list-index.ts';
import type { Git } from './open-git.ts';

export type BlobEntry = { readonly path: string; readonly id: string; readonly kind: EntryKind };

/**
 * The contents of files, in one `git cat-file --batch`, as committed: no filter runs, no line ending is changed.
 * Throws `folder-unreadable` when git does not have one of them.
 */
export async function readBlobs(git: Git, entries: readonly BlobEntry[]): Promise<readonly BlobFile[]> {
  if (entries.length === 0) return [];
  const ids = [...new Set(entries.map((entry) => entry.id))];
  const blobs = parseBatch(await git.feed(['cat-file', '--batch'], `${ids.join('\n')}\n`));
  return entries.map(({ path, id, kind }) => {
    const blob = blobs.get(id);
    if (blob) return { path, text: blob.toString('utf8'), link: kind === 'link' };
    throw new CompanionError('folder-unreadable', {
      message: `git lists ${path} (${id}) and does not have its content.`,
      hint: 'The repository is damaged, or a partial clone without its remote.',
      fix: 'git fsck',
    });
  });
}

/** Reads what `git cat-file --batch` prints: `<id> <type> <size>`, a line feed, the content, a line feed. */
export function parseBatch(output: Buffer): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf('\n', at);
    const [id = '', , size] = output.toString('utf8', at, lineEnd).split(' ');
    at = lineEnd + 1;
    // `<id> missing`
    if (size === undefined) continue;
    blobs.set(id, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return blobs;
}
