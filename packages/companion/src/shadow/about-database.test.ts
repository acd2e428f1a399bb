import { expect, test } from 'vitest';
import { loadSqlParser } from '../sql/parser.ts';
import { databaseOf, leaveOutDatabases } from './about-database.ts';

test.each([
  [`ALTER DATABASE "Acme" SET search_path = app`, 'Acme'],
  ['ALTER DATABASE acme CONNECTION LIMIT 5', 'acme'],
  ['ALTER DATABASE acme REFRESH COLLATION VERSION', 'acme'],
  ['ALTER DATABASE acme OWNER TO b', 'acme'],
  ['GRANT CONNECT ON DATABASE acme, other TO b', 'acme, other'],
  ['REVOKE ALL ON DATABASE acme FROM PUBLIC', 'acme'],
  [`COMMENT ON DATABASE acme IS 'x'`, 'acme'],
  ['ALTER DATABASE acme RENAME TO gone', null],
  ['CREATE DATABASE acme', null],
  ['DROP DATABASE acme', null],
  ['CREATE TABLE database ()', null],
  ['ALTER DATABASE', null],
])('%s', async (sql, name) => {
  expect(databaseOf(sql, await loadSqlParser())).toBe(name);
});

test('what is left out leaves its place, and a directive before it', async () => {
  const sql = `-- drizzle-companion: no-transaction
ALTER DATABASE a
  SET timezone = 'UTC';
CREATE TABLE "database" ();
--> statement-breakpoint
COMMENT ON DATABASE a IS 'é'
--> statement-breakpoint
SELECT 1;`;
  const left = leaveOutDatabases(sql, await loadSqlParser());
  expect(left.replace(/ +$/gm, '')).toBe(`-- drizzle-companion: no-transaction


CREATE TABLE "database" ();
--> statement-breakpoint

--> statement-breakpoint
SELECT 1;`);
  expect(left).toHaveLength(sql.length);
});
