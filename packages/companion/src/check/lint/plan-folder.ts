import type { History } from '../../folder/history.ts';
import type { FileTree } from '../../kernel/file-tree.ts';
import type { MigrationOnDisk } from '../../kernel/migration.ts';
import { chooseLinted } from '../../lint/choose-linted.ts';
import { findSnapshot } from '../../lint/find-snapshot.ts';
import type { LintJob } from '../../lint/lint-job.ts';
import type { Merged } from '../git/read-merged.ts';
import { describeScope } from './describe-scope.ts';
import { probePaths } from './probe-paths.ts';

/** A SQL file as the linter reads it. */
export type LintFile = Pick<MigrationOnDisk, 'name' | 'file' | 'sql'>;

type FolderInput = {
  readonly history: History;
  /** In order; by default those of the history. */
  readonly migrations?: readonly LintFile[];
  /** Where snapshots are read from. */
  readonly tree: FileTree;
  readonly merged: Merged;
  /** Names that the ledger has; null where it was not asked. */
  readonly applied: ReadonlySet<string> | null;
  /** Which are wanted: `new`, `all`, or these by name. */
  readonly wanted: 'new' | 'all' | ReadonlySet<string>;
};

export type FolderPlan = {
  /** Null where nothing is to be linted. */
  readonly job: LintJob | null;
  readonly linted: ReadonlySet<string>;
  /** Read or not, but not judged. */
  readonly unlinted: ReadonlySet<string>;
  /** What was linted and what was not, in a sentence; null where that was asked for by name. */
  readonly note: string | null;
  /** Why what is new cannot be told; null where it can. */
  readonly notChecked: string | null;
};

/** Which migrations of a folder are linted, and what is read with them. Reads one snapshot at most, and looks for files only when a rule asks. */
export function planFolder(input: FolderInput): FolderPlan {
  const { history, tree, merged, applied, wanted } = input;
  const { migrations = history.migrations } = input;
  const deployed =
    merged.names === null && applied === null ? null : new Set([...(merged.names ?? []), ...(applied ?? [])]);
  const isAsked = merged.names === null && merged.base !== '';
  const isNew = (name: string) => deployed?.has(name) !== true && merged.changed?.has(name) !== false;
  const isLinted = (name: string) =>
    typeof wanted === 'object' ? wanted.has(name) : wanted === 'all' || (isNew(name) && !isAsked);
  const names = migrations.map(({ name }) => name);
  const linted = new Set(names.filter(isLinted));
  const [first] = linted;
  const sources = chooseLinted({ migrations, deployed, isLinted });
  const isUntold =
    wanted === 'new' && linted.size === 0 && names.length > 0 && merged.reason !== null && !isSettled(merged);
  return {
    job: first === undefined ? null : buildJob(first),
    linted,
    unlinted: new Set(names.filter((name) => !linted.has(name))),
    note: describeScope({ ...{ merged, applied, wanted }, linted: linted.size, all: names.length }),
    notChecked: isUntold && applied === null ? describeUntold(merged, { isAsked }) : null,
  };

  function buildJob(first: string): LintJob {
    const pathExists = probePaths(history.path);
    return {
      migrations: sources,
      snapshot: findSnapshot(history, first, tree),
      isWhole: sources.length === migrations.length,
      ...(pathExists === undefined ? {} : { pathExists }),
    };
  }
}

/** What is committed is with nobody else, or it is the index that is asked about: either is an answer. */
function isSettled({ kind, names }: Merged): boolean {
  return kind === 'absent' && names !== null;
}

function describeUntold({ base, reason }: Merged, { isAsked }: { readonly isAsked: boolean }): string {
  return isAsked
    ? `--base ${base}: ${reason}`
    : `${reason}. All migrations are committed, and which of them are new cannot be told; drizzle-companion lint --all lints every one`;
}
