import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { createThenDrop as rule } from './create-then-drop.ts';

const THERE = 'CREATE TABLE users (id int PRIMARY KEY, name text);';

test.each([
  ['The table drafts', ['CREATE TABLE drafts (id int);', 'DROP TABLE "drafts";']],
  [
    'The column users.age',
    ['ALTER TABLE "users" ADD COLUMN "age" integer;', 'ALTER TABLE "users" DROP COLUMN "age";'],
  ],
  ['The index users_name', ['CREATE INDEX users_name ON users (name);', 'DROP INDEX users_name;']],
  ['The type mood', [`CREATE TYPE mood AS ENUM ('sad');`, 'DROP TYPE "public"."mood";']],
  ['The view names', ['CREATE VIEW names AS SELECT name FROM users;', 'DROP VIEW names;']],
  [
    'The constraint users_name_key of users',
    [
      'ALTER TABLE users ADD CONSTRAINT users_name_key UNIQUE (name);',
      'ALTER TABLE users DROP CONSTRAINT users_name_key;',
    ],
  ],
])('%s', async (what, sql) => {
  const { message, place, level, hint } = await expectFinding(rule, { before: THERE, sql });
  expect([place, level]).toEqual([1, 'info']);
  expect(message).toContain(`${what} is dropped here, and was made by 0100_test`);
  expect(hint).toContain('If 0100_test has run nowhere yet');
});

test.each([
  ['what was there before', { before: 'CREATE TABLE drafts (id int);', sql: 'DROP TABLE drafts;' }],
  ['made and dropped by one migration', 'CREATE TABLE drafts (id int);\nDROP TABLE drafts;'],
  ['a temporary table', ['CREATE TEMP TABLE drafts (id int);', 'DROP TABLE drafts;']],
  [
    'rows pass through it',
    [
      'CREATE TABLE staging (id int);',
      'INSERT INTO staging SELECT 1;\nINSERT INTO users SELECT id FROM staging;',
      'DROP TABLE staging;',
    ],
  ],
  [
    'a column that an UPDATE fills',
    {
      before: THERE,
      sql: [
        'ALTER TABLE users ADD COLUMN copy text;',
        'UPDATE users SET copy = name;',
        'ALTER TABLE users DROP COLUMN copy;',
      ],
    },
  ],
  [
    'a CHECK that spares SET NOT NULL its scan',
    {
      before: THERE,
      sql: [
        'ALTER TABLE users ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID;',
        'ALTER TABLE users VALIDATE CONSTRAINT c;',
        'ALTER TABLE users ALTER name SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT c;',
      ],
    },
  ],
  [
    'a trigger that keeps two columns alike for a while',
    {
      before: `${THERE}\nCREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';`,
      sql: [
        'CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();',
        'DROP TRIGGER t ON users;',
      ],
    },
  ],
  [
    'a view made otherwise',
    {
      before: THERE,
      sql: [
        'CREATE VIEW v AS SELECT id FROM users;',
        'DROP VIEW v;\nCREATE VIEW v AS SELECT name FROM users;',
      ],
    },
  ],
  [
    'an index made otherwise',
    {
      before: THERE,
      sql: ['CREATE INDEX i ON users (id);', 'DROP INDEX i;\nCREATE INDEX i ON users (name);'],
    },
  ],
  [
    'an enum that another one replaces',
    [
      `CREATE TYPE mood AS ENUM ('sad', 'ok');`,
      `ALTER TYPE mood RENAME TO mood_old;\nCREATE TYPE mood AS ENUM ('sad');\nDROP TYPE mood_old;`,
    ],
  ],
  [
    'an enum made anew',
    [`CREATE TYPE mood AS ENUM ('sad', 'ok');`, `DROP TYPE mood;\nCREATE TYPE mood AS ENUM ('sad');`],
  ],
  [
    'an index that became a constraint',
    {
      before: THERE,
      sql: [
        'CREATE UNIQUE INDEX i ON users (name);',
        'ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX i;',
      ],
    },
  ],
])('silent: %s', async (_, input) => {
  await expectClean(rule, input);
});

test('farther apart than the window', async () => {
  const between = Array.from({ length: 3 }, () => 'SELECT 1;');
  const sql = ['CREATE TABLE drafts (id int);', ...between, 'DROP TABLE drafts;'];
  await expectFinding(rule, { sql });
  await expectFinding(rule, { sql, options: { window: 3 } });
  await expectClean(rule, { sql, options: { window: 2 } });
});

test('a table takes its columns along: one finding', async () => {
  const sql = [
    'CREATE TABLE drafts (id int, a int);',
    'ALTER TABLE drafts DROP COLUMN a;\nDROP TABLE drafts;',
  ];
  const { message } = await expectFinding(rule, { sql });
  expect(message).toContain('The table drafts');
});
