import { CompanionError } from '../kernel/errors.ts';

/** One thing wrong with what the user gave us, and where they gave it. */
export type Fault = {
  /** As the user would look for it: `--ledger`, `DATABASE_URL`, `drizzle.config.ts: migrations.table`. */
  readonly source: string;
  readonly message: string;
  readonly hint?: string;
};

type FaultsInput = {
  readonly code: 'usage-invalid' | 'settings-invalid';
  readonly faults: readonly [Fault, ...Fault[]];
};

/** One error that tells every fault. A single one becomes the message itself. */
export function buildFaultsError({ code, faults }: FaultsInput): CompanionError {
  const [first, ...others] = faults;
  const findings = faults.map(({ source, message, hint }) => ({
    code: code === 'usage-invalid' ? 'usage/flag' : 'settings/invalid',
    level: 'error' as const,
    message: `${source}: ${message}`,
    ...(hint === undefined ? {} : { hint }),
    docs: 'docs/settings.md',
  }));
  if (others.length === 0) {
    const hint = first.hint === undefined ? {} : { hint: first.hint };
    return new CompanionError(code, { message: `${first.source}: ${first.message}`, ...hint });
  }
  const subject = code === 'usage-invalid' ? 'flags' : 'settings';
  return new CompanionError(code, { message: `${faults.length} ${subject} are wrong`, findings });
}

export function hasFaults(faults: readonly Fault[]): faults is readonly [Fault, ...Fault[]] {
  return faults.length > 0;
}
