import type { Fault } from './fault.ts';
import { parseCredentials } from './parse-credentials.ts';
import { type ParsedSettings, URL_VARIABLES, type UrlSource } from './settings.ts';

type UrlInput = {
  readonly flag: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The config's `dbCredentials` and where it stands, when there is a config. */
  readonly credentials: { readonly value: unknown; readonly source: string } | null;
};

type UrlResult = { readonly url: ParsedSettings['url']; readonly faults: readonly Fault[] };

/**
 * The first source that names a database, in the order of the contract. Only the source that is used is
 * judged: a `dbCredentials` made of unset variables is fine as long as `DATABASE_URL` is there.
 */
export function parseUrl({ flag, env, credentials }: UrlInput): UrlResult {
  if (flag !== undefined) return judge({ value: flag, source: '--url', label: '--url' });
  for (const name of URL_VARIABLES) {
    const value = env[name];
    if (value !== undefined && value !== '') return judge({ value, source: name, label: name });
  }
  if (credentials === null || credentials.value === undefined) return { url: null, faults: [] };
  const parsed = parseCredentials(credentials.value, credentials.source);
  if ('faults' in parsed) return { url: null, faults: parsed.faults };
  return judge({ value: parsed.url, source: 'dbCredentials', label: credentials.source });
}

function judge({ value, source, label }: { value: string; source: UrlSource; label: string }): UrlResult {
  const fault = (message: string, hint: string): UrlResult => ({
    url: null,
    faults: [{ source: label, message, hint }],
  });
  // The value itself never stands in a message: it holds a password.
  const example = 'It looks like postgres://user@host:5432/database.';
  if (value === '') return fault('is empty', example);
  if (!/^postgres(?:ql)?:\/\//.test(value)) return fault('is not a postgres:// URL', example);
  if (!URL.canParse(withOneHost(value))) {
    return fault(
      'is not a valid URL',
      'Characters such as # / ? @ : and % in a password must be percent-encoded (# is %23).',
    );
  }
  return { url: { value, source }, faults: [] };
}

/** `host1:5432,host2:5432` is good for PostgreSQL's clients, but the URL standard knows one host. */
function withOneHost(url: string): string {
  return url.replace(/^([a-z]+:\/\/(?:[^@/?#]*@)?[^,/?#]*)(?:,[^,/?#]*)+/, '$1');
}
