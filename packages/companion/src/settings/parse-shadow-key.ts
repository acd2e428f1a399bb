import { resolve } from 'node:path';
import type { ShadowProvider } from '../shadow/shadow.ts';
import type { ShadowConfig } from './companion-config.ts';
import { asRecord, refuseUnknown, type Tell } from './judge-keys.ts';

const PROVIDERS: readonly ShadowProvider[] = ['pglite', 'embedded', 'server'];

/** The key `shadow`: where throw-away databases come from, and what they begin with. Pure. */
export function parseShadowKey(value: unknown, directory: string, tell: Tell): ShadowConfig {
  const shadow = asRecord(value, 'shadow', tell);
  refuseUnknown(shadow, ['provider', 'url', 'extensions', 'before'], 'shadow', tell);
  const { url, extensions = [], before } = shadow;
  const provider = PROVIDERS.find((name) => name === shadow.provider) ?? null;
  if (shadow.provider !== undefined && provider === null) {
    tell(
      'shadow.provider',
      `is ${JSON.stringify(shadow.provider)}, and must be one of ${PROVIDERS.join(', ')}`,
    );
  }
  // The value itself never stands in a message: it may hold a password.
  const isUrl = typeof url === 'string' && /^postgres(?:ql)?:\/\//.test(url);
  if (url !== undefined && !isUrl) {
    tell(
      'shadow.url',
      url === '' ? 'is empty; is the variable set that it is taken from?' : 'is not a postgres:// URL',
    );
  }
  if (isUrl && provider !== null && provider !== 'server') {
    tell('shadow.url', `names a server, and shadow.provider is "${provider}"; leave one of the two out`);
  }
  const areNames = Array.isArray(extensions) && extensions.every((name) => isText(name));
  if (!areNames) tell('shadow.extensions', 'must be a list of names, such as "vector" or "uuid-ossp"');
  if (before !== undefined && !isText(before)) tell('shadow.before', 'must be the path of a file of SQL');
  return {
    provider,
    url: isUrl ? url : null,
    extensions: areNames ? extensions : [],
    before: isText(before) ? resolve(directory, before) : null,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
