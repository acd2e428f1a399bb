/**
 * Parameters that are for a client: libpq's connection keywords (its documentation lists them all), but for those that
 * postgres.js reads itself, and what ORMs and poolers write into URLs. The server would refuse the login for them.
 */
const CLIENT_SIDE = new Set(
  `channel_binding client_encoding fallback_application_name gssdelegation gssencmode gsslib host hostaddr keepalives
  keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts max_protocol_version
  min_protocol_version passfile replication require_auth requirepeer requiressl service ssl_max_protocol_version
  ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey sslkeylogfile sslpassword sslrootcert
  sslsni tcp_user_timeout connection_limit pgbouncer pool_timeout schema socket_timeout statement_cache_size uselibpqcompat
  workaround supa`.split(/\s+/),
);

/** What the driver is given: the URL as it understands it, and what it would misread in it. */
export type DriverTarget = {
  readonly url: string;
  readonly options: { readonly database?: string; readonly host?: string };
  /** TLS material that the URL names by file; null when it names none. */
  readonly tls: TlsFiles | null;
};

export type TlsFiles = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** As libpq has it: with a root certificate the server's is checked, and its name under `verify-full`. */
  readonly verify: 'chain' | 'chain-and-name' | 'nothing';
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
  const tls = parseTls(parameters);
  for (const name of [...parameters.keys()]) {
    // `sslrootcert=system` is the one form of it that the driver knows.
    const kept = name === 'sslrootcert' && parameters.get(name) === 'system';
    if (CLIENT_SIDE.has(name) && !kept) parameters.delete(name);
  }
  if (tls !== null) parameters.delete('sslmode');
  const rest = parameters.toString();
  return {
    url: rest === '' ? address : `${address}?${rest}`,
    options: {
      ...(path.includes('%') && { database: decodeURIComponent(path) }),
      ...(socket !== null && { host: socket }),
    },
    tls,
  };
}

function parseTls(parameters: URLSearchParams): TlsFiles | null {
  const file = (name: string) => {
    const value = parameters.get(name);
    return value === null || value === '' || value === 'system' ? undefined : value;
  };
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')];
  const mode = parameters.get('sslmode') ?? 'prefer';
  if ((ca ?? cert ?? key) === undefined || mode === 'disable') return null;
  const checked = ca !== undefined && mode !== 'prefer' && mode !== 'allow';
  const verify = mode === 'verify-full' ? 'chain-and-name' : checked ? 'chain' : 'nothing';
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), verify };
}
