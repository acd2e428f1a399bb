import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kitProject } from '../../../test/schemas/kit-project.ts';
import { DISK_TREE } from '../../folder/disk-tree.ts';
import { readHistory } from '../../folder/read-history.ts';
import { CompanionError } from '../../kernel/errors.ts';
import { diagnoseDrift } from './diagnose-drift.ts';

const NOTHING = /No schema changes/;

const SCHEMA = `import { sql } from 'drizzle-orm';
import { index, integer, pgEnum, pgMaterializedView, pgPolicy, pgSchema, pgTable, text } from 'drizzle-orm/pg-core';
export const status = pgEnum('status', ['draft', 'archived']);
export const billing = pgSchema('billing');
export const invoices = billing.table('invoices', { id: integer('id').primaryKey().generatedAlwaysAsIdentity() });
export const users = pgTable(
  'users',
  {
    id: integer('id').primaryKey(),
    email: text('email').notNull(),
    status: status('status').array().default(['draft']),
    upper: text('upper').generatedAlwaysAs(sql\`upper(email)\`),
    invoice: integer('invoice').references(() => invoices.id),
  },
  (t) => [index('users_email_idx').on(t.email), pgPolicy('own', { using: sql\`true\` })],
);
export const mails = pgMaterializedView('mails').as((qb) => qb.select({ email: users.email }).from(users));
`;

describe.each([0, 1] as const)(
  'against the real drizzle-kit generate, major %i',
  {
    // Up to five runs of a kit of 180,000 lines, each a process of its own.
    timeout: 90_000,
  },
  (major) => {
    it('all is added in a fresh folder, silent after generate, told again after an edit, silent again', async () => {
      const project = kitProject(major, { 'schema.ts': SCHEMA });
      const drift = () => diagnoseDrift(project.project, project.history());
      expect((await drift()).map(({ message }) => message).sort()).toEqual(
        [
          'enum status: added',
          `${major === 1 ? 'materialized view' : 'view'} mails: added`,
          'schema billing: added',
          'table billing.invoices: added',
          'table users: added',
        ].sort(),
      );
      await project.generate();
      expect(await drift()).toEqual([]);
      expect(await project.generate()).toMatch(NOTHING);

      const edited = SCHEMA.replace("'archived'", "'live'").replace(
        "    email: text('email').notNull(),",
        "    email: text('email').notNull(),\n    age: integer('age'),",
      );
      project.write('schema.ts', edited);
      expect(await drift()).toMatchObject([
        { message: 'enum status: value archived removed; value live added after draft', line: 3 },
        {
          code: 'drift/schema',
          level: 'error',
          message: 'table users: column age added',
          file: join(project.path, 'schema.ts'),
          line: 11,
          fix: 'drizzle-kit generate',
          docs: 'docs/findings.md#driftschema',
        },
      ]);
      expect(await project.generate()).not.toMatch(NOTHING);
      expect(await drift()).toEqual([]);
    });

    it('loads what drizzle-kit loads', async () => {
      const project = kitProject(
        major,
        {
          'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./lib/*"] } } }',
          'lib/status.ts':
            "import { pgEnum } from 'drizzle-orm/pg-core';\nexport const status = pgEnum('status', ['a']);\n",
          'schema/index.ts': "export * from './a.js';\nexport { status } from '@/status';\n",
          'schema/a.ts':
            "import { integer, pgTable, type AnyPgColumn } from 'drizzle-orm/pg-core';\nimport { b } from './b.js';\nimport { status } from '@/status';\nexport const a = pgTable('a', { id: integer('id').primaryKey(), b: integer('b').references((): AnyPgColumn => b.id), status: status('status') });\n",
          'schema/b.ts':
            "import { integer, pgTable, type AnyPgColumn } from 'drizzle-orm/pg-core';\nimport { a } from './a.js';\nexport const b = pgTable('b', { id: integer('id').primaryKey(), a: integer('a').references((): AnyPgColumn => a.id) });\n",
          'old/c.cjs':
            "const { integer, pgTable } = require('drizzle-orm/pg-core');\nexports.c = pgTable('c', { id: integer('id') });\n",
          'old/d.mjs':
            "import { integer, pgTable } from 'drizzle-orm/pg-core';\nexport const d = pgTable('d', { id: integer('id') });\n",
          'old/deep/e.ts': 'throw new Error("a directory is read one level deep")',
        },
        { schema: ['./schema/index.ts', './old', './schema/{b,none}.ts'] },
      );
      await project.generate();
      expect(await diagnoseDrift(project.project, project.history())).toEqual([]);
      expect(await project.generate()).toMatch(NOTHING);
      project.write(
        'schema/b.ts',
        readFileSync(join(project.path, 'schema/b.ts'), 'utf8').replace(
          "a: integer('a')",
          "more: integer('more'), a: integer('a')",
        ),
      );
      const [finding, ...others] = await diagnoseDrift(project.project, project.history());
      expect(others).toEqual([]);
      expect(finding).toMatchObject({
        message: 'table b: column more added',
        file: join(project.path, 'schema/b.ts'),
        line: 3,
      });
    });
  },
);

it('the casing of the config names the columns, and schemaFilter and tablesFilter change nothing', async () => {
  const schema =
    "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const users = pgTable('users', { firstName: text() });\n";
  const project = kitProject(
    0,
    { 'schema.ts': schema },
    { schema: './schema.ts', casing: 'snake_case', schemaFilter: ['other'], tablesFilter: ['none'] },
  );
  await project.generate();
  expect(await diagnoseDrift(project.project, project.history())).toEqual([]);
  project.write('schema.ts', schema.replace('firstName: text()', 'firstName: text(),\n  lastName: text()'));
  expect(await diagnoseDrift(project.project, project.history())).toMatchObject([
    { message: 'table users: column last_name added', line: 3 },
  ]);
});

it('1.x snapshots of two branches are put together, as generate puts them', async () => {
  const schema = (...names: string[]) =>
    [
      "import { integer, pgTable } from 'drizzle-orm/pg-core';",
      ...names.map((name) => `export const ${name} = pgTable('${name}', { id: integer('id') });`),
    ].join('\n');
  const project = kitProject(1, { 'schema.ts': schema('base') });
  await project.generate();
  const trunk = project.history();
  const grow = async (...names: string[]) => {
    project.write('schema.ts', schema(...names));
    await project.generate();
    return (
      project
        .history()
        .migrations.map(({ file }) => dirname(file))
        .find((path) => !trunk.migrations.some(({ file }) => dirname(file) === path)) ?? ''
    );
  };
  const left = await grow('base', 'a');
  const snapshot = readFileSync(join(left, 'snapshot.json'), 'utf8');
  project.remove(`drizzle/${left.split('/').at(-1)}`);
  await grow('base', 'b');
  project.write(`drizzle/${left.split('/').at(-1)}/snapshot.json`, snapshot);
  project.write(`drizzle/${left.split('/').at(-1)}/migration.sql`, 'select 1;');
  project.write('schema.ts', schema('base', 'a', 'b'));
  expect(await diagnoseDrift(project.project, project.history())).toEqual([]);
  expect(await project.generate()).toMatch(NOTHING);
});

it('packages/db has no drift', async () => {
  const directory = fileURLToPath(new URL('../../../../db', import.meta.url));
  const config = { dialect: 'postgresql', schema: './src/schema/index.ts', out: './migrations' };
  const history = readHistory(join(directory, 'migrations'), DISK_TREE);
  const project = { directory, configFile: join(directory, 'drizzle.config.ts'), config };
  expect(await diagnoseDrift(project, history)).toEqual([]);
});

describe('what cannot be compared is an error', () => {
  const TABLE =
    "import { integer, pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { id: integer('id') });\n";

  it('a schema that exports nothing, while the folder has a past', async () => {
    const project = kitProject(0, { 'schema.ts': TABLE });
    await project.generate();
    project.write('schema.ts', 'export const nothing = 1;');
    expect(await failure(project)).toMatchObject({
      code: 'settings-invalid',
      exitCode: 2,
      fields: { message: expect.stringContaining('export no table, while the newest snapshot has 1 entity') },
    });
  });

  it('snapshots of an older version than the kit’s, and of a newer one', async () => {
    const old = kitProject(0, { 'schema.ts': TABLE });
    await old.generate();
    const fresh = kitProject(1, { 'schema.ts': TABLE });
    await fresh.generate();
    const upgraded = { ...fresh, history: old.history };
    expect((await failure(upgraded)).fields).toMatchObject({
      message:
        '0000_snapshot.json is a snapshot of version 7, and drizzle-kit 1.0.0-rc.5 works with version 9: the schema cannot be compared with it.',
      fix: 'drizzle-kit up',
    });
    const downgraded = { ...old, history: fresh.history };
    expect((await failure(downgraded)).fields.message).toContain(
      'version 9, and drizzle-kit 0.31.11 works with version 7',
    );
  });

  it('nothing is said while a snapshot cannot be read: that is told already', async () => {
    const project = kitProject(0, { 'schema.ts': TABLE });
    await project.generate();
    project.write('drizzle/meta/0000_snapshot.json', '<<<<<<< HEAD\n');
    const history = project.history();
    expect(history.faults).toMatchObject([{ code: 'snapshots/unreadable' }]);
    expect(await diagnoseDrift(project.project, history)).toEqual([]);
  });

  async function failure({ project, history }: Pick<ReturnType<typeof kitProject>, 'project' | 'history'>) {
    const error: unknown = await diagnoseDrift(project, history()).catch((thrown: unknown) => thrown);
    if (error instanceof CompanionError) return error;
    throw new Error(`expected a CompanionError, got ${JSON.stringify(error)}`);
  }
});
