import { fileURLToPath } from 'node:url';
import {
  createDatabase,
  describeEachPostgres,
  type JournalFolder,
  journalFolder,
  postgresVersions,
  type TestDatabase,
} from '@companion/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../kernel/finding.ts';
import type { LedgerAddress } from '../../kernel/ledger-row.ts';
import { migrate } from '../../migrate/migrate.ts';
import { type CompanionSettings, NO_COMPANION_CONFIG } from '../../settings/companion-config.ts';
import { NO_SHADOW_SETTINGS, type ShadowSettings } from '../../shadow/shadow.ts';
import { readStatus } from '../../status/read-status.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { diagnoseDatabase } from './diagnose-database.ts';

const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));
const PRODUCT = fileURLToPath(new URL('../../../../db/migrations', import.meta.url));

const HISTORY = [
  {
    name: '0000_users',
    sql: `CREATE TYPE mood AS ENUM ('fine', 'low');
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL CONSTRAINT users_email_key UNIQUE, age integer DEFAULT 0, mood mood, users text);
CREATE INDEX users_age_idx ON users (age);`,
  },
  {
    name: '0001_posts',
    sql: `CREATE TABLE posts (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, author integer NOT NULL, body text, CONSTRAINT posts_author_fk FOREIGN KEY (author) REFERENCES users (id) NOT VALID);
ALTER TABLE posts VALIDATE CONSTRAINT posts_author_fk;
CREATE VIEW authors AS SELECT author, count(*) AS posts FROM posts GROUP BY author;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER posts_touch BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
CREATE POLICY readable ON posts FOR SELECT USING (true);
CREATE SEQUENCE tickets;`,
  },
];

const GRANTS = [
  {
    name: '0002_grants',
    sql: 'GRANT SELECT ON posts TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;',
  },
];

type LookOptions = {
  readonly folder: string;
  readonly ledger?: LedgerAddress;
  readonly companion?: Partial<CompanionSettings>;
  readonly shadow?: Partial<ShadowSettings>;
};

function look(url: string, { folder, ledger, companion = {}, shadow = {} }: LookOptions): Promise<Diagnosis> {
  return diagnoseDatabase(readStatus({ url, folder, ...(ledger && { ledger }) }), {
    companion: { ...NO_COMPANION_CONFIG, ...companion },
    url,
    place: async () => ({
      settings: { ...NO_SHADOW_SETTINGS, ...shadow },
      // A cluster of PGlite's is made once.
      directory: PACKAGE,
      target: { url },
    }),
  });
}

const told = ({ findings }: Diagnosis) =>
  findings.map(({ code, level, message }) => `${code} ${level} ${message}`);
const statementOf = (finding?: Finding) => finding?.rewrite?.[0]?.sql ?? '';
const CLEAN = { findings: [], notChecked: [], notes: [] };

/** What somebody does by hand, and what is said of it: level and message behind `database/`. */
const BY_HAND: readonly (readonly [sql: string, says: string])[] = [
  [
    'CREATE INDEX hand ON users (mood)',
    'added warning index hand on users: no migration makes it (CREATE INDEX hand ON public.users USING btree (mood))',
  ],
  ['CREATE TABLE "Hand" (id integer)', 'added warning table Hand: no migration makes it'],
  [
    'ALTER TABLE users ADD COLUMN hand jsonb',
    'added warning column users.hand: no migration makes it (jsonb)',
  ],
  [
    'ALTER TABLE posts ADD CONSTRAINT hand CHECK (author > 0)',
    'added warning constraint hand on posts: no migration makes it (CHECK ((author > 0)))',
  ],
  [
    'CREATE SCHEMA jobs; CREATE TABLE jobs.queue (id serial); CREATE TABLE jobs.done (id serial); CREATE VIEW jobs.v AS SELECT 1 AS a',
    'added warning schema jobs: no migration makes it, with 2 tables, 1 view in it',
  ],
  [
    "CREATE FUNCTION hand(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    'added warning function hand(integer): no migration makes it',
  ],
  ['CREATE PUBLICATION hand FOR TABLE users', 'added info publication hand: no migration makes it'],
  ['CREATE EXTENSION citext', 'added info extension citext: no migration makes it'],
  [
    'DROP INDEX users_age_idx',
    'missing error index users_age_idx on users: the migrations make it, and it is not there (CREATE INDEX users_age_idx ON public.users USING btree (age))',
  ],
  [
    'ALTER TABLE users DROP COLUMN age',
    'missing error column users.age: the migrations make it, and it is not there (integer)',
  ],
  [
    'ALTER TABLE users DROP COLUMN users; DROP INDEX users_age_idx',
    'missing error column users.users: the migrations make it, and it is not there (text)\nmissing error index users_age_idx on users: the migrations make it, and it is not there (CREATE INDEX users_age_idx ON public.users USING btree (age))',
  ],
  [
    'ALTER TABLE users DROP COLUMN id CASCADE',
    'missing error column users.id: the migrations make it, and it is not there (integer)',
  ],
  [
    'ALTER TABLE users DROP CONSTRAINT users_email_key',
    'missing error constraint users_email_key on users: the migrations make it, and it is not there (UNIQUE (email))',
  ],
  ['DROP VIEW authors', 'missing error view authors: the migrations make it, and it is not there'],
  [
    'DROP TRIGGER posts_touch ON posts',
    'missing error trigger posts_touch on posts: the migrations make it, and it is not there (CREATE TRIGGER posts_touch BEFORE UPDATE ON public.posts FOR EACH ROW EXECUTE FUNCTION public.touch())',
  ],
  ['DROP TABLE users CASCADE', 'missing error table users: the migrations make it, and it is not there'],
  ['ALTER TABLE users ALTER COLUMN age SET DEFAULT 5', 'changed error column users.age: default 0 → 5'],
  ['ALTER TABLE users ALTER COLUMN age TYPE bigint', 'changed error column users.age: type integer → bigint'],
  ['ALTER TABLE users ALTER COLUMN email DROP NOT NULL', 'changed error column users.email: takes NULL'],
  [
    "ALTER TYPE mood ADD VALUE 'high'",
    "changed error enum mood: values 'fine', 'low' → 'fine', 'low', 'high'",
  ],
  [
    'ALTER INDEX users_age_idx RENAME TO users_old',
    'changed error index users_age_idx on users: is called users_old in the database',
  ],
  ['ALTER TABLE posts DISABLE ROW LEVEL SECURITY', 'changed error table posts: row security is off'],
  [
    'ALTER POLICY readable ON posts USING (author > 0)',
    'changed error policy readable on posts: using true → (author > 0)',
  ],
  [
    'ALTER TABLE posts DISABLE TRIGGER posts_touch',
    'changed error trigger posts_touch on posts: is disabled',
  ],
  [
    'ALTER TABLE posts DISABLE TRIGGER ALL',
    'changed error constraint posts_author_fk on posts: is not watched\nchanged error trigger posts_touch on posts: is disabled',
  ],
  ['ALTER TABLE users SET (fillfactor = 70)', 'changed warning table users: has the options fillfactor=70'],
  ["COMMENT ON TABLE users IS 'people'", 'changed info table users: has the comment people'],
  ['ALTER SEQUENCE tickets INCREMENT 2', 'changed error sequence tickets: increment 1 → 2'],
  [
    "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
    'changed error function touch(): definition changed\n  …\n   RETURNS trigger\n   LANGUAGE plpgsql\n- AS $function$BEGIN RETURN NEW; END$function$\n+ AS $function$BEGIN RETURN OLD; END$function$',
  ],
  [
    'ALTER TABLE posts DROP CONSTRAINT posts_author_fk; ALTER TABLE posts ADD CONSTRAINT posts_author_fk FOREIGN KEY (author) REFERENCES users (id) NOT VALID',
    'unvalidated-constraint warning constraint posts_author_fk on posts: is NOT VALID; the migrations validate it: rows from before may break it',
  ],
];

describeEachPostgres('What was done by hand', ({ createDatabase: create }) => {
  let folder: JournalFolder;
  let database: TestDatabase;
  beforeAll(async () => {
    folder = journalFolder(HISTORY);
    database = await create();
    await migrate({ url: database.url, folder: folder.path });
  }, 60_000);
  afterAll(async () => {
    await database.drop();
    folder.dispose();
  });

  it('nothing: nothing is told', async () => {
    expect(await look(database.url, { folder: folder.path })).toEqual(CLEAN);
  }, 60_000);

  it.each(BY_HAND)(
    '%s',
    async (sql, says) => {
      const copy = await create();
      await migrate({ url: copy.url, folder: folder.path });
      await copy.sql.unsafe(sql);
      const diagnosis = await look(copy.url, { folder: folder.path });
      expect(told(diagnosis)).toEqual(says.split(/\n(?=\w)/).map((line) => `database/${line}`));
      expect(diagnosis.notChecked).toEqual([]);
    },
    60_000,
  );
});

describe('What is looked at besides', () => {
  const prepare = async () => {
    const folder = journalFolder(HISTORY);
    const database = await createDatabase();
    await migrate({ url: database.url, folder: folder.path });
    return { folder: folder.path, database };
  };

  it('sequences behind their columns, and the statement that sets them right', async () => {
    const { folder, database } = await prepare();
    const { sql } = database;
    await sql`INSERT INTO users (id, email) VALUES (1, 'a')`;
    await sql`INSERT INTO posts (id, author) OVERRIDING SYSTEM VALUE VALUES (9007199254740993, 1)`;
    const { findings } = await look(database.url, { folder });
    expect(findings.map(({ code, level, message }) => [code, level, message])).toEqual([
      [
        'database/sequence-behind',
        'error',
        'sequence posts_id_seq: gives 1 next, and posts.id goes to 9007199254740993: an INSERT that takes a number which is there fails',
      ],
      [
        'database/sequence-behind',
        'error',
        'sequence users_id_seq: gives 1 next, and users.id goes to 1: an INSERT that takes a number which is there fails',
      ],
    ]);
    for (const finding of findings) await sql.unsafe(statementOf(finding));
    expect(await look(database.url, { folder })).toEqual(CLEAN);
  }, 60_000);

  it('an invalid index, once', async () => {
    const { folder, database } = await prepare();
    await database.sql`INSERT INTO users (email, age) VALUES ('a', 1), ('b', 1)`;
    await database.sql
      .unsafe('CREATE UNIQUE INDEX CONCURRENTLY broken ON users (age)')
      .catch(() => undefined);
    expect((await look(database.url, { folder })).findings).toMatchObject([
      { code: 'database/invalid-index', level: 'warning', message: expect.stringContaining('public.broken') },
    ]);
  }, 60_000);

  it('a constraint that the migrations leave NOT VALID is told, not counted', async () => {
    const database = await createDatabase();
    const open = journalFolder([
      {
        name: '0000_a',
        sql: 'CREATE TABLE a (b integer); ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID;',
      },
    ]);
    await migrate({ url: database.url, folder: open.path });
    // What is not enforced cannot be validated either.
    const isKnown = (postgresVersions().at(-1) ?? 0) >= 18;
    if (isKnown) await database.sql.unsafe('ALTER TABLE a ADD CONSTRAINT d CHECK (b > 1) NOT ENFORCED');
    expect(told(await look(database.url, { folder: open.path }))).toEqual([
      ...(isKnown
        ? ['database/added warning constraint d on a: no migration makes it (CHECK ((b > 1)) NOT ENFORCED)']
        : []),
      'database/unvalidated-constraint info constraint c on a: is NOT VALID: rows from before may break it',
    ]);
  }, 60_000);

  it('a weak role: all is compared, and what it may not read is said', async () => {
    const { folder, database } = await prepare();
    const role = `${database.name}_weak`;
    await database.sql.unsafe(`CREATE ROLE "${role}" LOGIN PASSWORD 'weak'; GRANT USAGE ON SCHEMA drizzle TO "${role}";
      GRANT SELECT ON ALL TABLES IN SCHEMA drizzle TO "${role}"; ALTER TABLE users ADD COLUMN hand text`);
    const url = Object.assign(new URL(database.url), { username: role, password: 'weak' }).toString();
    try {
      const diagnosis = await look(url, { folder });
      expect(told(diagnosis)).toEqual([
        'database/added warning column users.hand: no migration makes it (text)',
      ]);
      expect(diagnosis.notChecked).toEqual([]);
      expect(diagnosis.notes).toEqual([
        'Whether sequences are behind was not looked at for drizzle.__drizzle_migrations.id, posts.id, users.id: it may not be read, or not within a second.',
      ]);
    } finally {
      await database.sql.unsafe(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
    }
  }, 60_000);

  it.each([
    { schema: 'public', table: '__migrations' },
    { schema: 'ops', table: 'ledger' },
  ])(
    'the ledger $table in $schema is nobody’s drift, what lies beside it is',
    async (ledger) => {
      const folder = journalFolder(HISTORY);
      const database = await createDatabase();
      await migrate({ url: database.url, folder: folder.path, ledger });
      expect(await look(database.url, { folder: folder.path, ledger })).toEqual(CLEAN);
      await database.sql.unsafe(`CREATE TABLE ${ledger.schema}.other (a integer)`);
      const name = ledger.schema === 'public' ? 'other' : 'ops.other';
      expect(told(await look(database.url, { folder: folder.path, ledger }))).toEqual([
        `database/added warning table ${name}: no migration makes it`,
      ]);
    },
    60_000,
  );

  it('nothing is waited for: tables under an exclusive lock, with an identity column and a serial one', async () => {
    const { folder, database } = await prepare();
    const other = postgres(database.url, { max: 1 });
    try {
      await other.unsafe('BEGIN; LOCK TABLE posts, users IN ACCESS EXCLUSIVE MODE').simple();
      const { findings, notChecked, notes } = await look(database.url, { folder });
      expect(findings).toEqual([]);
      expect(notChecked).toMatchObject([
        { group: 'database', reason: expect.stringContaining('holds a lock') },
      ]);
      expect(notes).toMatchObject([expect.stringContaining('for posts.id, users.id: ')]);
    } finally {
      await other.end({ timeout: 0 });
    }
  }, 60_000);

  it('privileges are somebody else’s affair, until a migration grants one', async () => {
    const { folder, database } = await prepare();
    await database.sql.unsafe('GRANT SELECT ON users TO PUBLIC');
    expect(await look(database.url, { folder })).toEqual(CLEAN);
    const granting = journalFolder([...HISTORY, ...GRANTS]);
    await migrate({ url: database.url, folder: granting.path });
    expect(told(await look(database.url, { folder: granting.path }))).toEqual([
      'database/added warning privileges of PUBLIC on table users: no migration makes it (SELECT)',
    ]);
    await database.sql.unsafe('REVOKE SELECT ON users, posts FROM PUBLIC');
    expect(told(await look(database.url, { folder: granting.path }))).toEqual([
      'database/missing error privileges of PUBLIC on table posts: the migrations make it, and it is not there (SELECT)',
    ]);
  }, 60_000);

  it('default privileges that somebody set by hand are told once', async () => {
    const database = await createDatabase();
    const role = `reader_${database.name}`;
    await database.sql.unsafe(`CREATE ROLE ${role}; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO ${role};
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`);
    try {
      const { path: folder } = journalFolder([...HISTORY, ...GRANTS]);
      await migrate({ url: database.url, folder });
      const diagnosis = await look(database.url, { folder });
      expect(told(diagnosis)).toEqual([
        'database/added warning default privileges on functions of postgres: leave PUBLIC nothing on 1 function; no migration does',
        `database/added warning default privileges on tables of postgres: give ${role} all on 2 tables, 1 view; no migration does`,
      ]);
      const revoke = statementOf(diagnosis.findings[1]);
      await database.sql.unsafe(`${revoke} REVOKE ALL ON users, posts, authors FROM ${role}`);
      await database.sql.unsafe('GRANT EXECUTE ON FUNCTION touch() TO PUBLIC');
      expect(await look(database.url, { folder })).toEqual(CLEAN);
    } finally {
      await database.sql.unsafe(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  }, 60_000);

  it('what programs add as time goes by is told once', async () => {
    const database = await createDatabase();
    const { path: folder } = journalFolder([
      {
        name: '0000_events',
        sql: `CREATE TABLE events (at integer PRIMARY KEY, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (0) TO (10);`,
      },
    ]);
    await migrate({ url: database.url, folder });
    await database.sql.unsafe(`CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (10) TO (20);
      CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (20) TO (30) PARTITION BY RANGE (at);
      CREATE TABLE events_2_0 PARTITION OF events_2 FOR VALUES FROM (20) TO (25);
      CREATE INDEX ON events_2 (kind);
      CREATE TABLE logs (at integer) PARTITION BY RANGE (at);
      CREATE TABLE logs_0 PARTITION OF logs FOR VALUES FROM (0) TO (10);
      COMMENT ON CONSTRAINT events_0_pkey ON events_0 IS 'first';
      CREATE EXTENSION hstore; CREATE SCHEMA inside; ALTER EXTENSION hstore ADD SCHEMA inside;
      CREATE TABLE inside.chunk_1 (); CREATE TABLE inside.chunk_2 (id serial)`);
    const { findings } = await look(database.url, { folder });
    expect(told({ findings, notChecked: [], notes: [] })).toEqual([
      'database/added warning table logs: no migration makes it, with 1 partition in it',
      'database/added info extension hstore: no migration makes it',
      'database/changed info constraint events_pkey on events_0: has the comment first',
      'database/added info schema inside: holds 2 tables that no migration makes; it belongs to the extension hstore',
      'database/added info table events: has 3 partitions that no migration makes',
    ]);
    expect(findings.map(statementOf).filter((sql) => sql !== '')).toEqual([
      'DROP TABLE "public"."logs";',
      'DROP EXTENSION "hstore";',
    ]);
  }, 60_000);

  it('nothing needs to be written: a database that takes no writes', async () => {
    const { folder, database } = await prepare();
    await database.sql.unsafe('ALTER TABLE users ADD COLUMN hand text');
    await database.sql.unsafe(`ALTER DATABASE "${database.name}" SET default_transaction_read_only = on`);
    const diagnosis = await look(database.url, { folder });
    expect(told(diagnosis)).toEqual([
      'database/added warning column users.hand: no migration makes it (text)',
    ]);
    expect(diagnosis.notChecked).toEqual([]);
  }, 60_000);
});

describe('What cannot be compared', () => {
  it('a migration that was changed after it was applied; with an exception it is taken as it is', async () => {
    const folder = journalFolder(HISTORY);
    const database = await createDatabase();
    await migrate({ url: database.url, folder: folder.path });
    const sql = `${HISTORY[1]?.sql}\nALTER TABLE posts ADD COLUMN edited text;`;
    folder.write('0001_posts.sql', sql);
    const blocked = await look(database.url, { folder: folder.path });
    expect(told(blocked)).toMatchObject([expect.stringContaining('ledger/edited')]);
    expect(blocked.notChecked).toMatchObject([
      { group: 'database', reason: expect.stringMatching(/0001_posts was changed after it was applied$/) },
    ]);
    const companion = { exceptions: [{ code: 'ledger/edited', migration: '0001_posts', reason: 'known' }] };
    expect(told(await look(database.url, { folder: folder.path, companion }))).toMatchObject([
      expect.stringContaining('ledger/edited'),
      'database/missing error column posts.edited: the migrations make it, and it is not there (text)',
    ]);
  }, 60_000);

  it('what is pending is not missed, and what came later than the files is not judged', async () => {
    const folder = journalFolder(HISTORY);
    const database = await createDatabase();
    await migrate({ url: database.url, folder: folder.path, to: '0000_users' });
    expect(told(await look(database.url, { folder: folder.path }))).toMatchObject([
      expect.stringContaining('ledger/pending'),
    ]);
    await migrate({ url: database.url, folder: folder.path });
    const older = journalFolder(HISTORY.slice(0, 1));
    const ahead = await look(database.url, { folder: older.path });
    expect(ahead.notChecked).toMatchObject([{ reason: expect.stringContaining('ahead of the files') }]);
    expect(told(ahead)).toMatchObject([expect.stringContaining('ledger/ahead')]);
  }, 60_000);

  it('an empty database', async () => {
    const folder = journalFolder(HISTORY);
    const database = await createDatabase();
    const { notChecked, notes } = await look(database.url, { folder: folder.path });
    expect([notChecked, notes]).toEqual([[], [expect.stringContaining('No migration is applied')]]);
  }, 60_000);

  it('a chain that the shadow cannot run; unless nobody wants to know', async () => {
    const folder = journalFolder([
      { name: '0000_a', sql: 'CREATE EXTENSION postgres_fdw; CREATE TABLE a (b integer);' },
    ]);
    const database = await createDatabase();
    await migrate({ url: database.url, folder: folder.path });
    const { findings, notChecked } = await look(database.url, { folder: folder.path });
    expect(findings).toEqual([]);
    expect(notChecked).toEqual([
      {
        group: 'database',
        reason: expect.stringMatching(
          /what is applied cannot be replayed on a shadow database \(pglite\): 0000_a, line 1: .*--shadow-url/,
        ),
      },
    ]);
    const levels = new Map(
      ['added', 'missing', 'changed'].map((name) => [`database/${name}`, 'off' as const]),
    );
    expect(await look(database.url, { folder: folder.path, companion: { levels } })).toEqual({
      findings: [],
      notChecked: [],
      notes: [expect.stringContaining('switches off')],
    });
    // On a server of the same kind the same chain is compared.
    const shadow = {
      provider: 'server' as const,
      url: Object.assign(new URL(database.url), { pathname: '/postgres' }).toString(),
    };
    expect(await look(database.url, { folder: folder.path, shadow })).toEqual(CLEAN);
  }, 60_000);

  it('a database that nobody reaches, and what to look at', async () => {
    const folder = journalFolder(HISTORY);
    const { notChecked } = await look('postgres://postgres@127.0.0.1:1/shop', { folder: folder.path });
    expect(notChecked).toEqual([
      {
        group: 'database',
        reason: expect.stringMatching(/cannot be reached: .* Check that the server runs/),
      },
    ]);
  }, 60_000);

  it('the database itself is no shadow', async () => {
    const folder = journalFolder(HISTORY);
    const database = await createDatabase();
    await migrate({ url: database.url, folder: folder.path });
    const shadow = { provider: 'server' as const, url: database.url };
    await expect(look(database.url, { folder: folder.path, shadow })).rejects.toMatchObject({
      code: 'shadow-refused',
    });
  }, 60_000);
});

describeEachPostgres("The product's migrations", ({ createDatabase: create }) => {
  it('make what is found', async () => {
    const database = await create();
    await migrate({ url: database.url, folder: PRODUCT });
    expect(await look(database.url, { folder: PRODUCT })).toEqual(CLEAN);
  }, 60_000);
});
