/** Parameters that other clients read themselves; sent to the server as settings they would end the login. */
const CLIENT_SIDE = [
  'channel_binding',
  'connection_limit',
  'gssencmode',
  'host',
  'pgbouncer',
  'pool_timeout',
  'schema',
  'socket_timeout',
  'statement_cache_size',
  'uselibpqcompat',
];

/** What the driver is given: the URL as it understands it, and what it would misread in it. */
export type DriverTarget = {
  readonly url: string;
  readonly options: { readonly database?: string; readonly host?: string };
};

/**
 * Mends what postgres.js (3.4) takes literally in a URL: it does not percent-decode the database's name or the directory
 * of a socket (`%2Frun%2Fpostgresql`, or libpq's `?host=/run/postgresql`), and it sends every parameter it does not know
 * to the server, which refuses the login for Neon's `channel_binding` or Prisma's `schema`. Pure.
 */
export function parseDatabaseUrl(url: string): DriverTarget {
  const [address = '', search = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(search);
  const [, authority = '', path = ''] = /^[a-z]+:\/\/([^/]*)(?:\/(.*))?$/.exec(address) ?? [];
  const named = authority.slice(authority.lastIndexOf('@') + 1);
  const socket = parameters.get('host') ?? (/^%2f/i.test(named) ? decodeURIComponent(named) : null);
  for (const name of CLIENT_SIDE) parameters.delete(name);
  const rest = parameters.toString();
  return {
    url: rest === '' ? address : `${address}?${rest}`,
    options: {
      ...(path.includes('%') && { database: decodeURIComponent(path) }),
      ...(socket !== null && { host: socket }),
    },
  };
}
