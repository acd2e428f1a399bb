import type { SettingsFlags } from '../../settings/settings.ts';

export type LintOptions = {
  readonly flags: SettingsFlags;
  /** Absolute. */
  readonly cwd: string;
  /** `process.env`, where the config will look: the variables of `.env` are added to it. */
  readonly env: Record<string, string | undefined>;
  /** Files, directories and migrations by name, or `-` for standard input; empty for what is new in the project. */
  readonly files: readonly string[];
  readonly readInput: () => Promise<string>;
  /** Something may be piped in: it is read where there is no project, and no file was named. */
  readonly isPiped: boolean;
  /** The file that standard input is taken for. */
  readonly inputName: string | null;
  /** Those that are merged or applied, too. */
  readonly all: boolean;
  readonly base: string | null;
  readonly staged: boolean;
  /** Write what is mechanical. */
  readonly fix: boolean;
  /** What is only worth knowing is shown, and so `fix` mends it, too. */
  readonly infos: boolean;
  readonly postgresVersion: number | null;
  readonly signal?: AbortSignal;
};
