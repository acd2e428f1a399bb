import type { CheckGroup } from '../kernel/check.ts';
import type { SettingsFlags } from '../settings/settings.ts';

export type CheckOptions = {
  readonly flags: SettingsFlags;
  /** Absolute. */
  readonly cwd: string;
  /** `process.env`, where the config will look: the variables of `.env` are added to it. */
  readonly env: Record<string, string | undefined>;
  /** Groups that were asked for by name; empty for all. */
  readonly only: readonly CheckGroup[];
  /** Judge the index instead of the working tree. */
  readonly staged: boolean;
  /** What is merged already, by any name git knows; null: where the branch left the remote's default branch. */
  readonly base: string | null;
  /** Hold the files against the database, too. */
  readonly database: boolean;
  /** Replay the SQL, and hold it against the newest snapshot. */
  readonly deep: boolean;
  /** A server on which shadow databases may be made; null for what the companion config says. */
  readonly shadowUrl: string | null;
  readonly signal?: AbortSignal;
};
