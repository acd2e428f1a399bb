import { dirname, join, resolve } from 'node:path';
import { buildFaultsError } from './fault.ts';
import { findConfig, isFile, isFolder } from './find-config.ts';
import { loadConfig } from './load-config.ts';
import { parseSettings } from './parse-settings.ts';
import { applyVariables, readEnvFile } from './read-env-file.ts';
import { type LoadedConfig, type ParsedSettings, type SettingsFlags, URL_VARIABLES } from './settings.ts';

export type LoadInput = {
  readonly flags: SettingsFlags;
  /** Absolute. */
  readonly cwd: string;
  /** `process.env`, where the config will look: the variables of `.env` are added to it. */
  readonly env: Record<string, string | undefined>;
  /** For a command that reads the schema: a config is looked for in any case, and none of a database is needed. */
  readonly offline?: boolean;
  /** For a command that judges or replays by the companion config, which lies beside it: a config is looked for in any case. */
  readonly withConfig?: boolean;
};

/**
 * Finds and reads what settings come from, and parses it.
 * With a folder and a URL named by flag or environment, no config is looked for; `--config` asks for one anyway.
 * `.env` is taken from beside the config, else from the working directory, which is drizzle-kit's place.
 * @throws CompanionError `settings-invalid`.
 */
export async function loadSettings(input: LoadInput): Promise<ParsedSettings> {
  const { flags, cwd, env, offline = false } = input;
  const file = locateConfig(input);
  const besideConfig = file === null ? null : readEnvFile(join(dirname(file), '.env'));
  applyVariables(env, besideConfig ?? readEnvFile(join(cwd, '.env')));
  const config: LoadedConfig | null = file === null ? null : await loadConfig(file);
  return parseSettings({ flags, env, config, cwd, offline, folderExists: isFolder });
}

function locateConfig({ flags, cwd, env, offline = false, withConfig = offline }: LoadInput): string | null {
  if (flags.config !== undefined) {
    const file = resolve(cwd, flags.config);
    if (flags.config !== '' && isFile(file)) return file;
    const fault = { source: '--config', message: `there is no file ${file}` };
    throw buildFaultsError({ code: 'settings-invalid', faults: [fault] });
  }
  if (withConfig) return findConfig(cwd);
  const known = { ...readEnvFile(join(cwd, '.env')), ...env };
  const hasUrl = flags.url !== undefined || URL_VARIABLES.some((name) => known[name]);
  return flags.folder !== undefined && hasUrl ? null : findConfig(cwd);
}
