/** Commands that our hints name and that are not there yet, with what to do until they are. */
export const PLANNED_COMMANDS: Readonly<Record<string, string>> = {
  baseline: 'docs/troubleshooting.md#by-hand shows how to record migrations as applied by hand.',
  repair: 'docs/troubleshooting.md#by-hand shows how to mend the ledger by hand.',
  generate: 'Until then: drizzle-kit generate, then drizzle-companion check.',
  helper: 'Until then: drizzle-kit generate, read what it wrote, drizzle-companion migrate.',
  enum: 'Until then rename, recreate and drop by hand: packages/db/migrations of our repository has an example.',
};
