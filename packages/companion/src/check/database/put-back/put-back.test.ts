import { fileURLToPath } from 'node:url';
import { describeEachPostgres, journalFolder, type TestDatabase } from '@companion/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../../kernel/finding.ts';
import { migrate } from '../../../migrate/migrate.ts';
import { NO_COMPANION_CONFIG } from '../../../settings/companion-config.ts';
import { NO_SHADOW_SETTINGS } from '../../../shadow/shadow.ts';
import { readStatus } from '../../../status/read-status.ts';
import { diagnoseDatabase } from '../diagnose-database.ts';

const PACKAGE = fileURLToPath(new URL('../../../..', import.meta.url));

const SQL = `CREATE TYPE status AS ENUM ('new', 'paid');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n * 2';
CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL CONSTRAINT users_email_unique UNIQUE, name text DEFAULT 'nobody', "createdAt" timestamptz NOT NULL DEFAULT now(), plan text);
CREATE TABLE products (id serial PRIMARY KEY, sku text NOT NULL, price numeric(10,2) NOT NULL CONSTRAINT price_pos CHECK (price >= 0), "order" integer);
CREATE UNIQUE INDEX products_sku_idx ON products (sku);
CREATE TABLE orders (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, "userId" integer NOT NULL CONSTRAINT orders_user_fk REFERENCES users (id) ON DELETE CASCADE, "productId" integer NOT NULL, status status NOT NULL DEFAULT 'new', note text, paid boolean NOT NULL DEFAULT false, extra text NOT NULL,
  CONSTRAINT orders_product_fk FOREIGN KEY ("productId") REFERENCES products (id));
CREATE INDEX orders_user_idx ON orders ("userId");
CREATE INDEX orders_note_idx ON orders (note);
CREATE INDEX orders_extra_idx ON orders (extra);
CREATE STATISTICS orders_st ON id, "userId" FROM orders;
CREATE VIEW paid_orders AS SELECT o.id, o.note, p.sku, u."createdAt" FROM orders o JOIN products p ON p.id = o."productId" JOIN users u ON u.id = o."userId" WHERE o.paid;
CREATE VIEW newest AS SELECT "createdAt", products.sku FROM users, products;
CREATE VIEW emails WITH (security_barrier = true) AS SELECT email FROM users;
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER users_touch BEFORE UPDATE OF "createdAt" ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY mine ON orders FOR SELECT TO PUBLIC USING (paid);
CREATE INDEX users_created_idx ON users ("createdAt");
CREATE SEQUENCE tickets; CREATE SEQUENCE badges MAXVALUE 100;
GRANT SELECT ON users TO PUBLIC;
CREATE SCHEMA app; CREATE TABLE app.jobs (id integer PRIMARY KEY, what text);
COMMENT ON TABLE orders IS 'what was ordered';
CREATE TABLE events (at integer NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (0) TO (10);
CREATE INDEX events_kind_idx ON events (kind);
CREATE TABLE logs (id serial, line text);
CREATE TYPE mood AS ENUM ('fine', 'low'); CREATE FUNCTION gone(n integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN n; END';
CREATE TABLE keys (id integer PRIMARY KEY, code text, n integer CHECK (n > 0), by_hand integer REFERENCES users (id), CONSTRAINT keys_code UNIQUE (code, n) DEFERRABLE);
CREATE TABLE of_keys (key integer CONSTRAINT to_keys REFERENCES keys (id), doubled integer DEFAULT gone(2));
CREATE TRIGGER of_keys_gone AFTER INSERT ON of_keys FOR EACH ROW EXECUTE FUNCTION touch(); ALTER TABLE of_keys ENABLE ALWAYS TRIGGER of_keys_gone;
CREATE POLICY of_keys_gone ON of_keys AS RESTRICTIVE FOR INSERT WITH CHECK (key > 0); CREATE INDEX of_keys_idx ON of_keys (key); ALTER TABLE of_keys CLUSTER ON of_keys_idx;
CREATE MATERIALIZED VIEW many AS SELECT count(*) AS n FROM keys; CREATE INDEX many_idx ON many (n); COMMENT ON MATERIALIZED VIEW many IS 'how many';`;

/** In this order; each could be somebody's in an hour of need. */
const BY_HAND = [
  'ALTER TABLE users RENAME COLUMN "createdAt" TO created',
  'ALTER TABLE products RENAME TO prods',
  'ALTER SCHEMA app RENAME TO app2',
  'ALTER TYPE status RENAME TO state',
  'ALTER SEQUENCE tickets RENAME TO tokens',
  'CREATE SCHEMA attic; ALTER TABLE orders SET SCHEMA attic; ALTER TABLE logs SET SCHEMA attic',
  'ALTER TABLE users ADD COLUMN hand_col text',
  'CREATE INDEX hand_idx ON attic.orders (note)',
  "CREATE FUNCTION hand_fn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
  'CREATE TRIGGER hand_trg BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION hand_fn()',
  'CREATE TABLE hand_t (id integer PRIMARY KEY, v text)',
  "CREATE FUNCTION hand_rows() RETURNS SETOF hand_t LANGUAGE sql AS 'SELECT * FROM hand_t'",
  'CREATE VIEW hand_inner AS SELECT hand_col FROM users',
  'CREATE VIEW hand_a AS SELECT h.*, r.v FROM hand_inner h, hand_rows() r',
  "CREATE FUNCTION hand_id() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
  'CREATE TABLE hand_a_refers (id integer DEFAULT hand_id() REFERENCES hand_t (id))',
  'ALTER TABLE hand_t ADD COLUMN back integer UNIQUE',
  'ALTER TABLE users ADD COLUMN zid integer REFERENCES hand_t (back)',
  'CREATE RULE hand_rule AS ON DELETE TO users DO ALSO SELECT * FROM hand_t',
  'CREATE POLICY hand_pol ON users USING (zid > 0)',
  'ALTER TABLE users ENABLE ROW LEVEL SECURITY',
  'CREATE DOMAIN hand_dom AS integer CHECK (VALUE > 1)',
  'ALTER TABLE hand_t ADD COLUMN d hand_dom',
  'CREATE SCHEMA handy; CREATE TABLE handy.x (id integer); CREATE VIEW hand_of_handy AS SELECT * FROM handy.x',
  'CREATE STATISTICS hand_st ON email, name FROM users',
  'CREATE EXTENSION citext; ALTER TABLE prods ADD COLUMN hand_ci citext',
  'ALTER TABLE users ADD CONSTRAINT hand_chk CHECK (length(email) < 500) NOT VALID',
  "ALTER TABLE users ALTER COLUMN name SET DEFAULT 'hand', ALTER COLUMN name SET NOT NULL",
  'ALTER TABLE users ALTER COLUMN id DROP DEFAULT',
  'ALTER TABLE users ALTER COLUMN email DROP NOT NULL',
  'ALTER TABLE users ALTER COLUMN plan TYPE varchar(20) COLLATE "C"',
  "ALTER TABLE users ALTER COLUMN plan SET DEFAULT 'free', ALTER COLUMN plan SET STATISTICS 500",
  'ALTER TABLE users RENAME CONSTRAINT users_email_unique TO u_e_u',
  'ALTER TABLE users CLUSTER ON users_pkey; ALTER TABLE users REPLICA IDENTITY FULL',
  "ALTER TABLE users SET (fillfactor = 70); COMMENT ON TABLE users IS 'hand'",
  'ALTER TABLE prods ALTER COLUMN price TYPE numeric(12,2), DROP CONSTRAINT price_pos',
  'DROP INDEX products_sku_idx',
  'ALTER SEQUENCE products_id_seq INCREMENT BY 5',
  'ALTER TABLE attic.orders ALTER COLUMN status DROP DEFAULT, ALTER COLUMN id SET GENERATED BY DEFAULT',
  'ALTER TABLE attic.orders DISABLE TRIGGER orders_touch',
  'ALTER TABLE attic.orders DROP CONSTRAINT orders_user_fk',
  'ALTER TABLE attic.orders ADD CONSTRAINT orders_user_fk FOREIGN KEY ("userId") REFERENCES users (id) ON DELETE RESTRICT',
  'ALTER TABLE attic.orders DROP CONSTRAINT orders_product_fk',
  'ALTER TABLE attic.orders DROP COLUMN extra',
  'ALTER POLICY mine ON attic.orders USING (NOT paid)',
  'DROP STATISTICS orders_st',
  'DROP INDEX events_kind_idx',
  'ALTER INDEX attic.orders_user_idx RENAME TO o_user_idx',
  'ALTER INDEX attic.orders_note_idx RENAME TO o_note_old; CREATE INDEX orders_note_idx ON attic.orders (note DESC)',
  'COMMENT ON TABLE attic.orders IS NULL; ALTER TABLE attic.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
  "CREATE OR REPLACE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n + n'",
  'DROP VIEW emails; DROP SEQUENCE badges; DROP DOMAIN positive',
  'CREATE OR REPLACE VIEW paid_orders AS SELECT o.id, o.note, p.sku, u.created AS "createdAt" FROM attic.orders o JOIN prods p ON p.id = o."productId" JOIN users u ON u.id = o."userId" WHERE o.paid AND u.hand_col IS NULL',
  'REVOKE SELECT ON users FROM PUBLIC; GRANT INSERT ON users TO PUBLIC; GRANT SELECT ON prods TO PUBLIC; GRANT ALL ON SCHEMA app2 TO pg_monitor',
  'REVOKE EXECUTE ON FUNCTION twice FROM PUBLIC',
  'ALTER TABLE app2.jobs SET UNLOGGED',
  "ALTER TYPE mood RENAME VALUE 'low' TO 'down'",
  'ALTER TABLE of_keys ALTER COLUMN doubled DROP DEFAULT; DROP FUNCTION gone; DROP TRIGGER of_keys_gone ON of_keys',
  'DROP POLICY of_keys_gone ON of_keys; DROP INDEX of_keys_idx; DROP MATERIALIZED VIEW many',
  'ALTER TABLE keys DISABLE TRIGGER ALL; ALTER TABLE keys DROP CONSTRAINT keys_pkey CASCADE, DROP CONSTRAINT keys_code',
  'ALTER TABLE keys DROP CONSTRAINT keys_n_check, ADD CONSTRAINT keys_n_check CHECK (n > 1)',
  'CREATE OR REPLACE TRIGGER users_touch BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()',
  "INSERT INTO users (id, email, name) VALUES (500, 'a', 'b'); INSERT INTO prods (id, sku, price) VALUES (5000, 's', 1)",
];

describeEachPostgres('What is printed', ({ createDatabase }) => {
  const folder = journalFolder([{ name: '0000_all', sql: SQL }]);
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    await migrate({ url: database.url, folder: folder.path });
    for (const sql of BY_HAND) await database.sql.unsafe(sql);
  }, 60_000);
  afterAll(async () => {
    await database.drop();
    folder.dispose();
  });

  const look = () =>
    diagnoseDatabase(readStatus({ url: database.url, folder: folder.path }), {
      companion: NO_COMPANION_CONFIG,
      url: database.url,
      place: async () => ({
        settings: NO_SHADOW_SETTINGS,
        directory: PACKAGE,
        target: { url: database.url },
      }),
    });

  it('undoes all that was done by hand, run as it stands there, from the first to the last', async () => {
    const { findings, notChecked } = await look();
    expect(notChecked).toEqual([]);
    expect(findings.filter((finding) => printed(finding) === null)).toEqual([]);
    const one = postgres(database.url, { max: 1, onnotice: () => undefined });
    for (const finding of findings)
      for (const sql of printed(finding) ?? [])
        await one.unsafe(sql).catch((error: Error) => {
          throw new Error(`${finding.message}\n${sql}\n${error.message}`);
        });
    await one.end();
    expect((await look()).findings).toEqual([]);
  }, 60_000);
});

/** Statement by statement, as CONCURRENTLY asks for. */
function printed({ rewrite = [] }: Finding): readonly string[] | null {
  const own = rewrite.filter(({ title }) => title === undefined);
  return own.length === 0 ? null : own.flatMap(({ sql }) => sql.split(/(?<=;)\n/));
}
