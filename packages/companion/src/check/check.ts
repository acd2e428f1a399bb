import { locateRepository } from '../git/locate-repository.ts';
import { findRepository } from '../git/repository.ts';
import type { CheckResult } from '../kernel/check-result.ts';
import { checkFiles } from './check-files.ts';
import { chooseGroups } from './choose-groups.ts';
import { findTargetBranch } from './git/find-target-branch.ts';
import { viewGit } from './git/view-git.ts';
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
  return checkFiles(options, groups, {
    root: locateRepository(options.cwd)?.root ?? null,
    git: viewGit({
      find: () => findRepository(options.cwd),
      ...{ base: options.base, target: findTargetBranch(options.env) },
    }),
  });
}
