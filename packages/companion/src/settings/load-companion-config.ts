import { join } from 'node:path';
import { type CompanionSettings, NO_COMPANION_CONFIG } from './companion-config.ts';
import { buildFaultsError } from './fault.ts';
import { isFile } from './find-config.ts';
import { loadConfig } from './load-config.ts';
import { parseCompanionConfig } from './parse-companion-config.ts';

/** In the order in which they are looked for. */
export const COMPANION_CONFIG_NAMES = ['ts', 'mts', 'js', 'mjs', 'json'].map(
  (end) => `drizzle-companion.config.${end}`,
);

/**
 * The companion config of a directory, that of the drizzle config; empty settings where there is none.
 * @throws CompanionError `settings-invalid`.
 */
export async function loadCompanionConfig(directory: string): Promise<CompanionSettings> {
  const [file, second] = COMPANION_CONFIG_NAMES.map((name) => join(directory, name)).filter(isFile);
  if (file === undefined) return NO_COMPANION_CONFIG;
  if (second !== undefined) {
    // Whoever edits the one that is not read would never learn of it.
    const fault = { source: second, message: `stands beside ${file}; keep one of the two` };
    throw buildFaultsError({ code: 'settings-invalid', faults: [fault] });
  }
  return parseCompanionConfig(await loadConfig(file));
}
