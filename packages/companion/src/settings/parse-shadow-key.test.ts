import { expect, test } from 'vitest';
import { parseShadowKey } from './parse-shadow-key.ts';

function parse(shadow: unknown) {
  const faults: string[] = [];
  const parsed = parseShadowKey(
    shadow,
    '/project',
    (path, message) => void faults.push(`${path} ${message}`),
  );
  return { shadow: parsed, faults };
}

test('all of it, the file from the place of the config; and nothing without the key', () => {
  const written = {
    provider: 'server',
    url: 'postgres://dev@localhost/postgres',
    extensions: ['vector', 'uuid-ossp'],
    before: 'db/setup.sql',
  };
  expect(parse(written)).toEqual({ shadow: { ...written, before: '/project/db/setup.sql' }, faults: [] });
  expect(parse(undefined)).toEqual({
    shadow: { provider: null, url: null, extensions: [], before: null },
    faults: [],
  });
  expect(parse({ before: '/setup.sql' }).shadow.before).toBe('/setup.sql');
});

test.each<[unknown, string[]]>([
  [{ extension: [] }, ['shadow.extension is not a key; did you mean extensions?']],
  [{ provider: 'docker' }, ['shadow.provider is "docker", and must be one of pglite, embedded, server']],
  [
    { provider: 'embedded', url: 'postgres://dev@localhost/postgres' },
    ['shadow.url names a server, and shadow.provider is "embedded"; leave one of the two out'],
  ],
  [{ url: '' }, ['shadow.url is empty; is the variable set that it is taken from?']],
  [{ url: 'mysql://root:secret@localhost' }, ['shadow.url is not a postgres:// URL']],
  [{ extensions: 'vector' }, ['shadow.extensions must be a list of names, such as "vector" or "uuid-ossp"']],
  [
    { extensions: ['vector', 7] },
    ['shadow.extensions must be a list of names, such as "vector" or "uuid-ossp"'],
  ],
  [{ before: ['a.sql'] }, ['shadow.before must be the path of a file of SQL']],
  ['pglite', ['shadow must be an object']],
])('%j is told', (shadow, faults) => {
  expect(parse(shadow).faults).toEqual(faults);
});
