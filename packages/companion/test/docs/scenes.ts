import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { FIRST_WHEN, runCli } from '@companion/testing';
import postgres from 'postgres';
import { runInShell } from './console.ts';
import { createProject, type Project } from './project.ts';
import { HISTORY, SHOP } from './shop.ts';

/** What a branch brings that is not merged yet. */
const BRANCH = [
  {
    name: '0004_notes',
    sql: `CREATE TABLE "notes" (
\t"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
\t"order_id" bigint NOT NULL,
\t"body" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "notes_order_id_idx" ON "notes" USING btree ("order_id");
`,
  },
  {
    name: '0005_orders_user_idx',
    sql: 'CREATE INDEX "orders_user_idx" ON "orders" ("user_id");\n',
  },
];

/** What is applied nowhere yet. */
const REHEARSED = [
  {
    name: '0004_orders_total',
    sql: `ALTER TABLE "orders" ADD COLUMN "total" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "orders" ALTER COLUMN "id" SET DATA TYPE bigint;
`,
  },
  {
    name: '0005_orders_user_idx',
    sql: 'CREATE INDEX CONCURRENTLY "orders_user_idx" ON "orders" ("user_id");\n',
  },
];

/** The worlds that pages name with `<!-- scene: … -->`. */
export const SCENES: Readonly<Record<string, () => Promise<Project>>> = {
  /** Four migrations, an empty database. */
  new: () => createProject(SHOP),
  /** Stock drizzle can run these, too. */
  'new without concurrently': async () => {
    const project = await createProject(SHOP);
    writeJournal(project, HISTORY.slice(0, 3));
    project.folder.remove('drizzle/0003_orders_status_idx.sql');
    return project;
  },
  /** One migration, made by drizzle-kit itself, so that it can make the next. */
  'applied with snapshots': async () => {
    const project = await createProject(without(SHOP, 'drizzle/'));
    const { exitCode, screen } = await runInShell(project, 'npx drizzle-kit generate --name init');
    if (exitCode !== 0) throw new Error(`The scene cannot be set: ${screen}`);
    return applyAll(project);
  },
  /** One migration that drizzle-kit made, all committed behind a hook; then a column is added to the code. */
  drift: async () => {
    const project = await createProject(without(SHOP, 'drizzle/'));
    project.folder.write('.gitignore', 'node_modules/\n.tools/\n');
    project.folder.write('.git-hooks/pre-commit', '#!/bin/sh\nnpx drizzle-companion check --staged\n');
    chmodSync(join(project.folder.path, '.git-hooks/pre-commit'), 0o755);
    const { exitCode, screen } = await runInShell(
      project,
      `npx drizzle-kit generate --name init && git init -q -b main && git config user.name Shop && git config user.email shop@example.com && git add . && git commit -q -m Shop && git remote add origin . && git fetch -q && git config core.hooksPath .git-hooks`,
    );
    if (exitCode !== 0) throw new Error(`The scene cannot be set: ${screen}`);
    const schema = SHOP['src/schema.ts'] ?? '';
    project.folder.write(
      'src/schema.ts',
      schema.replace('email: text().notNull(),', 'email: text().notNull(),\n  age: integer(),'),
    );
    return project;
  },
  /** The four migrations are on origin/main; a branch adds a table with its index, and an index on an old table. */
  branch: async () => {
    const project = await createProject(SHOP);
    project.folder.write('.gitignore', 'node_modules/\n.tools/\n');
    const { exitCode, screen } = await runInShell(
      project,
      `git init -q -b main && git config user.name Shop && git config user.email shop@example.com && git add . && git commit -q -m Shop && git remote add origin . && git fetch -q && git switch -q -c notes`,
    );
    if (exitCode !== 0) throw new Error(`The scene cannot be set: ${screen}`);
    for (const { name, sql } of BRANCH) project.folder.write(`drizzle/${name}.sql`, sql);
    writeJournal(project, HISTORY, BRANCH);
    return project;
  },
  applied: async () => applyAll(await createProject(SHOP)),
  'three applied': async () => applyAll(await createProject(SHOP), '--to', '0002_orders_note'),
  /** 0002 came with a branch that was merged after 0003 had been deployed. */
  gap: async () => {
    const project = await createProject(SHOP);
    writeJournal(project, HISTORY.toSpliced(2, 1));
    await applyAll(project);
    writeJournal(project, HISTORY);
    return project;
  },
  /** Applied, then the file was changed. */
  edited: async () => {
    const project = await applyAll(await createProject(SHOP));
    project.folder.write('drizzle/0002_orders_note.sql', 'ALTER TABLE "orders" ADD COLUMN "remark" text;\n');
    return project;
  },
  /** A row whose file is gone. */
  stray: async () => {
    const project = await applyAll(await createProject(SHOP));
    project.folder.remove('drizzle/0002_orders_note.sql');
    writeJournal(project, HISTORY.toSpliced(2, 1));
    return project;
  },
  /** The schema is there, drizzle's ledger is not: what `drizzle-kit push` leaves. */
  pushed: async () => {
    const project = await applyAll(await createProject(SHOP));
    await project.database.sql`DROP SCHEMA drizzle CASCADE`;
    return project;
  },
  /** The same, with a ledger that knows all but the first. */
  'pushed with ledger': async () => {
    const project = await applyAll(await createProject(SHOP));
    await project.database.sql`DELETE FROM drizzle.__drizzle_migrations WHERE id = 1`;
    return project;
  },
  /** Somebody was quicker than a migration, and somebody else tried something out. */
  'by hand': async () => {
    const project = await applyAll(await createProject(SHOP));
    await project.database.sql.unsafe(
      'CREATE INDEX orders_user_idx ON orders (user_id); ALTER TABLE orders ALTER COLUMN note SET NOT NULL',
    );
    return project;
  },
  /** One migration that drizzle-kit made, and an index that was written into its SQL. */
  'edited SQL': async () => {
    const project = await createProject(without(SHOP, 'drizzle/'));
    const { exitCode, screen } = await runInShell(
      project,
      `npx drizzle-kit generate --name init && printf '\\n--> statement-breakpoint\\nCREATE INDEX "orders_note_idx" ON "orders" ("note");\\n' >> drizzle/0000_init.sql`,
    );
    if (exitCode !== 0) throw new Error(`The scene cannot be set: ${screen}`);
    return project;
  },
  /** Rows that the next migration's NOT NULL cannot have. */
  'failing migration': async () => {
    const project = await applyAll(await createProject(SHOP));
    await project.database.sql`INSERT INTO users (email) VALUES ('a@example.com')`;
    return addMigration(
      project,
      '0004_users_name',
      'CREATE INDEX "users_email_idx" ON "users" ("email");--> statement-breakpoint\nALTER TABLE "users" ADD COLUMN "name" text NOT NULL;\n',
    );
  },
  /** The value is used in the transaction that adds it. */
  'enum value': async () =>
    addMigration(
      await applyAll(await createProject(SHOP)),
      '0004_refunds',
      `ALTER TYPE "order_status" ADD VALUE 'refunded';--> statement-breakpoint\nUPDATE "orders" SET "status" = 'refunded' WHERE "note" = 'refund';\n`,
    ),
  /** A worker keeps a lock on the table that the next migration changes. */
  'locked table': async () => {
    const project = addMigration(
      await applyAll(await createProject(SHOP)),
      '0004_orders_total',
      'ALTER TABLE "orders" ADD COLUMN "total" integer;\n',
    );
    return withWorker(project, 'SELECT count(*) FROM orders');
  },
  /** An orphan of somebody else's keeps AccessExclusiveLock. */
  orphan: async () => {
    const project = addMigration(
      await applyAll(await createProject(SHOP)),
      '0004_orders_total',
      'ALTER TABLE "orders" ADD COLUMN "total" integer;\n',
    );
    return withWorker(project, 'LOCK TABLE orders');
  },
  'small role': withSmallRole,
  /** Everything is applied, orders has rows, and two migrations are new. Nobody is at work. */
  rehearsal: async () => {
    const project = await applyAll(await createProject(SHOP));
    const sql = postgres(project.database.url, { max: 1, onnotice: () => undefined });
    await sql`INSERT INTO users (email) SELECT 'user' || n || '@example.com' FROM generate_series(1, 100) n`;
    await sql`INSERT INTO orders (user_id) SELECT n % 100 + 1 FROM generate_series(1, 20000) n`;
    await sql.end();
    for (const { name, sql: text } of REHEARSED) project.folder.write(`drizzle/${name}.sql`, text);
    writeJournal(project, HISTORY, REHEARSED);
    return project;
  },
};

async function applyAll(project: Project, ...flags: readonly string[]): Promise<Project> {
  const { folder, database } = project;
  const env = { DATABASE_URL: database.url };
  const ran = await runCli(['migrate', ...flags], { cwd: folder.path, env });
  if (ran.exitCode !== 0) throw new Error(`The scene cannot be set: ${ran.stderr}`);
  return project;
}

type Entry = { readonly name: string };

/** As drizzle-kit 0.31 writes it; the whens follow the whole history's order, an hour apart. */
function writeJournal({ folder }: Project, entries: readonly Entry[], later: readonly Entry[] = []): void {
  const known = [...HISTORY, ...later];
  const journal = {
    version: '7',
    dialect: 'postgresql',
    entries: [...entries, ...later].map(({ name }, idx) => ({
      idx,
      version: '7',
      when: FIRST_WHEN + known.findIndex((entry) => entry.name === name) * 3_600_000,
      tag: name,
      breakpoints: true,
    })),
  };
  folder.write('drizzle/meta/_journal.json', `${JSON.stringify(journal, null, 2)}\n`);
}

function addMigration(project: Project, name: string, sql: string): Project {
  project.folder.write(`drizzle/${name}.sql`, sql);
  writeJournal(project, HISTORY, [{ name }]);
  return project;
}

/** Another program with a transaction open, in which it has run `statement`. */
async function withWorker(project: Project, statement: string): Promise<Project> {
  const worker = postgres(project.database.url, { max: 1, connection: { application_name: 'shop-worker' } });
  const [row] = await worker`SELECT pg_backend_pid() AS pid`;
  await worker.unsafe('BEGIN');
  await worker.unsafe(statement);
  const user = new URL(project.database.url).username;
  return {
    ...project,
    names: [[String(row?.pid), '4711'], [` ${user} `, ' shop '], [`(${user},`, '(shop,'], ...project.names],
    dispose: async () => {
      await worker.end({ timeout: 0 });
      await project.dispose();
    },
  };
}

function without(files: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith(prefix)));
}

/** A role that owns nothing and may not create a schema. */
async function withSmallRole(): Promise<Project> {
  const project = await createProject(SHOP);
  const role = `${project.database.name}_app`;
  await project.database.sql.unsafe(`CREATE ROLE "${role}" LOGIN PASSWORD 'app'`);
  const url = new URL(project.database.url);
  Object.assign(url, { username: role, password: 'app' });
  return {
    ...project,
    names: [[role, 'shop_app'], ...project.names],
    env: { ...project.env, DATABASE_URL: url.toString() },
    dispose: async () => {
      await project.database.sql.unsafe(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`).simple();
      await project.dispose();
    },
  };
}
