import { expect, test } from 'vitest';
import { DRIFT, MISSING } from './check-samples.ts';
import { settleFix } from './settle-fix.ts';

test('a command that is there is named', () => {
  expect(settleFix(MISSING)).toBe(MISSING);
  const { fix, ...without } = DRIFT;
  expect(fix).toBeDefined();
  expect(settleFix(without)).toBe(without);
  const migrate = { ...DRIFT, fix: 'drizzle-companion migrate' };
  expect(settleFix(migrate)).toBe(migrate);
});

test('a command that is not there yet is not; what to do by hand stands in the hint', () => {
  const planned = { ...DRIFT, fix: 'drizzle-companion repair --plan', hint: 'Restore the file.' };
  expect(settleFix(planned)).toEqual({
    ...without(DRIFT),
    hint: 'Restore the file. docs/troubleshooting.md#by-hand shows how to mend the ledger by hand.',
  });
  expect(settleFix({ ...planned, hint: undefined }).hint).toBe(
    'docs/troubleshooting.md#by-hand shows how to mend the ledger by hand.',
  );
});

test('files that are mended by hand need no page about the ledger', () => {
  const planned = { ...MISSING, fix: 'drizzle-companion repair' };
  expect(settleFix(planned)).toEqual(without(MISSING));
});

function without<T extends { readonly fix?: string }>({ fix: _, ...rest }: T) {
  return rest;
}
