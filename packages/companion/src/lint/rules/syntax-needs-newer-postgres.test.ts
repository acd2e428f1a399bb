import { postgresVersions, withDatabase } from '@companion/testing';
import { describe, expect, test } from 'vitest';
import { readPage } from '../../../test/docs/pages.ts';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { NEWER_CONSTRUCTS } from '../reading/newer-constructs.ts';
import { syntaxNeedsNewerPostgres as rule } from './syntax-needs-newer-postgres.ts';

const TABLES = `CREATE TABLE a (id int PRIMARY KEY, b int, c int, during int4range);
CREATE TABLE p (id int, b int, UNIQUE (id, b));
CREATE TABLE g (id int, twice int GENERATED ALWAYS AS (id * 2) STORED);
CREATE VIEW v AS SELECT 1 AS one;
CREATE ROLE reader_of_lint;
CREATE EXTENSION IF NOT EXISTS btree_gist;`;

/** For each construct, SQL that needs it, on the tables above; each in a transaction of its own that is rolled back. */
const EXAMPLES: Readonly<Record<string, string | readonly string[]>> = {
  'NULLS NOT DISTINCT': [
    'CREATE UNIQUE INDEX x ON a (b) NULLS NOT DISTINCT;',
    'ALTER TABLE a ADD CONSTRAINT x UNIQUE NULLS NOT DISTINCT (b);',
  ],
  MERGE: 'MERGE INTO a USING p ON a.id = p.id WHEN MATCHED THEN UPDATE SET b = p.b;',
  security_invoker: [
    'CREATE VIEW w WITH (security_invoker) AS SELECT * FROM a;',
    'ALTER VIEW v SET (security_invoker = true);',
  ],
  'SET ACCESS METHOD': 'ALTER TABLE a SET ACCESS METHOD heap;',
  'ON DELETE SET NULL (column) or SET DEFAULT (column)':
    'ALTER TABLE a ADD FOREIGN KEY (b, c) REFERENCES p (id, b) ON DELETE SET NULL (c);',
  'CREATE UNLOGGED SEQUENCE': 'CREATE UNLOGGED SEQUENCE s;',
  'FOR TABLES IN SCHEMA': 'CREATE PUBLICATION x FOR TABLES IN SCHEMA public;',
  'a column list or a row filter of a publication': [
    'CREATE PUBLICATION x FOR TABLE a (id);',
    'CREATE PUBLICATION x FOR TABLE a WHERE (id > 1);',
  ],
  'a subquery in FROM without an alias': 'CREATE VIEW w AS SELECT * FROM (SELECT 1 AS one);',
  'CREATE STATISTICS without a name': 'CREATE STATISTICS ON b, c FROM a;',
  'STORAGE in a column definition': 'CREATE TABLE s (t text STORAGE external);',
  'JSON_OBJECT with key: value, JSON_ARRAY of a query, IS JSON': [
    "SELECT json_object('a': 1);",
    'SELECT json_array(SELECT id FROM a);',
    'SELECT json_objectagg(id: b) FROM a;',
    "SELECT '1' IS JSON;",
  ],
  'JSON_ARRAY and JSON_ARRAYAGG': ['SELECT json_array(1, 2);', 'SELECT json_arrayagg(b) FROM a;'],
  'JSON_EXISTS, JSON_QUERY, JSON_VALUE': [
    "SELECT json_exists(jsonb '[1]', '$[0]');",
    "SELECT json_value(jsonb '[1]', '$[0]');",
    "SELECT json_query(jsonb '[1]', '$[0]');",
  ],
  JSON_TABLE: "SELECT * FROM json_table(jsonb '[1]', '$[*]' COLUMNS (one int PATH '$')) AS j;",
  'MERGE … RETURNING':
    'MERGE INTO a USING p ON a.id = p.id WHEN MATCHED THEN UPDATE SET b = p.b RETURNING a.id;',
  'WHEN NOT MATCHED BY SOURCE': 'MERGE INTO a USING p ON a.id = p.id WHEN NOT MATCHED BY SOURCE THEN DELETE;',
  'ALTER COLUMN … SET EXPRESSION': 'ALTER TABLE g ALTER COLUMN twice SET EXPRESSION AS (id * 3);',
  'SET ACCESS METHOD DEFAULT': 'ALTER TABLE a SET ACCESS METHOD DEFAULT;',
  'GRANT MAINTAIN': 'GRANT MAINTAIN ON a TO reader_of_lint;',
  'AT LOCAL': "SELECT timestamptz '2026-01-01' AT LOCAL;",
  'a key WITHOUT OVERLAPS': 'ALTER TABLE a ADD UNIQUE (b, during WITHOUT OVERLAPS);',
  'a foreign key with PERIOD':
    'CREATE TABLE t (id int, up int, during int4range, PRIMARY KEY (id, during WITHOUT OVERLAPS), FOREIGN KEY (up, PERIOD during) REFERENCES t (id, PERIOD during));',
  'a virtual generated column': [
    'CREATE TABLE t (id int, twice int GENERATED ALWAYS AS (id * 2));',
    'ALTER TABLE a ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) VIRTUAL;',
  ],
  'NOT ENFORCED': [
    'ALTER TABLE a ADD CHECK (b > 0) NOT ENFORCED;',
    'CREATE TABLE t (id int REFERENCES a NOT ENFORCED);',
    'ALTER TABLE a ADD CONSTRAINT x FOREIGN KEY (b) REFERENCES a; ALTER TABLE a ALTER CONSTRAINT x NOT ENFORCED;',
  ],
  'NOT NULL as a constraint of the table': 'ALTER TABLE a ADD CONSTRAINT x NOT NULL b NOT VALID;',
  'RETURNING WITH': 'UPDATE a SET b = 1 RETURNING WITH (OLD AS o) o.b;',
  'regexp_count()': "SELECT regexp_count('a', 'a');",
  'regexp_instr()': "SELECT regexp_instr('a', 'a');",
  'regexp_like()': "ALTER TABLE p ADD CHECK (regexp_like(b::text, '1'));",
  'regexp_substr()': "SELECT regexp_substr('a', 'a');",
  'any_value()': 'CREATE VIEW w AS SELECT any_value(b) FROM a;',
  'array_sample()': 'SELECT array_sample(ARRAY[1, 2], 1);',
  'array_shuffle()': 'SELECT pg_catalog.array_shuffle(ARRAY[1, 2]);',
  'random_normal()': 'SELECT random_normal();',
  'pg_input_is_valid()': "SELECT pg_input_is_valid('1', 'int');",
  'pg_input_error_info()': "SELECT * FROM pg_input_error_info('x', 'int');",
  'uuid_extract_timestamp()': 'SELECT uuid_extract_timestamp(gen_random_uuid());',
  'uuid_extract_version()': 'SELECT uuid_extract_version(gen_random_uuid());',
  'unicode_assigned()': "SELECT unicode_assigned('a');",
  'uuidv4()': 'SELECT uuidv4();',
  'uuidv7()': 'CREATE TABLE "t" ("id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL);',
  'casefold()': "SELECT casefold('a');",
};

test('the page lists every construct', () => {
  const { text } = readPage('docs/rules/syntax-needs-newer-postgres.md');
  for (const { name, since } of NEWER_CONSTRUCTS) {
    const row = text.split('\n').find((line) => line.startsWith(`| ${since} |`));
    expect(row).toContain(name);
  }
});

test('every construct has its example', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(NEWER_CONSTRUCTS.map(({ name }) => name).sort());
});

describe.each(NEWER_CONSTRUCTS)('$name', ({ name, since, refusal }) => {
  const examples = [EXAMPLES[name] ?? []].flat();

  test.each(examples)('%s', async (sql) => {
    const { message, hint } = await expectFinding(rule, sql);
    expect(message).toMatch(/needs PostgreSQL 1[5678]; the migrations must run on 14/);
    expect(message.toLowerCase()).toContain(name.toLowerCase());
    expect(hint).toContain('set postgresVersion to');
    await expectFinding(rule, { sql, settings: { postgresVersion: since - 1 } });
    await expectClean(rule, { sql, settings: { postgresVersion: 18 } });
  });

  test('on servers of the run', async () => {
    for (const version of postgresVersions()) {
      await withDatabase(
        async ({ sql: database }) => {
          await database.unsafe(TABLES.replace(/CREATE ROLE .*\n/, ''));
          for (const example of examples) {
            const code = await database
              .begin(async (transaction) => {
                await transaction.unsafe('CREATE ROLE reader_of_lint');
                await transaction.unsafe(example);
                throw Object.assign(new Error('undo'), { code: 'accepted' });
              })
              .catch((error: { code?: string }) => error.code);
            const expected = version < since ? refusal : 'accepted';
            expect(code, `${example} on ${version}`).toBe(expected);
          }
        },
        { version },
      );
    }
  });
});

test('points at the construct, and names the others', async () => {
  const { message, text } = await expectFinding(
    rule,
    'CREATE TABLE "t" (\n\t"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,\n\t"b" text,\n\tCONSTRAINT "once" UNIQUE NULLS NOT DISTINCT("b")\n);',
  );
  expect(text).toBe('uuidv7');
  expect(message).toBe(
    'uuidv7() needs PostgreSQL 18; the migrations must run on 14, which refuses the statement (42883). The same goes for NULLS NOT DISTINCT.',
  );
});

test('the grammar of a DO block is read as a whole', async () => {
  await expectFinding(rule, 'DO $$ BEGIN CREATE UNIQUE INDEX x ON a (b) NULLS NOT DISTINCT; END $$;');
});

test.each([
  [
    'a function of that name that the migrations make',
    {
      before: 'CREATE FUNCTION uuidv7() RETURNS uuid LANGUAGE sql AS $$ SELECT gen_random_uuid() $$;',
      sql: 'CREATE TABLE t (id uuid DEFAULT uuidv7());',
    },
  ],
  ['a function of that name in a schema', 'CREATE TABLE t (id uuid DEFAULT ids.uuidv7());'],
  [
    'a function that a DO block may call only where it is',
    'DO $$ BEGIN IF true THEN PERFORM 1; ELSE CREATE VIEW w AS SELECT uuidv7(); END IF; END $$;',
  ],
  [
    'what 14 knows',
    'CREATE TABLE t (a int GENERATED ALWAYS AS (1) STORED, b int NOT NULL, c int CHECK (c > 0) NO INHERIT, d int REFERENCES t ON DELETE SET NULL);\nALTER TABLE t ADD CONSTRAINT x CHECK (c > 1) NOT VALID, ADD FOREIGN KEY (b) REFERENCES t NOT VALID;',
  ],
  [
    'domains',
    'CREATE DOMAIN d AS int NOT NULL CHECK (value > 0);\nALTER DOMAIN d ADD CONSTRAINT x CHECK (value > 1) NOT VALID;',
  ],
  ['times elsewhere', "SELECT now() AT TIME ZONE 'UTC', timezone('UTC', now());"],
  [
    'plain statements',
    'CREATE UNIQUE INDEX x ON a (b);\nUPDATE a SET b = 1 RETURNING a.b;\nSELECT * FROM (SELECT 1) s;\nCREATE STATISTICS s ON b, c FROM a;\nCREATE VIEW v WITH (security_barrier) AS SELECT 1;',
  ],
])('silent: %s', async (_, input) => {
  await expectClean(rule, input);
});
