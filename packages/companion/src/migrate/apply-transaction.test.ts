import { describeEachPostgres, journalFolder, type TestDatabase } from '@companion/testing';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { migrateFailure } from '../../test/migrate-failure.ts';
import type { RunEvent } from '../kernel/run-event.ts';
import { migrate } from './migrate.ts';

/** Long enough that small migrations go as one message each. */
function longHistory(replaced: Readonly<Record<number, string>>) {
  return Array.from({ length: 24 }, (_, n) => ({
    name: `${String(n).padStart(4, '0')}_m`,
    sql:
      replaced[n] ??
      `CREATE TABLE t${n} (id int);--> statement-breakpoint\nCREATE INDEX i${n} ON t${n} (id);`,
  }));
}

describeEachPostgres('a long run', (server) => {
  it('applies each once, in order, and tells every statement', async () => {
    const { url, sql } = await server.createDatabase();
    const events: RunEvent[] = [];
    const folder = journalFolder(longHistory({}));
    const report = await migrate({ url, folder: folder.path, onEvent: (event) => events.push(event) });
    expect(report.steps.map(({ state, attempts }) => [state, attempts])).toEqual(Array(24).fill(['done', 1]));
    expect(events.filter(({ type }) => type === 'statement-done')).toHaveLength(48);
    expect(await count(sql)).toEqual({ tables: 24, rows: 24 });
  });

  it('commits each by itself', async () => {
    const { url, sql } = await server.createDatabase();
    await migrate({ url, folder: journalFolder(longHistory({})).path });
    const [row] = await sql`select count(distinct xmin::text)::int as n from drizzle.__drizzle_migrations`;
    expect(row).toEqual({ n: 24 });
  });

  it.each([
    ['a syntax error', 'CREATE TABLE x ();\nCREATE TABEL y ();', { line: 2, column: 8 }, '42601'],
    [
      'an error with a position',
      'CREATE TABLE x ();--> statement-breakpoint\nSELECT nothing;',
      { line: 2, column: 8 },
      '42703',
    ],
    [
      'an error without one',
      'CREATE TABLE x ();--> statement-breakpoint\nSELECT 1/0;',
      { line: 2, column: 1 },
      '22012',
    ],
  ])('stops at %s and knows where', async (_, bad, place, sqlstate) => {
    const { url, sql } = await server.createDatabase();
    const error = await migrateFailure({ url, folder: journalFolder(longHistory({ 5: bad })).path });
    expect(error.fields).toMatchObject({ migration: '0005_m', place, server: { sqlstate } });
    expect(error.fields.report?.steps[5]).toMatchObject({ state: 'failed', attempts: 1 });
    expect(await count(sql)).toEqual({ tables: 5, rows: 5 });
  });

  it('fails where stock does when a breakpoint cuts a string or a function body in two', async () => {
    const { url, sql } = await server.createDatabase();
    const cut = "CREATE TABLE x (a text DEFAULT 'one--> statement-breakpoint\ntwo');";
    expect(
      (await migrateFailure({ url, folder: journalFolder(longHistory({ 5: cut })).path })).fields,
    ).toMatchObject({
      migration: '0005_m',
      server: { sqlstate: '42601' },
    });
    expect(await count(sql)).toEqual({ tables: 5, rows: 5 });
  });

  it('runs what ends in a comment, and what changes how strings are read', async () => {
    const { url, sql } = await server.createDatabase();
    const folder = journalFolder(
      longHistory({
        3: 'CREATE TABLE t3 (id int) -- the last line has no end',
        4: "SET LOCAL standard_conforming_strings = off;--> statement-breakpoint\nCREATE TABLE t4 (a text DEFAULT 'x\\'y');",
      }),
    );
    await migrate({ url, folder: folder.path });
    expect(await count(sql)).toEqual({ tables: 24, rows: 24 });
  });

  it('tries a locked table again, and goes on', async () => {
    const { url, sql } = await server.createDatabase();
    await sql`create table busy (id int)`;
    const blocker = postgres(url, { max: 1, onnotice: () => undefined });
    await blocker.unsafe('begin');
    await blocker.unsafe('lock table busy in share mode');
    const folder = journalFolder(longHistory({ 7: 'ALTER TABLE busy ADD COLUMN x int;' }));
    const report = await migrate({
      url,
      folder: folder.path,
      lockTimeoutMs: 150,
      onEvent: (event) => {
        if (event.type === 'step-retry') void blocker.end();
      },
    });
    expect(report.steps[7]).toMatchObject({ state: 'done', attempts: 2 });
    expect(report.steps.every(({ state }) => state === 'done')).toBe(true);
  });
});

async function count(sql: TestDatabase['sql']) {
  const [row] =
    await sql`select (select count(*)::int from pg_tables where schemaname = 'public') as tables, (select count(*)::int from drizzle.__drizzle_migrations) as rows`;
  return { ...row };
}
