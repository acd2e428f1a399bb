import { join, relative, resolve } from 'node:path';
import { findRepository } from '../../git/repository.ts';
import { withStagedCheckout } from '../../git/staged-checkout.ts';
import type { CheckResult } from '../../kernel/check-result.ts';
import { CompanionError } from '../../kernel/errors.ts';
import { loadSettings } from '../../settings/load-settings.ts';
import { checkFiles } from '../check.ts';
import type { Groups } from '../choose-groups.ts';
import type { CheckOptions } from '../options.ts';
import { type Concern, findConcern } from './find-concern.ts';
import { mayMatter } from './may-matter.ts';
import { moveError, moveResult } from './move-paths.ts';

/** What the next commit would contain, judged in a checkout of its own: neither index nor working tree is touched. */
export async function checkStaged(options: CheckOptions, groups: Groups): Promise<CheckResult> {
  const repository = await findRepository(options.cwd);
  if (!('root' in repository)) {
    throw new CompanionError('usage-invalid', { message: `--staged: ${repository.reason}` });
  }
  const { root } = repository;
  const staged = (await repository.listStaged()).filter(({ file }) => mayMatter(file));
  const { isConcerned, directories } = await findConcernOf(options, staged);
  if (!isConcerned) return nothingStaged(root);
  // Modules are compiled at a path that never comes again: kept, they would only pile up.
  options.env.JITI_FS_CACHE ??= 'false';
  return withStagedCheckout(repository, { paths: directories ?? [root] }, async (checkout) => {
    const there = (path: string) => join(checkout, relative(root, resolve(options.cwd, path)));
    try {
      const result = await checkFiles(moveOptions(options, there), groups, {
        root: checkout,
        diagnoseGit: async (folder) => {
          const { diagnoseGit } = await import('../git/diagnose-git.ts');
          const real = join(root, relative(checkout, folder));
          return diagnoseGit({ repository, base: null, folder: real, judged: 'index' });
        },
      });
      return moveResult(result, checkout, root);
    } catch (error) {
      throw moveError(error, checkout, root);
    }
  });
}

async function findConcernOf(
  { flags, cwd, env }: CheckOptions,
  staged: Parameters<typeof findConcern>[0],
): Promise<Concern> {
  if (staged.length === 0) return { isConcerned: false, directories: [] };
  try {
    return await findConcern(staged, await loadSettings({ flags, cwd, env, offline: true }));
  } catch {
    // A config that is broken on disk may be whole in the index, and is judged there.
    return { isConcerned: true, directories: null };
  }
}

function moveOptions(options: CheckOptions, there: (path: string) => string): CheckOptions {
  const { config, folder } = options.flags;
  const flags = {
    ...options.flags,
    ...(config === undefined ? {} : { config: there(config) }),
    ...(folder === undefined || folder === '' ? {} : { folder: there(folder) }),
  };
  return { ...options, flags, cwd: there('.') };
}

export function nothingStaged(root: string): CheckResult {
  return {
    findings: [],
    excepted: [],
    notChecked: [],
    notes: ['nothing is staged that check looks at'],
    files: 0,
    groups: [],
    isPassed: true,
    sources: new Map(),
    root,
    configFile: null,
  };
}
