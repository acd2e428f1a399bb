/** A migration as it stands somewhere: in the base, or in what is judged. */
export type RecordedMigration = {
  readonly name: string;
  /** Unix milliseconds. */
  readonly when: number;
  /** Its number in the journal; null in the 1.x layout. */
  readonly idx: number | null;
  /** null when the journal lists it and the file is not there. */
  readonly sql: string | null;
  /** Where its SQL lies, or would; absolute. */
  readonly file: string;
  /** Where it is listed: its journal entry, or its own file. */
  readonly place: { readonly file: string; readonly line: number };
};

export type Pair = { readonly before: RecordedMigration; readonly after: RecordedMigration };

/** `line-endings`: nothing but these differ. */
export type SqlChange = 'same' | 'line-endings' | 'edited';

/** What a branch, or a commit about to be made, does to the migrations that others have. */
export type BaseComparison = {
  /** What it was held against, as the user says it: `origin/main`. */
  readonly base: string;
  /** The migrations folder: absolute, and as git names it. */
  readonly directory: string;
  readonly folder: string;
  readonly layout: 'journal' | 'folders';
  /** There under both, and not the same. */
  readonly edited: readonly (Pair & { readonly sql: SqlChange })[];
  readonly renamed: readonly Pair[];
  /** `listing` is where the journal still lists one whose file is gone. */
  readonly deleted: readonly {
    readonly before: RecordedMigration;
    readonly place: RecordedMigration['place'];
  }[];
  readonly added: readonly RecordedMigration[];
  /** The newest on the base as it is now, not as it was when the branch left it. */
  readonly newest: RecordedMigration | null;
};
