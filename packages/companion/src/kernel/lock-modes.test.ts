import { describeEachPostgres, type TestDatabase } from '@companion/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blockedBy, type LockMode, modeOfNumber, strongestOf } from './lock-modes.ts';

const MODES = [1, 2, 3, 4, 5, 6, 7, 8].map(modeOfNumber);

test('of two modes, the one that PostgreSQL numbers higher is the stronger, whichever comes first', () => {
  for (const [at, weaker] of MODES.entries()) {
    for (const stronger of MODES.slice(at)) {
      expect(strongestOf(weaker, stronger)).toBe(stronger);
      expect(strongestOf(stronger, weaker)).toBe(stronger);
    }
  }
});

describeEachPostgres('what a lock keeps out', ({ createDatabase }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    await database.sql.unsafe('CREATE TABLE t (a int)');
  });
  afterAll(() => database.drop());

  /** Does the statement get its lock while another transaction holds `mode`? */
  const waits = async (mode: LockMode, statement: string): Promise<boolean> => {
    const [holder, other] = [await database.sql.reserve(), await database.sql.reserve()];
    try {
      const words = mode.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
      await holder.unsafe(`BEGIN; LOCK TABLE t IN ${words} MODE`);
      await other.unsafe("BEGIN; SET LOCAL lock_timeout = '20ms'");
      return await other.unsafe(statement).then(
        () => false,
        (error: { code?: string }) => {
          expect(error.code).toBe('55P03');
          return true;
        },
      );
    } finally {
      await other.unsafe('ROLLBACK');
      await holder.unsafe('ROLLBACK');
      other.release();
      holder.release();
    }
  };

  test.each(MODES)('%s', async (mode) => {
    const kept = {
      reads: await waits(mode, 'SELECT FROM t'),
      writes: await waits(mode, 'INSERT INTO t VALUES (1)'),
      gentle: await waits(mode, 'ALTER TABLE t ALTER COLUMN a SET STATISTICS 3'),
      changes: await waits(mode, 'ALTER TABLE t ADD COLUMN b int'),
    };
    expect({ mode, words: wordsFor(kept), changes: kept.changes }).toEqual({
      mode,
      words: blockedBy(mode),
      changes: true,
    });
  });
});

type Kept = { readonly reads: boolean; readonly writes: boolean; readonly gentle: boolean };

function wordsFor({ reads, writes, gentle }: Kept): ReturnType<typeof blockedBy> {
  if (reads) return 'reads and writes';
  if (writes) return 'writes';
  return gentle ? 'other schema changes' : 'schema changes';
}
