import postgres from 'postgres';

/** Databases of one server, made and dropped outside the timed parts. */
export type Databases = {
  /** A new, empty one from template0. */
  create(): Promise<string>;
  drop(url: string): Promise<void>;
  /** Writes out what the server still holds back, so that nobody pays for the run before. */
  settle(): Promise<void>;
  /** Ordinary tables in the schema `public`. */
  countTables(url: string): Promise<number>;
  version(): Promise<string>;
  close(): Promise<void>;
};

export function openDatabases(urlOf: (database?: string) => string): Databases {
  const admin = postgres(urlOf(), { max: 1, onnotice: () => undefined });
  let made = 0;
  return {
    create: async () => {
      const name = `bench_${++made}`;
      await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE template0`);
      return urlOf(name);
    },
    drop: async (url) => {
      await admin.unsafe(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
    },
    settle: async () => void (await admin.unsafe('CHECKPOINT')),
    countTables: async (url) => {
      const client = postgres(url, { max: 1 });
      const [row] = await client`SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`;
      await client.end();
      return row?.tables;
    },
    version: async () => {
      const [row] = await admin`SELECT current_setting('server_version') AS version`;
      return row?.version;
    },
    close: () => admin.end(),
  };
}
