/**
 * One of everything that a catalog tells, in a form that every supported PostgreSQL understands. Nothing here depends on another major's
 * defaults.
 */
export const EVERYTHING = `
CREATE SCHEMA billing;
COMMENT ON SCHEMA billing IS 'money';
CREATE EXTENSION citext SCHEMA public;

CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s fine');
CREATE DOMAIN email AS text DEFAULT 'none@example.org' NOT NULL CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
CREATE TYPE pair AS (a int, b text COLLATE "C");
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE SEQUENCE numbers AS int INCREMENT BY 5 MINVALUE 10 MAXVALUE 1000 START 20 CACHE 3 CYCLE;

CREATE FUNCTION area(w int, h int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT w * h';
CREATE FUNCTION area(r float8) RETURNS float8 LANGUAGE sql IMMUTABLE RETURN r * r * pi();
CREATE FUNCTION adult(age int) RETURNS boolean LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT age > 17; END;
CREATE FUNCTION rows(OUT a int, OUT b text) RETURNS SETOF record LANGUAGE plpgsql SET search_path TO 'billing', 'public' AS $$
BEGIN
  RETURN QUERY SELECT 1, 'x';
END
$$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION to_mood(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'ok'::mood $$;
CREATE FUNCTION same_mood(mood, mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2::text';
CREATE PROCEDURE nothing(INOUT a int) LANGUAGE sql AS $$ SELECT a $$;
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', COMBINEFUNC = int4pl, PARALLEL = SAFE);
CREATE CAST (int AS mood) WITH FUNCTION to_mood(int) AS ASSIGNMENT;
CREATE OPERATOR === (LEFTARG = mood, RIGHTARG = mood, FUNCTION = same_mood, COMMUTATOR = ===);

CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 2) PRIMARY KEY,
  email email UNIQUE,
  mood mood DEFAULT 'ok',
  age smallint NOT NULL DEFAULT 0,
  upper_email text GENERATED ALWAYS AS (upper(email::text)) STORED,
  born timestamptz DEFAULT '2020-02-02 02:02:02+02',
  tags text[] DEFAULT ARRAY['a', 'b']::text[],
  price numeric(10, 2) DEFAULT 1.50,
  window_of tstzrange,
  wait interval DEFAULT '1 day 02:03:04',
  raw bytea DEFAULT '\\x0102',
  CONSTRAINT apart EXCLUDE USING gist (window_of WITH &&)
);
ALTER TABLE users ADD CONSTRAINT young CHECK (age < 150 AND (mood IS DISTINCT FROM 'sad' OR age BETWEEN 1 AND 99)) NOT VALID;
CREATE INDEX users_mood ON users (mood) WHERE age > 3;
CREATE INDEX users_words ON users USING gin (to_tsvector('english', coalesce(upper_email, '')));
CREATE UNIQUE INDEX users_lower ON users (lower(email::text) DESC NULLS LAST, age) INCLUDE (mood);
CREATE STATISTICS users_many (dependencies, mcv) ON age, mood FROM users;
COMMENT ON TABLE users IS 'people';
COMMENT ON COLUMN users.age IS 'in years';
COMMENT ON INDEX users_mood IS 'for the parties';
COMMENT ON CONSTRAINT young ON users IS 'nobody is older';
ALTER TABLE users ALTER COLUMN upper_email SET STORAGE external, ALTER COLUMN age SET STATISTICS 500;
ALTER TABLE users SET (fillfactor = 90, toast.autovacuum_enabled = off);
ALTER TABLE users CLUSTER ON users_lower;

CREATE TABLE posts (
  id serial,
  author bigint CONSTRAINT posts_author_users REFERENCES users ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  title text COLLATE "C" NOT NULL,
  state text,
  UNIQUE (author, title)
);
ALTER TABLE posts ALTER COLUMN id SET NOT NULL;
CREATE UNIQUE INDEX posts_id ON posts (id);
ALTER TABLE posts REPLICA IDENTITY USING INDEX posts_id;
CREATE UNLOGGED TABLE scratch (n int);
CREATE TABLE child (extra int) INHERITS (scratch);
CREATE TABLE codes (
  kind varchar(9) DEFAULT 'b' CONSTRAINT known CHECK (kind IN ('a', 'b', NULL)),
  many numeric CONSTRAINT few CHECK (many = ANY (ARRAY[1, 2])),
  kinds varchar[] DEFAULT ARRAY['a', 'b']::varchar[]
);
CREATE INDEX codes_a ON codes (many) WHERE kind IN ('a', 'c');
CREATE VIEW coded AS SELECT kind NOT IN ('a', 'b') AS other FROM codes WHERE kind IN ('b', 'c');
CREATE TABLE "Odd ""Name""" ("Select" int, "a.b" serial);

CREATE TABLE parts (at date NOT NULL, n int, CHECK (n > 0), PRIMARY KEY (at)) PARTITION BY RANGE (at);
CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE parts_rest PARTITION OF parts DEFAULT;
CREATE INDEX ON parts (n);
CREATE TABLE part_notes (at date REFERENCES parts, text text);
CREATE TABLE slots (n int UNIQUE DEFERRABLE);
CREATE TABLE ends (id int PRIMARY KEY);
CREATE TABLE lists (a text, b int CONSTRAINT lists_b_fkey REFERENCES ends) PARTITION BY LIST (lower(a));
CREATE TABLE lists_x PARTITION OF lists FOR VALUES IN ('x', 'y') PARTITION BY HASH (b);
CREATE TABLE lists_x_0 PARTITION OF lists_x FOR VALUES WITH (MODULUS 2, REMAINDER 0);

CREATE VIEW grown WITH (security_barrier = true) AS SELECT id, email AS mail, age FROM users WHERE age > 17 ORDER BY age;
CREATE VIEW tally AS SELECT u.mood, count(*) AS n, sum(u.age) FILTER (WHERE u.age > 3) AS years
  FROM users u GROUP BY u.mood HAVING count(*) > 1;
CREATE VIEW joined AS SELECT u.id, p.title, row_number() OVER (PARTITION BY u.id ORDER BY p.id DESC) AS place
  FROM users u LEFT JOIN posts p ON p.author = u.id WHERE u.age IN (1, 2, 3) AND NOT EXISTS (SELECT 1 FROM scratch s WHERE s.n = u.age);
CREATE VIEW nested AS WITH w AS (SELECT n, n + 1 AS m FROM scratch) SELECT w.n, (SELECT max(age) FROM users WHERE users.age > w.n) AS top FROM w
  UNION ALL SELECT x.a, x.b FROM (VALUES (1, 2), (3, 4)) x (a, b);
CREATE VIEW correlated AS SELECT id FROM users WHERE EXISTS (SELECT FROM posts WHERE posts.author = users.id) AND age = ANY (SELECT n FROM scratch);
CREATE VIEW whole AS SELECT users AS u, users.*::text AS t FROM users;
CREATE VIEW series AS SELECT g.n, extract(year FROM now()) AS y, trim(both 'x' FROM 'xax') AS t, CASE g.n WHEN 1 THEN 'one' ELSE 'many' END AS c
  FROM generate_series(1, 3) AS g (n);
CREATE VIEW sets AS SELECT mood, age, count(*) FROM users GROUP BY GROUPING SETS ((mood), (mood, age), ());
CREATE VIEW laterals AS SELECT u.id, l.title FROM users u CROSS JOIN LATERAL (SELECT title FROM posts WHERE author = u.id LIMIT 1) l;
CREATE VIEW using_join AS SELECT author, a.title FROM posts a JOIN (SELECT author, max(id) AS m FROM posts GROUP BY author) b USING (author);
CREATE VIEW words AS SELECT current_date AS d, '1 month'::interval AS i, xmlserialize(content '<a/>'::xml AS text) AS x, (tags)[1] AS first, upper(email) COLLATE "C" AS e FROM users;
CREATE VIEW crossed AS SELECT age AS n, extra AS age, n AS extra FROM (SELECT n AS age, n + 1 AS extra, n FROM scratch) s ORDER BY s.age, extra, 3;
CREATE VIEW firsts AS SELECT DISTINCT ON (mood) mood, age, lag(age) OVER w AS former FROM users WINDOW w AS (ORDER BY age ROWS 2 PRECEDING) ORDER BY mood, age DESC;
CREATE VIEW literals AS VALUES (1, 'a', money '12.34'), (2, 'b', NULL);
CREATE VIEW sampled AS SELECT n FROM scratch TABLESAMPLE system (10) WHERE n BETWEEN SYMMETRIC 9 AND 1 ORDER BY n FETCH FIRST 3 ROWS WITH TIES;
CREATE VIEW tabled AS SELECT x.a FROM xmltable('/r' PASSING ('<r/>'::xml) COLUMNS a int PATH '@a') x;
CREATE VIEW shapes AS SELECT (ROW(n, title) = ROW(1, 'a')) AS r, tags[1:2] AS s, NULLIF(n, 0) AS z, GREATEST(n, 1) AS g, (born AT TIME ZONE 'UTC')::date AS d,
  position('a' IN title) AS p, title SIMILAR TO 'a%' AS m, title LIKE 'a!%' ESCAPE '!' AS l, n IS DISTINCT FROM 1 AS i,
  (born, born) OVERLAPS (born, born) AS o, overlay(title PLACING 'x' FROM 2) AS v, n::numeric(5, 1) AS c, -n AS neg, '-5'::int AS five, NOT (n > 1) AS nay
  FROM scratch, users, posts WHERE title IS NOT NULL IS TRUE;
CREATE VIEW emptied AS SELECT FROM users;
CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n, age FROM users GROUP BY age;
CREATE UNIQUE INDEX counts_n ON counts (n);
CREATE RECURSIVE VIEW tree (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM tree WHERE n < 5;
COMMENT ON VIEW grown IS 'voters';

CREATE TRIGGER touched BEFORE UPDATE OF age ON users FOR EACH ROW WHEN (OLD.age IS DISTINCT FROM NEW.age) EXECUTE FUNCTION touch();
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON posts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER on_parts AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE quiet AS ON DELETE TO posts WHERE old.id > 3 DO INSTEAD UPDATE posts SET state = 'gone' WHERE posts.id = old.id;
CREATE RULE told AS ON INSERT TO scratch DO ALSO INSERT INTO child (n, extra) VALUES (new.n, 1);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users FOR SELECT USING (id = 1 AND email::text = current_user);
CREATE POLICY strict ON users AS RESTRICTIVE FOR UPDATE TO PUBLIC USING (age > 1) WITH CHECK (age > 2 OR id IN (SELECT author FROM posts));

GRANT SELECT, INSERT ON users TO PUBLIC;
GRANT UPDATE (age) ON users TO PUBLIC;
GRANT ALL ON posts TO PUBLIC;
GRANT USAGE ON SCHEMA billing TO PUBLIC;
GRANT USAGE ON SEQUENCE numbers TO PUBLIC;
REVOKE EXECUTE ON FUNCTION area(int, int) FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA billing GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE PUBLICATION feed FOR TABLE users, posts WITH (publish = 'insert, update');
CREATE TEXT SEARCH DICTIONARY stems (TEMPLATE = simple, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION terms (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION terms ALTER MAPPING FOR asciiword WITH stems, simple;
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER distant TYPE 'x' FOREIGN DATA WRAPPER far OPTIONS (host 'example.org', api_key 'secret');
CREATE FOREIGN TABLE abroad (a int OPTIONS (name 'b')) SERVER distant OPTIONS (table_name 't');
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION watch();
`;
