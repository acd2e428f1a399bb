import { withDatabase } from '@companion/testing';
import { expect, test } from 'vitest';
import { expectClean, expectFinding, expectFindings } from '../../../test/lint/expect-lint.ts';
import { cutIdentifier } from '../reading/created-names.ts';
import { identifierTooLong as rule } from './identifier-too-long.ts';

const KEY = 'organization_membership_invitations_organization_membership_id_organization_memberships_id_fk';
const CUT = 'organization_membership_invitations_organization_membership_id_';
const LONG = 'x'.repeat(64);

test('a foreign key as drizzle-kit names it', async () => {
  const { text, message, hint } = await expectFinding(
    rule,
    `ALTER TABLE "organization_membership_invitations" ADD CONSTRAINT "${KEY}" FOREIGN KEY ("organization_membership_id") REFERENCES "public"."organization_memberships"("id") ON DELETE no action ON UPDATE no action;`,
  );
  expect(text).toBe(`"${KEY}"`);
  expect(message).toContain(`The name of this foreign key has ${KEY.length} bytes.`);
  expect(message).toContain(`it becomes "${CUT}"`);
  expect(hint).toContain("foreignKey({ name: '…'");
});

test.each([
  [`CREATE TABLE "${LONG}" (a int);`, 'table'],
  [`CREATE TABLE a ("${LONG}" int);`, 'column'],
  [`CREATE TABLE a (b int, CONSTRAINT "${LONG}" UNIQUE (b));`, 'unique constraint'],
  [`CREATE TABLE a (b int CONSTRAINT ${LONG} CHECK (b > 0));`, 'check'],
  [`CREATE TABLE a (b int, c int, CONSTRAINT "${LONG}" PRIMARY KEY (b, c));`, 'primary key'],
  [`CREATE INDEX "${LONG}" ON a (b);`, 'index'],
  [`ALTER TABLE a ADD COLUMN "${LONG}" int;`, 'column'],
  [`ALTER TABLE a RENAME COLUMN b TO "${LONG}";`, 'column'],
  [`CREATE TYPE "public"."${LONG}" AS ENUM ('a');`, 'type'],
  [`CREATE POLICY "${LONG}" ON a USING (true);`, 'policy'],
  [`CREATE TRIGGER "${LONG}" AFTER INSERT ON a EXECUTE FUNCTION f();`, 'trigger'],
  [`CREATE VIEW "${LONG}" AS SELECT 1;`, 'view'],
])('%s', async (sql, kind) => {
  const { message } = await expectFinding(rule, sql);
  expect(message).toContain(`The name of this ${kind} has 64 bytes`);
});

test('bytes count, not letters', async () => {
  const name = 'é'.repeat(32);
  const { message } = await expectFinding(rule, `CREATE TABLE "${name}" (a int);`);
  expect(message).toContain('64 bytes');
  expect(message).toContain(`it becomes "${'é'.repeat(31)}"`);
  await expectClean(rule, `CREATE TABLE "${'é'.repeat(31)}" (a int);`);
});

test('each name once', async () => {
  const found = await expectFindings(
    rule,
    `CREATE TABLE a ("${LONG}" int, "y${LONG}" int, CHECK ("${LONG}" > 0));`,
  );
  expect(found.map(({ text }) => text)).toEqual([`"${LONG}"`, `"y${LONG}"`]);
});

test.each([
  ['63 bytes', `CREATE TABLE "${'x'.repeat(63)}" (a int);`],
  ['what is there already', `ALTER TABLE "a" DROP CONSTRAINT "${KEY}";\nDROP INDEX "${LONG}";`],
  ['a reference', `ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES "${LONG}" (id);`],
  ['a text', `CREATE TABLE a (b text DEFAULT '${LONG}');`],
  ['a text between dollars', `CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT '${LONG}' $$;`],
  ['a comment', `CREATE TABLE a (b text); -- ${LONG}`],
  ['rows', `INSERT INTO a ("${LONG}") VALUES (1);`],
])('silent: %s', async (_, sql) => {
  await expectClean(rule, sql);
});

test('PostgreSQL cuts as we say it does', async () => {
  await withDatabase(async ({ sql }) => {
    for (const name of [KEY, LONG, 'é'.repeat(32), `${'x'.repeat(62)}é`, `${'x'.repeat(60)}🙂`]) {
      await sql.unsafe(`CREATE TABLE "${name}" (a int)`);
      const [row] = await sql`SELECT relname FROM pg_class WHERE relname = ${cutIdentifier(name)}`;
      expect(row?.relname).toBe(cutIdentifier(name));
      await sql.unsafe(`DROP TABLE "${name}"`);
    }
  });
});

test('of a name that is taken once it is cut, identifier-clash tells', async () => {
  const { text } = await expectFinding(rule, `CREATE TABLE a ("${LONG}1" int, "${LONG}2" int);`);
  expect(text).toBe(`"${LONG}1"`);
});
