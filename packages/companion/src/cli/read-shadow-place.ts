import { dirname } from 'node:path';
import type { LedgerAddress } from '../kernel/ledger-row.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import { findNamedTarget } from '../settings/find-named-target.ts';
import { loadCompanionConfig } from '../settings/load-companion-config.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { readShadowSettings } from '../shadow/read-shadow-settings.ts';
import type { ShadowSettings } from '../shadow/shadow.ts';
import type { CommandContext } from './command.ts';
import type { Flags } from './flag.ts';

type ShadowPlace = {
  readonly folder: string;
  readonly ledger: LedgerAddress;
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
  const { folder, ledger, configFile } = await loadSettings({ flags, cwd, env, offline: true });
  const directory = configFile === null ? cwd : dirname(configFile);
  const { shadow: config } = await loadCompanionConfig(directory);
  const shadow = await readShadowSettings(config, { url: shadowUrl });
  // Only a server can be the target by mistake.
  const target = shadow.url === null ? null : await findNamedTarget({ flags, cwd, env });
  return { folder, ledger, shadow, directory, target };
}
