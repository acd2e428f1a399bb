import { describe, expect, test } from 'vitest';
import { loadSqlParser } from '../../sql/parser.ts';
import { lintMigrations } from '../lint-migrations.ts';
import type { LintMigration } from '../migration.ts';
import { defineRule } from '../rule.ts';
import { columnRefs } from './column-refs.ts';
import type { SchemaFacts } from './schema-facts.ts';
import { showType } from './sql-type.ts';

type Ended = { readonly facts: SchemaFacts; readonly migrations: readonly LintMigration[] };

/** What is known after migrations, each deployed by itself. */
async function lintedTo(sqls: readonly string[]): Promise<Ended> {
  const ends: Ended[] = [];
  const witness = defineRule({
    id: 'witness',
    family: 'linter',
    level: 'info',
    title: 'Keeps the facts',
    migration: (_, { facts, migrations }) => {
      ends.push({ facts, migrations });
      return [];
    },
  });
  const { findings } = lintMigrations({
    migrations: sqls.map((sql, batch) => {
      const name = `000${batch}_test`;
      return { name, file: `/test/${name}.sql`, sql, batch, linted: true };
    }),
    snapshot: null,
    rules: [witness],
    settings: {
      levels: new Map(),
      options: new Map(),
      postgresVersion: 14,
      runner: 'companion',
      smallTables: [],
    },
    parser: await loadSqlParser(),
  });
  expect(findings).toEqual([]);
  const end = ends.at(-1);
  if (end === undefined) throw new Error('no migration');
  return end;
}

async function factsAfter(...sqls: string[]): Promise<SchemaFacts> {
  return (await lintedTo(sqls)).facts;
}

const named = (name: string, schema: string | null = null) => ({ schema, name });

function columns(facts: SchemaFacts, table: string): Record<string, string> {
  const known = [...(facts.table(named(table))?.columns.values() ?? [])];
  return Object.fromEntries(
    known.map(({ name, type, notNull, hasDefault }) => {
      const words = [
        type === null ? 'unknown' : showType(type),
        notNull && 'not null',
        hasDefault && 'default',
      ];
      return [name, words.filter(Boolean).join(', ')];
    }),
  );
}

const constraints = (facts: SchemaFacts, table: string): string[] =>
  [...(facts.table(named(table))?.constraints.values() ?? [])].map(
    ({ name, kind, columns: of, validated }) =>
      `${name}: ${kind} (${of.join(', ')})${validated ? '' : ', not valid'}`,
  );

describe('a table', () => {
  test('as it is made', async () => {
    const facts = await factsAfter(
      `CREATE TABLE "public"."users" (
         "id" bigserial PRIMARY KEY NOT NULL, "email" varchar(255) NOT NULL UNIQUE, "tags" text[] DEFAULT '{}',
         "org" int REFERENCES orgs (id), "n" int GENERATED ALWAYS AS IDENTITY,
         "loud" text GENERATED ALWAYS AS (upper(email)) STORED, CONSTRAINT "c" CHECK ("org" IS NOT NULL)
       );`,
    );
    expect(columns(facts, 'users')).toEqual({
      id: 'bigserial, not null, default',
      email: 'varchar(255), not null',
      tags: 'text[], default',
      org: 'integer',
      n: 'integer, not null',
      loud: 'text',
    });
    expect(constraints(facts, 'users')).toEqual([
      'users_pkey: primary key (id)',
      'users_id_not_null: not null (id)',
      'users_email_not_null: not null (email)',
      'users_email_key: unique (email)',
      'users_org_fkey: foreign key (org)',
      'c: check ()',
    ]);
    const table = facts.table(named('users'));
    expect(table).toMatchObject({ kind: 'table', complete: true, temporary: false, partitioned: false });
    expect(table?.constraints.get('users_org_fkey')?.references).toEqual(named('orgs'));
    expect(columnRefs(table?.columns.get('loud')?.generatedFrom)).toEqual(['email']);
    expect(columnRefs(table?.constraints.get('c')?.expression)).toEqual(['org']);
    expect(facts.isProvenNotNull(named('users'), 'org')).toBe(true);
  });

  test('as it is altered', async () => {
    const facts = await factsAfter(
      'CREATE TABLE users (id int, age int, gone text);',
      `ALTER TABLE users ADD COLUMN name text DEFAULT 'x' NOT NULL, ALTER age TYPE bigint, DROP COLUMN gone;
       ALTER TABLE users ALTER name DROP DEFAULT, ALTER age SET DEFAULT 1, ALTER id SET NOT NULL;
       ALTER TABLE users ADD COLUMN IF NOT EXISTS age text;`,
    );
    expect(columns(facts, 'users')).toEqual({
      id: 'integer, not null',
      age: 'bigint, default',
      name: 'text, not null',
    });
    const { columns: known } = facts.table(named('users')) ?? {};
    expect(known?.get('age')?.default).toMatchObject({ A_Const: { ival: { ival: 1 } } });
    expect(known?.get('name')?.default).toBeNull();
    expect(known?.get('name')?.born?.migration.name).toBe('0001_test');
  });

  test('as it is renamed, with all that speaks of it', async () => {
    const facts = await factsAfter(
      `CREATE TABLE orgs (id int PRIMARY KEY);
       CREATE TABLE users (id int, mail text, org int REFERENCES orgs, CHECK (mail <> ''));
       CREATE INDEX i ON users (lower(mail)) WHERE mail IS NOT NULL;
       CREATE POLICY p ON users USING (mail = current_user);
       CREATE VIEW v AS SELECT mail FROM users;`,
      `ALTER TABLE users RENAME COLUMN mail TO email;
       ALTER TABLE users RENAME TO people;
       ALTER TABLE orgs RENAME TO firms;
       ALTER INDEX i RENAME TO j;
       ALTER TABLE people RENAME CONSTRAINT users_org_fkey TO people_firm;`,
    );
    expect(facts.table(named('users'))).toBeNull();
    const people = facts.table(named('people'));
    expect([...(people?.columns.keys() ?? [])]).toEqual(['id', 'email', 'org']);
    expect(people?.constraints.get('people_firm')?.references).toEqual(named('firms'));
    const check = [...(people?.constraints.values() ?? [])].find(({ kind }) => kind === 'check');
    expect(columnRefs(check?.expression)).toEqual(['email']);
    const index = facts.index(named('j'));
    expect(index?.table).toEqual(named('people'));
    expect(columnRefs(index?.expressions)).toEqual(['email']);
    expect(facts.index(named('i'))).toBeNull();
    const policy = facts.object('policy', named('people.p'));
    expect(columnRefs(policy?.expressions)).toEqual(['email']);
    expect(facts.object('policy', named('users.p'))).toBeNull();
    expect(JSON.stringify(facts.table(named('v'))?.query)).toContain('"relname":"people"');
  });

  test('as it is dropped', async () => {
    const facts = await factsAfter(
      `CREATE TABLE orgs (id int PRIMARY KEY); CREATE TABLE users (org int REFERENCES orgs);
       CREATE INDEX i ON orgs (id); CREATE POLICY p ON orgs USING (true);`,
      'DROP TABLE orgs CASCADE;',
    );
    expect([facts.table(named('orgs')), facts.index(named('i'))]).toEqual([null, null]);
    expect([...facts.objects()]).toEqual([]);
    expect(constraints(facts, 'users')).toEqual([]);
  });

  test('a column takes along what is made of it', async () => {
    const facts = await factsAfter(
      `CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT u UNIQUE (a));
       CREATE INDEX i ON t (a); CREATE INDEX j ON t (b) WHERE a > 1; CREATE INDEX k ON t (b);`,
      'ALTER TABLE t DROP COLUMN a;',
    );
    expect(constraints(facts, 't')).toEqual([]);
    expect(facts.indexesOf(named('t')).map(({ name }) => name.name)).toEqual(['k']);
  });

  test('what only an ALTER was seen of is there, and not complete', async () => {
    const facts = await factsAfter('ALTER TABLE users ADD COLUMN a int;');
    expect(facts.table(named('users'))).toMatchObject({ complete: false, born: null });
  });

  test('temporary, foreign, made by a query, moved to another schema', async () => {
    const facts = await factsAfter(
      `CREATE TEMP TABLE a (x int); CREATE FOREIGN TABLE b (x int) SERVER s; CREATE TABLE c AS SELECT 1 AS x;
       CREATE MATERIALIZED VIEW d AS SELECT 1 AS x; CREATE TABLE e (x int); ALTER TABLE e SET SCHEMA other;`,
    );
    expect(facts.table(named('a'))?.temporary).toBe(true);
    expect(facts.table(named('b'))?.kind).toBe('foreign table');
    expect(facts.table(named('c'))).toMatchObject({ kind: 'table', complete: false, query: null });
    expect(facts.table(named('d'))?.kind).toBe('materialized view');
    expect(facts.table(named('d'))?.query).not.toBeNull();
    expect([facts.table(named('e')), facts.table(named('e', 'other'))?.name]).toEqual([
      null,
      named('e', 'other'),
    ]);
  });
});

describe('constraints and indexes', () => {
  test('NOT VALID until it is validated', async () => {
    const add = `CREATE TABLE t (a int);\nALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;`;
    const before = await factsAfter(add);
    expect(constraints(before, 't')).toEqual(['c: check (), not valid']);
    expect(before.isProvenNotNull(named('t'), 'a')).toBe(false);
    const after = await factsAfter(add, 'ALTER TABLE t VALIDATE CONSTRAINT c;');
    expect(after.isProvenNotNull(named('t'), 'a')).toBe(true);
    expect(after.table(named('t'))?.constraints.get('c')?.validatedBy?.migration.name).toBe('0001_test');
    const gone = await factsAfter(add, 'ALTER TABLE t DROP CONSTRAINT c;');
    expect(constraints(gone, 't')).toEqual([]);
  });

  test('an index', async () => {
    const facts = await factsAfter(
      `CREATE TABLE t (a int, b text);
       CREATE UNIQUE INDEX CONCURRENTLY i ON t (a, lower(b)) WHERE a > 0; CREATE INDEX ON t (b);`,
    );
    expect(facts.index(named('i'))).toMatchObject({
      unique: true,
      concurrently: true,
      partial: true,
      columns: ['a', null],
    });
    expect(columnRefs(facts.index(named('i'))?.expressions)).toEqual(['b', 'a']);
    expect(facts.index(named('t_b_idx'))?.columns).toEqual(['b']);
    const gone = await factsAfter('CREATE INDEX i ON t (a);', 'DROP INDEX i;');
    expect(gone.index(named('i'))).toBeNull();
  });
});

describe('an index that a constraint takes over', () => {
  const TAKEN =
    'CREATE TABLE users (id int, email text); CREATE UNIQUE INDEX ready ON users (id); ALTER TABLE users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX ready;';

  test('bears its name, and gives it its columns', async () => {
    const facts = await factsAfter(TAKEN);
    expect(constraints(facts, 'users')).toEqual(['users_pkey: primary key (id)']);
    expect(facts.index(named('ready'))).toBeNull();
    expect(facts.index(named('users_pkey'))).toMatchObject({ columns: ['id'], unique: true });
    expect(facts.isProvenNotNull(named('users'), 'id')).toBe(true);
  });

  test('gives it its own where it has none', async () => {
    const facts = await factsAfter(
      'CREATE TABLE a (b int); CREATE UNIQUE INDEX ready ON a (b); ALTER TABLE a ADD UNIQUE USING INDEX ready;',
    );
    expect(constraints(facts, 'a')).toEqual(['ready: unique (b)']);
  });

  test.each([
    'ALTER TABLE users RENAME CONSTRAINT users_pkey TO key;',
    'ALTER INDEX users_pkey RENAME TO key;',
  ])('is renamed with it: %s', async (sql) => {
    const facts = await factsAfter(TAKEN, sql);
    expect(constraints(facts, 'users')).toEqual(['key: primary key (id)']);
    expect(facts.index(named('key'))?.columns).toEqual(['id']);
    expect(facts.index(named('users_pkey'))).toBeNull();
  });

  test('is dropped with it', async () => {
    const facts = await factsAfter(TAKEN, 'ALTER TABLE users DROP CONSTRAINT users_pkey;');
    expect(facts.indexesOf(named('users'))).toEqual([]);
  });

  test('a constraint of that name that has no index leaves an index alone', async () => {
    const facts = await factsAfter(
      'CREATE TABLE a (b int); CREATE INDEX c ON a (b); ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);',
      'ALTER TABLE a DROP CONSTRAINT c; ALTER INDEX c RENAME TO d;',
    );
    expect(facts.index(named('d'))?.columns).toEqual(['b']);
  });
});

describe('partitions', () => {
  const MAKE = 'CREATE TABLE logs (at date) PARTITION BY RANGE (at);';

  test('made as one, attached, detached', async () => {
    const facts = await factsAfter(
      `${MAKE} CREATE TABLE a PARTITION OF logs DEFAULT; CREATE TABLE b (at date); CREATE TABLE c (at date);
       ALTER TABLE logs ATTACH PARTITION b FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
       ALTER TABLE logs ATTACH PARTITION c FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
       ALTER TABLE logs DETACH PARTITION c; ALTER TABLE logs RENAME TO events;`,
    );
    expect(facts.table(named('events'))?.partitioned).toBe(true);
    const parents = ['a', 'b', 'c'].map((name) => facts.table(named(name))?.partitionOf?.name ?? null);
    expect(parents).toEqual(['events', 'events', null]);
  });
});

describe('enums', () => {
  const values = (facts: SchemaFacts, name: string): (string | undefined)[] =>
    facts.enum(named(name))?.values.map(({ value, born }) => `${value} ${born?.migration.name ?? '-'}`) ?? [];

  test('values in their order, each with its birth', async () => {
    const facts = await factsAfter(
      `CREATE TYPE "public"."mood" AS ENUM('sad', 'happy');`,
      `ALTER TYPE mood ADD VALUE 'ok' BEFORE 'happy'; ALTER TYPE mood ADD VALUE 'glad' AFTER 'happy';
       ALTER TYPE mood ADD VALUE 'meh'; ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad';
       ALTER TYPE mood RENAME VALUE 'meh' TO 'so so';`,
    );
    expect(values(facts, 'mood')).toEqual([
      'sad 0000_test',
      'ok 0001_test',
      'happy 0000_test',
      'glad 0001_test',
      'so so 0001_test',
    ]);
    expect([...facts.enums()].map(({ name }) => name.name)).toEqual(['mood']);
  });

  test('a column follows its type', async () => {
    const facts = await factsAfter(
      `CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE t (m mood, ms mood[]);`,
      `ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('ok');
       ALTER TABLE t ALTER m TYPE mood USING m::text::mood;`,
    );
    expect(columns(facts, 't')).toEqual({ m: 'mood', ms: 'mood_old[]' });
    expect(values(facts, 'mood')).toEqual(['ok 0001_test']);
    const moved = await factsAfter(`CREATE TYPE mood AS ENUM ('sad');`, 'ALTER TYPE mood SET SCHEMA other;');
    expect([moved.enum(named('mood')), moved.enum(named('mood', 'other'))?.values.length]).toEqual([null, 1]);
    const gone = await factsAfter(`CREATE TYPE mood AS ENUM ('sad');`, 'DROP TYPE mood;');
    expect([...gone.enums()]).toEqual([]);
  });
});

describe('everything else that has a name', () => {
  test('is made, altered, dropped', async () => {
    const facts = await factsAfter(
      `CREATE SCHEMA s; CREATE SEQUENCE q; CREATE DOMAIN d AS int; CREATE TYPE c AS (a int); CREATE EXTENSION citext;
       CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
       CREATE TABLE t (a int, b int);
       CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f();
       CREATE POLICY p ON t USING (a > 0);`,
      'ALTER POLICY p ON t USING (b > 0); DROP SEQUENCE q;',
    );
    expect([...facts.objects()].map(({ kind, name }) => `${kind} ${name.name}`)).toEqual([
      'schema s',
      'domain d',
      'type c',
      'extension citext',
      'function f',
      'trigger t.tr',
      'policy t.p',
    ]);
    expect(columnRefs(facts.object('trigger', named('t.tr'))?.expressions)).toEqual(['a']);
    expect(columnRefs(facts.object('policy', named('t.p'))?.expressions)).toContain('b');
  });
});

test('new is what the same deployment made', async () => {
  const { facts, migrations } = await lintedTo(['CREATE TABLE a (x int);', 'CREATE TABLE b (x int);']);
  const isNew = (table: string, batch: number): boolean => {
    const statement = migrations[batch]?.statements[0];
    if (statement === undefined) throw new Error('no statement');
    return facts.isNew(facts.table(named(table)), statement);
  };
  expect([isNew('a', 0), isNew('a', 1), isNew('b', 1), isNew('never', 1)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
