import { locateRepository } from '../git/locate-repository.ts';
import { findRepository, type Repository } from '../git/repository.ts';
import type { CheckResult } from '../kernel/check-result.ts';
import { checkFiles } from './check-files.ts';
import { chooseGroups } from './choose-groups.ts';
import type { Diagnosis } from './diagnosis.ts';
import { notChecked } from './look.ts';
import type { CheckOptions } from './options.ts';

/**
 * Looks at history, snapshots, schema, git and, if asked, the database, and tells every fault at once. Changes nothing.
 * @throws CompanionError when it could not run: bad flags, bad config, a schema that does not compile.
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const groups = chooseGroups(options);
  if (options.staged) {
    const { checkStaged } = await import('./staged/check-staged.ts');
    return checkStaged(options, groups);
  }
  const repository = groups.wanted.has('git') ? await findRepository(options.cwd) : null;
  return checkFiles(options, groups, {
    root: locateRepository(options.cwd)?.root ?? null,
    diagnoseGit: (folder) => askGit(repository, folder, options.base),
  });
}

async function askGit(
  repository: Repository | { readonly reason: string } | null,
  folder: string,
  base: string | null,
): Promise<Diagnosis> {
  if (repository === null) return { findings: [], notChecked: [], notes: [] };
  if (!('root' in repository)) return notChecked('git', repository.reason);
  const { diagnoseGit } = await import('./git/diagnose-git.ts');
  return diagnoseGit({ repository, base, folder });
}
