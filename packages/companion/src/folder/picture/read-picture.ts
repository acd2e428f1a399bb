import { record } from './canonical-json.ts';
import type { Picture } from './picture.ts';
import { pictureDdl, type Row } from './picture-ddl.ts';
import { pictureTables } from './picture-tables.ts';

/** Everything that a snapshot says, of 0.31 or of 1.x. Pure. */
export function readPicture(snapshot: unknown): Picture {
  const content = record(snapshot);
  return Array.isArray(content.ddl) ? pictureDdl(content.ddl as readonly Row[]) : pictureTables(content);
}
