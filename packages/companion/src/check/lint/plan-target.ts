import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { DISK_TREE } from '../../folder/disk-tree.ts';
import type { History } from '../../folder/history.ts';
import { readMigrations } from '../../folder/read-migrations.ts';
import { findRepository } from '../../git/repository.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { FileTree } from '../../kernel/file-tree.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { LintJob } from '../../lint/lint-job.ts';
import { findTargetBranch } from '../git/find-target-branch.ts';
import type { Merged } from '../git/read-merged.ts';
import { viewGit } from '../git/view-git.ts';
import type { LintOptions } from './options.ts';
import { type LintFile, planFolder } from './plan-folder.ts';

/** What is linted together: a migrations folder, whole or some of it, or files that belong to none. */
export type LintTarget = {
  /** Absolute; null for files by themselves. */
  readonly folder: string | null;
  /** Those that were named; null for what is new in the folder, or all of it. */
  readonly files: readonly LintFile[] | null;
};

export type TargetPlan = {
  readonly target: LintTarget;
  readonly jobs: readonly LintJob[];
  /** Null for files by themselves. */
  readonly merged: Merged | null;
  /** What --fix must leave alone, beside what is applied; empty where it is not asked for. */
  readonly kept: readonly Merged[];
  /** What cannot be read of the folder. */
  readonly faults: readonly Finding[];
  readonly notChecked: string | null;
  readonly note: string | null;
};

/** Reads what a target needs, and says what is linted of it. */
export async function planTarget(target: LintTarget, options: LintOptions): Promise<TargetPlan> {
  const { folder, files } = target;
  if (folder === null) {
    const alone = (files ?? []).map(({ name, file, sql }) => ({ name, file, sql, batch: 0, linted: true }));
    const jobs = alone.map((source) => ({ migrations: [source], snapshot: null }));
    const nothing = { merged: null, faults: [], notChecked: null, note: null };
    return { target, jobs, kept: options.fix ? await readKeptAround(files ?? [], options) : [], ...nothing };
  }
  const { staged, base, all } = options;
  const find = () => findRepository(folder);
  const tree = staged ? await readStaged(folder) : DISK_TREE;
  const history = readMigrations(folder, tree);
  const pull = { find, target: findTargetBranch(options.env) };
  const git = viewGit({ ...pull, base, judged: staged ? 'index' : 'disk' });
  const merged = await git.readMerged(folder, history.layout);
  const { job, note, notChecked } = planFolder({
    ...{ history, tree: DISK_TREE, merged, applied: null },
    migrations: withNamed(history, files ?? []),
    wanted: files !== null ? new Set(files.map(({ name }) => name)) : all ? 'all' : 'new',
  });
  const jobs = job === null ? [] : [job];
  const isNarrow = options.fix && base !== null;
  const usual = isNarrow ? await viewGit({ ...pull, base: null }).readMerged(folder, history.layout) : null;
  // A base that was asked for may be an old one. What is on the usual one is merged all the same, where there is one.
  const kept = [merged, ...(usual === null || usual.reason !== null ? [] : [usual])];
  return { target, jobs, merged, kept: options.fix ? kept : [], faults: history.faults, notChecked, note };
}

/** Files that are no migrations as they lie here may be such on the base: somebody took the journal away. */
async function readKeptAround(files: readonly LintFile[], { env }: LintOptions): Promise<readonly Merged[]> {
  const [first] = files;
  if (first === undefined) return [];
  const directory = dirname(realpathSync(first.file));
  const find = () => findRepository(directory);
  const git = viewGit({ find, base: null, target: findTargetBranch(env) });
  const merged = await git.readMerged(directory, 'journal');
  return merged.names === null ? [] : [merged];
}

/** What was named counts as it was given; what no journal lists comes last. */
function withNamed({ migrations }: History, files: readonly LintFile[]): readonly LintFile[] {
  const named = new Map(files.map((file) => [file.name, file]));
  const listed = new Set(migrations.map(({ name }) => name));
  return [
    ...migrations.map((migration) => named.get(migration.name) ?? migration),
    ...files.filter(({ name }) => !listed.has(name)),
  ];
}

async function readStaged(folder: string): Promise<FileTree> {
  const repository = await findRepository(folder);
  if (!('root' in repository)) {
    throw new CompanionError('usage-invalid', { message: `--staged: ${repository.reason}` });
  }
  const keep = (path: string) => path.endsWith('.sql') || path.endsWith('/_journal.json');
  return repository.readIndexTree({ below: [folder], keep });
}
