import { createHash } from 'node:crypto';

/** Hex SHA-256 of a migration's text, as drizzle-orm's `readMigrationFiles` computes it. */
export function hashMigration(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** Does `hash` belong to the same text with other line endings? A checkout with git's autocrlf makes such files. */
export function hashMatchesOtherLineEndings(sql: string, hash: string): boolean {
  const lf = sql.replaceAll('\r\n', '\n');
  return hashMigration(lf) === hash || hashMigration(lf.replaceAll('\n', '\r\n')) === hash;
}
