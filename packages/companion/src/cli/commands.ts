import { type Command, defineCommand } from './command.ts';
import {
  CHECK_FLAGS,
  HEALTH_FLAGS,
  LINT_FLAGS,
  MIGRATE_FLAGS,
  REHEARSE_FLAGS,
  STATUS_FLAGS,
} from './flags.ts';

export const COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'migrate',
    summary: 'Apply the migrations that are missing',
    description:
      'Applies what is missing, under a lock, one transaction for each migration, and writes the rows that drizzle itself would write.',
    flags: MIGRATE_FLAGS,
    examples: [
      ['migrate', 'apply everything, database from DATABASE_URL'],
      ['migrate --plan', 'print what would be applied'],
      ['migrate --folder ./drizzle --wait 60s', 'in a container, without a config'],
      ['migrate --accept ledger/edited:0007_groups', 'overlook one finding, once'],
    ],
    exitCodes: [0, 2, 3, 4, 5, 6, 130, 143],
    load: async () => (await import('./commands/migrate.ts')).runMigrate,
  }),
  defineCommand({
    name: 'rehearse',
    summary: 'Execute what is pending, measure it, roll it back',
    description:
      'Executes the migrations that are missing as migrate would, all in one transaction that is rolled back whatever happens, and tells of each statement how long it takes, what it locks, rewrites and writes. Changes nothing. With --shadow no database is needed: the whole chain runs from nothing on a throw-away one.',
    flags: REHEARSE_FLAGS,
    examples: [
      ['rehearse', 'on the database of DATABASE_URL'],
      ['rehearse --even-if-busy --lock-timeout 500ms', 'on a database in use'],
      [
        'rehearse --shadow --stock',
        'what a fresh database will do, under our runner and under stock drizzle',
      ],
      ['rehearse --shadow --from origin/main', 'what a database that has all of main will do'],
    ],
    exitCodes: [0, 2, 3, 4, 5, 6, 130, 143],
    load: async () => (await import('./commands/rehearse.ts')).runRehearse,
  }),
  defineCommand({
    name: 'status',
    summary: 'Compare files, journal, ledger and database; change nothing',
    description:
      'Shows each migration with its state, what stock drizzle would do with it, and what is wrong. Read-only.',
    flags: STATUS_FLAGS,
    examples: [
      ['status', 'the table'],
      ['status --exit-code', 'end with 1 when something is pending or wrong'],
      ['status --format json', 'one JSON object on standard output'],
    ],
    exitCodes: [0, 1, 2, 6, 130, 143],
    load: async () => (await import('./commands/status.ts')).runStatus,
  }),
  defineCommand({
    name: 'health',
    summary: 'End with 0 only when all migrations on disk are applied',
    description: 'Made for a container health check: quick, read-only, silent but for one line.',
    flags: HEALTH_FLAGS,
    examples: [['health --folder ./drizzle', 'in a container, database from DATABASE_URL']],
    exitCodes: [0, 1, 2, 6],
    load: async () => (await import('./commands/health.ts')).runHealth,
  }),
  defineCommand({
    name: 'check',
    summary: 'Find broken history, forgotten migrations, tampering, and unsafe SQL',
    description:
      'Looks at the history and its snapshots, at the schema code, at what git knows of the migrations, and at the SQL of the new ones; offline unless --database is given. Changes nothing.',
    flags: CHECK_FLAGS,
    examples: [
      ['check', 'everything that needs no database'],
      ['check --staged', 'before a commit: what it would contain'],
      ['check --base origin/main', 'in a pull request'],
      ['check --only history --only snapshots', 'two groups alone'],
      ['check --database', 'the database, too: its ledger, and what stands in it'],
    ],
    exitCodes: [0, 1, 2, 130, 143],
    load: async () => (await import('./commands/check.ts')).runCheck,
  }),
  defineCommand({
    name: 'lint',
    summary: 'Find SQL that is unsafe on a live database, and show it made safe',
    description:
      'Judges migrations as they will run: which statements share a transaction, which tables are new, what is known of columns and constraints. Without files: the migrations that are not on the base branch. Changes nothing unless --fix is given.',
    flags: LINT_FLAGS,
    positional: {
      placeholder: 'files…',
      description: 'SQL files, directories, migrations by name, or - for standard input',
    },
    examples: [
      ['lint', 'the new migrations of the project'],
      ['lint 0007_orders_total', 'one migration by its name, merged or not'],
      ['lint db/*.sql --postgres-version 16', 'any SQL files, without a project'],
      ['lint --fix', 'mend what is mechanical, then tell the rest'],
      ['lint --all', 'the whole past, too'],
      ['lint --explain drop-column', 'what a rule is about'],
    ],
    exitCodes: [0, 1, 2, 6, 130, 143],
    load: async () => (await import('./commands/lint.ts')).runLint,
  }),
];

export function findCommand(name: string): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}
