import { expect, test } from 'vitest';
import { parseAccept } from './parse-accept.ts';

test('a code stands alone or with the migration or row it is about', () => {
  expect(parseAccept(['ledger/line-endings', 'ledger/edited:0007_a:b', 'ledger/stray:17'])).toEqual([
    { code: 'ledger/line-endings', name: null },
    { code: 'ledger/edited', name: '0007_a:b' },
    { code: 'ledger/stray', name: '17' },
  ]);
});

test.each(['edited', 'ledger/', 'ledger/edited:', '/edited', 'Ledger/Edited', 'all'])(
  '%s is refused',
  (text) => {
    expect(() => parseAccept([text])).toThrow(`--accept: "${text}" is not code or code:name`);
  },
);
