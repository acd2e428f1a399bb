import { CHECK_GROUPS } from '../kernel/check.ts';
import { DEFAULT_MIGRATE_SETTINGS as DEFAULTS } from '../kernel/migrate-settings.ts';
import { REHEARSAL_LOCK_TIMEOUT_MS } from '../kernel/rehearsal-settings.ts';
import type { Flags } from './flag.ts';

export const FORMATS = ['pretty', 'plain', 'json', 'github', 'sarif'] as const;

/** Every command understands these. */
export const GLOBAL_FLAGS = {
  config: {
    type: 'text',
    placeholder: 'file',
    description: 'Drizzle config; default: the nearest drizzle.config.* upwards',
  },
  folder: {
    type: 'text',
    placeholder: 'dir',
    description: "Migrations folder, instead of the config's out",
  },
  url: {
    type: 'text',
    placeholder: 'url',
    description: 'Database, instead of the environment or the config',
  },
  ledger: {
    type: 'text',
    placeholder: 'schema.table',
    description: "Drizzle's ledger; default: the config's migrations, else drizzle.__drizzle_migrations",
  },
  format: {
    type: 'choice',
    choices: FORMATS,
    description:
      'Default: pretty on a terminal, plain elsewhere; check and lint under GitHub Actions: github',
  },
  color: {
    type: 'switch',
    negatable: true,
    description: 'Colours; default: on a terminal, unless NO_COLOR is set',
  },
  quiet: { type: 'switch', description: 'Print errors only' },
  verbose: { type: 'switch', description: 'Print every statement, every finding, and stacks' },
  help: { type: 'switch', description: 'Print this help' },
  version: { type: 'switch', description: 'Print the version' },
} as const satisfies Flags;

export const MIGRATE_FLAGS = {
  to: { type: 'text', placeholder: 'name', description: 'Stop after this migration' },
  plan: { type: 'switch', description: 'Print what would be done, change nothing' },
  wait: {
    type: 'duration',
    placeholder: 'time',
    default: DEFAULTS.waitMs,
    description: 'For the database to be reachable',
  },
  'lock-wait': {
    type: 'duration',
    placeholder: 'time',
    default: DEFAULTS.lockWaitMs,
    description: 'For another runner to finish',
  },
  'lock-timeout': {
    type: 'duration',
    placeholder: 'time',
    default: DEFAULTS.lockTimeoutMs,
    description: 'For a table lock, in each try',
  },
  'lock-retries': {
    type: 'count',
    placeholder: 'n',
    default: DEFAULTS.lockRetries,
    description: 'Further tries after time-out or deadlock',
  },
  'statement-timeout': {
    type: 'duration',
    placeholder: 'time',
    default: DEFAULTS.statementTimeoutMs,
    description: 'For one statement; 0: no limit',
  },
  'single-transaction': {
    type: 'switch',
    description: 'All or nothing, as stock drizzle does it',
  },
  hold: { type: 'switch', description: 'After success stay alive until SIGTERM' },
  accept: {
    type: 'text',
    repeatable: true,
    placeholder: 'code[:name]',
    description: 'Overlook this finding, once; may be repeated',
  },
} as const satisfies Flags;

export const REHEARSE_FLAGS = {
  to: MIGRATE_FLAGS.to,
  'even-if-busy': {
    type: 'switch',
    description: 'Although others work in the database: they wait for what is locked',
  },
  wait: MIGRATE_FLAGS.wait,
  'lock-wait': MIGRATE_FLAGS['lock-wait'],
  'lock-timeout': {
    type: 'duration',
    placeholder: 'time',
    default: REHEARSAL_LOCK_TIMEOUT_MS,
    description: 'For a table lock',
  },
  'statement-timeout': MIGRATE_FLAGS['statement-timeout'],
  accept: MIGRATE_FLAGS.accept,
  shadow: { type: 'switch', description: 'The whole chain, from nothing, on a throw-away database' },
  'shadow-url': {
    type: 'text',
    placeholder: 'url',
    description: 'With --shadow: a server on which databases are made and dropped, instead of PGlite',
  },
  from: {
    type: 'text',
    placeholder: 'ref',
    description: 'With --shadow: the migrations of this commit first, then what it lacks',
  },
  stock: {
    type: 'switch',
    description: "With --shadow: under stock drizzle's rule, too, all in one transaction",
  },
} as const satisfies Flags;

export const STATUS_FLAGS = {
  'exit-code': { type: 'switch', description: 'End with 1 when something is pending or wrong' },
} as const satisfies Flags;

export const HEALTH_FLAGS = {} as const satisfies Flags;

export const CHECK_FLAGS = {
  staged: { type: 'switch', description: 'Judge what would be committed, not the working tree' },
  base: {
    type: 'text',
    placeholder: 'ref',
    description: "What is merged already; default: where the branch left the remote's default branch",
  },
  database: { type: 'switch', description: 'Hold the files against the database, too' },
  deep: { type: 'switch', description: 'Replay the SQL, and hold it against the newest snapshot' },
  'shadow-url': {
    type: 'text',
    placeholder: 'url',
    description: 'A server to replay on, instead of PGlite: databases are made on it and dropped',
  },
  only: {
    type: 'choice',
    choices: CHECK_GROUPS,
    placeholder: 'group',
    repeatable: true,
    description: 'This group alone; may be repeated',
  },
  short: { type: 'switch', description: 'A finding in a line, without SQL and advice' },
} as const satisfies Flags;

export const LINT_FLAGS = {
  all: { type: 'switch', description: 'Every migration, those that are merged or applied among them' },
  base: CHECK_FLAGS.base,
  staged: { type: 'switch', description: 'The migrations that the next commit adds or changes' },
  fix: {
    type: 'switch',
    description: 'Write what is mechanical into migrations that nobody else has; infos with --verbose',
  },
  'postgres-version': {
    type: 'choice',
    choices: ['14', '15', '16', '17', '18'],
    placeholder: 'n',
    description: 'The oldest major version they must run on; default: that of the companion config, else 14',
  },
  'stdin-name': {
    type: 'text',
    placeholder: 'file',
    description: 'The file that standard input (-) is taken for',
  },
  short: CHECK_FLAGS.short,
  explain: { type: 'text', placeholder: 'rule', description: 'Print the page of a rule, and no more' },
} as const satisfies Flags;
