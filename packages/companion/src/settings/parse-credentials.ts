import type { Fault } from './fault.ts';

type Credentials = { readonly url: string } | { readonly faults: readonly Fault[] };

/** Files and secrets that a URL has no place for. */
const TLS_MATERIAL = ['ca', 'cert', 'key', 'pfx', 'crl'];

/** drizzle-kit's `dbCredentials` for PostgreSQL, `{ url }` or `{ host, … }`, as one URL. Pure. */
export function parseCredentials(value: unknown, source: string): Credentials {
  if (!isRecord(value)) return { faults: [{ source, message: 'must be an object' }] };
  if ('url' in value) return parseUrlField(value.url, `${source}.url`);
  return buildUrlFromParts(value, source);
}

function parseUrlField(url: unknown, source: string): Credentials {
  if (typeof url === 'string' && url !== '') return { url };
  const message =
    url === undefined || url === '' ? 'is empty: the variable it reads is not set' : 'must be a string';
  return { faults: [{ source, message }] };
}

function buildUrlFromParts(value: Record<string, unknown>, source: string): Credentials {
  const faults: Fault[] = [];
  const text = (key: string, needed: 'required' | 'optional'): string => {
    const part = value[key];
    if (typeof part === 'string' && part !== '') return part;
    if (part === undefined || part === '') {
      if (needed === 'required') faults.push({ source: `${source}.${key}`, message: 'is missing' });
      return '';
    }
    faults.push({ source: `${source}.${key}`, message: 'must be a string' });
    return '';
  };
  const host = text('host', 'required');
  const database = text('database', 'required');
  const user = text('user', 'optional');
  const password = text('password', 'optional');
  const port = parsePort(value.port);
  if (port === null) faults.push({ source: `${source}.port`, message: 'must be a number from 1 to 65535' });
  const ssl = parseSsl(value.ssl, `${source}.ssl`);
  if ('fault' in ssl) faults.push(ssl.fault);
  if (faults.length > 0) return { faults };

  const secret = password === '' ? '' : `:${encodeURIComponent(password)}`;
  const login = user === '' && secret === '' ? '' : `${encodeURIComponent(user)}${secret}@`;
  // An IPv6 address stands in brackets; a socket's directory is percent-encoded, as libpq has it.
  const hostPart = host.includes(':') && !host.startsWith('[') ? `[${host}]` : encodeHost(host);
  const mode = 'mode' in ssl && ssl.mode !== null ? `?sslmode=${ssl.mode}` : '';
  return {
    url: `postgres://${login}${hostPart}${port === '' ? '' : `:${port}`}/${encodeURIComponent(database)}${mode}`,
  };
}

function encodeHost(host: string): string {
  return host.startsWith('/') ? encodeURIComponent(host) : host;
}

/** The port as text, '' when none is given, null when it is no port. drizzle-kit takes numbers and digits. */
function parsePort(value: unknown): string | null {
  if (value === undefined || value === '') return '';
  const port = typeof value === 'string' ? Number(value) : value;
  return typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= 65_535 ? `${port}` : null;
}

type Ssl = { readonly mode: string | null } | { readonly fault: Fault };

function parseSsl(value: unknown, source: string): Ssl {
  if (value === undefined) return { mode: null };
  if (value === false) return { mode: 'disable' };
  // Node's TLS verifies unless told otherwise, and so do the drivers when they are given `true`.
  if (value === true) return { mode: 'verify-full' };
  if (value === 'require' || value === 'allow' || value === 'prefer' || value === 'verify-full') {
    return { mode: value };
  }
  if (!isRecord(value)) {
    const message = "must be true, false, 'require', 'allow', 'prefer', 'verify-full' or an object";
    return { fault: { source, message } };
  }
  const material = TLS_MATERIAL.find((key) => value[key] !== undefined);
  if (material !== undefined && value.rejectUnauthorized !== false) {
    const message = `${material} cannot be carried over`;
    const hint = "Set NODE_EXTRA_CA_CERTS to the certificate's file and ssl: 'verify-full', or give --url.";
    return { fault: { source, message, hint } };
  }
  return { mode: value.rejectUnauthorized === false ? 'require' : 'verify-full' };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
