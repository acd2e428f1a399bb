import { relative } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { expect, it } from 'vitest';
import { listSchemaFiles } from './list-schema-files.ts';

const FILES = {
  'package.json': '{}',
  'packages/db/package.json': '{}',
  'packages/db/src/schema/a.ts': '',
  'packages/db/src/schema/b.mts': '',
  'packages/db/src/schema/notes.md': '',
  'packages/db/src/schema/deep/c.ts': '',
  'packages/db/src/[id].ts': '',
  'packages/shared/schema.ts': '',
};

it.each([
  ['a file', './src/schema/a.ts', ['src/schema/a.ts']],
  ['a directory, one level deep', './src/schema', ['src/schema/a.ts', 'src/schema/b.mts']],
  ['a glob of files', './src/**/*.ts', ['src/[id].ts', 'src/schema/a.ts', 'src/schema/deep/c.ts']],
  ['a glob of directories', './src/sch*', ['src/schema/a.ts', 'src/schema/b.mts']],
  [
    'several, each file once',
    ['./src/schema/a.ts', './src/schema/{a,b}.*'],
    ['src/schema/a.ts', 'src/schema/b.mts'],
  ],
  ['a package beside it', '../shared/schema.ts', ['../shared/schema.ts']],
  ['a name that looks like a glob', './src/[id].ts', ['src/[id].ts']],
  [
    'paths from the package above, where drizzle-kit is run',
    './packages/db/src/schema/*.ts',
    ['src/schema/a.ts'],
  ],
])('%s', async (_, schema, expected) => {
  const folder = temporaryFolder(FILES);
  const directory = `${folder.path}/packages/db`;
  const files = await listSchemaFiles({
    directory,
    configFile: `${directory}/drizzle.config.ts`,
    config: { schema },
  });
  expect(files.map((file) => relative(directory, file)).sort()).toEqual([...expected].sort());
});
