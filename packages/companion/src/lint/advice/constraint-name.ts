/** PostgreSQL cuts longer names off, silently. */
const MAX_BYTES = 63;

/** `posts`, `author_id`, `fkey` → `posts_author_id_fkey`; of a long name the front half is shortened. */
export function constraintName(table: string, columns: readonly string[], suffix: string): string {
  let front = [table, ...columns].join('_');
  while (Buffer.byteLength(`${front}_${suffix}`) > MAX_BYTES) front = [...front].slice(0, -1).join('');
  return `${front}_${suffix}`;
}
