import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import { type LoadInput, loadSettings } from './load-settings.ts';

/** The database that flags, environment or config name; null where they name none, or not well. */
export async function findNamedTarget(input: Omit<LoadInput, 'offline'>): Promise<DatabaseOption | null> {
  try {
    const { url } = await loadSettings(input);
    return url === null ? null : { url: url.value };
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'settings-invalid') return null;
    throw error;
  }
}
