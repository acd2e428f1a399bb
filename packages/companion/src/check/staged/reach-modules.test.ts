import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { DISK_TREE } from '../../folder/disk-tree.ts';
import { reachModules } from './reach-modules.ts';

function reach(files: Readonly<Record<string, string>>, entry = 'src/schema.ts') {
  const { path } = temporaryFolder(files);
  const { directories, isOpen } = reachModules([join(path, entry)], DISK_TREE);
  return {
    isOpen,
    directories: [...directories].map((directory) => directory.slice(path.length + 1)).sort(),
  };
}

test('imports are followed however they are written, cycles once', () => {
  expect(
    reach({
      'src/schema.ts': `export * from './a/one.ts';\nimport './b/two.js';\nconst x = require("../c");\nimport {\n  y,\n} from './d/four';`,
      'src/a/one.ts': `import { x } from '../schema.ts';\nconst late = import('../e/five.mjs');`,
      'src/b/two.ts': `import { join } from 'node:path';\nimport fs from 'fs';`,
      'c/index.ts': '',
      'src/d/four.tsx': '',
      'src/e/five.mts': '',
    }),
  ).toEqual({ isOpen: false, directories: ['c', 'src', 'src/a', 'src/b', 'src/d', 'src/e'] });
});

test('an installed package is not the user’s; one of the workspace is, whole', () => {
  const folder = temporaryFolder({
    'node_modules/drizzle-orm/pg-core/index.js': '',
    'packages/names/src/index.ts': '',
    'src/schema.ts': `import 'drizzle-orm/pg-core';\nimport '@acme/names/src/index.ts';`,
    'node_modules/@acme/.keep': '',
  });
  symlinkSync(join(folder.path, 'packages/names'), join(folder.path, 'node_modules/@acme/names'));
  const { directories, isOpen } = reachModules([join(folder.path, 'src/schema.ts')], DISK_TREE);
  expect(isOpen).toBe(false);
  expect([...directories].map((directory) => directory.replace(/^.*companion-test-[^/]*\//, ''))).toEqual([
    'src',
    'packages/names',
  ]);
});

test.each(['@/lib/names', '#names', './not-there.ts'])('%s may lie anywhere', (name) => {
  expect(reach({ 'src/schema.ts': `import '${name}';` }).isOpen).toBe(true);
});
