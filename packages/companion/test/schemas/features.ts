import { ACCESS_FEATURES } from './access-features.ts';
import { COLUMN_FEATURES } from './column-features.ts';
import type { Feature } from './feature.ts';
import { KEY_FEATURES } from './key-features.ts';
import { TYPE_FEATURES } from './type-features.ts';

/** A schema for each thing that PostgreSQL schemas are made of, and the edits that matter in it. */
export const FEATURES: readonly Feature[] = [
  ...COLUMN_FEATURES,
  ...TYPE_FEATURES,
  ...KEY_FEATURES,
  ...ACCESS_FEATURES,
];
