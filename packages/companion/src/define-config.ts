import type { CompanionConfig } from './settings/companion-config.ts';

/** Types `drizzle-companion.config.ts`; returns what it is given. */
export function defineConfig(config: CompanionConfig): CompanionConfig {
  return config;
}
