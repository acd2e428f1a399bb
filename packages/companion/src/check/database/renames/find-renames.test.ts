import { fileURLToPath } from 'node:url';
import { createDatabase, journalFolder } from '@companion/testing';
import { expect, it } from 'vitest';
import { migrate } from '../../../migrate/migrate.ts';
import { NO_COMPANION_CONFIG } from '../../../settings/companion-config.ts';
import { NO_SHADOW_SETTINGS } from '../../../shadow/shadow.ts';
import { readStatus } from '../../../status/read-status.ts';
import { diagnoseDatabase } from '../diagnose-database.ts';

const PACKAGE = fileURLToPath(new URL('../../../..', import.meta.url));

const SQL = `CREATE TABLE users (id serial PRIMARY KEY, "createdAt" timestamptz NOT NULL, a text, b text, c integer);
CREATE TABLE products (id serial PRIMARY KEY, sku text NOT NULL CHECK (sku <> ''), owner integer REFERENCES users (id));
CREATE TABLE orders (product integer REFERENCES products (id), "order" integer, day integer) PARTITION BY LIST (day);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1);
CREATE INDEX ON users ("createdAt"); CREATE INDEX ON products (sku);
CREATE POLICY mine ON products USING (EXISTS (SELECT FROM users WHERE users.id = products.owner AND users."createdAt" < now()));
CREATE VIEW recent AS SELECT p.sku, u."createdAt" FROM products p JOIN users u ON u.id = p.owner;
CREATE VIEW plain AS SELECT "createdAt", id FROM users;
CREATE PUBLICATION all_of_it FOR TABLE users, products;
CREATE FUNCTION skus(p products) RETURNS SETOF products LANGUAGE sql AS 'SELECT p.*';`;

async function prepare() {
  const { path: folder } = journalFolder([{ name: '0000_all', sql: SQL }]);
  const database = await createDatabase();
  await migrate({ url: database.url, folder });
  const look = async () => {
    const { findings } = await diagnoseDatabase(readStatus({ url: database.url, folder }), {
      companion: NO_COMPANION_CONFIG,
      url: database.url,
      place: async () => ({
        settings: NO_SHADOW_SETTINGS,
        directory: PACKAGE,
        target: { url: database.url },
      }),
    });
    return findings.map(({ code, message, rewrite = [] }) => [
      `${code} ${message}`,
      ...rewrite.map(({ title, sql }) => (title === undefined ? sql : `(${title}) ${sql}`)),
    ]);
  };
  return { database, look };
}

it('what was renamed is told once, whatever stands on it, and is nowhere dropped', async () => {
  const { database, look } = await prepare();
  await database.sql.unsafe(`ALTER TABLE users RENAME "createdAt" TO created; ALTER TABLE products RENAME TO prods;
    ALTER TABLE orders RENAME "order" TO number`);
  expect(await look()).toEqual([
    [
      'database/changed table products: is called prods in the database',
      'ALTER TABLE "public"."prods" RENAME TO "products";',
    ],
    [
      'database/changed column orders.order: is called number in the database',
      'ALTER TABLE "public"."orders" RENAME COLUMN "number" TO "order";',
    ],
    [
      'database/changed column users.createdAt: is called created in the database',
      'ALTER TABLE "public"."users" RENAME COLUMN "created" TO "createdAt";',
    ],
  ]);
}, 60_000);

it('what may have been renamed is nowhere dropped either', async () => {
  const { database, look } = await prepare();
  await database.sql.unsafe(`ALTER TABLE users RENAME a TO x; ALTER TABLE users DROP COLUMN b; ALTER TABLE users ADD COLUMN y text;
    ALTER TABLE users ADD COLUMN z date; DROP TABLE products CASCADE; CREATE TABLE one (id integer, owner integer);
    CREATE SCHEMA attic; CREATE TABLE attic.two (sku text, id integer, owner integer)`);
  const findings = await look();
  expect(findings.filter(([message]) => message?.includes('column users.'))).toEqual([
    [
      'database/added column users.x: no migration makes it (text)',
      '(if column users.a is it, under its old name) ALTER TABLE "public"."users" RENAME COLUMN "x" TO "a";',
      '(if column users.b is it, under its old name) ALTER TABLE "public"."users" RENAME COLUMN "x" TO "b";',
    ],
    [
      'database/added column users.y: no migration makes it (text)',
      '(if column users.a is it, under its old name) ALTER TABLE "public"."users" RENAME COLUMN "y" TO "a";',
      '(if column users.b is it, under its old name) ALTER TABLE "public"."users" RENAME COLUMN "y" TO "b";',
    ],
    // Of another type, and in no place of theirs.
    [
      'database/added column users.z: no migration makes it (date)',
      'ALTER TABLE "public"."users" DROP COLUMN "z";',
    ],
    [
      'database/missing column users.a: the migrations make it, and it is not there (text)',
      '(if column x is it, under a new name) ALTER TABLE "public"."users" RENAME COLUMN "x" TO "a";',
      '(if column y is it, under a new name) ALTER TABLE "public"."users" RENAME COLUMN "y" TO "a";',
    ],
    [
      'database/missing column users.b: the migrations make it, and it is not there (text)',
      '(if column x is it, under a new name) ALTER TABLE "public"."users" RENAME COLUMN "x" TO "b";',
      '(if column y is it, under a new name) ALTER TABLE "public"."users" RENAME COLUMN "y" TO "b";',
    ],
  ]);
  expect(findings.filter(([message]) => /(?:table one|schema attic):/.test(message ?? ''))).toEqual([
    [
      'database/added table one: no migration makes it',
      '(if table products is it, under its old name) ALTER TABLE "public"."one" RENAME TO "products";',
    ],
    [
      'database/added schema attic: no migration makes it, with 1 table in it',
      '(if table products is it, under its old name) ALTER TABLE "attic"."two" SET SCHEMA "public";\nALTER TABLE "public"."two" RENAME TO "products";',
    ],
  ]);
}, 60_000);
