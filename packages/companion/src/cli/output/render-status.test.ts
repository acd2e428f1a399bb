import { expect, test } from 'vitest';
import { renderStatus } from './render-status.ts';
import { COLOURED, LOG, STATUS, TERMINAL } from './test-samples.ts';
import { visibleWidth } from './text-layout.ts';

test('the status on a terminal of 80 columns', () => {
  const text = renderStatus(STATUS, TERMINAL);
  expect(text).toMatchInlineSnapshot(`
    "database  acme on localhost:5432 as app (PostgreSQL 17.9)
    ledger    drizzle.__drizzle_migrations (version 0, 5 rows)
    folder    drizzle (journal, 5 migrations)

       migration                                 state    applied at (UTC)      took
    ✓  0000_init                                 applied  2025-03-01 10:11:12  12 ms
    ✓  0001_groups_and_memberships_of_everybody  applied
    !  0002_fix                                  gap
         drizzle-kit would skip it
    ✗  0003_sessions                             edited
    ○  0004_tools                                pending
         stopped after statement 2 of 5

       no file  state  created_at (UTC)     name        hash
    ?  row 4    stray  2023-11-14 22:13:20              cccccccccccc
    ?  row 5    ahead                       0005_later  bbbbbbbbbbbb

    warning  0002_fix was not applied although a newer migration was. (ledger/gap)
             at drizzle/0002_fix.sql
             It will run next, after migrations that were written later; read it
             with that in mind.
             fix: drizzle-companion migrate

    2 applied, 1 pending, 1 gap, 1 edited, 1 stray, 1 ahead
    "
  `);
  for (const line of text.split('\n')) expect(visibleWidth(line)).toBeLessThanOrEqual(80);
});

test('the status in colour is the same text', () => {
  const coloured = renderStatus(STATUS, COLOURED);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are escape sequences.
  expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(renderStatus(STATUS, TERMINAL));
  expect(coloured.split('\n').find((line) => line.includes('0002_fix'))).toMatchInlineSnapshot(
    `"[33m![39m  0002_fix                                  [33mgap[39m"`,
  );
});

test('the status in a log has words for marks, and nothing is cut', () => {
  expect(renderStatus(STATUS, LOG)).toMatchInlineSnapshot(`
    "database  acme on localhost:5432 as app (PostgreSQL 17.9)
    ledger    drizzle.__drizzle_migrations (version 0, 5 rows)
    folder    drizzle (journal, 5 migrations)

    migration                                 state    applied at (UTC)      took  note
    0000_init                                 applied  2025-03-01 10:11:12  12 ms
    0001_groups_and_memberships_of_everybody  applied
    0002_fix                                  gap                                  drizzle-kit would skip it
    0003_sessions                             edited
    0004_tools                                pending                              stopped after statement 2 of 5

    no file  state  created_at (UTC)     name        hash
    row 4    stray  2023-11-14 22:13:20              cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
    row 5    ahead                       0005_later  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb

    warning  0002_fix was not applied although a newer migration was. (ledger/gap)
             at drizzle/0002_fix.sql
             It will run next, after migrations that were written later; read it with that in mind.
             fix: drizzle-companion migrate

    2 applied, 1 pending, 1 gap, 1 edited, 1 stray, 1 ahead
    "
  `);
});
