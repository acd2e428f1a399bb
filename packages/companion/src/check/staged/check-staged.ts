import { join, relative, resolve } from 'node:path';
import { findRepository } from '../../git/repository.ts';
import { withStagedCheckout } from '../../git/staged-checkout.ts';
import type { CheckResult } from '../../kernel/check-result.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import { loadSettings } from '../../settings/load-settings.ts';
import { checkFiles } from '../check-files.ts';
import type { Groups } from '../choose-groups.ts';
import { viewGit } from '../git/view-git.ts';
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
  const git = viewGit({ find: async () => repository, base: null, judged: 'index' });
  return withStagedCheckout(repository, { paths: directories ?? [root] }, async (checkout) => {
    const there = (path: string) => join(checkout, relative(root, resolve(options.cwd, path)));
    try {
      const result = await checkFiles(moveOptions(options, there), groups, {
        root: checkout,
        git: {
          ...git,
          diagnose: async (folder) => {
            const told = await git.diagnose(folder);
            // The lines that are shown are those of the checkout, too.
            return { ...told, findings: told.findings.map((one) => moveFile(one, there)) };
          },
        },
        toReal: (folder) => join(root, relative(checkout, folder)),
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

function moveFile(finding: Finding, there: (path: string) => string): Finding {
  return finding.file === undefined ? finding : { ...finding, file: there(finding.file) };
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

function nothingStaged(root: string): CheckResult {
  return {
    findings: [],
    excepted: [],
    allowed: [],
    notChecked: [],
    notes: [],
    files: 0,
    groups: [],
    isPassed: true,
    sources: new Map(),
    root,
    configFile: null,
  };
}
