import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@companion/testing';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/migrate/migrate.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';
import { failureOf, folderOf } from './rehearse-sql.ts';

test('a lock of a prepared transaction is named with what ends it; a standby is refused where there is something to do', {
  timeout: 60_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'companion-unlike-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const flags = ['-c', 'max_prepared_transactions=2'];
  const primary = await startPostgres({ dataDir, flags });
  onTestFinished(() => primary.stop());
  const sql = postgres(primary.url(), { max: 1, onnotice: () => undefined });
  await sql
    .unsafe('CREATE TABLE t (a int); CREATE TABLE u (a int PRIMARY KEY); INSERT INTO u VALUES (1);')
    .simple();
  await sql.unsafe(`BEGIN; SELECT FROM t; UPDATE u SET a = 2; PREPARE TRANSACTION 'it''s kept'`).simple();

  const options = { url: primary.url(), lockTimeoutMs: 800, lockRetries: 0, evenIfBusy: true };
  const locked = { ...options, folder: folderOf(['ALTER TABLE t ADD COLUMN b int;']) };
  const row = { ...options, folder: folderOf(['UPDATE u SET a = 3;']) };
  const failures = [
    await failureOf(rehearse(locked)),
    await failureOf(migrate(locked)),
    await failureOf(rehearse(row)),
  ];
  for (const error of failures) {
    expect(error).toMatchObject({ code: 'table-busy', exitCode: 5 });
    expect(error.fields.culprits).toEqual([
      expect.objectContaining({ pid: 0, user: 'postgres', prepared: "it's kept" }),
    ]);
    expect(error.fields.hint).toContain("ROLLBACK PREPARED 'it''s kept';");
  }
  expect(failures[0]?.fields.culprits?.[0]?.relation).toBe('t');
  await sql.unsafe(`ROLLBACK PREPARED 'it''s kept'`);
  await migrate(locked);
  await sql.end();
  await primary.stop();

  await writeFile(join(dataDir, 'standby.signal'), '');
  const standby = await startPostgres({ dataDir, flags });
  onTestFinished(() => standby.stop());
  const done = { url: standby.url(), folder: locked.folder, evenIfBusy: true };
  expect((await migrate(done)).steps).toEqual([]);
  const missing = { ...done, folder: folderOf(['ALTER TABLE t ADD COLUMN b int;', 'SELECT 1;']) };
  for (const error of [await failureOf(rehearse(missing)), await failureOf(migrate(missing))]) {
    expect(error).toMatchObject({ code: 'standby-refused', exitCode: 4 });
  }
});
