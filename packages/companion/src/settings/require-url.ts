import { basename } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import { type ParsedSettings, URL_VARIABLES } from './settings.ts';

/**
 * The database's URL, for commands that cannot do without.
 * @throws CompanionError `settings-invalid` that names every place where a URL was looked for.
 */
export function requireUrl({ url, configFile }: ParsedSettings): string {
  if (url !== null) return url.value;
  const places = ['--url', ...URL_VARIABLES];
  const config = configFile === null ? '' : `, and ${basename(configFile)} has no dbCredentials`;
  throw new CompanionError('settings-invalid', {
    message: `no database is named: none of ${places.join(', ')} is set${config}`,
    hint: 'Set DATABASE_URL=postgres://user@host:5432/database, in the environment or in .env.',
  });
}
