import { describeEachPostgres } from '@companion/testing';
import { expect, it } from 'vitest';
import { readCatalog } from './read-catalog.ts';

const SQL = `
CREATE SCHEMA billing;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN email AS text NOT NULL CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
CREATE TYPE pair AS (a int, b text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email email, mood mood DEFAULT 'ok', gone int,
  upper_email text GENERATED ALWAYS AS (upper(email::text)) STORED, CONSTRAINT young CHECK (gone < 10) NOT VALID);
ALTER TABLE users DROP COLUMN gone, ADD COLUMN age smallint NOT NULL DEFAULT 0;
CREATE INDEX users_mood ON users (mood) WHERE age > 3;
CREATE TABLE posts (id serial, author bigint REFERENCES users ON DELETE CASCADE, UNIQUE (author));
CREATE VIEW grown AS SELECT id, email FROM users WHERE age > 17;
CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n FROM users;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE PROCEDURE nothing(a int) LANGUAGE sql AS $$ SELECT 1 $$;
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE quiet AS ON DELETE TO posts DO INSTEAD NOTHING;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users FOR SELECT USING (id = 1);
GRANT SELECT, INSERT ON users TO PUBLIC;
GRANT UPDATE (age) ON users TO PUBLIC;
COMMENT ON COLUMN users.age IS 'in years';
CREATE PUBLICATION feed FOR TABLE users;
CREATE STATISTICS st ON id, age FROM users;
CREATE TABLE parts (at date) PARTITION BY RANGE (at);
CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION billing_watch();
`;

describeEachPostgres('readCatalog', (postgres) => {
  it('tells every kind of thing', async () => {
    const { sql } = await postgres.createDatabase();
    await sql.unsafe(
      `CREATE FUNCTION billing_watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;${SQL}`,
    );
    const source = {
      query: async (text: string) => {
        const r = await sql.unsafe(text).simple().values();
        const list = (r as any).command === undefined && r.length ? r.at(-1) : r;
        return list as any;
      },
    };
    const catalog = await readCatalog(source);
    (await import('node:fs')).writeFileSync(
      '/tmp/cat-' + postgres.version + '.json',
      JSON.stringify(catalog, null, 1),
    );
    expect(catalog.entities.length).toBeGreaterThan(10);
  });
});
