import { join, posix } from 'node:path';
import type { NoBase } from '../../git/find-base.ts';
import { toRepositoryPath } from '../../git/repository-path.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { compareWithBase } from './compare-with-base.ts';
import { GIT_CHECKS } from './git-checks.ts';
import { liftSquashed, SQUASH_SENTINEL } from './lift-squashed.ts';
import { type BaseReading, type GitInput, isReadable, readBase, readJudged } from './read-base.ts';

/**
 * Are the migrations that others have still what they were, and are the new ones newer? Judged from where the branch
 * left its base; what it brings that is new, against the base as it is now.
 *
 * An index whose base cannot be told is held against HEAD: what is committed may be with others, for all we know.
 * `reading` is for a caller that has read the base already.
 */
export async function diagnoseGit(
  input: GitInput,
  reading: Promise<BaseReading | NoBase> = readBase(input),
): Promise<Diagnosis> {
  try {
    return await diagnose(input, reading);
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'folder-unreadable') {
      return notChecked(input, error.message);
    }
    throw error;
  }
}

async function diagnose(input: GitInput, reading: Promise<BaseReading | NoBase>): Promise<Diagnosis> {
  const { repository, base: asked, folder, judged = 'disk' } = input;
  const read = await reading;
  if ('reason' in read) {
    const told = notChecked(input, read.reason);
    if (read.kind !== 'cut off') return told;
    return { ...told, notChecked: told.notChecked.map((one) => ({ ...one, isFailure: true })) };
  }
  const { base, path, fork, tip } = read;
  const now = await readJudged(input);
  if (!isReadable(now)) return notChecked(input, 'the journal cannot be read');
  const changes = await repository.listChanged(base.fork, { below: [folder], judged });
  const comparison = compareWithBase({
    ...{ base: base.name, fork, tip, now },
    changed: new Set(changes.map(({ file }) => relocate({ ...input, path }, file))),
    directory: folder,
    folder: path,
  });

  const findings = GIT_CHECKS.flatMap(({ code, diagnose }) =>
    diagnose(comparison).map(
      (fault): Finding => ({ ...fault, code, docs: `docs/findings.md#${code.replace('/', '')}` }),
    ),
  );
  const commit = await repository.findMessage(base.fork, SQUASH_SENTINEL);
  const told = commit ? liftSquashed(findings, { base: base.name, commit }) : findings;
  const notes = asked === null && base.name === 'HEAD' ? [HELD_AGAINST_HEAD] : [];
  return { findings: told, notChecked: [], notes };
}

const HELD_AGAINST_HEAD =
  'git: which branch this one will be merged into cannot be told; the commit was held against HEAD.';

/** The file by the way that the folder was named: git's root may have come by another. */
function relocate({ repository, folder, path }: GitInput & { readonly path: string }, file: string): string {
  return join(folder, posix.relative(path, toRepositoryPath(repository.root, file) ?? ''));
}

/** @returns what could not be looked at; a base that was asked for by name is named. */
function notChecked({ base }: GitInput, reason: string): Diagnosis {
  const asked = base === null ? '' : `--base ${base}: `;
  return { findings: [], notChecked: [{ group: 'git', reason: `${asked}${reason}` }], notes: [] };
}
