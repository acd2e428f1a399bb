import { dirname } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import { loadCompanionConfig } from '../settings/load-companion-config.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { readShadowSettings } from '../shadow/read-shadow-settings.ts';
import type { ShadowSettings } from '../shadow/shadow.ts';
import type { CommandContext } from './command.ts';
import type { Flags } from './flag.ts';

type ShadowPlace = {
  readonly folder: string;
  readonly shadow: ShadowSettings;
  readonly directory: string;
  readonly target: DatabaseOption | null;
};

/** The folder, and where its migrations are to run from nothing. No database need be named. */
export async function readShadowPlace(
  context: CommandContext<Flags>,
  shadowUrl: string | undefined,
): Promise<ShadowPlace> {
  const { flags, cwd, env } = context;
  const { folder, configFile } = await loadSettings({ flags, cwd, env, offline: true });
  const directory = configFile === null ? cwd : dirname(configFile);
  const { shadow: config } = await loadCompanionConfig(directory);
  const shadow = await readShadowSettings(config, { url: shadowUrl });
  // Only a server can be the target by mistake.
  return { folder, shadow, directory, target: shadow.url === null ? null : await readTargetIfNamed(context) };
}

async function readTargetIfNamed({ flags, cwd, env }: CommandContext<Flags>): Promise<DatabaseOption | null> {
  try {
    const { url } = await loadSettings({ flags, cwd, env });
    return url === null ? null : { url: url.value };
  } catch (error) {
    if (error instanceof CompanionError && error.code === 'settings-invalid') return null;
    throw error;
  }
}
