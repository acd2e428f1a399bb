import { join, posix } from 'node:path';
import { DISK_TREE } from '../../folder/disk-tree.ts';
import type { History } from '../../folder/history.ts';
import { readMigrations } from '../../folder/read-migrations.ts';
import type { Base, NoBase } from '../../git/find-base.ts';
import type { Repository } from '../../git/repository.ts';
import { toRepositoryPath } from '../../git/repository-path.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { FileTree } from '../../kernel/file-tree.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { BaseComparison } from './base-comparison.ts';
import { compareWithBase } from './compare-with-base.ts';
import { GIT_CHECKS } from './git-checks.ts';
import { liftSquashed, SQUASH_SENTINEL } from './lift-squashed.ts';

export type GitInput = {
  readonly repository: Repository;
  /** What is merged already, by any name git knows; null: the default branch of the remote. */
  readonly base: string | null;
  /** The migrations folder, where it lies in the working tree; absolute. */
  readonly folder: string;
  /** The working tree, or what the commit would contain. Default `disk`. */
  readonly judged?: 'disk' | 'index';
};

/**
 * Are the migrations that others have still what they were, and are the new ones newer? Judged from where the branch
 * left its base; what it brings that is new, against the base as it is now.
 *
 * An index whose base cannot be told is held against HEAD: what is committed may be with others, for all we know.
 */
export async function diagnoseGit(input: GitInput): Promise<Diagnosis> {
  try {
    return await diagnose(input);
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'folder-unreadable') {
      return notChecked(input, error.message);
    }
    throw error;
  }
}

async function diagnose(input: GitInput): Promise<Diagnosis> {
  const { repository, base: asked, folder } = input;
  const path = toRepositoryPath(repository.root, folder);
  if (path === null) {
    return notChecked(input, `${folder} does not lie in the repository ${repository.root}`);
  }
  const base = await findBaseOrHead(input);
  if ('reason' in base) return notChecked(input, base.reason);

  const now = await readJudged(input);
  if (!isReadable(now)) return notChecked(input, 'the journal cannot be read');
  const comparison = await compare({ ...input, path }, base, now);
  if (comparison === null) return notChecked(input, `the journal on ${base.name} cannot be read`);

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

async function findBaseOrHead({ repository, base, judged }: GitInput): Promise<Base | NoBase> {
  const found = await repository.findBase(base);
  if (!('reason' in found) || base !== null || judged !== 'index') return found;
  const head = await repository.resolveCommit('HEAD');
  return head === null ? found : { name: 'HEAD', tip: head, fork: head };
}

async function readJudged({ repository, folder, judged }: GitInput): Promise<History | null> {
  const tree =
    judged === 'index' ? await repository.readIndexTree({ below: [folder], keep: isNeeded }) : DISK_TREE;
  return readIfThere(folder, tree);
}

async function compare(
  input: GitInput & { readonly path: string },
  base: Base,
  now: History | null,
): Promise<BaseComparison | null> {
  const { repository, folder, path, judged = 'disk' } = input;
  const read = async (commit: string) =>
    readIfThere(folder, await repository.readCommitTree(commit, { below: [folder], keep: isNeeded }));
  const reading = read(base.fork);
  const [fork, tip, changes] = await Promise.all([
    reading,
    base.tip === base.fork ? reading : read(base.tip),
    repository.listChanged(base.fork, { below: [folder], judged }),
  ]);
  if (!isReadable(fork) || !isReadable(tip)) return null;
  const changed = new Set(changes.map(({ file }) => relocate(input, file)));
  return compareWithBase({
    ...{ base: base.name, fork, tip, now, changed },
    directory: input.folder,
    folder: path,
  });
}

/** Snapshots are long, and nobody's database has seen them. */
function isNeeded(path: string): boolean {
  return path.endsWith('.sql') || path.endsWith('/_journal.json');
}

function readIfThere(folder: string, tree: FileTree): History | null {
  try {
    return readMigrations(folder, tree);
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'folder-unreadable') return null;
    throw error;
  }
}

/** A journal with conflict markers lists nothing; that is no deletion. */
function isReadable(history: History | null): boolean {
  return history === null || history.layout === 'folders' || history.journal !== null;
}

/** The file by the way that the folder was named: git's root may have come by another. */
function relocate({ repository, folder, path }: GitInput & { readonly path: string }, file: string): string {
  return join(folder, posix.relative(path, toRepositoryPath(repository.root, file) ?? ''));
}

/** @returns what could not be looked at; a base that was asked for by name is named. */
function notChecked({ base }: GitInput, reason: string): Diagnosis {
  const asked = base === null ? '' : `--base ${base}: `;
  return { findings: [], notChecked: [{ group: 'git', reason: `${asked}${reason}` }], notes: [] };
}
