import type { CompanionSettings } from '../settings/companion-config.ts';
import type { LintSettings } from './lint-settings.ts';

/** The oldest major version that PostgreSQL itself supports. */
const OLDEST_SUPPORTED = 14;

/** What the team's config says to the linter; `postgresVersion` is a flag's, which wins. Pure. */
export function buildLintSettings(
  { levels, options, lint, postgresVersion }: CompanionSettings,
  version: number | null,
): LintSettings {
  return { levels, options, ...lint, postgresVersion: version ?? postgresVersion ?? OLDEST_SUPPORTED };
}
