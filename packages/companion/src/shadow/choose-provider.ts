import { CompanionError } from '../kernel/errors.ts';
import { OWN_DIRECTORY } from './find-package.ts';
import { namedExtensions } from './named-extensions.ts';
import { type FoundPglite, findPglite } from './pglite-package.ts';
import type { ShadowOptions, ShadowSettings } from './shadow.ts';

export type ChosenProvider =
  | { readonly provider: 'pglite' | 'embedded' }
  | { readonly provider: 'server'; readonly url: string };

/** What is said; where nothing is, a server whose URL is named, else PGlite. */
export function chooseProvider({ provider, url }: ShadowSettings): ChosenProvider {
  const chosen = provider ?? (url === null ? 'pglite' : 'server');
  if (chosen !== 'server') return { provider: chosen };
  if (url !== null) return { provider: chosen, url };
  throw new CompanionError('settings-invalid', {
    message: 'shadow.provider is "server", and no URL names one.',
    hint: 'Set shadow.url in drizzle-companion.config, or pass --shadow-url.',
  });
}

/** PGlite, ours before the project's, with all the extensions that the settings or the SQL name. */
export function pgliteOf({ settings, upcoming = [], directory }: ShadowOptions): FoundPglite {
  const texts = settings.before === null ? upcoming : [...upcoming, settings.before.sql];
  return findPglite([OWN_DIRECTORY, directory], [...settings.extensions, ...namedExtensions(texts)]);
}
