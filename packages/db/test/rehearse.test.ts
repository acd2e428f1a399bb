import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase, temporaryFolder } from '@companion/testing';
import { migrate } from 'drizzle-companion';
import { expect, test } from 'vitest';
import { MIGRATIONS, PACKAGE } from './migrations-folder.ts';

const ROOT = join(PACKAGE, '../..');

type Ended = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** The script of the repository's root, as people and CI call it. */
function rehearse(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      'npm',
      ['--silent', 'run', 'db:rehearse', '--', ...flags],
      { cwd: ROOT, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } },
      (error, stdout, stderr) => resolve({ status: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

/** The migrations with a line more in one of them. */
function withBroken(name: string, sql: string): string {
  const { path } = temporaryFolder();
  cpSync(MIGRATIONS, path, { recursive: true });
  appendFileSync(join(path, `${name}.sql`), `--> statement-breakpoint\n${sql}\n`);
  return path;
}

test('the dry-run gate passes on an empty database, and leaves it empty', async () => {
  const database = await createDatabase();
  const before = await schemas(database.sql);
  await database.sql.end();
  const { status, stdout, stderr } = await rehearse(['--format', 'json'], { DATABASE_URL: database.url });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  const report = JSON.parse(stdout) as { steps: { name: string; state: string }[]; notRehearsed: unknown[] };
  const journal: { entries: { tag: string }[] } = JSON.parse(
    readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'),
  );
  expect(report.steps.map(({ name }) => name)).toEqual(journal.entries.map(({ tag }) => tag));
  expect(report.steps.filter(({ state }) => state !== 'rehearsed')).toEqual([]);
  expect(report.notRehearsed).toEqual([]);
  const again = await createDatabaseClient(database.url);
  expect(await schemas(again)).toEqual(before);
  await again.end();
});

test("it fails with the file's name and PostgreSQL's error, and changes nothing", async () => {
  const database = await createDatabase();
  await migrate({ url: database.url, folder: MIGRATIONS, to: '0016_message_role_tool' });
  const rows = await database.sql`select hash from drizzle.__drizzle_migrations order by id`;
  const folder = withBroken(
    '0017_messages_token_counts',
    'ALTER TABLE "messages" DROP COLUMN "no_such_column";',
  );
  const broken = await rehearse(['--even-if-busy', '--folder', folder], { DATABASE_URL: database.url });
  expect(broken.status).toBe(3);
  expect(broken.stderr).toContain('0017_messages_token_counts.sql:');
  expect(broken.stderr).toContain('column "no_such_column" of relation "messages" does not exist');
  expect(await database.sql`select hash from drizzle.__drizzle_migrations order by id`).toEqual(rows);
  const columns = await database.sql`
    select from information_schema.columns where table_name = 'messages' and column_name like '%tokens'`;
  expect(columns).toHaveLength(0);
});

test('without a database the whole chain runs on a shadow, and a broken file is named', {
  timeout: 120_000,
}, async () => {
  expect(await rehearse(['--shadow'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('19 migrations'),
  });
  const folder = withBroken('0003_tools', 'SELECT "nosuch" FROM "tools";');
  const broken = await rehearse(['--shadow', '--folder', folder]);
  expect(broken.status).toBe(3);
  expect(broken.stderr).toContain('0003_tools.sql:');
  expect(broken.stderr).toContain('column "nosuch" does not exist');
});

test('the workflow runs these very commands, before it migrates', () => {
  const workflow = readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8');
  const commands = [...workflow.matchAll(/^ +(?:- )?run: (pnpm db:.*)$/gm)].map(([, command]) => command);
  expect(commands).toContain('pnpm db:rehearse --shadow');
  const [rehearsal, migration] = ['pnpm db:rehearse', 'pnpm db:migrate'].map((one) => commands.indexOf(one));
  expect(rehearsal).toBeGreaterThan(-1);
  expect(migration).toBeGreaterThan(rehearsal ?? 0);
});

async function createDatabaseClient(url: string) {
  const { default: postgres } = await import('postgres');
  return postgres(url, { max: 1 });
}

function schemas(sql: Awaited<ReturnType<typeof createDatabaseClient>>) {
  return sql`select nspname, (select count(*)::int from pg_class where relnamespace = n.oid) as relations
    from pg_namespace n order by 1`;
}
