export type FindingLevel = 'error' | 'warning' | 'info';

/** SQL that is better than what was found, ready to paste. */
export type Rewrite = {
  /** Where it belongs: `this migration`, `a later migration` …; absent when there is but one place. */
  readonly title?: string;
  readonly sql: string;
};

/** Something worth telling about the files, the ledger or the database: data first, rendered later. */
export type Finding = {
  /** `group/name`, one of the codes listed in docs/findings.md. */
  readonly code: string;
  readonly level: FindingLevel;
  readonly message: string;
  readonly migration?: string;
  /** The `id` of the ledger row it is about, where no migration is. */
  readonly row?: string;
  readonly file?: string;
  /** 1-based, like `column`, `endLine` and `endColumn`. */
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly hint?: string;
  /** The user's own SQL, made safe: one entry for each migration it takes. */
  readonly rewrite?: readonly Rewrite[];
  /** The command that mends it. */
  readonly fix?: string;
  /** The page that explains it, relative to the repository's root. */
  readonly docs: string;
};
