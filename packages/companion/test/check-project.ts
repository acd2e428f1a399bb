import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestFolder, temporaryFolder } from '@companion/testing';
import { install } from './docs/project.ts';

/** A project of a user's in a repository of its own, with the drizzle-kit that it would have installed. */
export type CheckProject = TestFolder & {
  git(...args: readonly string[]): string;
  /** Real drizzle-kit, as the user would run it: writes the migration that the schema code asks for. */
  generate(name: string): void;
  read(relative: string): string;
  /** Replaces a text that must be there. */
  edit(relative: string, from: string, to: string): void;
};

export const SCHEMA = `import { integer, pgTable, text } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: integer().primaryKey(),
  email: text().notNull(),
});
`;

const FILES = {
  'package.json':
    '{ "name": "shop", "private": true, "type": "module", "scripts": { "db:check": "drizzle-companion check" } }\n',
  '.gitignore': 'node_modules/\n',
  'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './drizzle',
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
});
`,
  'src/schema/index.ts': `export * from './users.ts';\n`,
  'src/schema/users.ts': SCHEMA,
  'src/server.ts': `console.log('hello');\n`,
  'README.md': 'shop\n',
};

/** One migration, everything committed on `main`. For `beforeAll`: its tests take copies of it. */
export function createCheckProject(): CheckProject {
  const project = openProject(temporaryFolder(FILES));
  install(project.path);
  project.generate('users');
  project.git('init', '--quiet', '--initial-branch=main');
  project.git('config', 'user.email', 'a@example.org');
  project.git('config', 'user.name', 'A');
  project.git('add', '.');
  project.git('commit', '--quiet', '-m', 'Users');
  return project;
}

/** A copy for one test, removed when it ends. */
export function copyProject({ path }: CheckProject): CheckProject {
  const folder = temporaryFolder();
  cpSync(path, folder.path, { recursive: true, verbatimSymlinks: true });
  return openProject(folder);
}

function openProject(folder: TestFolder): CheckProject {
  const { path } = folder;
  const env = { PATH: process.env.PATH ?? '', HOME: path };
  const project: CheckProject = {
    ...folder,
    git: (...args) => execFileSync('git', args, { cwd: path, env, encoding: 'utf8', stdio: 'pipe' }),
    generate: (name) => {
      execFileSync(join(path, 'node_modules/.bin/drizzle-kit'), ['generate', '--name', name], {
        cwd: path,
        env,
        stdio: 'pipe',
      });
    },
    read: (relative) => readFileSync(join(path, relative), 'utf8'),
    edit: (relative, from, to) => {
      const text = project.read(relative);
      if (!text.includes(from)) throw new Error(`${relative} does not have ${JSON.stringify(from)}`);
      writeFileSync(
        join(path, relative),
        text.replace(from, () => to),
      );
    },
  };
  return project;
}
