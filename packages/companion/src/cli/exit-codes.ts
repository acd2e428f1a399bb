/** What the bin's exit codes mean, for help and for docs/exit-codes.md. */
export const EXIT_MEANINGS = {
  0: 'done, or clean',
  1: 'it ran and found problems',
  2: 'it could not run: bad flag, bad config, unreadable folder',
  3: "a migration's SQL failed",
  4: 'refused: history and database contradict each other',
  5: 'busy: a lock or an orphan blocked it past the limits',
  6: 'the database cannot be reached or refuses the login',
  130: 'interrupted by SIGINT, rolled back and released',
  143: 'interrupted by SIGTERM, rolled back and released',
} as const;

export type ExitCode = keyof typeof EXIT_MEANINGS;
