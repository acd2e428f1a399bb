import type { DatabaseIdentity } from '../../kernel/report.ts';
import type { Style } from './output.ts';

/** `acme on localhost:5432 as app (PostgreSQL 17.9)` */
export function renderDatabase(database: DatabaseIdentity, { paint }: Style): string {
  const { name, host, port, user, serverVersion } = database;
  // A socket's directory has no port to speak of.
  const server = host.startsWith('/') ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return `${paint.bold(name)} on ${server} as ${user} ${paint.dim(`(PostgreSQL ${serverVersion})`)}`;
}
