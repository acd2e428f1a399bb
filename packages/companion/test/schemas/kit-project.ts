import { execFile } from 'node:child_process';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type TestFolder, temporaryFolder } from '@companion/testing';
import type { SchemaProject } from '../../src/check/drift/diagnose-drift.ts';
import { DISK_TREE } from '../../src/folder/disk-tree.ts';
import type { Json } from '../../src/folder/picture/canonical-json.ts';
import { type History, readHistory } from '../../src/folder/read-history.ts';

const require = createRequire(import.meta.url);

/** A project of a user's, on disk, with drizzle-kit and drizzle-orm of one major installed. */
export type KitProject = TestFolder & {
  readonly project: SchemaProject;
  /** The real `drizzle-kit generate`; gives what it prints. */
  generate(...flags: readonly string[]): Promise<string>;
  /** The migrations folder as check reads it; a fresh one before the first `generate`. */
  history(): History;
};

export function kitProject(
  major: 0 | 1,
  files: Readonly<Record<string, string>>,
  config: Json = { schema: './schema.ts' },
): KitProject {
  const folder = temporaryFolder({ 'package.json': '{ "type": "module" }', ...files });
  const modules = join(folder.path, 'node_modules');
  mkdirSync(modules);
  const kit = dirname(require.resolve(major === 0 ? 'drizzle-kit-0/api' : 'drizzle-kit-1/api-postgres'));
  symlinkSync(kit, join(modules, 'drizzle-kit'));
  symlinkSync(dirname(require.resolve(`drizzle-orm-${major}`)), join(modules, 'drizzle-orm'));
  const whole = { dialect: 'postgresql', out: './drizzle', ...config };
  folder.write('drizzle.config.mjs', `export default ${JSON.stringify(whole)};`);
  const out = join(folder.path, 'drizzle');
  return {
    ...folder,
    project: { directory: folder.path, configFile: join(folder.path, 'drizzle.config.mjs'), config: whole },
    async generate(...flags) {
      const bin = join(realpathSync(kit), 'bin.cjs');
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        [bin, 'generate', '--config', 'drizzle.config.mjs', ...flags],
        { cwd: folder.path },
      );
      return stdout + stderr;
    },
    history: () =>
      (DISK_TREE.list(out)?.length ?? 0) === 0 ? freshHistory(out, major) : readHistory(out, DISK_TREE),
  };
}

function freshHistory(path: string, major: 0 | 1): History {
  const layout = major === 0 ? 'journal' : 'folders';
  return { path, layout, migrations: [], missing: [], journal: null, files: [], snapshots: [], faults: [] };
}
