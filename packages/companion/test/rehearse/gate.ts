import { setTimeout as sleep } from 'node:timers/promises';
import { releaseAfterTest, type TestDatabase } from '@companion/testing';
import postgres from 'postgres';

/** A statement at which a rehearsal is held up until the gate is opened. */
export type Gate = {
  readonly statement: string;
  /** Resolves with the server process that stands before it. */
  isReached(): Promise<number>;
  open(): Promise<void>;
};

const KEY = 4711;

export async function closeGate({ url, sql }: TestDatabase): Promise<Gate> {
  const keeper = postgres(url, { max: 1, onnotice: () => undefined });
  releaseAfterTest(() => keeper.end({ timeout: 0 }));
  await keeper`select pg_advisory_lock(${KEY})`;
  return {
    statement: `SELECT pg_advisory_xact_lock(${KEY});`,
    isReached: async () => {
      for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(10)) {
        const [row] =
          await sql`select pid from pg_locks where locktype = 'advisory' and objid = ${KEY} and not granted
          and database = (select oid from pg_database where datname = current_database())`;
        if (row) return row.pid;
      }
      throw new Error('nobody came to the gate');
    },
    open: async () => void (await keeper`select pg_advisory_unlock(${KEY})`),
  };
}
