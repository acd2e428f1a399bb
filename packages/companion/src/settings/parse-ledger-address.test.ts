import { expect, test } from 'vitest';
import { parseLedgerAddress } from './parse-ledger-address.ts';

test.each([
  ['public.ledger', 'public', 'ledger'],
  ['ledger', 'drizzle', 'ledger'],
  ['App.Ledger', 'App', 'Ledger'],
  ['"a.b"."c"', 'a.b', 'c'],
  ['"a ""quoted"" name".c', 'a "quoted" name', 'c'],
])('%s names a ledger', (text, schema, table) => {
  expect(parseLedgerAddress(text)).toEqual({ schema, table });
});

test.each(['', '.', 'a.', '.b', 'a.b.c', '"a', 'a b.c', `a.${'x'.repeat(64)}`])('%j is none', (text) => {
  expect(parseLedgerAddress(text)).toBeNull();
});
