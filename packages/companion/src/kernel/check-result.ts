import type { CheckGroup, CheckReport } from './check.ts';
import type { Finding } from './finding.ts';

/** Files that were mended, and those that could have been, by their absolute paths. */
export type Mending = {
  readonly written: readonly { readonly file: string; readonly codes: readonly string[] }[];
  readonly kept: readonly {
    readonly file: string;
    readonly codes: readonly string[];
    readonly reason: string;
  }[];
};

/** What `check` looked at and found, with all that is needed to show it. */
export type CheckResult = CheckReport & {
  /** No error, and nothing that was asked for by name went unlooked at. */
  readonly isPassed: boolean;
  /** The groups that were looked at, whole. */
  readonly groups: readonly CheckGroup[];
  /** What the companion config keeps quiet. */
  readonly excepted: readonly Finding[];
  /** What a comment in the SQL allows. */
  readonly allowed: readonly Finding[];
  /** What `lint --fix` did; absent without it. */
  readonly mending?: Mending;
  /** Sentences about what was looked at and how far, that ask for nothing. */
  readonly notes: readonly string[];
  /** The text of each file that a finding points into, as it was judged: that of the index under `--staged`. */
  readonly sources: ReadonlyMap<string, string>;
  /** The directory that paths in reports for other programs are relative to: the repository's, else the project's. */
  readonly root: string;
  /** Where a finding without a file of its own is shown by programs that need one; null without any config. */
  readonly configFile: string | null;
};
