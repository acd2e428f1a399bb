import { type ChangedFile, listStaged } from './list-staged.ts';
import { locateRepository } from './locate-repository.ts';

/**
 * What is staged in the repository around `directory`: one git process, and nothing of ours loaded. Null when it cannot be told
 * this way: no repository, no git, or git refuses; `findRepository` then says why.
 */
export async function listStagedQuickly(directory: string): Promise<readonly ChangedFile[] | null> {
  const place = locateRepository(directory);
  if (!place) return null;
  return await listStaged(place).catch(() => null);
}
