import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import postgres from 'postgres';

const ADVICE = `drizzle-kit push changes the database without a migration. Here that is almost never what you want:
  - development then never runs what production runs: the first real run is the deployment;
  - enum changes break: push cannot map the rows that hold a value you removed;
  - there is no ledger afterwards: the next migrate starts at 0000 and finds everything there already.

What to do instead:
  pnpm db:generate --name <what_changes>   write the migration, then read it
  pnpm db:migrate                          apply it
`;
const FLAG = 'i-know-this-database-is-throw-away';

function refuse(reason: string): never {
  console.error(`Not pushed: ${reason}`);
  process.exit(1);
}

/** Rows in drizzle's ledger; 0 also while there is no ledger. */
async function readLedgerRows(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    const [there] = await sql`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS ledger`;
    if (!there?.ledger) return 0;
    const [counted] = await sql`SELECT count(*)::int AS rows FROM drizzle.__drizzle_migrations`;
    return counted?.rows ?? 0;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** True when the person typed the database's name. Never asks where nobody can answer. */
async function readConfirmation(database: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-D closes the terminal and leaves the question without an answer.
  const closed = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(`Type "${database}" to push into it: `), closed]);
  terminal.close();
  return answer.trim() === database;
}

const { values } = parseArgs({ options: { [FLAG]: { type: 'boolean', default: false } } });

console.error(ADVICE);
if (existsSync('.env')) process.loadEnvFile('.env');
const url = process.env.DATABASE_URL;
if (!url) refuse('DATABASE_URL is not set.');
const database = decodeURIComponent(new URL(url).pathname.slice(1));

const rows = await readLedgerRows(url).catch((error: unknown) =>
  refuse(
    `the ledger of "${database}" cannot be read: ${error instanceof Error ? error.message : String(error)}`,
  ),
);
if (rows > 0) refuse(`"${database}" has ${rows} migrations in its ledger; only migrations may change it.`);
if (!values[FLAG] && !(await readConfirmation(database))) {
  refuse(`pass --${FLAG}, or type the database's name when asked on a terminal.`);
}
const pushed = spawnSync('drizzle-kit', ['push', '--force'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
process.exit(pushed.status ?? 1);
