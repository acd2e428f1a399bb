import { expect, test } from 'vitest';
import { parsePostgresVersions } from './postgres-versions.ts';

test('versions are sorted, and each stands once', () => {
  expect(parsePostgresVersions('18, 14,18')).toEqual([14, 18]);
});

test.each(['13', '17.2', 'new', '', ' , '])('"%s" is refused', (text) => {
  expect(() => parsePostgresVersions(text)).toThrow('PG_VERSIONS');
});
