import type { CheckCode } from '../kernel/check-codes.ts';
import type { FindingLevel } from '../kernel/finding.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';

/** A level, or none at all. */
export type RuleLevel = FindingLevel | 'off';

/** What `drizzle-companion.config.*` holds, as people write it; `defineConfig` types it. */
export type CompanionConfig = {
  /** The level of a finding, instead of its own. */
  readonly rules?: { readonly [Code in CheckCode]?: RuleLevel };
  /** Findings about history that cannot be mended any more. */
  readonly exceptions?: readonly {
    readonly code: CheckCode;
    /** The migration's name; else the file's name, the row's id, or the thing that drifted: `table users`. */
    readonly migration: string;
    /** For whoever reads the config next; required. */
    readonly reason: string;
  }[];
  /** By a migration's name: the later one that replays its effects. */
  readonly supersededBy?: Readonly<Record<string, string>>;
  /** Used by `migrate` where the flag of that name is not given: '500ms', '30s', '5min', '2h' or '0'. */
  readonly timeouts?: {
    readonly wait?: string;
    readonly lockWait?: string;
    readonly lockTimeout?: string;
    readonly statementTimeout?: string;
  };
  /** The major version that production runs, for checks that depend on it. */
  readonly postgresVersion?: number;
};

/** An exception as parsed. */
export type Exception = {
  readonly code: string;
  readonly migration: string;
  readonly reason: string;
};

export type CompanionTimeouts = Partial<
  Pick<MigrateSettings, 'waitMs' | 'lockWaitMs' | 'lockTimeoutMs' | 'statementTimeoutMs'>
>;

/** The companion config, parsed; empty where there is no file. */
export type CompanionSettings = {
  /** Absolute; null where there is none. */
  readonly file: string | null;
  readonly levels: ReadonlyMap<string, RuleLevel>;
  readonly exceptions: readonly Exception[];
  readonly supersededBy: ReadonlyMap<string, string>;
  /** Milliseconds. */
  readonly timeouts: CompanionTimeouts;
  readonly postgresVersion: number | null;
};

export const NO_COMPANION_CONFIG: CompanionSettings = {
  file: null,
  levels: new Map(),
  exceptions: [],
  supersededBy: new Map(),
  timeouts: {},
  postgresVersion: null,
};
