import type { CheckCode } from '../kernel/check-codes.ts';
import type { FindingLevel } from '../kernel/finding.ts';
import type { LINT_OPTIONS, LintCode } from '../kernel/lint-codes.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import type { ShadowProvider } from '../shadow/shadow.ts';

/** A level, or none at all. */
export type RuleLevel = FindingLevel | 'off';

/** The options of a rule, those that have any. */
export type LintOptions<Code extends LintCode> = Code extends keyof typeof LINT_OPTIONS
  ? Partial<(typeof LINT_OPTIONS)[Code]>
  : never;

/** A rule of the linter: what is left out stays as the rule has it. */
export type LintRuleConfig<Code extends LintCode> = {
  readonly level?: RuleLevel;
  readonly options?: LintOptions<Code>;
};

/** What `drizzle-companion.config.*` holds, as people write it; `defineConfig` types it. */
export type CompanionConfig = {
  /** The level of a finding, instead of its own; a rule of the linter may have options besides. */
  readonly rules?: { readonly [Code in CheckCode]?: RuleLevel } & {
    readonly [Code in LintCode]?: RuleLevel | LintRuleConfig<Code>;
  };
  /** Findings about history that cannot be mended any more. */
  readonly exceptions?: readonly {
    readonly code: CheckCode | LintCode;
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
  /** The oldest major version that the migrations must run on: production's. The linter takes 14 where none is said. */
  readonly postgresVersion?: number;
  readonly lint?: {
    /** Who applies the migrations in production; `drizzle`: all that are pending in one transaction. */
    readonly runner?: LintRunnerName;
    /** Tables so small that work which grows with them is no matter: `settings`, `billing.plans`. */
    readonly smallTables?: readonly string[];
  };
  /** The throw-away database on which migrations are replayed. */
  readonly shadow?: {
    /** Default: `pglite`, which needs nothing but its npm package; `server` where a URL is named. */
    readonly provider?: ShadowProvider;
    /** A server on which databases may be made and dropped; never the database that the migrations are for. */
    readonly url?: string;
    /** Extensions that the migrations need and do not make themselves. */
    readonly extensions?: readonly string[];
    /** A file of SQL, from the config's place, that runs before them: roles, schemas, functions of the platform. */
    readonly before?: string;
  };
};

/** The key `shadow`, as parsed. */
export type ShadowConfig = {
  readonly provider: ShadowProvider | null;
  readonly url: string | null;
  readonly extensions: readonly string[];
  /** Absolute. */
  readonly before: string | null;
};

export type LintRunnerName = 'companion' | 'drizzle';

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
  /** By code; keys that a rule does not have are refused before. */
  readonly options: ReadonlyMap<string, object>;
  readonly exceptions: readonly Exception[];
  readonly supersededBy: ReadonlyMap<string, string>;
  /** Milliseconds. */
  readonly timeouts: CompanionTimeouts;
  readonly postgresVersion: number | null;
  readonly lint: { readonly runner: LintRunnerName; readonly smallTables: readonly string[] };
  readonly shadow: ShadowConfig;
};

export const NO_COMPANION_CONFIG: CompanionSettings = {
  file: null,
  levels: new Map(),
  options: new Map(),
  exceptions: [],
  supersededBy: new Map(),
  timeouts: {},
  postgresVersion: null,
  lint: { runner: 'companion', smallTables: [] },
  shadow: { provider: null, url: null, extensions: [], before: null },
};
