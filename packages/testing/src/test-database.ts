import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { describe, inject } from 'vitest';
import { releaseAfterTest } from './clean-up.ts';
import type {} from './postgres-setup.ts';

export type TestDatabase = {
  readonly name: string;
  /** The superuser's URL of this database. */
  readonly url: string;
  /** At most two connections, notices silenced. */
  readonly sql: postgres.Sql;
  /** Ends `sql` and whoever else is connected, and drops the database. A second call is harmless. */
  drop(): Promise<void>;
};

export type DatabaseOptions = {
  /** A major that is part of the run; default its newest. */
  readonly version?: number;
};

/** The PostgreSQL majors of this run, oldest first. */
export function postgresVersions(): readonly number[] {
  return inject('postgres').versions;
}

/** The superuser's URL of the run's server, for tests that need the server and not a database of their own. */
export function serverUrl(options: DatabaseOptions = {}): Promise<string> {
  const version = options.version ?? postgresVersions().at(-1) ?? 0;
  const known = serverUrls.get(version) ?? askBroker(version);
  serverUrls.set(version, known);
  return known;
}

/** A new, empty database; dropped when the test ends. Made in `beforeAll`, it is yours to drop. */
export async function createDatabase(options: DatabaseOptions = {}): Promise<TestDatabase> {
  const server = await serverUrl(options);
  const name = `t_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, (admin) => admin`create database ${admin(name)} template template0`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).toString();
  const sql = postgres(url, { max: 2, onnotice: () => undefined });
  let dropped: Promise<void> | undefined;
  const database: TestDatabase = {
    name,
    url,
    sql,
    drop: () => {
      dropped ??= sql
        .end({ timeout: 0 })
        .then(() =>
          asSuperuser(server, (admin) => admin`drop database if exists ${admin(name)} with (force)`),
        );
      return dropped;
    },
  };
  releaseAfterTest(() => database.drop());
  return database;
}

/** The same for one function; dropped when it ends. */
export async function withDatabase<T>(
  use: (database: TestDatabase) => Promise<T>,
  options: DatabaseOptions = {},
): Promise<T> {
  const database = await createDatabase(options);
  try {
    return await use(database);
  } finally {
    await database.drop();
  }
}

export type PostgresUnderTest = { readonly version: number; createDatabase(): Promise<TestDatabase> };

/** A `describe` for every PostgreSQL of the run. */
export function describeEachPostgres(name: string, body: (postgres: PostgresUnderTest) => void): void {
  for (const version of postgresVersions()) {
    describe(`${name} on PostgreSQL ${version}`, () => {
      body({ version, createDatabase: () => createDatabase({ version }) });
    });
  }
}

const serverUrls = new Map<number, Promise<string>>();

async function askBroker(version: number): Promise<string> {
  const response = await fetch(`${inject('postgres').broker}/${version}`);
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return answer;
}

async function asSuperuser(server: string, run: (admin: postgres.Sql) => Promise<unknown>): Promise<void> {
  const admin = postgres(server, { max: 1, onnotice: () => undefined });
  try {
    await run(admin);
  } finally {
    await admin.end();
  }
}
