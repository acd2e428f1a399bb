import type { NoBase } from '../../git/find-base.ts';
import type { Repository } from '../../git/repository.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Layout } from '../../kernel/migration.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { BaseReading, GitInput } from './read-base.ts';
import type { Merged } from './read-merged.ts';

type Found = Repository | { readonly reason: string };

/** What git has to say of migrations folders; the base of each is read once, whoever asks. */
export type GitView = {
  diagnose(folder: string): Promise<Diagnosis>;
  readMerged(folder: string, layout: Layout): Promise<Merged>;
};

type ViewInput = Pick<GitInput, 'base' | 'target' | 'judged'> & {
  /** Asked for at the first question. */
  readonly find: () => Promise<Found>;
};

export function viewGit({ find, base, target = null, judged = 'disk' }: ViewInput): GitView {
  let found: Promise<Found> | null = null;
  const findOnce = () => {
    found ??= find();
    return found;
  };
  const readings = new Map<string, Promise<BaseReading | NoBase>>();
  const readBaseOnce = async (input: GitInput) => {
    const { readBase } = await import('./read-base.ts');
    const reading = readings.get(input.folder) ?? readBase(input);
    readings.set(input.folder, reading);
    return reading;
  };
  return {
    async diagnose(folder) {
      const repository = await findOnce();
      if (!('root' in repository)) {
        return { findings: [], notChecked: [{ group: 'git', reason: repository.reason }], notes: [] };
      }
      const input = { repository, base, target, folder, judged };
      const { diagnoseGit } = await import('./diagnose-git.ts');
      return diagnoseGit(input, readBaseOnce(input));
    },
    async readMerged(folder, layout) {
      const repository = await findOnce();
      const unknown = {
        ...{ names: null, texts: new Set<string>(), base: base ?? '', changed: null },
        kind: 'unknown' as const,
      };
      if (!('root' in repository)) return { ...unknown, reason: repository.reason };
      const input = { repository, base, target, folder, judged };
      try {
        const { readMerged } = await import('./read-merged.ts');
        return await readMerged(input, await readBaseOnce(input), layout);
      } catch (error) {
        if (!(error instanceof CompanionError) || error.code !== 'folder-unreadable') throw error;
        return { ...unknown, reason: error.message };
      }
    },
  };
}
