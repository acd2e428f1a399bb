/** An edit of a schema: the text that goes, the text that comes, and what we say of it (null: nothing at all). */
export type Edit = {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly says: string | null;
  /** The majors of drizzle-kit that know it; both unless said. */
  readonly majors?: readonly (0 | 1)[];
};

export type Feature = {
  readonly name: string;
  readonly schema: string;
  readonly edits: readonly Edit[];
  readonly casing?: 'snake_case' | 'camelCase';
  readonly majors?: readonly (0 | 1)[];
};

/** Where a schema text imports from, whichever major runs it. */
export const PG = 'drizzle-orm/pg-core';
