import { CompanionError } from '../../kernel/errors.ts';
import { findConfig } from '../../settings/find-config.ts';
import { loadSettings } from '../../settings/load-settings.ts';
import { type ParsedSettings, URL_VARIABLES } from '../../settings/settings.ts';
import { listApplied } from './list-applied.ts';
import type { LintOptions } from './options.ts';

/** What the ledger says of a folder. */
export type LedgerAnswer = {
  /** Names of migrations. */
  readonly applied: ReadonlySet<string>;
  /** It has rows, and none of them belongs to the folder: that of another project, it says nothing of this one. */
  readonly isForeign: boolean;
};

/**
 * The migrations of a folder that the ledger has; null where no database is named. Reads, and writes nothing.
 * @throws CompanionError when one is named, and gives no answer: then nobody knows what must stay as it is.
 */
export async function askLedger(folder: string, options: LintOptions): Promise<LedgerAnswer | null> {
  const { url, ledger } = (await findSettings(folder, options)) ?? { url: null };
  if (url === null || ledger === undefined) return null;
  const { readStatus } = await import('../../status/read-status.ts');
  const { signal } = options;
  try {
    const status = await readStatus({
      ...{ url: url.value, folder, ledger },
      ...(signal === undefined ? {} : { signal }),
    });
    const isForeign = status.comparison.findings.some(({ code }) => code === 'ledger/foreign');
    return { applied: listApplied(status), isForeign };
  } catch (error) {
    if (!(error instanceof CompanionError)) throw error;
    const why = 'lint --fix asks the ledger what is applied, and writes nothing without an answer.';
    throw error.with({ hint: [why, adviseOn(error)].filter((text) => text !== undefined).join(' ') });
  }
}

/** The usual advice names a flag of `migrate`. */
function adviseOn({ code, fields: { hint } }: CompanionError): string | undefined {
  if (code !== 'database-unreachable') return hint;
  return 'Check that the server runs and that host and port in the database URL are right.';
}

async function findSettings(
  folder: string,
  { flags, cwd, env, files }: LintOptions,
): Promise<ParsedSettings | null> {
  // Files may be named from anywhere: their project's database is meant, not that of the directory one is in.
  const [near, far] = files.length > 0 ? [folder, cwd] : [cwd, folder];
  const config = flags.config ?? findConfig(near) ?? findConfig(far) ?? undefined;
  const known = config === undefined ? { ...flags, folder } : { ...flags, config };
  // A config that cannot be read is told; one that has no database is not at fault.
  await loadSettings({ flags: known, cwd, env, offline: true });
  try {
    return await loadSettings({ flags: known, cwd, env });
  } catch (error) {
    if (flags.url !== undefined || URL_VARIABLES.some((name) => env[name])) throw error;
    return null;
  }
}
