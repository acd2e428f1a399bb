/**
 * One property of one object of `EVERYTHING` changed by `sql`, and the one difference that it makes:
 * `changed table users / column age: type, default`, with the facts that differ.
 */
export type Change = {
  readonly sql: string;
  readonly difference: string;
  /** The first major that understands it. */
  readonly since?: number;
};

/** The triggers by which PostgreSQL watches a foreign key have numbers for names. */
function enableAlways(table: string, constraint: string): string {
  return `DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT tgname FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint WHERE t.tgrelid = '${table}'::regclass AND k.conname = '${constraint}'
    LOOP EXECUTE format('ALTER TABLE ${table} ENABLE ALWAYS TRIGGER %I', name); END LOOP; END $$`;
}

const SCHEMAS: readonly Change[] = [
  { sql: `CREATE SCHEMA more`, difference: 'added schema more' },
  { sql: `COMMENT ON SCHEMA billing IS 'coins'`, difference: 'changed schema billing: comment' },
  { sql: `COMMENT ON SCHEMA public IS 'all of it'`, difference: 'changed schema public: comment' },
  {
    sql: `GRANT CREATE ON SCHEMA billing TO PUBLIC`,
    difference: 'changed schema billing / privilege PUBLIC: granted',
  },
  {
    sql: `REVOKE USAGE ON SCHEMA billing FROM PUBLIC`,
    difference: 'missing schema billing / privilege PUBLIC',
  },
  { sql: `REVOKE USAGE ON SCHEMA public FROM PUBLIC`, difference: 'added schema public / privilege PUBLIC' },
];

const EXTENSIONS: readonly Change[] = [
  { sql: `DROP EXTENSION citext`, difference: 'missing extension citext' },
  { sql: `ALTER EXTENSION citext SET SCHEMA billing`, difference: 'changed extension citext: schema' },
];

const TYPES: readonly Change[] = [
  { sql: `CREATE TYPE more AS ENUM ()`, difference: 'added enum more' },
  { sql: `ALTER TYPE mood ADD VALUE 'new'`, difference: 'changed enum mood: values' },
  { sql: `ALTER TYPE mood ADD VALUE 'new' BEFORE 'ok'`, difference: 'changed enum mood: values' },
  { sql: `ALTER TYPE mood RENAME VALUE 'it''s fine' TO 'fine'`, difference: 'changed enum mood: values' },
  { sql: `COMMENT ON TYPE mood IS 'how'`, difference: 'changed enum mood: comment' },
  { sql: `REVOKE USAGE ON TYPE mood FROM PUBLIC`, difference: 'added enum mood / privilege PUBLIC' },
  { sql: `ALTER DOMAIN email DROP NOT NULL`, difference: 'changed domain email: not null' },
  { sql: `ALTER DOMAIN email SET DEFAULT 'x@y'`, difference: 'changed domain email: default' },
  { sql: `ALTER DOMAIN email DROP DEFAULT`, difference: 'changed domain email: default' },
  {
    sql: `ALTER DOMAIN email DROP CONSTRAINT has_at`,
    difference: 'missing domain email / constraint has_at',
  },
  {
    sql: `ALTER DOMAIN email RENAME CONSTRAINT has_at TO at_in`,
    difference: 'renamed domain email / constraint has_at: name',
  },
  {
    sql: `ALTER DOMAIN email ADD CONSTRAINT long CHECK (VALUE <> '') NOT VALID`,
    difference: 'added domain email / constraint long',
  },
  { sql: `COMMENT ON DOMAIN email IS 'post'`, difference: 'changed domain email: comment' },
  { sql: `ALTER TYPE pair ADD ATTRIBUTE c text`, difference: 'added composite type pair / column c' },
  {
    sql: `ALTER TYPE pair ALTER ATTRIBUTE a TYPE bigint`,
    difference: 'changed composite type pair / column a: type',
  },
  {
    sql: `ALTER TYPE pair ALTER ATTRIBUTE b TYPE text COLLATE "POSIX"`,
    difference: 'changed composite type pair / column b: collation',
  },
  { sql: `COMMENT ON TYPE pair IS 'two'`, difference: 'changed composite type pair: comment' },
  {
    sql: `DROP TYPE span; CREATE TYPE span AS RANGE (subtype = float8)`,
    difference: 'changed range type span: difference',
  },
  {
    sql: `DROP TYPE span; CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = spans)`,
    difference: 'changed range type span: multirange',
  },
  { sql: `COMMENT ON TYPE span IS 'wide'`, difference: 'changed range type span: comment' },
  {
    sql: `DROP COLLATION plain; CREATE COLLATION plain (provider = libc, locale = 'POSIX')`,
    difference: 'changed collation plain: locale',
  },
  {
    sql: `DROP COLLATION plain; CREATE COLLATION plain (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX')`,
    difference: 'changed collation plain: locale, collate and ctype',
  },
  { sql: `COMMENT ON COLLATION plain IS 'bytes'`, difference: 'changed collation plain: comment' },
  { sql: `DROP COLLATION plain`, difference: 'missing collation plain' },
  {
    sql: `ALTER COLLATION plain SET SCHEMA billing; CREATE COLLATION plain FROM billing.plain`,
    difference: 'added collation billing.plain',
  },
  {
    sql: `DROP CAST (int AS mood); CREATE CAST (int AS mood) WITH FUNCTION to_mood(int)`,
    difference: 'changed cast integer as public.mood: context',
  },
  {
    sql: `DROP CAST (int AS mood); CREATE CAST (int AS mood) WITH INOUT AS ASSIGNMENT`,
    difference: 'changed cast integer as public.mood: function, method',
  },
  {
    sql: `COMMENT ON CAST (int AS mood) IS 'by number'`,
    difference: 'changed cast integer as public.mood: comment',
  },
  { sql: `DROP CAST (int AS mood)`, difference: 'missing cast integer as public.mood' },
  {
    sql: `CREATE CAST (bigint AS mood) WITH INOUT`,
    difference: 'added cast bigint as public.mood',
  },
  {
    sql: `ALTER OPERATOR === (mood, mood) SET (RESTRICT = eqsel)`,
    difference: 'changed operator ===(public.mood, public.mood): restrict',
  },
  {
    sql: `ALTER OPERATOR === (mood, mood) SET (JOIN = eqjoinsel)`,
    difference: 'changed operator ===(public.mood, public.mood): join',
  },
  ...[
    ['commutator', ''],
    ['hashes', ', COMMUTATOR = ===, HASHES'],
    ['merges', ', COMMUTATOR = ===, MERGES'],
  ].map(([fact, options]) => ({
    sql: `DROP OPERATOR === (mood, mood); CREATE OPERATOR === (LEFTARG = mood, RIGHTARG = mood, FUNCTION = same_mood${options})`,
    difference: `changed operator ===(public.mood, public.mood): ${fact}`,
  })),
  {
    sql: `COMMENT ON OPERATOR === (mood, mood) IS 'alike'`,
    difference: 'changed operator ===(public.mood, public.mood): comment',
  },
  { sql: `DROP OPERATOR === (mood, mood)`, difference: 'missing operator ===(public.mood, public.mood)' },
  {
    sql: `CREATE OPERATOR ==== (LEFTARG = mood, RIGHTARG = mood, FUNCTION = same_mood)`,
    difference: 'added operator ====(public.mood, public.mood)',
  },
];

const SEQUENCES: readonly Change[] = [
  { sql: `ALTER SEQUENCE numbers INCREMENT BY 6`, difference: 'changed sequence numbers: increment' },
  { sql: `ALTER SEQUENCE numbers NO CYCLE`, difference: 'changed sequence numbers: cycle' },
  { sql: `ALTER SEQUENCE numbers START WITH 30`, difference: 'changed sequence numbers: start' },
  { sql: `ALTER SEQUENCE numbers CACHE 4`, difference: 'changed sequence numbers: cache' },
  { sql: `ALTER SEQUENCE numbers MAXVALUE 999`, difference: 'changed sequence numbers: max' },
  { sql: `ALTER SEQUENCE numbers AS bigint`, difference: 'changed sequence numbers: type' },
  { sql: `ALTER SEQUENCE numbers OWNED BY scratch.n`, difference: 'changed sequence numbers: owned by' },
  { sql: `ALTER SEQUENCE numbers SET UNLOGGED`, difference: 'changed sequence numbers: unlogged', since: 15 },
  {
    sql: `GRANT SELECT ON SEQUENCE numbers TO PUBLIC`,
    difference: 'changed sequence numbers / privilege PUBLIC: granted',
  },
  { sql: `COMMENT ON SEQUENCE numbers IS 'fives'`, difference: 'changed sequence numbers: comment' },
  { sql: `CREATE SEQUENCE large`, difference: 'added sequence large' },
  {
    sql: `ALTER SEQUENCE posts_id_seq RENAME TO posts_id_seq1`,
    difference: 'renamed sequence posts_id_seq: name',
  },
];

const ROUTINES: readonly Change[] = [
  {
    sql: `CREATE FUNCTION area(text) RETURNS int LANGUAGE sql AS 'SELECT 1'`,
    difference: 'added function area(text)',
  },
  {
    sql: `ALTER FUNCTION area(int, int) VOLATILE`,
    difference: 'changed function area(integer, integer): definition',
  },
  {
    sql: `ALTER FUNCTION area(int, int) SECURITY DEFINER`,
    difference: 'changed function area(integer, integer): definition',
  },
  {
    sql: `ALTER FUNCTION rows() SET search_path TO 'public', 'billing'`,
    difference: 'changed function rows(): definition',
  },
  { sql: `ALTER FUNCTION rows() ROWS 10`, difference: 'changed function rows(): definition' },
  {
    sql: `CREATE OR REPLACE FUNCTION area(w int, h int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT w * h'`,
    difference: 'changed function area(integer, integer): definition',
  },
  {
    sql: `CREATE OR REPLACE FUNCTION adult(age int) RETURNS boolean LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT age > 18; END`,
    difference: 'changed function adult(integer): definition',
  },
  { sql: `COMMENT ON FUNCTION touch() IS 'softly'`, difference: 'changed function touch(): comment' },
  {
    sql: `GRANT EXECUTE ON FUNCTION area(int, int) TO PUBLIC`,
    difference: 'missing function area(integer, integer) / privilege PUBLIC',
  },
  {
    sql: `REVOKE EXECUTE ON FUNCTION touch() FROM PUBLIC`,
    difference: 'added function touch() / privilege PUBLIC',
  },
  {
    sql: `CREATE OR REPLACE PROCEDURE nothing(INOUT a int) LANGUAGE sql AS $$ SELECT a + 1 $$`,
    difference: 'changed procedure nothing(integer): definition',
  },
  {
    sql: `ALTER PROCEDURE nothing(int) SECURITY DEFINER`,
    difference: 'changed procedure nothing(integer): definition',
  },
  {
    sql: `COMMENT ON PROCEDURE nothing(int) IS 'at all'`,
    difference: 'changed procedure nothing(integer): comment',
  },
  {
    sql: `REVOKE EXECUTE ON PROCEDURE nothing(int) FROM PUBLIC`,
    difference: 'added procedure nothing(integer) / privilege PUBLIC',
  },
  { sql: `DROP PROCEDURE nothing(int)`, difference: 'missing procedure nothing(integer)' },
  {
    sql: `CREATE PROCEDURE nothing(a text) LANGUAGE sql AS 'SELECT 1'`,
    difference: 'added procedure nothing(text)',
  },
  ...[
    ['combine', `PARALLEL = SAFE`],
    ['parallel', `COMBINEFUNC = int4pl`],
    ['final', `COMBINEFUNC = int4pl, PARALLEL = SAFE, FINALFUNC = int4abs`],
  ].map(([fact, options]) => ({
    sql: `CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', ${options})`,
    difference: `changed aggregate total(integer): ${fact}`,
  })),
  {
    sql: `REVOKE EXECUTE ON FUNCTION total(int) FROM PUBLIC`,
    difference: 'added aggregate total(integer) / privilege PUBLIC',
  },
  {
    sql: `CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1', COMBINEFUNC = int4pl, PARALLEL = SAFE)`,
    difference: 'changed aggregate total(integer): initial',
  },
  {
    sql: `COMMENT ON AGGREGATE total(int) IS 'all'`,
    difference: 'changed aggregate total(integer): comment',
  },
];

const TABLES: readonly Change[] = [
  { sql: `DROP TABLE "Odd ""Name"""`, difference: 'missing table Odd "Name"' },
  { sql: `CREATE TABLE more (id serial PRIMARY KEY, a text)`, difference: 'added table more' },
  { sql: `DROP TABLE part_notes`, difference: 'missing table part_notes' },
  {
    sql: `ALTER TABLE scratch SET LOGGED; ALTER TABLE child SET LOGGED`,
    difference: 'changed table scratch: unlogged',
  },
  { sql: `ALTER TABLE posts ENABLE ROW LEVEL SECURITY`, difference: 'changed table posts: row security' },
  { sql: `ALTER TABLE users FORCE ROW LEVEL SECURITY`, difference: 'changed table users: row security' },
  { sql: `ALTER TABLE users SET (fillfactor = 80)`, difference: 'changed table users: options' },
  {
    sql: `ALTER TABLE users SET (toast.autovacuum_enabled = on)`,
    difference: 'changed table users: toast options',
  },
  { sql: `ALTER TABLE scratch REPLICA IDENTITY FULL`, difference: 'changed table scratch: replica identity' },
  {
    sql: `ALTER TABLE posts REPLICA IDENTITY DEFAULT`,
    difference: 'changed table posts / index posts_id: replica identity',
  },
  { sql: `ALTER TABLE child NO INHERIT scratch`, difference: 'changed table child: inherits' },
  { sql: `COMMENT ON TABLE users IS 'persons'`, difference: 'changed table users: comment' },
  { sql: `COMMENT ON TABLE users IS NULL`, difference: 'changed table users: comment' },
  { sql: `GRANT DELETE ON users TO PUBLIC`, difference: 'changed table users / privilege PUBLIC: granted' },
  {
    sql: `REVOKE TRUNCATE ON posts FROM PUBLIC`,
    difference: 'changed table posts / privilege PUBLIC: granted',
  },
  { sql: `REVOKE DELETE ON posts FROM CURRENT_USER`, difference: 'added table posts / privilege the owner' },
  {
    sql: `ALTER TABLE parts DETACH PARTITION parts_2026; ALTER TABLE parts ATTACH PARTITION parts_2026 FOR VALUES FROM ('2026-01-01') TO ('2026-12-01')`,
    difference: 'changed table parts_2026: bound',
  },
  {
    sql: `CREATE TABLE parts_2027 PARTITION OF parts FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')`,
    difference: 'added table parts_2027',
  },
  {
    sql: `ALTER FOREIGN TABLE abroad OPTIONS (SET table_name 'u')`,
    difference: 'changed foreign table abroad: server options',
  },
  {
    sql: `ALTER FOREIGN TABLE abroad ALTER COLUMN a OPTIONS (SET name 'c')`,
    difference: 'changed foreign table abroad / column a: server options',
  },
];

const COLUMNS: readonly Change[] = [
  {
    sql: `ALTER TABLE "Odd ""Name""" ADD COLUMN "c.d" serial`,
    difference: 'added table Odd "Name" / column c.d',
  },
  { sql: `ALTER TABLE lists ADD COLUMN c int`, difference: 'added table lists / column c' },
  { sql: `ALTER TABLE scratch ADD COLUMN m int`, difference: 'added table scratch / column m' },
  { sql: `ALTER TABLE users ADD COLUMN nick text`, difference: 'added table users / column nick' },
  { sql: `ALTER TABLE posts ADD COLUMN number serial`, difference: 'added table posts / column number' },
  { sql: `ALTER TABLE users DROP COLUMN raw`, difference: 'missing table users / column raw' },
  {
    sql: `ALTER TABLE users DROP COLUMN raw, ADD COLUMN raw bytea DEFAULT '\\x0102'; ALTER TABLE users DROP COLUMN wait, ADD COLUMN wait interval DEFAULT '1 day 02:03:04'`,
    difference: 'changed table users: column order',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN price TYPE numeric(12, 2)`,
    difference: 'changed table users / column price: type',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN price SET NOT NULL`,
    difference: 'changed table users / column price: not null',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN age DROP NOT NULL`,
    difference: 'changed table users / column age: not null',
  },
  {
    sql: `ALTER TABLE users ADD CONSTRAINT p NOT NULL price NOT VALID`,
    difference: 'changed table users / column price: not null, not null not validated',
    since: 18,
  },
  {
    sql: `ALTER TABLE scratch ADD CONSTRAINT p NOT NULL n NO INHERIT`,
    difference: 'changed table scratch / column n: not null, not null no inherit',
    since: 18,
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN price DROP DEFAULT`,
    difference: 'changed table users / column price: default',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN born SET DEFAULT '2020-02-02 02:02:02+03'`,
    difference: 'changed table users / column born: default',
  },
  {
    sql: `ALTER TABLE posts ALTER COLUMN id SET DEFAULT nextval('numbers')`,
    difference: 'changed table posts / column id: default',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN id SET GENERATED BY DEFAULT`,
    difference: 'changed table users / column id: identity',
  },
  ...[
    'SET INCREMENT BY 3',
    'SET START WITH 7',
    'SET MINVALUE 0',
    'SET MAXVALUE 999',
    'SET CACHE 9',
    'SET CYCLE',
  ].map((option) => ({
    sql: `ALTER TABLE users ALTER COLUMN id ${option}`,
    difference: 'changed table users / column id: identity',
  })),
  {
    sql: `ALTER SEQUENCE users_id_seq RENAME TO others`,
    difference: 'changed table users / column id: identity sequence',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN id DROP IDENTITY`,
    difference: 'changed table users / column id: identity, identity sequence',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN upper_email DROP EXPRESSION`,
    difference: 'changed table users / column upper_email: generated, expression',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN upper_email SET EXPRESSION AS (lower(email::text))`,
    difference: 'changed table users / column upper_email: expression',
    since: 17,
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN upper_email SET STORAGE main`,
    difference: 'changed table users / column upper_email: storage',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN tags SET COMPRESSION pglz`,
    difference: 'changed table users / column tags: compression',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN age SET STATISTICS 400`,
    difference: 'changed table users / column age: statistics target',
  },
  {
    sql: `ALTER TABLE users ALTER COLUMN age SET (n_distinct = 5)`,
    difference: 'changed table users / column age: options',
  },
  {
    sql: `GRANT UPDATE (price) ON users TO PUBLIC`,
    difference: 'changed table users / column price: privileges',
  },
  {
    sql: `COMMENT ON COLUMN users.price IS 'net'`,
    difference: 'changed table users / column price: comment',
  },
  {
    sql: `ALTER TABLE part_notes ALTER COLUMN text TYPE text COLLATE "C"`,
    difference: 'changed table part_notes / column text: collation',
  },
  { sql: `ALTER TABLE parts ADD COLUMN m int`, difference: 'added table parts / column m' },
  {
    sql: `ALTER TABLE parts ALTER COLUMN n SET NOT NULL`,
    difference: 'changed table parts / column n: not null',
  },
  {
    sql: `ALTER TABLE parts_2026 ALTER COLUMN n SET DEFAULT 3`,
    difference: 'changed table parts_2026 / column n: default',
  },
];

const CONSTRAINTS: readonly Change[] = [
  {
    sql: `ALTER TABLE posts ADD CONSTRAINT short CHECK (length(title) < 9)`,
    difference: 'added table posts / constraint short',
  },
  { sql: `ALTER TABLE users DROP CONSTRAINT young`, difference: 'missing table users / constraint young' },
  {
    sql: `ALTER TABLE users VALIDATE CONSTRAINT young`,
    difference: 'changed table users / constraint young: not validated',
  },
  {
    sql: `ALTER TABLE users DROP CONSTRAINT young; ALTER TABLE users ADD CONSTRAINT young CHECK (age < 151 AND (mood IS DISTINCT FROM 'sad' OR age BETWEEN 1 AND 99)) NOT VALID; COMMENT ON CONSTRAINT young ON users IS 'nobody is older'`,
    difference: 'changed table users / constraint young: definition',
  },
  {
    sql: `COMMENT ON CONSTRAINT young ON users IS 'none'`,
    difference: 'changed table users / constraint young: comment',
  },
  {
    sql: `ALTER TABLE users RENAME CONSTRAINT users_email_key TO users_email_key1`,
    difference: 'renamed table users / constraint users_email_key: name',
  },
  {
    sql: `ALTER TABLE posts ALTER CONSTRAINT posts_author_users NOT DEFERRABLE`,
    difference: 'changed table posts / constraint posts_author_users: definition',
  },
  {
    sql: `ALTER TABLE posts DROP CONSTRAINT posts_author_users, ADD CONSTRAINT posts_author_users FOREIGN KEY (author) REFERENCES users ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED`,
    difference: 'changed table posts / constraint posts_author_users: definition',
  },
  {
    sql: `ALTER TABLE posts DISABLE TRIGGER ALL; ALTER TABLE posts ENABLE TRIGGER late`,
    difference: 'changed table posts / constraint posts_author_users: watched',
  },
  {
    sql: `ALTER TABLE users DISABLE TRIGGER ALL; ALTER TABLE users ENABLE TRIGGER touched`,
    difference: 'changed table posts / constraint posts_author_users: watched',
  },
  {
    sql: enableAlways('posts', 'posts_author_users'),
    difference: 'changed table posts / constraint posts_author_users: watched',
  },
  {
    sql: `ALTER TABLE lists_x_0 DISABLE TRIGGER ALL`,
    difference: 'added table lists_x_0 / constraint lists_b_fkey',
  },
  {
    sql: `ALTER TABLE slots DISABLE TRIGGER ALL`,
    difference: 'changed table slots / constraint slots_n_key: watched',
  },
  {
    sql: `COMMENT ON INDEX users_pkey IS 'x'`,
    difference: 'changed table users / constraint users_pkey: index comment',
  },
  {
    sql: `ALTER TABLE posts ALTER CONSTRAINT posts_author_users NOT ENFORCED`,
    difference: 'changed table posts / constraint posts_author_users: definition',
    since: 18,
  },
  {
    sql: `ALTER TABLE users REPLICA IDENTITY USING INDEX users_pkey`,
    difference: 'changed table users / constraint users_pkey: replica identity',
  },
  { sql: `ALTER TABLE users DROP CONSTRAINT apart`, difference: 'missing table users / constraint apart' },
  {
    sql: `ALTER TABLE parts ADD CONSTRAINT small CHECK (n < 9)`,
    difference: 'added table parts / constraint small',
  },
  {
    sql: `ALTER TABLE part_notes DROP CONSTRAINT part_notes_at_fkey`,
    difference: 'missing table part_notes / constraint part_notes_at_fkey',
  },
  {
    sql: `ALTER TABLE posts DROP CONSTRAINT posts_author_title_key, ADD UNIQUE NULLS NOT DISTINCT (author, title)`,
    difference: 'changed table posts / constraint posts_author_title_key: definition',
    since: 15,
  },
];

const INDEXES: readonly Change[] = [
  { sql: `CREATE INDEX more ON users (age)`, difference: 'added table users / index more' },
  { sql: `DROP INDEX users_words`, difference: 'missing table users / index users_words' },
  {
    sql: `ALTER INDEX users_words RENAME TO users_text`,
    difference: 'renamed table users / index users_words: name',
  },
  {
    sql: `DROP INDEX users_words; CREATE INDEX users_words ON users USING gin (to_tsvector('german', coalesce(upper_email, '')))`,
    difference: 'changed table users / index users_words: definition',
  },
  {
    sql: `DROP INDEX users_mood; CREATE INDEX users_mood ON users (mood) WHERE age > 4; COMMENT ON INDEX users_mood IS 'for the parties'`,
    difference: 'changed table users / index users_mood: definition',
  },
  {
    sql: `ALTER INDEX users_words SET (fastupdate = off)`,
    difference: 'changed table users / index users_words: definition',
  },
  {
    sql: `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'users_mood'::regclass`,
    difference: 'changed table users / index users_mood: invalid',
  },
  {
    sql: `ALTER TABLE users SET WITHOUT CLUSTER`,
    difference: 'changed table users / index users_lower: clustered',
  },
  {
    sql: `COMMENT ON INDEX users_mood IS NULL`,
    difference: 'changed table users / index users_mood: comment',
  },
  { sql: `CREATE INDEX more ON parts (at, n)`, difference: 'added table parts / index more' },
  {
    sql: `ALTER INDEX parts_2026_n_idx RENAME TO other; COMMENT ON INDEX other IS 'x'`,
    difference: 'added table parts_2026 / index parts_n_idx',
  },
  { sql: `DROP INDEX counts_n`, difference: 'missing materialized view counts / index counts_n' },
];

const VIEWS: readonly Change[] = [
  { sql: `CREATE VIEW more AS SELECT 1 AS n`, difference: 'added view more' },
  {
    sql: `CREATE OR REPLACE VIEW grown WITH (security_barrier = true) AS SELECT id, email AS mail, age FROM users WHERE age > 18 ORDER BY age`,
    difference: 'changed view grown: definition',
  },
  {
    sql: `CREATE OR REPLACE VIEW grown WITH (security_barrier = true) AS SELECT id, email AS mail, age, mood FROM users WHERE age > 17 ORDER BY age`,
    difference: 'changed view grown: definition',
  },
  { sql: `ALTER VIEW grown RESET (security_barrier)`, difference: 'changed view grown: options' },
  { sql: `COMMENT ON VIEW grown IS 'others'`, difference: 'changed view grown: comment' },
  { sql: `COMMENT ON COLUMN grown.mail IS 'post'`, difference: 'changed view grown / column mail: comment' },
  {
    sql: `ALTER VIEW grown ALTER COLUMN age SET DEFAULT 3`,
    difference: 'changed view grown / column age: default',
  },
  { sql: `GRANT SELECT ON grown TO PUBLIC`, difference: 'added view grown / privilege PUBLIC' },
  {
    sql: `DROP MATERIALIZED VIEW counts; CREATE MATERIALIZED VIEW counts AS SELECT count(*) AS n, age FROM users WHERE age > 1 GROUP BY age; CREATE UNIQUE INDEX counts_n ON counts (n)`,
    difference: 'changed materialized view counts: definition',
  },
  {
    sql: `ALTER MATERIALIZED VIEW counts SET (fillfactor = 50)`,
    difference: 'changed materialized view counts: options',
  },
];

const BEHAVIOUR: readonly Change[] = [
  {
    sql: `CREATE TRIGGER more BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION touch()`,
    difference: 'added table users / trigger more',
  },
  {
    sql: `ALTER TABLE users DISABLE TRIGGER touched`,
    difference: 'changed table users / trigger touched: enabled',
  },
  {
    sql: `ALTER TABLE parts_2026 DISABLE TRIGGER on_parts`,
    difference: 'added table parts_2026 / trigger on_parts',
  },
  {
    sql: `ALTER TRIGGER touched ON users RENAME TO handled`,
    difference: 'renamed table users / trigger touched: name',
  },
  {
    sql: `CREATE OR REPLACE TRIGGER touched BEFORE UPDATE OF price ON users FOR EACH ROW WHEN (OLD.age IS DISTINCT FROM NEW.age) EXECUTE FUNCTION touch()`,
    difference: 'changed table users / trigger touched: definition',
  },
  {
    sql: `COMMENT ON TRIGGER touched ON users IS 'x'`,
    difference: 'changed table users / trigger touched: comment',
  },
  {
    sql: `CREATE OR REPLACE RULE quiet AS ON DELETE TO posts WHERE old.id > 4 DO INSTEAD UPDATE posts SET state = 'gone' WHERE posts.id = old.id`,
    difference: 'changed table posts / rule quiet: definition',
  },
  { sql: `ALTER TABLE posts DISABLE RULE quiet`, difference: 'changed table posts / rule quiet: enabled' },
  { sql: `DROP RULE told ON scratch`, difference: 'missing table scratch / rule told' },
  { sql: `ALTER POLICY own ON users USING (id = 2)`, difference: 'changed table users / policy own: using' },
  {
    sql: `ALTER POLICY strict ON users WITH CHECK (age > 3)`,
    difference: 'changed table users / policy strict: with check',
  },
  { sql: `ALTER POLICY own ON users TO CURRENT_USER`, difference: 'changed table users / policy own: to' },
  {
    sql: `DROP POLICY strict ON users; CREATE POLICY strict ON users AS PERMISSIVE FOR UPDATE TO PUBLIC USING (age > 1) WITH CHECK (age > 2 OR id IN (SELECT author FROM posts))`,
    difference: 'changed table users / policy strict: as',
  },
  {
    sql: `DROP POLICY own ON users; CREATE POLICY own ON users FOR ALL USING (id = 1 AND email::text = current_user)`,
    difference: 'changed table users / policy own: for',
  },
  { sql: `DROP POLICY own ON users`, difference: 'missing table users / policy own' },
];

const AROUND: readonly Change[] = [
  { sql: `DROP STATISTICS users_many`, difference: 'missing statistics users_many' },
  { sql: `ALTER STATISTICS users_many RENAME TO others`, difference: 'renamed statistics users_many: name' },
  {
    sql: `ALTER STATISTICS users_many SET STATISTICS 50`,
    difference: 'changed statistics users_many: target',
  },
  {
    sql: `DROP STATISTICS users_many; CREATE STATISTICS users_many (mcv) ON age, mood FROM users`,
    difference: 'changed statistics users_many: definition',
  },
  {
    sql: `ALTER PUBLICATION feed ADD TABLE part_notes`,
    difference: 'added publication feed / member table public.part_notes',
  },
  {
    sql: `ALTER PUBLICATION feed SET (publish = 'insert')`,
    difference: 'changed publication feed: operations',
  },
  {
    sql: `ALTER PUBLICATION feed SET (publish_via_partition_root = true)`,
    difference: 'changed publication feed: via root',
  },
  {
    sql: `ALTER PUBLICATION feed SET TABLE users WHERE (id > 1), posts`,
    difference: 'changed publication feed / member table public.users: where',
    since: 15,
  },
  {
    sql: `ALTER PUBLICATION feed SET TABLE users, posts (id, title)`,
    difference: 'changed publication feed / member table public.posts: columns',
    since: 15,
  },
  {
    sql: `ALTER PUBLICATION feed ADD TABLES IN SCHEMA billing`,
    difference: 'added publication feed / member schema billing',
    since: 15,
  },
  { sql: `CREATE PUBLICATION all_of_it FOR ALL TABLES`, difference: 'added publication all_of_it' },
  {
    sql: `ALTER TEXT SEARCH CONFIGURATION terms ALTER MAPPING FOR word WITH stems`,
    difference: 'changed text search configuration terms: mappings',
  },
  {
    sql: `ALTER TEXT SEARCH DICTIONARY stems (ACCEPT = true)`,
    difference: 'changed text search dictionary stems: options',
  },
  {
    sql: `ALTER SERVER distant OPTIONS (SET host 'example.com')`,
    difference: 'changed foreign server distant: options',
  },
  { sql: `ALTER SERVER distant VERSION '2'`, difference: 'changed foreign server distant: version' },
  { sql: `ALTER EVENT TRIGGER watching DISABLE`, difference: 'changed event trigger watching: enabled' },
  {
    sql: `DROP EVENT TRIGGER watching; CREATE EVENT TRIGGER watching ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION watch()`,
    difference: 'changed event trigger watching: tags',
  },
  {
    sql: `ALTER DEFAULT PRIVILEGES IN SCHEMA billing GRANT INSERT ON TABLES TO PUBLIC`,
    difference: 'changed default privileges billing.tables of <me> / privilege PUBLIC: granted',
  },
  {
    sql: `ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC`,
    difference: 'missing default privileges functions of <me>',
  },
];

/** All of them, by what they change. */
export const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  schemas: SCHEMAS,
  extensions: EXTENSIONS,
  types: TYPES,
  sequences: SEQUENCES,
  routines: ROUTINES,
  tables: TABLES,
  columns: COLUMNS,
  constraints: CONSTRAINTS,
  indexes: INDEXES,
  views: VIEWS,
  behaviour: BEHAVIOUR,
  'what lies around': AROUND,
};
