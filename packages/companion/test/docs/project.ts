import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDatabase, type TestDatabase, type TestFolder, temporaryFolder } from '@companion/testing';
import { ROOT } from './pages.ts';

/** A project of a user's, and its database: where the commands of a page run. */
export type Project = {
  readonly folder: TestFolder;
  readonly database: TestDatabase;
  /** What the page says instead of this machine's names. */
  readonly names: readonly (readonly [ours: string, shown: string])[];
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
};

/** What a user would have installed; the bins of the first two are in `node_modules/.bin`. */
const INSTALLED: readonly (readonly [name: string, from: string])[] = [
  ['drizzle-companion', 'packages/companion'],
  ['drizzle-kit', 'packages/companion/node_modules/drizzle-kit-0'],
  ['drizzle-orm', 'packages/companion/node_modules/drizzle-orm-0'],
  ['postgres', 'packages/companion/node_modules/postgres'],
  ['hono', 'apps/api/node_modules/hono'],
  ['@types/node', 'node_modules/@types/node'],
];
const BINS: readonly (readonly [name: string, file: string])[] = [
  ['drizzle-companion', 'packages/companion/bin/drizzle-companion.js'],
  ['drizzle-kit', 'packages/companion/node_modules/drizzle-kit-0/bin.cjs'],
];

/** What `npx` does with a bin that is installed, without npm's half second. */
const NPX = '#!/bin/sh\nbin=$1; shift; exec node_modules/.bin/"$bin" "$@"\n';

/** A fresh project with an empty database. */
export async function createProject(files: Readonly<Record<string, string>>): Promise<Project> {
  const database = await createDatabase();
  const folder = temporaryFolder({
    'package.json': '{ "name": "shop", "private": true, "type": "module" }\n',
    '.tools/npx': NPX,
    ...files,
  });
  chmodSync(join(folder.path, '.tools/npx'), 0o755);
  install(folder.path);
  const { username, host } = new URL(database.url);
  return {
    folder,
    database,
    names: [
      [folder.path, '/srv/shop'],
      [database.name, 'shop'],
      [host, 'localhost:5432'],
      [`as ${username} (`, 'as shop ('],
      [`"user": "${username}"`, '"user": "shop"'],
      [`"host": "127.0.0.1"`, '"host": "localhost"'],
      [`"port": ${host.split(':')[1]}`, '"port": 5432'],
      [`(${username}, `, '(shop, '],
    ],
    env: {
      PATH: `${join(folder.path, '.tools')}:${process.env.PATH}`,
      HOME: folder.path,
      DATABASE_URL: database.url,
    },
    dispose: async () => {
      await database.drop();
      folder.dispose();
    },
  };
}

/** Links what a user would have installed. */
export function install(folder: string): void {
  const modules = join(folder, 'node_modules');
  for (const [name, from] of INSTALLED) link(join(ROOT, from), join(modules, name));
  for (const [name, file] of BINS) link(join(ROOT, file), join(modules, '.bin', name));
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
