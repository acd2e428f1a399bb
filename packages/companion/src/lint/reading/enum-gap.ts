import type { ColumnFacts, TableFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import type { ColumnDependent } from './column-dependents.ts';
import type { Cast } from './enum-recreates.ts';

/** A column of the old type, with what the migration does to it. */
export type EnumColumn = {
  readonly table: TableFacts;
  readonly column: ColumnFacts;
  readonly cast: Cast | null;
};

/** A step that is missing, with what comes of it. */
export type EnumGap =
  /** PostgreSQL refuses to cast the default along (42804), or to drop the type that it is of (2BP01). */
  | { readonly kind: 'default stays'; readonly column: EnumColumn; readonly at: LintStatement }
  | { readonly kind: 'default lost'; readonly column: EnumColumn; readonly at: LintStatement }
  | {
      readonly kind: 'default removed';
      readonly column: EnumColumn;
      readonly value: string;
      readonly at: LintStatement;
    }
  | {
      readonly kind: 'column left';
      readonly column: EnumColumn;
      readonly at: LintStatement;
      readonly cascade: boolean;
    }
  | { readonly kind: 'no using'; readonly column: EnumColumn; readonly at: LintStatement }
  | {
      readonly kind: 'dependent';
      readonly dependent: ColumnDependent;
      readonly column: EnumColumn;
      readonly at: LintStatement;
    }
  | { readonly kind: 'user of type'; readonly what: string; readonly at: LintStatement }
  | { readonly kind: 'type left'; readonly at: LintStatement }
  | {
      readonly kind: 'values left';
      readonly column: EnumColumn;
      readonly values: readonly string[];
      readonly at: LintStatement;
    };
