import { join } from 'node:path';
import type { RepositoryPlace } from './locate-repository.ts';
import { runGit } from './run-git.ts';

export type ChangedFile = {
  /** Absolute, as on disk. */
  readonly file: string;
  /** A renamed file is told as one deleted and one added. */
  readonly status: 'added' | 'modified' | 'deleted' | 'unmerged';
};

/** Renames are not looked for: it costs, and what a migration was called before is found by its content. */
export const NAME_STATUS = ['--name-status', '--no-renames', '-z'] as const;

/** What the commit would change, compared with HEAD, or with nothing before the first commit. Throws `GitFailure`. */
export async function listStaged(place: RepositoryPlace): Promise<readonly ChangedFile[]> {
  return parseNameStatus(place.root, String(await runGit(place, ['diff', '--cached', ...NAME_STATUS])));
}

/** Reads `git diff --name-status --no-renames -z`: status and path in turn, each ended by NUL. */
export function parseNameStatus(root: string, text: string): readonly ChangedFile[] {
  const fields = text.split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const status = STATUS[fields[at]?.[0] ?? ''] ?? 'modified';
    files.push({ file: join(root, fields[at + 1] ?? ''), status });
  }
  return files;
}

const STATUS: Readonly<Record<string, ChangedFile['status']>> = { A: 'added', D: 'deleted', U: 'unmerged' };
