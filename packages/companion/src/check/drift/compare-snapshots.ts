import { list, record } from '../../folder/picture/canonical-json.ts';
import { pictureDdl, type Row } from '../../folder/picture/picture-ddl.ts';
import { pictureTables } from '../../folder/picture/picture-tables.ts';
import { comparePictures, type EntityChange } from './compare-pictures.ts';
import { settleDdl } from './settle-ddl.ts';
import { settleTables } from './settle-tables.ts';

/**
 * What `drizzle-kit generate` would find changed between two snapshots of one format (0.31's `tables`, or 1.x's
 * `ddl`); null stands for the snapshot of a fresh folder. Ids, key order and bookkeeping do not count. Pure.
 */
export function compareSnapshots(before: unknown, after: unknown): readonly EntityChange[] {
  const [old, now] = [record(before), record(after)];
  if (Array.isArray(now.ddl)) {
    const rows = list(old.ddl) as readonly Row[];
    return comparePictures(pictureDdl(rows), pictureDdl(settleDdl(rows, now.ddl as readonly Row[])));
  }
  const settled = settleTables(old, now);
  return comparePictures(pictureTables(settled.before), pictureTables(settled.after));
}
