/** A statement whose locks are measured, and what of them `locksOf` cannot know. */
export type LockCase = {
  readonly sql: string;
  /** The first major version that knows the statement. */
  readonly since?: number;
  /** The last one that knows it, or takes it. */
  readonly until?: number;
  /** What older versions did, by relation; null: no lock at all. */
  readonly before?: { readonly version: number; readonly modes: Readonly<Record<string, string | null>> };
  /** Locks that are measured and not told, with the reason. */
  readonly untold?: Readonly<Record<string, string>>;
  /** Why more work is told than is measured, or less. */
  readonly work?: string;
};

const DEFAULT = 'the facts do not say which partition is the default';
const INHERITS = 'the facts do not know INHERITS';
const ROWS = 'rows set it off';
const HANGS = 'what hangs on a table is not looked for';

/** Small tables with rows in them, so that what must read them does. */
export const LOCK_SCHEMA = `
CREATE TABLE orgs (id int PRIMARY KEY, name text, code int UNIQUE);
CREATE TABLE users (
  id int PRIMARY KEY, org int CONSTRAINT users_org_fk REFERENCES orgs, name text NOT NULL, nick text, email text,
  age int CONSTRAINT age_ok CHECK (age > 0), zip text CONSTRAINT zip_there CHECK (zip IS NOT NULL)
);
CREATE UNIQUE INDEX users_name ON users (name);
CREATE INDEX users_age ON users (age);
INSERT INTO orgs SELECT n, 'x', n FROM generate_series(1, 200) n;
INSERT INTO users SELECT n, n, n::text, 'x', n::text, 3, 'z' FROM generate_series(1, 200) n;
ALTER TABLE users ADD CONSTRAINT users_age_fk FOREIGN KEY (age) REFERENCES orgs NOT VALID;
ALTER TABLE users ADD CONSTRAINT nick_ok CHECK (nick <> '') NOT VALID;

CREATE TABLE plain (a int, b text, c varchar(10), d int NOT NULL);
CREATE UNIQUE INDEX plain_a ON plain (a);
CREATE UNIQUE INDEX plain_d ON plain (d);
INSERT INTO plain SELECT n, 'x', 'y', n FROM generate_series(1, 200) n;

CREATE TABLE codes (code varchar(10) PRIMARY KEY);
CREATE TABLE coded (
  code varchar(10) REFERENCES codes, word varchar(10) CHECK (word <> ''), lower varchar(10), address cidr UNIQUE
);
CREATE INDEX ON coded (lower(lower));
INSERT INTO codes VALUES ('a');
INSERT INTO coded VALUES ('a', 'a', 'a', '10.0.0.0/8');

CREATE TABLE logs (id int NOT NULL, day date NOT NULL, org int CONSTRAINT logs_org_fk REFERENCES orgs)
  PARTITION BY RANGE (day);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE logs_rest PARTITION OF logs DEFAULT;
CREATE TABLE logs_2 (id int NOT NULL, day date NOT NULL, org int);
ALTER TABLE logs ADD CONSTRAINT logs_ok CHECK (id > 0);
ALTER TABLE logs_2 ADD CONSTRAINT logs_ok CHECK (id > 0);
CREATE INDEX logs_i ON logs (id);
CREATE INDEX logs_only ON ONLY logs (day);
CREATE INDEX logs_1_day ON logs_1 (day);

CREATE TABLE kinds (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE kinds_1 PARTITION OF kinds FOR VALUES IN (1);
CREATE TABLE kinds_2 (id int NOT NULL PRIMARY KEY);
CREATE TABLE things (kind int CONSTRAINT things_fk REFERENCES kinds);

CREATE TABLE parts (id int) PARTITION BY LIST (id);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);

CREATE TABLE parent (a int);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE other (a int);
CREATE TABLE gen (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO gen (a) VALUES (1);
CREATE TABLE unlogged_one (a int);
ALTER TABLE unlogged_one SET UNLOGGED;

CREATE MATERIALIZED VIEW totals AS SELECT id, name FROM users;
CREATE UNIQUE INDEX totals_id ON totals (id);
CREATE VIEW names AS SELECT id, name FROM users;
CREATE VIEW lonely AS SELECT 1 AS a;

CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER g AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER g AFTER INSERT ON logs FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY p ON users USING (true);
CREATE RULE r AS ON INSERT TO users DO ALSO SELECT 1;
CREATE SEQUENCE q;
CREATE STATISTICS st ON age, org FROM users;
CREATE TYPE mood AS ENUM ('glad');
CREATE TABLE moody (m mood);
CREATE TYPE pair AS (a int);
CREATE DOMAIN bare AS int;
ALTER DOMAIN bare ADD CONSTRAINT bare_ok CHECK (value > 0) NOT VALID;
CREATE DOMAIN positive AS int CHECK (value > 0);
CREATE TABLE measures (a bare);
INSERT INTO measures VALUES (1);
CREATE SCHEMA z;
CREATE TABLE z.t (a int REFERENCES public.plain (d));
CREATE PUBLICATION pub FOR TABLE other WITH (publish = 'insert');
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE FOREIGN DATA WRAPPER w;
CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE FOREIGN TABLE far (a int) SERVER s;
`;

const below = (version: number, modes: Readonly<Record<string, string | null>>) => ({
  before: { version, modes },
});

/** In a transaction, each by itself. */
export const LOCK_CASES: Readonly<Record<string, readonly (string | LockCase)[]>> = {
  'ALTER TABLE: columns': [
    'ALTER TABLE users ADD COLUMN x int',
    'ALTER TABLE users ADD COLUMN x int DEFAULT 3',
    'ALTER TABLE users ADD COLUMN x int NOT NULL DEFAULT 3',
    'ALTER TABLE users ADD COLUMN x timestamptz DEFAULT now()',
    'ALTER TABLE users ADD COLUMN x timestamptz DEFAULT CURRENT_TIMESTAMP',
    "ALTER TABLE users ADD COLUMN x text DEFAULT lower('X') || 'y'",
    "ALTER TABLE users ADD COLUMN x text[] DEFAULT ARRAY['a']::text[]",
    'ALTER TABLE users ADD COLUMN x timestamptz DEFAULT clock_timestamp()',
    'ALTER TABLE users ADD COLUMN x float DEFAULT random()',
    'ALTER TABLE users ADD COLUMN x uuid NOT NULL DEFAULT gen_random_uuid()',
    "ALTER TABLE users ADD COLUMN x text DEFAULT 'a' || random()::text",
    'ALTER TABLE users ADD COLUMN x serial',
    'ALTER TABLE users ADD COLUMN x bigserial',
    'ALTER TABLE users ADD COLUMN x int GENERATED ALWAYS AS IDENTITY',
    'ALTER TABLE users ADD COLUMN x int GENERATED ALWAYS AS (age * 2) STORED',
    { sql: 'ALTER TABLE users ADD COLUMN x int GENERATED ALWAYS AS (age * 2) VIRTUAL', since: 18 },
    'ALTER TABLE users ADD COLUMN x int UNIQUE',
    'ALTER TABLE things ADD COLUMN x int PRIMARY KEY',
    'ALTER TABLE users ADD COLUMN x int CHECK (x > 3)',
    'ALTER TABLE users ADD COLUMN x int REFERENCES orgs',
    'ALTER TABLE users ADD COLUMN x int DEFAULT 3 REFERENCES orgs',
    'ALTER TABLE users ADD COLUMN x positive',
    {
      sql: 'ALTER TABLE users ADD COLUMN x bare',
      work: 'the facts do not know what ALTER DOMAIN … ADD CONSTRAINT added',
    },
    'ALTER TABLE users DROP COLUMN nick',
    'ALTER TABLE logs DROP COLUMN org',
    'ALTER TABLE orgs DROP COLUMN id CASCADE',
    'ALTER TABLE users ALTER COLUMN nick SET DEFAULT random()',
    'ALTER TABLE users ALTER COLUMN nick DROP DEFAULT',
    'ALTER TABLE users ALTER COLUMN nick SET NOT NULL',
    'ALTER TABLE users ALTER COLUMN zip SET NOT NULL',
    'ALTER TABLE users ALTER COLUMN zip SET NOT NULL, DROP CONSTRAINT zip_there',
    'ALTER TABLE users ALTER COLUMN name DROP NOT NULL',
    'ALTER TABLE users ALTER COLUMN nick SET STATISTICS 5',
    'ALTER TABLE users ALTER COLUMN nick SET (n_distinct = 3)',
    'ALTER TABLE users ALTER COLUMN nick RESET (n_distinct)',
    'ALTER TABLE users ALTER COLUMN nick SET STORAGE external',
    'ALTER TABLE users ALTER COLUMN nick SET COMPRESSION pglz',
    'ALTER TABLE plain ALTER COLUMN d ADD GENERATED ALWAYS AS IDENTITY',
    { sql: 'ALTER TABLE gen ALTER COLUMN b SET EXPRESSION AS (a * 3)', since: 17 },
    'ALTER TABLE gen ALTER COLUMN b DROP EXPRESSION',
    'ALTER TABLE plain ALTER COLUMN d TYPE bigint',
    'ALTER TABLE logs ALTER COLUMN id TYPE bigint',
    'ALTER TABLE plain ALTER COLUMN c TYPE varchar(20)',
    'ALTER TABLE plain ALTER COLUMN c TYPE varchar(5)',
    'ALTER TABLE codes ALTER COLUMN code TYPE varchar(20)',
    'ALTER TABLE codes ALTER COLUMN code TYPE text',
    'ALTER TABLE coded ALTER COLUMN code TYPE varchar(20)',
    'ALTER TABLE coded ALTER COLUMN word TYPE varchar(20)',
    'ALTER TABLE coded ALTER COLUMN lower TYPE text',
    'ALTER TABLE coded ALTER COLUMN address TYPE inet',
    'ALTER TABLE orgs ALTER COLUMN id TYPE bigint',
    'ALTER TABLE users ALTER COLUMN age TYPE bigint',
    'ALTER TABLE plain ADD COLUMN x int, ALTER COLUMN a SET STATISTICS 5',
    'ALTER TABLE users VALIDATE CONSTRAINT nick_ok, ALTER COLUMN nick SET STATISTICS 3',
    'ALTER TABLE users DISABLE TRIGGER g, SET (fillfactor = 50)',
  ],
  'ALTER TABLE: constraints': [
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0)',
    'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID',
    { sql: 'ALTER TABLE users ADD CONSTRAINT c CHECK (age > 100) NOT ENFORCED', since: 18 },
    { sql: 'ALTER TABLE users ADD CONSTRAINT c NOT NULL nick', since: 18 },
    { sql: 'ALTER TABLE users ADD CONSTRAINT c NOT NULL nick NOT VALID', since: 18 },
    'ALTER TABLE users ADD UNIQUE (nick, id)',
    'ALTER TABLE users ADD CONSTRAINT c UNIQUE USING INDEX users_name',
    'ALTER TABLE plain ADD PRIMARY KEY (d)',
    'ALTER TABLE plain ADD PRIMARY KEY USING INDEX plain_d',
    'ALTER TABLE plain ADD PRIMARY KEY USING INDEX plain_a',
    'ALTER TABLE users ADD EXCLUDE (id WITH =)',
    'ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (org) REFERENCES orgs',
    'ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (org) REFERENCES orgs NOT VALID',
    { sql: 'ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (org) REFERENCES orgs NOT ENFORCED', since: 18 },
    'ALTER TABLE users ADD CONSTRAINT c FOREIGN KEY (org) REFERENCES users',
    'ALTER TABLE things ADD FOREIGN KEY (kind) REFERENCES kinds',
    'ALTER TABLE logs ADD FOREIGN KEY (id) REFERENCES orgs (code)',
    'ALTER TABLE users VALIDATE CONSTRAINT nick_ok',
    'ALTER TABLE users VALIDATE CONSTRAINT users_age_fk',
    'ALTER TABLE users VALIDATE CONSTRAINT age_ok',
    'ALTER TABLE users ALTER CONSTRAINT users_org_fk DEFERRABLE',
    'ALTER TABLE users DROP CONSTRAINT age_ok',
    'ALTER TABLE users DROP CONSTRAINT users_org_fk',
    'ALTER TABLE things DROP CONSTRAINT things_fk',
    'ALTER TABLE orgs DROP CONSTRAINT orgs_pkey CASCADE',
    'ALTER TABLE ONLY users DROP CONSTRAINT IF EXISTS nothing',
  ],
  'ALTER TABLE: the table itself': [
    'ALTER TABLE users SET (fillfactor = 50)',
    'ALTER TABLE users SET (autovacuum_enabled = false, parallel_workers = 3)',
    'ALTER TABLE users SET (toast.autovacuum_enabled = false, vacuum_index_cleanup = off)',
    'ALTER TABLE users SET (user_catalog_table = true)',
    'ALTER TABLE users RESET (fillfactor)',
    'ALTER TABLE moody SET UNLOGGED',
    'ALTER TABLE unlogged_one SET LOGGED',
    { sql: 'ALTER TABLE users SET ACCESS METHOD heap2', since: 15 },
    {
      sql: 'ALTER TABLE users SET ACCESS METHOD heap',
      since: 15,
      work: 'the facts do not know that it has it already',
    },
    {
      sql: 'ALTER TABLE users SET TABLESPACE pg_default',
      work: 'the facts do not know that it lies there already',
    },
    'ALTER TABLE users CLUSTER ON users_name',
    'ALTER TABLE users SET WITHOUT CLUSTER',
    'ALTER TABLE users REPLICA IDENTITY USING INDEX users_name',
    'ALTER TABLE users REPLICA IDENTITY FULL',
    'ALTER TABLE users OWNER TO CURRENT_USER',
    'ALTER TABLE users SET SCHEMA z',
    'ALTER TABLE users ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE users DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE users FORCE ROW LEVEL SECURITY',
    'ALTER TABLE users NO FORCE ROW LEVEL SECURITY',
    'ALTER TABLE users DISABLE TRIGGER g',
    'ALTER TABLE users ENABLE TRIGGER g',
    'ALTER TABLE users ENABLE ALWAYS TRIGGER g',
    'ALTER TABLE users ENABLE REPLICA TRIGGER g',
    'ALTER TABLE users DISABLE TRIGGER ALL',
    'ALTER TABLE users ENABLE TRIGGER ALL',
    'ALTER TABLE users DISABLE TRIGGER USER',
    'ALTER TABLE users ENABLE TRIGGER USER',
    'ALTER TABLE users DISABLE RULE r',
    'ALTER TABLE users ENABLE RULE r',
    'ALTER TABLE users ENABLE ALWAYS RULE r',
    'ALTER TABLE users ENABLE REPLICA RULE r',
    'ALTER TABLE other INHERIT parent',
    'ALTER TABLE child NO INHERIT parent',
    'ALTER TABLE other OF pair',
    { sql: 'ALTER TABLE parent ADD COLUMN x int', untold: { child: INHERITS } },
    { sql: 'ALTER TABLE parent ALTER COLUMN a SET STATISTICS 3', untold: { child: INHERITS } },
  ],
  'ALTER TABLE on partitioned tables': [
    'ALTER TABLE logs ADD COLUMN x int',
    'ALTER TABLE logs ADD CONSTRAINT c CHECK (id > 0)',
    'ALTER TABLE logs ADD CONSTRAINT c CHECK (id > 0) NOT VALID',
    { sql: 'ALTER TABLE logs ADD UNIQUE (id, day)', ...below(18, { logs_1: 'Share', logs_rest: 'Share' }) },
    'ALTER TABLE ONLY logs ADD PRIMARY KEY (id, day)',
    'ALTER TABLE logs ALTER COLUMN org SET NOT NULL',
    'ALTER TABLE logs ALTER COLUMN id DROP NOT NULL',
    'ALTER TABLE logs ALTER COLUMN org SET DEFAULT 3',
    'ALTER TABLE logs ALTER COLUMN id SET STATISTICS 5',
    'ALTER TABLE logs ALTER COLUMN id SET STORAGE plain',
    'ALTER TABLE logs ALTER COLUMN day SET (n_distinct = 3)',
    {
      sql: 'ALTER TABLE logs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY',
      ...below(17, { logs_1: null, logs_rest: null }),
    },
    'ALTER TABLE logs ALTER CONSTRAINT logs_org_fk DEFERRABLE',
    'ALTER TABLE logs DROP CONSTRAINT logs_org_fk',
    'ALTER TABLE logs DISABLE TRIGGER g',
    'ALTER TABLE logs DISABLE TRIGGER ALL',
    'ALTER TABLE logs ENABLE ROW LEVEL SECURITY',
    'ALTER TABLE logs OWNER TO CURRENT_USER',
    'ALTER TABLE logs REPLICA IDENTITY FULL',
    { sql: 'ALTER TABLE logs SET ACCESS METHOD heap2', since: 17 },
    'ALTER TABLE logs SET TABLESPACE pg_default',
    'ALTER TABLE logs SET SCHEMA z',
    {
      sql: "ALTER TABLE logs ATTACH PARTITION logs_2 FOR VALUES FROM ('2024-02-01') TO ('2024-03-01')",
      untold: { logs_rest: DEFAULT },
    },
    {
      sql: 'ALTER TABLE kinds ATTACH PARTITION kinds_2 FOR VALUES IN (2)',
      ...below(15, { things: 'AccessShare' }),
    },
    { sql: 'ALTER TABLE logs DETACH PARTITION logs_1', untold: { logs_rest: DEFAULT } },
    'ALTER TABLE kinds DETACH PARTITION kinds_1',
    'ALTER INDEX logs_only ATTACH PARTITION logs_1_day',
  ],
  'RENAME and SET SCHEMA': [
    'ALTER TABLE users RENAME TO people',
    'ALTER TABLE users RENAME COLUMN nick TO nack',
    'ALTER TABLE users RENAME CONSTRAINT age_ok TO x',
    'ALTER TABLE logs RENAME TO x',
    'ALTER TABLE logs_1 RENAME TO x',
    'ALTER TABLE logs RENAME COLUMN id TO x',
    'ALTER TABLE logs RENAME CONSTRAINT logs_ok TO x',
    'ALTER TABLE logs RENAME CONSTRAINT logs_org_fk TO x',
    'ALTER INDEX users_name RENAME TO x',
    'ALTER TABLE users_name RENAME TO x',
    'ALTER INDEX logs_i RENAME TO x',
    'ALTER INDEX users_name SET (fillfactor = 50)',
    'ALTER TRIGGER g ON users RENAME TO x',
    { sql: 'ALTER TRIGGER g ON logs RENAME TO x', ...below(15, { logs_1: null, logs_rest: null }) },
    'ALTER POLICY p ON users RENAME TO x',
    'ALTER RULE r ON users RENAME TO x',
    'ALTER TYPE mood RENAME TO x',
    "ALTER TYPE mood RENAME VALUE 'glad' TO 'x'",
    "ALTER TYPE mood ADD VALUE 'sad'",
    'ALTER SCHEMA z RENAME TO x',
    'ALTER SEQUENCE q RENAME TO x',
    'ALTER SEQUENCE q SET SCHEMA z',
  ],
  'views, materialized and foreign ones': [
    'CREATE VIEW x AS SELECT * FROM logs',
    'CREATE OR REPLACE VIEW lonely AS SELECT 2 AS a',
    'CREATE OR REPLACE VIEW names AS SELECT id, name FROM users',
    'ALTER VIEW names SET (security_barrier = true)',
    'ALTER VIEW names RESET (security_barrier)',
    'ALTER VIEW names ALTER COLUMN id SET DEFAULT 3',
    'ALTER VIEW names RENAME TO x',
    'ALTER VIEW names RENAME COLUMN id TO x',
    'ALTER VIEW names SET SCHEMA z',
    'ALTER VIEW names OWNER TO CURRENT_USER',
    'DROP VIEW names',
    'CREATE MATERIALIZED VIEW x AS SELECT * FROM users',
    'REFRESH MATERIALIZED VIEW totals',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY totals',
    'ALTER MATERIALIZED VIEW totals SET (fillfactor = 30)',
    'ALTER MATERIALIZED VIEW totals CLUSTER ON totals_id',
    'ALTER MATERIALIZED VIEW totals RENAME TO x',
    'ALTER MATERIALIZED VIEW totals RENAME COLUMN id TO x',
    'ALTER MATERIALIZED VIEW totals SET SCHEMA z',
    'ALTER MATERIALIZED VIEW totals OWNER TO CURRENT_USER',
    'CREATE INDEX ON totals (name)',
    'DROP MATERIALIZED VIEW totals',
    'ALTER FOREIGN TABLE far ADD COLUMN b int',
    'ALTER FOREIGN TABLE far RENAME TO x',
    'DROP FOREIGN TABLE far',
  ],
  CREATE: [
    'CREATE TABLE x (a int REFERENCES users, b int)',
    'CREATE TABLE x (a int, b int, FOREIGN KEY (a) REFERENCES users, FOREIGN KEY (b) REFERENCES orgs)',
    'CREATE TABLE x (a int PRIMARY KEY, b int REFERENCES x)',
    'CREATE TABLE x (a int REFERENCES kinds)',
    'CREATE TABLE x (LIKE users INCLUDING ALL)',
    'CREATE TABLE x () INHERITS (parent)',
    'CREATE TABLE x OF pair',
    {
      sql: "CREATE TABLE x PARTITION OF logs FOR VALUES FROM ('2024-02-01') TO ('2024-03-01')",
      untold: { logs_rest: DEFAULT },
    },
    {
      sql: 'CREATE TABLE x PARTITION OF kinds FOR VALUES IN (5)',
      ...below(15, { things: 'AccessShare' }),
    },
    'CREATE TABLE IF NOT EXISTS users (a int REFERENCES orgs, LIKE orgs)',
    'CREATE TABLE x AS SELECT * FROM users',
    'CREATE TABLE x AS SELECT * FROM logs',
    'CREATE TABLE x AS SELECT * FROM logs WITH NO DATA',
    'SELECT * INTO x FROM users',
    'CREATE INDEX ON users (nick)',
    'CREATE UNIQUE INDEX x ON users (email)',
    'CREATE INDEX IF NOT EXISTS users_name ON users (nick)',
    'CREATE INDEX ON logs (org)',
    'CREATE INDEX ON ONLY logs (org)',
    'CREATE TRIGGER x AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE OR REPLACE TRIGGER g AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE TRIGGER x AFTER INSERT ON logs FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE TRIGGER x AFTER INSERT ON logs FOR EACH STATEMENT EXECUTE FUNCTION f()',
    'CREATE CONSTRAINT TRIGGER x AFTER INSERT ON users FROM orgs FOR EACH ROW EXECUTE FUNCTION f()',
    'CREATE POLICY x ON users USING (EXISTS (SELECT FROM orgs))',
    'ALTER POLICY p ON users USING (EXISTS (SELECT FROM orgs))',
    'CREATE RULE x AS ON INSERT TO users DO ALSO SELECT 1 FROM orgs',
    'CREATE RULE x AS ON INSERT TO users DO ALSO INSERT INTO other VALUES (1)',
    'CREATE STATISTICS x ON id, org FROM users',
    'CREATE SEQUENCE x OWNED BY users.id',
    'CREATE SEQUENCE x',
    'CREATE SCHEMA x',
    "CREATE TYPE x AS ENUM ('a')",
    'CREATE PUBLICATION x FOR TABLE users, logs',
    'ALTER PUBLICATION pub ADD TABLE users',
    {
      sql: 'ALTER PUBLICATION pub SET TABLE users',
      untold: { other: 'the facts do not know what was published' },
    },
    'CREATE FUNCTION x() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM users; END',
    {
      sql: "CREATE FUNCTION x() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users'",
      untold: { users: 'a function is not looked into' },
    },
  ],
  DROP: [
    'DROP TABLE plain CASCADE',
    { sql: 'DROP TABLE users CASCADE', untold: { names: HANGS, totals: HANGS } },
    'DROP TABLE orgs CASCADE',
    'DROP TABLE logs',
    'DROP TABLE logs_2',
    { sql: 'DROP TABLE logs_1', untold: { logs_rest: DEFAULT } },
    'DROP TABLE kinds CASCADE',
    { sql: 'DROP TABLE things', ...below(15, { kinds: null }) },
    { sql: 'DROP TABLE parent CASCADE', untold: { child: INHERITS } },
    'DROP TABLE child',
    'DROP TABLE measures, moody',
    'DROP INDEX users_name',
    'DROP INDEX logs_i',
    'DROP INDEX plain_d CASCADE',
    'DROP TRIGGER g ON users',
    'DROP TRIGGER g ON logs',
    'DROP POLICY p ON users',
    'DROP RULE r ON users',
    'DROP SCHEMA z CASCADE',
    'DROP TYPE mood CASCADE',
    'DROP DOMAIN bare CASCADE',
    'DROP SEQUENCE q',
    'DROP PUBLICATION pub',
    { sql: 'DROP STATISTICS st', untold: { users: 'the facts do not know statistics' } },
    {
      sql: 'DROP FUNCTION f CASCADE',
      untold: Object.fromEntries(
        ['users', 'logs', 'logs_1', 'logs_rest'].map((table) => [
          table,
          'the facts do not know whose triggers call it',
        ]),
      ),
    },
    { sql: 'TRUNCATE plain CASCADE', work: 'empty files are new files' },
    { sql: 'TRUNCATE users', work: 'empty files are new files' },
    { sql: 'TRUNCATE orgs CASCADE', work: 'empty files are new files' },
    { sql: 'TRUNCATE logs', work: 'empty files are new files' },
    { sql: 'TRUNCATE kinds, things', work: 'empty files are new files' },
    { sql: 'TRUNCATE ONLY parent', work: 'empty files are new files' },
    { sql: 'TRUNCATE parent', work: 'empty files are new files', untold: { child: INHERITS } },
  ],
  'domains, sequences, comments, grants': [
    'ALTER DOMAIN bare ADD CONSTRAINT x CHECK (value > 0)',
    'ALTER DOMAIN bare ADD CONSTRAINT x CHECK (value > 0) NOT VALID',
    'ALTER DOMAIN bare SET NOT NULL',
    'ALTER DOMAIN bare DROP NOT NULL',
    'ALTER DOMAIN bare VALIDATE CONSTRAINT bare_ok',
    'ALTER DOMAIN bare DROP CONSTRAINT bare_ok',
    'ALTER DOMAIN bare SET DEFAULT 3',
    'ALTER SEQUENCE q OWNED BY users.id',
    'ALTER SEQUENCE q OWNED BY NONE',
    'ALTER SEQUENCE q RESTART',
    "COMMENT ON TABLE users IS 'x'",
    "COMMENT ON COLUMN users.id IS 'x'",
    "COMMENT ON CONSTRAINT age_ok ON users IS 'x'",
    "COMMENT ON TRIGGER g ON users IS 'x'",
    "COMMENT ON POLICY p ON users IS 'x'",
    "COMMENT ON RULE r ON users IS 'x'",
    "COMMENT ON INDEX users_name IS 'x'",
    "COMMENT ON VIEW names IS 'x'",
    "COMMENT ON MATERIALIZED VIEW totals IS 'x'",
    "COMMENT ON FOREIGN TABLE far IS 'x'",
    "COMMENT ON TYPE mood IS 'x'",
    { sql: 'GRANT SELECT ON users TO PUBLIC', ...below(18, { users: null }) },
    { sql: 'REVOKE SELECT ON users FROM PUBLIC', ...below(18, { users: null }) },
    'GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC',
    'GRANT USAGE ON SCHEMA z TO PUBLIC',
  ],
  maintenance: [
    'REINDEX TABLE users',
    'REINDEX INDEX users_name',
    'REINDEX TABLE totals',
    'CLUSTER users USING users_name',
    'CLUSTER totals USING totals_id',
    'ANALYZE users',
    'ANALYZE logs',
    'ANALYZE totals',
    { sql: 'ANALYZE parent', untold: { child: INHERITS } },
  ],
  queries: [
    'SELECT 1',
    'SELECT * FROM users',
    'TABLE users',
    'SELECT * FROM logs',
    'SELECT * FROM users WHERE id IN (SELECT id FROM orgs)',
    'SELECT * FROM users UNION SELECT * FROM users',
    'SELECT (SELECT max(id) FROM orgs), 1 FROM users JOIN plain ON a = id',
    'SELECT * FROM users FOR UPDATE',
    'SELECT * FROM users u JOIN orgs o ON true FOR NO KEY UPDATE OF o',
    'SELECT * FROM users, (SELECT * FROM orgs) o FOR SHARE',
    'SELECT * FROM users WHERE id IN (SELECT id FROM orgs FOR KEY SHARE)',
    'WITH c AS (SELECT * FROM users) SELECT * FROM c FOR UPDATE',
    'WITH users AS (SELECT * FROM users) SELECT * FROM users',
    'WITH users AS (SELECT 1) SELECT * FROM users',
    'WITH users AS (SELECT 1) SELECT * FROM public.users',
    'WITH a AS (SELECT 1 FROM orgs), orgs AS (SELECT 1) SELECT * FROM a, orgs',
    'WITH RECURSIVE users AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM users WHERE n < 3) SELECT * FROM users',
    'WITH gone AS (DELETE FROM other RETURNING a) SELECT * FROM gone',
    'SELECT * FROM names',
    'SELECT * FROM names FOR UPDATE',
    "INSERT INTO plain VALUES (1000, 'x', 'y', 1000)",
    'INSERT INTO other SELECT id FROM orgs',
    'WITH w AS (SELECT id FROM orgs) INSERT INTO other SELECT id FROM w',
    'INSERT INTO plain (a, d) VALUES (1, 1) ON CONFLICT (a) DO UPDATE SET b = excluded.b',
    {
      sql: 'INSERT INTO users (id, org, name, zip) VALUES (1000, 1, $$x$$, $$y$$)',
      untold: { orgs: ROWS },
    },
    {
      sql: "INSERT INTO logs VALUES (1, '2024-01-03', 1)",
      untold: { logs_1: ROWS, orgs: ROWS },
    },
    'UPDATE plain SET b = $$z$$',
    'UPDATE plain SET b = name FROM orgs WHERE orgs.id = a',
    'UPDATE logs SET id = 3',
    'DELETE FROM other',
    'DELETE FROM other USING orgs WHERE a = id',
    'DELETE FROM logs WHERE id IN (SELECT a FROM plain)',
    { sql: 'DELETE FROM plain WHERE d = 1', untold: { 'z.t': ROWS }, work: 'an index spares the scan' },
    { sql: 'MERGE INTO other USING orgs ON a = id WHEN MATCHED THEN UPDATE SET a = 4', since: 15 },
    { sql: 'MERGE INTO other USING orgs ON a = id WHEN NOT MATCHED THEN INSERT VALUES (3)', since: 15 },
    'EXPLAIN UPDATE plain SET b = $$z$$',
    'EXPLAIN ANALYZE SELECT * FROM users',
    'PREPARE x AS SELECT * FROM logs',
    { sql: 'DECLARE x CURSOR FOR SELECT * FROM logs', work: 'it reads as it is fetched from' },
    "COPY (SELECT * FROM users) TO '/dev/null'",
    "COPY users TO '/dev/null'",
    "COPY users FROM '/dev/null'",
    'LOCK TABLE users',
    'LOCK TABLE users, orgs IN SHARE MODE',
    'LOCK TABLE users IN ROW SHARE MODE',
    'LOCK TABLE users IN ROW EXCLUSIVE MODE',
    'LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE',
    'LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE',
    'LOCK TABLE users IN EXCLUSIVE MODE',
    'LOCK TABLE logs IN ACCESS SHARE MODE',
    'LOCK TABLE ONLY logs IN ACCESS SHARE MODE',
    'LOCK TABLE names IN SHARE MODE',
    'UPDATE names SET name = name || $$z$$',
    'SELECT * FROM totals',
  ],
};

/** What PostgreSQL refuses in a transaction: it is measured while `blocker`'s transaction holds it up. */
export const BLOCKED_CASES: readonly BlockedCase[] = [
  { sql: 'CREATE INDEX CONCURRENTLY x ON users (nick)', blocker: 'LOCK TABLE users IN ROW EXCLUSIVE MODE' },
  { sql: 'DROP INDEX CONCURRENTLY users_age', blocker: 'LOCK TABLE users IN ACCESS SHARE MODE' },
  { sql: 'REINDEX TABLE CONCURRENTLY users', blocker: 'LOCK TABLE users IN ROW EXCLUSIVE MODE' },
  { sql: 'REINDEX (CONCURRENTLY) TABLE users', blocker: 'LOCK TABLE users IN ROW EXCLUSIVE MODE' },
  { sql: 'REINDEX INDEX CONCURRENTLY users_name', blocker: 'LOCK TABLE users IN ROW EXCLUSIVE MODE' },
  { sql: 'REINDEX SCHEMA z', blocker: 'LOCK TABLE z.t IN ROW EXCLUSIVE MODE' },
  { sql: 'REINDEX TABLE logs', blocker: 'LOCK TABLE logs_1 IN ROW EXCLUSIVE MODE', byTurns: true },
  { sql: 'VACUUM users', blocker: 'LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE' },
  { sql: 'VACUUM (ANALYZE, FULL false) users', blocker: 'LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE' },
  { sql: 'VACUUM FULL users', blocker: 'LOCK TABLE users IN ACCESS SHARE MODE' },
  {
    sql: 'VACUUM (FULL, ANALYZE) plain, users',
    blocker: 'LOCK TABLE users IN ACCESS SHARE MODE',
    byTurns: true,
  },
  { sql: 'VACUUM FULL totals', blocker: 'LOCK TABLE ONLY users IN ACCESS SHARE MODE; SELECT FROM totals' },
  { sql: 'VACUUM logs', blocker: 'LOCK TABLE logs_1 IN SHARE UPDATE EXCLUSIVE MODE', byTurns: true },
  { sql: 'VACUUM', blocker: 'LOCK TABLE plain IN SHARE UPDATE EXCLUSIVE MODE', byTurns: true },
  { sql: 'CLUSTER logs USING logs_i', since: 15, blocker: 'SELECT FROM logs_1', byTurns: true },
  { sql: 'ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY', blocker: 'SELECT FROM parts_1' },
];

export type BlockedCase = LockCase & {
  readonly blocker: string;
  /** It takes table after table in transactions of their own: only one of them is seen. */
  readonly byTurns?: boolean;
};
