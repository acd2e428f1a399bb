import { readFile } from 'node:fs/promises';
import { CompanionError } from '../kernel/errors.ts';
import type { ShadowConfig } from '../settings/companion-config.ts';
import type { ShadowSettings } from './shadow.ts';

/**
 * The settings of shadows: the config's, and `--shadow-url`, which wins over its provider. Reads the file of `before`.
 * @throws CompanionError `settings-invalid` when it cannot be read.
 */
export async function readShadowSettings(
  config: ShadowConfig,
  { url }: { readonly url?: string | undefined } = {},
): Promise<ShadowSettings> {
  const { extensions, before: file } = config;
  const source = url === undefined ? config : { provider: 'server' as const, url };
  const before = file === null ? null : { file, sql: await readText(file) };
  return { provider: source.provider, url: source.url, extensions, before };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CompanionError('settings-invalid', {
      message: `drizzle-companion.config: shadow.before: ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}
