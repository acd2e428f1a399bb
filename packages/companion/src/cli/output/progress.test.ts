import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../kernel/run-event.ts';
import type { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { DATABASE, GAP_FINDING, LOG, TERMINAL } from './test-samples.ts';

const CULPRIT = {
  pid: 4711,
  user: 'app',
  application: 'psql',
  client: 'local socket',
  state: 'active',
  ageMs: 1000,
  query: '',
};

const start = (name: string, index: number): RunEvent => ({
  type: 'step-start',
  name,
  index,
  steps: 2,
  statements: 3,
  transaction: index === 1,
  resumedAfter: index - 1,
});

const end = (name: string, index: number, state: 'done' | 'failed' = 'done'): RunEvent => ({
  type: 'step-end',
  index,
  steps: 2,
  step: { name, state, statements: 3, durationMs: 12, transaction: true, attempts: index },
});

const EVENTS: readonly RunEvent[] = [
  { type: 'connect-retry', attempt: 1, reason: 'ECONNREFUSED', delayMs: 250 },
  { type: 'connected', database: DATABASE },
  { type: 'lock-wait', holder: CULPRIT, waitedMs: 0 },
  { type: 'finding', finding: GAP_FINDING },
  { type: 'planned', steps: 2, applied: 5 },
  start('0005_a', 1),
  { type: 'statement-done', name: '0005_a', done: 1, statements: 3, sql: 'SELECT 1' },
  end('0005_a', 1),
  start('0006_b', 2),
  { type: 'step-retry', name: '0006_b', attempt: 1, sqlstate: '55P03', delayMs: 1500, culprits: [CULPRIT] },
  { type: 'invalid-index-dropped', name: '0006_b', index: 'b_idx' },
  end('0006_b', 2, 'failed'),
];

function record(parts: Partial<Output>) {
  let out = '';
  let err = '';
  const progress = createProgress({
    format: 'plain',
    quiet: false,
    live: false,
    style: LOG,
    errorStyle: LOG,
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    ...parts,
  });
  return { progress, out: () => out, err: () => err };
}

test('a log gets a line for each event', () => {
  const { progress, out } = record({});
  for (const event of EVENTS) progress.onEvent(event);
  progress.close();
  expect(out()).toMatchInlineSnapshot(`
    "database not reachable yet (ECONNREFUSED); trying again in 250 ms
    acme on localhost:5432 as app (PostgreSQL 17.9)
    waiting for another runner, pid 4711 (app, psql, local socket)
    warning  0002_fix was not applied although a newer migration was. (ledger/gap)
             at drizzle/0002_fix.sql
             It will run next, after migrations that were written later; read it with that in mind.
             fix: drizzle-companion migrate
    2 migrations to apply, 5 already applied
    applying 0005_a (1/2, 3 statements)
    applied 0005_a (3 statements, 12 ms)
    applying 0006_b (2/2, 3 statements, no transaction, resumed after statement 1)
    0006_b rolled back on 55P03 lock_not_available; try 2 in 1.5 s
      blocked by pid 4711 (app, psql, local socket)
    dropped the invalid index b_idx, left by a broken build of 0006_b
    failed 0006_b (3 statements, 12 ms, 2 attempts)
    "
  `);
});

test('under json the log goes to standard error', () => {
  const { progress, out, err } = record({ format: 'json' });
  for (const event of EVENTS) progress.onEvent(event);
  expect(out()).toBe('');
  expect(err()).toContain('applied 0005_a (3 statements, 12 ms)\n');
});

test('quiet says nothing', () => {
  const { progress, out, err } = record({ quiet: true, live: true });
  for (const event of EVENTS) progress.onEvent(event);
  progress.close();
  expect(out() + err()).toBe('');
});

test('findings that were told as events are not told again', () => {
  const { progress } = record({});
  progress.onEvent({ type: 'finding', finding: GAP_FINDING });
  const other = { ...GAP_FINDING, message: 'another' };
  expect(progress.untold([GAP_FINDING, other])).toEqual([other]);
});

describe('on a terminal', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => void vi.useRealTimers());

  const live = () => record({ format: 'pretty', live: true, style: TERMINAL });

  test('one line moves, and finished migrations stay above it', () => {
    const { progress, out } = live();
    progress.onEvent(start('0005_a', 1));
    progress.onEvent({ type: 'statement-done', name: '0005_a', done: 1, statements: 3, sql: 'SELECT 1' });
    vi.advanceTimersByTime(80);
    expect(out()).toBe('⠋ 0005_a  1/2  statement 2/3  80 ms');
    progress.onEvent(end('0005_a', 1));
    progress.onEvent(start('0006_b', 2));
    vi.advanceTimersByTime(80);
    expect(out().split('\r\x1b[2K')[1]).toBe(
      '✓ 0005_a (3 statements, 12 ms)\n⠙ 0006_b  2/2  statement 2/3  80 ms',
    );
    progress.close();
    expect(out().endsWith('\r\x1b[2K')).toBe(true);
  });

  test('a thousand small migrations are written at once, not one by one', () => {
    let writes = 0;
    const { progress } = record({
      format: 'pretty',
      live: true,
      style: TERMINAL,
      write: () => {
        writes += 1;
      },
    });
    for (let index = 1; index <= 1000; index++) {
      progress.onEvent(start(`m${index}`, index));
      progress.onEvent(end(`m${index}`, index));
    }
    progress.close();
    expect(writes).toBe(1);
  });

  test('the moving line never fills the terminal, however long the name', () => {
    const { progress, out } = live();
    progress.onEvent(start(`0005_${'long_'.repeat(40)}name`, 1));
    vi.advanceTimersByTime(80);
    expect([...out()].length).toBeLessThan(80);
    expect(out()).toContain('…');
    progress.close();
  });

  test('closing twice is harmless', () => {
    const { progress, out } = live();
    progress.close();
    const before = out();
    progress.close();
    expect(out()).toBe(before);
  });
});
