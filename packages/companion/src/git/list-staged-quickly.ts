import { spawnSync } from 'node:child_process';
import { type ChangedFile, NAME_STATUS, parseNameStatus } from './list-staged.ts';
import { locateRepository } from './locate-repository.ts';

/**
 * What is staged in the repository around `directory`: one git process, and nothing of ours loaded. Null when it cannot be told
 * this way: no repository, no git, or git refuses; `findRepository` then says why.
 */
export function listStagedQuickly(directory: string): readonly ChangedFile[] | null {
  const place = locateRepository(directory);
  if (!place) return null;
  const { root: cwd, env } = place;
  // Waited for: the machinery of streams costs Node more than git takes.
  const options = {
    cwd,
    env,
    encoding: 'utf8',
    windowsHide: true,
    maxBuffer: Number.POSITIVE_INFINITY,
  } as const;
  const { status, stdout } = spawnSync('git', ['diff', '--cached', ...NAME_STATUS], options);
  return status === 0 ? parseNameStatus(place.root, stdout) : null;
}
