import { join } from 'node:path';
import { NAME_STATUS, parseNameStatus } from './list-staged.ts';
import type { Git } from './open-git.ts';
import { pathspecs } from './repository-path.ts';

export type IndexEntry = {
  /** As git names it: from the root, with slashes. */
  readonly path: string;
  readonly id: string;
  readonly kind: EntryKind;
  /** In conflict; the entry is our side then, or theirs where we deleted it. */
  readonly unmerged: boolean;
};

export type EntryKind = 'file' | 'link' | 'submodule';

/** What the commit would contain below paths, as git names them. */
export async function listIndex(git: Git, below: readonly string[]): Promise<readonly IndexEntry[]> {
  if (below.length === 0) return [];
  const entries = parseIndex(await git.run(['ls-files', '--stage', '-z', ...pathspecs(below)]));
  const empty = entries.filter((entry) => EMPTY_BLOBS.has(entry.id)).map((entry) => entry.path);
  const intended = await listIntended(git, empty);
  return entries.filter((entry) => !intended.has(entry.path));
}

/** Reads `git ls-files --stage -z`: `<mode> <id> <stage>`, a tab, the path. */
export function parseIndex(text: string): readonly IndexEntry[] {
  const entries = new Map<string, IndexEntry>();
  for (const line of text.split('\0').slice(0, -1)) {
    const [facts = '', path] = splitOnce(line, '\t');
    const [mode, id = '', stage] = facts.split(' ');
    // Stages of a conflict: 1 the common ancestor, 2 ours, 3 theirs.
    if (stage === '1' || (stage === '3' && entries.has(path))) continue;
    entries.set(path, { path, id, kind: entryKind(mode), unmerged: stage !== '0' });
  }
  return [...entries.values()];
}

export function entryKind(mode: string | undefined): EntryKind {
  if (mode === '160000') return 'submodule';
  return mode === '120000' ? 'link' : 'file';
}

/** A path may contain the separator. */
export function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The id of nothing, under SHA-1 and SHA-256. */
const EMPTY_BLOBS = new Set([
  'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
  '473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813',
]);

/**
 * Which of these empty files the commit will not contain, because they were only announced (`git add -N`). In the index
 * they look like empty files; they are the ones that a diff shows or not, as one asks for it.
 */
async function listIntended(git: Git, empty: readonly string[]): Promise<ReadonlySet<string>> {
  if (empty.length === 0) return new Set();
  const diff = async (visibility: string) => {
    const text = await git.run(['diff', '--cached', visibility, ...NAME_STATUS, ...pathspecs(empty)]);
    return new Map(parseNameStatus(git.root, text).map(({ file, status }) => [file, status]));
  };
  const [shown, hidden] = await Promise.all([
    diff('--ita-visible-in-index'),
    diff('--ita-invisible-in-index'),
  ]);
  return new Set(
    empty.filter((path) => shown.get(join(git.root, path)) !== hidden.get(join(git.root, path))),
  );
}
