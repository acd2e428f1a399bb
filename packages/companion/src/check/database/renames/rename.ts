import type { CatalogKind } from '../../../catalog/catalog.ts';

/** Something that is there under another name than the migrations give it, or in another schema. */
export type Rename = {
  readonly kind: CatalogKind;
  /** As the migrations have it. */
  readonly schema: string | null;
  readonly name: string;
  /** As it is here. */
  readonly actual: { readonly schema: string | null; readonly name: string };
  /** Of a column in it, instead; the names above are then the migrations' on both sides. */
  readonly column?: { readonly name: string; readonly actual: string };
};

/** What is missing, and what may be the same thing under another name: nothing tells for certain. */
export type Doubt = Rename;
