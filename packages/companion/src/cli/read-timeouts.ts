import { dirname } from 'node:path';
import type { CompanionTimeouts } from '../settings/companion-config.ts';
import { loadCompanionConfig } from '../settings/load-companion-config.ts';

const FLAGS = {
  waitMs: 'wait',
  lockWaitMs: 'lock-wait',
  lockTimeoutMs: 'lock-timeout',
  statementTimeoutMs: 'statement-timeout',
} as const;

type TimeLimits = {
  readonly flags: Readonly<Record<(typeof FLAGS)[keyof typeof FLAGS], number>>;
  readonly given: ReadonlySet<string>;
};

/** A run's time limits: the flag where it is given, else the companion config, else the flag's default. */
export async function readTimeouts(
  { flags, given }: TimeLimits,
  configFile: string | null,
): Promise<Required<CompanionTimeouts>> {
  // A container that needs no drizzle config has none of ours beside it.
  const ours = configFile === null ? {} : (await loadCompanionConfig(dirname(configFile))).timeouts;
  const limit = (name: keyof typeof FLAGS): number => {
    const flag = FLAGS[name];
    return given.has(flag) ? flags[flag] : (ours[name] ?? flags[flag]);
  };
  return {
    waitMs: limit('waitMs'),
    lockWaitMs: limit('lockWaitMs'),
    lockTimeoutMs: limit('lockTimeoutMs'),
    statementTimeoutMs: limit('statementTimeoutMs'),
  };
}
