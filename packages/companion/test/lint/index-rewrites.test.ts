import { describeEachPostgres, type TestDatabase } from '@companion/testing';
import { expect, test } from 'vitest';
import type { Rule } from '../../src/lint/rule.ts';
import { createIndexConcurrently } from '../../src/lint/rules/create-index-concurrently.ts';
import { dropIndexConcurrently } from '../../src/lint/rules/drop-index-concurrently.ts';
import { dropIndexRefused } from '../../src/lint/rules/drop-index-refused.ts';
import { indexReplaced } from '../../src/lint/rules/index-replaced.ts';
import { oneConcurrentlyPerMigration } from '../../src/lint/rules/one-concurrently-per-migration.ts';
import { primaryKeyUsingIndex } from '../../src/lint/rules/primary-key-using-index.ts';
import { refreshMaterializedViewConcurrently } from '../../src/lint/rules/refresh-materialized-view-concurrently.ts';
import { reindexConcurrently } from '../../src/lint/rules/reindex-concurrently.ts';
import { uniqueConstraintUsingIndex } from '../../src/lint/rules/unique-constraint-using-index.ts';
import { expectFinding } from './expect-lint.ts';

const USERS = `CREATE TABLE users (id int, email text, name text);
INSERT INTO users SELECT n, 'user' || n, 'name' FROM generate_series(1, 100) n;`;

const PARTITIONED = `CREATE TABLE logs (id int NOT NULL, day int NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (50);
CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM (50) TO (200) PARTITION BY RANGE (day);
CREATE TABLE logs_2_1 PARTITION OF logs_2 FOR VALUES FROM (50) TO (200);
INSERT INTO logs SELECT n, n FROM generate_series(1, 100) n;`;

const FLAT = `CREATE TABLE logs (id int NOT NULL, day int NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (50);
CREATE TABLE logs_2 PARTITION OF logs FOR VALUES FROM (50) TO (200);
INSERT INTO logs SELECT n, n FROM generate_series(1, 100) n;`;

type Case = {
  readonly rule: Rule;
  readonly before: string;
  readonly sql: string;
  /** Definitions of the indexes at the end, and of the constraints, in the order of their names. */
  readonly indexes: readonly string[];
  readonly constraints?: readonly string[];
  readonly since?: number;
};

const CASES: Readonly<Record<string, Case>> = {
  'an index without a name': {
    rule: createIndexConcurrently,
    before: USERS,
    sql: 'CREATE INDEX ON users (email, lower(name)) WHERE id > 1;',
    indexes: [
      'CREATE INDEX users_email_expr_idx ON public.users USING btree (email, lower(name)) WHERE (id > 1)',
    ],
  },
  'an index on a partitioned table, two levels deep': {
    rule: createIndexConcurrently,
    before: PARTITIONED,
    sql: 'CREATE UNIQUE INDEX "logs_id" ON "public"."logs" USING btree ("id","day");',
    indexes: [
      'CREATE UNIQUE INDEX logs_1_id_day_idx ON public.logs_1 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_2_1_id_day_idx ON public.logs_2_1 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_2_id_day_idx ON ONLY public.logs_2 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_id ON ONLY public.logs USING btree (id, day)',
    ],
  },
  'several indexes dropped': {
    rule: dropIndexConcurrently,
    before: `${USERS} CREATE INDEX a ON users (id); CREATE INDEX "B" ON users (email);`,
    sql: 'DROP INDEX IF EXISTS a, "B" CASCADE;',
    indexes: [],
  },
  'the index of a constraint': {
    rule: dropIndexRefused,
    before: `${USERS} ALTER TABLE users ADD UNIQUE (email);`,
    sql: 'DROP INDEX users_email_key;',
    indexes: [],
    constraints: [],
  },
  'the index of a partitioned table': {
    rule: dropIndexRefused,
    before: `${FLAT} CREATE INDEX x ON logs (id);`,
    sql: 'DROP INDEX CONCURRENTLY x;',
    indexes: [],
  },
  'an index built anew': {
    rule: reindexConcurrently,
    before: `${USERS} CREATE INDEX a ON users (id);`,
    sql: 'REINDEX (VERBOSE) TABLE users;',
    indexes: ['CREATE INDEX a ON public.users USING btree (id)'],
  },
  'a unique constraint': {
    rule: uniqueConstraintUsingIndex,
    before: USERS,
    sql: 'ALTER TABLE users ADD COLUMN nick text CONSTRAINT once UNIQUE WITH (fillfactor = 70) DEFERRABLE INITIALLY DEFERRED NOT NULL DEFAULT gen_random_uuid()::text;',
    indexes: ["CREATE UNIQUE INDEX once ON public.users USING btree (nick) WITH (fillfactor='70')"],
    constraints: ['once UNIQUE (nick) DEFERRABLE INITIALLY DEFERRED'],
  },
  'a unique constraint of several columns': {
    rule: uniqueConstraintUsingIndex,
    before: USERS,
    sql: 'ALTER TABLE users ADD UNIQUE (email, id) INCLUDE (name), ADD CHECK (id > 0);',
    indexes: [
      'CREATE UNIQUE INDEX users_email_id_key ON public.users USING btree (email, id) INCLUDE (name)',
    ],
    constraints: ['users_email_id_key UNIQUE (email, id) INCLUDE (name)', 'users_id_check CHECK ((id > 0))'],
  },
  'a unique constraint where nulls are alike': {
    rule: uniqueConstraintUsingIndex,
    before: USERS,
    sql: 'ALTER TABLE users ADD CONSTRAINT once UNIQUE NULLS NOT DISTINCT (email);',
    indexes: ['CREATE UNIQUE INDEX once ON public.users USING btree (email) NULLS NOT DISTINCT'],
    constraints: ['once UNIQUE NULLS NOT DISTINCT (email)'],
    since: 15,
  },
  'a unique constraint that takes over an index': {
    rule: uniqueConstraintUsingIndex,
    before: `${USERS} CREATE UNIQUE INDEX a ON users (email);`,
    sql: 'ALTER TABLE users ADD CONSTRAINT once UNIQUE (email);',
    indexes: ['CREATE UNIQUE INDEX once ON public.users USING btree (email)'],
    constraints: ['once UNIQUE (email)'],
  },
  'a unique constraint of a partitioned table': {
    rule: uniqueConstraintUsingIndex,
    before: FLAT,
    sql: 'ALTER TABLE logs ADD CONSTRAINT once UNIQUE (id, day);',
    indexes: [
      'CREATE UNIQUE INDEX logs_1_id_day_key ON public.logs_1 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_2_id_day_key ON public.logs_2 USING btree (id, day)',
      'CREATE UNIQUE INDEX once ON ONLY public.logs USING btree (id, day)',
    ],
    constraints: [
      'logs_1_id_day_key UNIQUE (id, day)',
      'logs_2_id_day_key UNIQUE (id, day)',
      'once UNIQUE (id, day)',
    ],
  },
  'a primary key over columns that may be null': {
    rule: primaryKeyUsingIndex,
    before: USERS,
    sql: 'ALTER TABLE users ADD PRIMARY KEY (id, email);',
    indexes: ['CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id, email)'],
    constraints: ['users_pkey PRIMARY KEY (id, email)'],
  },
  'a primary key of a partitioned table': {
    rule: primaryKeyUsingIndex,
    before: FLAT,
    sql: 'ALTER TABLE logs ADD CONSTRAINT logs_pk PRIMARY KEY (id, day);',
    indexes: [
      'CREATE UNIQUE INDEX logs_1_pkey ON public.logs_1 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_2_pkey ON public.logs_2 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_pk ON ONLY public.logs USING btree (id, day)',
    ],
    constraints: [
      'logs_1_pkey PRIMARY KEY (id, day)',
      'logs_2_pkey PRIMARY KEY (id, day)',
      'logs_pk PRIMARY KEY (id, day)',
    ],
  },
  'a primary key of a partitioned table whose columns may be null': {
    rule: primaryKeyUsingIndex,
    before: FLAT.replace('id int NOT NULL, day int NOT NULL', 'id int, day int'),
    sql: 'ALTER TABLE logs ADD CONSTRAINT logs_pk PRIMARY KEY (id, day);',
    indexes: [
      'CREATE UNIQUE INDEX logs_1_pkey ON public.logs_1 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_2_pkey ON public.logs_2 USING btree (id, day)',
      'CREATE UNIQUE INDEX logs_pk ON ONLY public.logs USING btree (id, day)',
    ],
    constraints: [
      'logs_1_pkey PRIMARY KEY (id, day)',
      'logs_2_pkey PRIMARY KEY (id, day)',
      'logs_pk PRIMARY KEY (id, day)',
    ],
  },
  'a primary key that replaces another under its name': {
    rule: primaryKeyUsingIndex,
    before: 'CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL); INSERT INTO users VALUES (1, 2);',
    sql: 'ALTER TABLE users DROP CONSTRAINT users_pkey; ALTER TABLE users ADD PRIMARY KEY (id, email);',
    indexes: ['CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id, email)'],
    constraints: ['users_pkey PRIMARY KEY (id, email)'],
  },
  'a unique constraint that replaces another under its name': {
    rule: uniqueConstraintUsingIndex,
    before: `${USERS} ALTER TABLE users ADD CONSTRAINT once UNIQUE (email);`,
    sql: 'ALTER TABLE users DROP CONSTRAINT once, ADD CONSTRAINT once UNIQUE (id, email), ADD CHECK (id > 0);',
    indexes: ['CREATE UNIQUE INDEX once ON public.users USING btree (id, email)'],
    constraints: ['once UNIQUE (id, email)', 'users_id_check CHECK ((id > 0))'],
  },
  'a primary key that takes over an index of a column that may be null': {
    rule: primaryKeyUsingIndex,
    before: `${USERS} CREATE UNIQUE INDEX a ON users (id);`,
    sql: 'ALTER TABLE users ADD CONSTRAINT users_pk PRIMARY KEY USING INDEX a;',
    indexes: ['CREATE UNIQUE INDEX users_pk ON public.users USING btree (id)'],
    constraints: ['users_pk PRIMARY KEY (id)'],
  },
  'an index replaced under its name': {
    rule: indexReplaced,
    before: `${USERS} CREATE INDEX a ON users (email);`,
    sql: 'DROP INDEX a; CREATE INDEX a ON users (email, name);',
    indexes: ['CREATE INDEX a ON public.users USING btree (email, name)'],
  },
  'a file that lost its transaction': {
    rule: oneConcurrentlyPerMigration,
    before: USERS,
    sql: 'ALTER TABLE users ADD COLUMN age int; CREATE INDEX CONCURRENTLY a ON users (age); ALTER INDEX a RENAME TO b;',
    indexes: ['CREATE INDEX b ON public.users USING btree (age)'],
  },
  'a materialized view': {
    rule: refreshMaterializedViewConcurrently,
    before: `CREATE MATERIALIZED VIEW totals AS SELECT 1 AS id; CREATE UNIQUE INDEX a ON totals (id);`,
    sql: 'REFRESH MATERIALIZED VIEW totals;',
    indexes: ['CREATE UNIQUE INDEX a ON public.totals USING btree (id)'],
  },
};

describeEachPostgres(
  'the rewrite that is advised runs, and makes the same',
  ({ version, createDatabase }) => {
    for (const [name, { rule, before, sql, indexes, constraints = [], since = 14 }] of Object.entries(
      CASES,
    )) {
      if (since > version) continue;
      test(name, async () => {
        const database = await createDatabase();
        await database.sql.unsafe(before);
        const { rewrite = [] } = await expectFinding(rule, { before, sql });
        expect(rewrite.length).toBeGreaterThan(0);
        for (const one of rewrite) await apply(database, one.sql);
        expect(await readIndexes(database)).toEqual(indexes);
        expect(await readConstraints(database)).toEqual(constraints);
      });
    }
  },
);

/** Sent as it is pasted: several statements together are one transaction, one with CONCURRENTLY stands alone. */
async function apply({ sql }: TestDatabase, text: string): Promise<void> {
  await sql.unsafe(text);
}

async function readIndexes({ sql }: TestDatabase): Promise<readonly string[]> {
  const rows = await sql<{ definition: string; valid: boolean }[]>`
    select pg_get_indexdef(indexrelid) as definition, indisvalid as valid
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = 'public'::regnamespace order by relname`;
  expect(rows.filter(({ valid }) => !valid)).toEqual([]);
  return rows.map(({ definition }) => definition);
}

async function readConstraints({ sql }: TestDatabase): Promise<readonly string[]> {
  const rows = await sql<{ text: string }[]>`
    select conname || ' ' || pg_get_constraintdef(oid) as text from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('u', 'p', 'c', 'x') order by conname`;
  return rows.map(({ text }) => text);
}
