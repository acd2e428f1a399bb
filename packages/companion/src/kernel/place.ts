/** A spot in a file of the user's. Lines and columns are 1-based; columns count Unicode code points. */
export type Place = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
};

/** A piece of text with where it starts in the file it was cut from (UTF-16 offset, as in `slice`). */
export type Statement = {
  /** The SQL as it is sent, without the surrounding white space. */
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly offset: number;
  /** What it leaves behind in the session: a setting (SET, SET ROLE), or something temporary; absent for nothing. */
  readonly leaves?: 'setting' | 'temporary';
};
