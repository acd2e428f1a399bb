import type { LedgerAddress } from '../kernel/ledger-row.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { requireUrl } from '../settings/require-url.ts';
import type { CommandContext } from './command.ts';
import type { Flags } from './flag.ts';

type Target = {
  readonly url: string;
  readonly folder: string;
  readonly ledger: LedgerAddress;
  readonly signal: AbortSignal;
  /** The drizzle config, where one was read. */
  readonly configFile: string | null;
};

/** The options every call into the library takes, from this run's flags, environment and config. */
export async function readTarget(context: CommandContext<Flags>): Promise<Target> {
  const { flags, cwd, env, signal } = context;
  const settings = await loadSettings({ flags, cwd, env });
  const { folder, ledger, configFile } = settings;
  return { url: requireUrl(settings), folder, ledger, signal, configFile };
}
