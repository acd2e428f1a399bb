import { expect, test } from 'vitest';
import { COMMANDS } from './commands.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { createPaint } from './output/paint.ts';
import { visibleWidth } from './output/text-layout.ts';
import { renderCommandHelp, renderHelp } from './render-help.ts';

const paint = createPaint({ color: false });
const general = renderHelp({ commands: COMMANDS, globalFlags: GLOBAL_FLAGS, paint });
const pages = COMMANDS.map((command) => renderCommandHelp({ command, globalFlags: GLOBAL_FLAGS, paint }));

test('help fits into 80 columns', () => {
  for (const page of [general, ...pages]) {
    for (const line of page.split('\n')) expect([line, visibleWidth(line) <= 80]).toEqual([line, true]);
  }
});

test('help lists every command, and the page of a command each of its flags and examples', () => {
  for (const [index, { name, flags, examples }] of COMMANDS.entries()) {
    expect(general).toContain(`  ${name} `);
    for (const flag of Object.keys(flags)) expect(pages[index]).toContain(`--${flag}`);
    for (const [line] of examples) expect(pages[index]).toContain(`drizzle-companion ${line}\n`);
  }
});

test('the general help', () => {
  expect(general).toMatchInlineSnapshot(`
    "drizzle-companion: the other half of drizzle-kit for PostgreSQL

    Usage
      drizzle-companion <command> [flags]

    Commands
      migrate   Apply the migrations that are missing
      rehearse  Execute what is pending, measure it, roll it back
      status    Compare files, journal, ledger and database; change nothing
      health    End with 0 only when all migrations on disk are applied
      check     Find broken history, forgotten migrations, tampering, and unsafe SQL
      lint      Find SQL that is unsafe on a live database, and show it made safe

    Flags of every command
      --config <file>          Drizzle config; default: the nearest drizzle.config.*
                               upwards
      --folder <dir>           Migrations folder, instead of the config's out
      --url <url>              Database, instead of the environment or the config
      --ledger <schema.table>  Drizzle's ledger; default: the config's migrations,
                               else drizzle.__drizzle_migrations
      --format <format>        pretty, plain, json, github, sarif. Default: pretty
                               on a terminal, plain elsewhere; check and lint under
                               GitHub Actions: github
      --color, --no-color      Colours; default: on a terminal, unless NO_COLOR is
                               set
      --quiet                  Print errors only
      --verbose                Print every statement, every finding, and stacks
      --help                   Print this help
      --version                Print the version

    Database
      The first of --url, MIGRATION_DATABASE_URL, DIRECT_URL, DATABASE_URL_UNPOOLED,
      DATABASE_URL, the config's dbCredentials. With --folder and one of the first
      five no config is read. The file .env beside the config is read; real
      variables win.

    Exit codes
      0    done, or clean
      1    it ran and found problems
      2    it could not run: bad flag, bad config, unreadable folder
      3    a migration's SQL failed
      4    refused: history and database contradict each other
      5    busy: a lock or an orphan blocked it past the limits
      6    the database cannot be reached or refuses the login
      130  interrupted by SIGINT, rolled back and released
      143  interrupted by SIGTERM, rolled back and released

    drizzle-companion <command> --help tells more about a command.
    "
  `);
});

test('the help of migrate', () => {
  expect(pages[0]?.replace(/Flags of every command[\s\S]*?\n\n/, '')).toMatchInlineSnapshot(`
    "drizzle-companion migrate: apply the migrations that are missing

    Applies what is missing, under a lock, one transaction for each migration, and
    writes the rows that drizzle itself would write.

    Usage
      drizzle-companion migrate [flags]

    Flags
      --to <name>                 Stop after this migration
      --plan                      Print what would be done, change nothing
      --wait <time>               For the database to be reachable (default 30s)
      --lock-wait <time>          For another runner to finish (default 60s)
      --lock-timeout <time>       For a table lock, in each try (default 5s)
      --lock-retries <n>          Further tries after time-out or deadlock (default
                                  8)
      --statement-timeout <time>  For one statement; 0: no limit (default 5min)
      --single-transaction        All or nothing, as stock drizzle does it
      --hold                      After success stay alive until SIGTERM
      --accept <code[:name]>      Overlook this finding, once; may be repeated

    Examples
      drizzle-companion migrate
          apply everything, database from DATABASE_URL
      drizzle-companion migrate --plan
          print what would be applied
      drizzle-companion migrate --folder ./drizzle --wait 60s
          in a container, without a config
      drizzle-companion migrate --accept ledger/edited:0007_groups
          overlook one finding, once

    Exit codes
      0    done, or clean
      2    it could not run: bad flag, bad config, unreadable folder
      3    a migration's SQL failed
      4    refused: history and database contradict each other
      5    busy: a lock or an orphan blocked it past the limits
      6    the database cannot be reached or refuses the login
      130  interrupted by SIGINT, rolled back and released
      143  interrupted by SIGTERM, rolled back and released
    "
  `);
});
