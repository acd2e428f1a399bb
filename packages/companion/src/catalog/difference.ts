import type { CatalogKind, CatalogPart } from './catalog.ts';

/** null: the fact is not told of it. */
export type FactDifference = {
  readonly fact: string;
  readonly expected: string | null;
  readonly actual: string | null;
};

/** One thing in which two databases differ: a whole entity, one of its parts, or facts of either. */
export type CatalogDifference = {
  /**
   * `missing`: the actual database has it not; `added`: it has it, unexpected. `renamed`: an index, a constraint or the like
   * is there under another name, which matters to the migration that will drop it; `name` is the expected one.
   */
  readonly change: 'missing' | 'added' | 'changed' | 'renamed';
  readonly kind: CatalogKind;
  readonly schema: string | null;
  readonly name: string;
  /** null when the entity as such is meant. */
  readonly part: Pick<CatalogPart, 'kind' | 'name'> | null;
  /** Those that differ; of what is missing or added, all that it has. */
  readonly facts: readonly FactDifference[];
};
