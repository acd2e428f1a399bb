import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serverUrl } from '@companion/testing';
import { expect, it } from 'vitest';
import { FEATURES } from '../../../test/schemas/features.ts';
import { type KitProject, kitProject } from '../../../test/schemas/kit-project.ts';
import { DISK_TREE } from '../../folder/disk-tree.ts';
import { readHistory } from '../../folder/read-history.ts';
import { NO_SHADOW_SETTINGS, type ShadowSettings } from '../../shadow/shadow.ts';
import { check } from '../check.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { diagnoseDeep } from './deep.ts';

const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));

/** Roles that the schemas of the tests name, and somebody else makes. */
const ROLES = { file: '/before.sql', sql: 'CREATE ROLE a; CREATE ROLE b; CREATE ROLE guest;' };

const PGLITE = { ...NO_SHADOW_SETTINGS, before: ROLES };

/** A server is there in these tests, and makes a shadow in a tenth of PGlite's time. */
async function onServer(): Promise<ShadowSettings> {
  return { ...NO_SHADOW_SETTINGS, url: await serverUrl() };
}

async function diagnose(kit: KitProject, settings?: ShadowSettings): Promise<Diagnosis> {
  return diagnoseDeep(kit.history(), kit.path, {
    settings: settings ?? (await onServer()),
    // Projects come and go; a cluster of PGlite's is made once.
    directory: PACKAGE,
    target: null,
  });
}

const told = ({ findings }: Diagnosis) => findings.map(({ code, message }) => `${code} ${message}`);

const SCHEMA = `import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
export const users = pgTable('users', {
  id: integer('id').primaryKey(),
  email: text('email').notNull().unique(),
  age: integer('age').default(0),
}, (t) => [index('users_age_idx').on(t.age)]);
`;

async function generated(major: 0 | 1, schema: string): Promise<KitProject> {
  const kit = kitProject(major, { 'schema.ts': schema });
  await kit.generate();
  return kit;
}

/** The path of the newest migration's SQL, from the project. */
function sqlFile(kit: KitProject): string {
  const newest = kit.history().migrations.at(-1)?.file ?? '';
  return newest.slice(kit.path.length + 1);
}

function addSql(kit: KitProject, ...statements: readonly string[]): void {
  const file = sqlFile(kit);
  const text = readFileSync(join(kit.path, file), 'utf8');
  kit.write(file, [text, ...statements].join('\n--> statement-breakpoint\n'));
}

const CASES = FEATURES.flatMap((feature) =>
  (feature.majors ?? ([0, 1] as const)).map((major) => ({ name: feature.name, major, feature })),
);

it.each(CASES)(
  'what drizzle-kit $major writes is what its snapshots say: $name',
  async ({ major, feature }) => {
    const { schema, casing } = feature;
    const kit = kitProject(
      major,
      { 'schema.ts': schema },
      { schema: './schema.ts', ...(casing && { casing }) },
    );
    await kit.generate();
    // Roles are the server's own, and would stay there.
    const hasRoles = feature.name.includes('roles');
    const { findings, notChecked } = await diagnose(kit, hasRoles ? PGLITE : undefined);
    expect({ findings, notChecked }).toEqual({ findings: [], notChecked: [] });
  },
  60_000,
);

it.each([0, 1] as const)(
  'and after a second migration, drizzle-kit %i',
  async (major) => {
    const kit = await generated(major, SCHEMA);
    kit.write(
      'schema.ts',
      SCHEMA.replace("index('users_age_idx').on(t.age)", '').replace('default(0)', 'default(1)'),
    );
    await kit.generate();
    expect(await diagnose(kit)).toEqual({ findings: [], notChecked: [], notes: [] });
  },
  60_000,
);

const EDITS: readonly (readonly [string, string, string])[] = [
  [
    'an index added',
    'CREATE INDEX hand_idx ON users (email);',
    'snapshots/unknown table users: index hand_idx is made by the SQL, and the newest snapshot does not know it (CREATE INDEX hand_idx ON public.users USING btree (email))',
  ],
  [
    'a table added',
    'CREATE TABLE notes (id integer PRIMARY KEY, body text);',
    'snapshots/unknown table notes: the SQL makes it, and the newest snapshot does not know it',
  ],
  [
    'an enum added',
    "CREATE TYPE mood AS ENUM ('fine');",
    "snapshots/unknown enum mood: the SQL makes it, and the newest snapshot does not know it ('fine')",
  ],
  [
    'a default changed',
    'ALTER TABLE users ALTER COLUMN age SET DEFAULT 5;',
    'snapshots/untrue table users: column age: default 0 → 5',
  ],
  [
    'a column dropped, and its index with it',
    'ALTER TABLE users DROP COLUMN age;',
    'snapshots/untrue table users: column age is in the newest snapshot, and the SQL does not make it (integer); index users_age_idx is in the newest snapshot, and the SQL does not make it (CREATE INDEX users_age_idx ON public.users USING btree (age))',
  ],
  [
    'a constraint renamed',
    'ALTER TABLE users RENAME CONSTRAINT users_email_unique TO users_email_only;',
    'snapshots/untrue table users: constraint users_email_unique is called users_email_only by the SQL',
  ],
  [
    'a table dropped',
    'DROP TABLE users;',
    'snapshots/untrue table users: the newest snapshot has it, and the SQL does not make it',
  ],
];

it.each([0, 1] as const)(
  'each edit by hand in the SQL of drizzle-kit %i is one finding',
  async (major) => {
    const kit = await generated(major, SCHEMA.replace('.unique()', ".unique('users_email_unique')"));
    const file = sqlFile(kit);
    const asGenerated = readFileSync(join(kit.path, file), 'utf8');
    for (const [title, sql, says] of EDITS) {
      addSql(kit, sql);
      const diagnosis = await diagnose(kit);
      expect(told(diagnosis), title).toEqual([says]);
      expect(diagnosis.findings[0]).toMatchObject({
        level: 'error',
        file: expect.stringContaining('snapshot.json'),
      });
      kit.write(file, asGenerated);
    }
  },
  60_000,
);

it.each([0, 1] as const)(
  'without the newest snapshot the SQL is held against the one before, as far as that goes: drizzle-kit %i',
  async (major) => {
    const kit = await generated(major, SCHEMA);
    kit.write('schema.ts', `${SCHEMA}export const notes = pgTable('notes', { id: integer('id') });`);
    await kit.generate();
    const { migrations, snapshots } = kit.history();
    kit.remove((snapshots?.at(-1)?.file ?? '').slice(kit.path.length + 1));
    expect(await diagnose(kit)).toEqual({
      findings: [],
      notChecked: [],
      notes: [
        `${migrations[1]?.name} has no snapshot: the SQL was held against the newest one up to ${migrations[0]?.name}.`,
      ],
    });
  },
  60_000,
);

it('a snapshot that the SQL has left behind is told by the deep look alone, where there is one', async () => {
  const kit = await generated(0, SCHEMA);
  await kit.generate('--custom');
  addSql(kit, 'ALTER TABLE users ALTER COLUMN age TYPE bigint;');
  const shadowUrl = await serverUrl();
  const codes = async (deep: boolean) => {
    const { findings } = await check({
      ...{ flags: {}, cwd: kit.path, env: {}, only: ['snapshots'] as const },
      ...{ staged: false, base: null, database: false, deep, shadowUrl: deep ? shadowUrl : null },
    });
    return findings.map(({ code }) => code);
  };
  expect(await codes(false)).toEqual(['snapshots/stale']);
  expect(await codes(true)).toEqual(['snapshots/untrue']);
}, 60_000);

it.each([0, 1] as const)(
  'what drizzle has no words for is told, and no fault: drizzle-kit %i',
  async (major) => {
    const schema = SCHEMA.replace(
      "integer('age').default(0)",
      "customType<{ data: string }>({ dataType: () => 'citext' })('age').default(sql`shout('x')`)",
    ).replace('import { index,', "import { sql } from 'drizzle-orm';\nimport { customType, index,");
    const kit = await generated(major, schema);
    const file = sqlFile(kit);
    const text = readFileSync(join(kit.path, file), 'utf8');
    kit.write(
      file,
      `CREATE EXTENSION citext;
--> statement-breakpoint
CREATE SCHEMA app;
--> statement-breakpoint
CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(t)';
--> statement-breakpoint
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
--> statement-breakpoint
${text}`,
    );
    addSql(
      kit,
      'CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION app.touch();',
      'CREATE INDEX users_email_with_age ON users (email) INCLUDE (id);',
      'ALTER TABLE users ADD CONSTRAINT one_age EXCLUDE (id WITH =);',
      "COMMENT ON TABLE users IS 'people';",
      'ALTER TABLE users ADD CONSTRAINT later UNIQUE (id) DEFERRABLE;',
    );
    const { findings, notChecked, notes } = await diagnose(kit, PGLITE);
    expect({ findings, notChecked }).toEqual({ findings: [], notChecked: [] });
    expect(notes).toEqual([
      'Drizzle has no words for what the SQL makes besides, and drizzle-kit generate leaves it alone: schema app, constraint later on users, index users_email_with_age on users, extension citext, function app.touch(), function shout(text) and 2 more.',
    ]);
  },
  60_000,
);

it('a chain that cannot be replayed is told, with its place', async () => {
  const kit = await generated(0, SCHEMA);
  addSql(kit, 'ALTER TABLE nowhere ADD COLUMN a text;');
  const { findings, notChecked } = await diagnose(kit);
  expect(findings).toEqual([]);
  expect(notChecked).toEqual([
    {
      group: 'snapshots',
      reason: expect.stringMatching(
        /cannot be replayed on a shadow database \(server\): 0000_\w+, line \d+: relation "nowhere" does not exist\./,
      ),
    },
  ]);
}, 60_000);

it('snapshots of another version, and none at all, are told', async () => {
  const kit = await generated(0, SCHEMA);
  const meta =
    readdirSync(join(kit.path, 'drizzle/meta')).find((name) => name.endsWith('_snapshot.json')) ?? '';
  const text = readFileSync(join(kit.path, 'drizzle/meta', meta), 'utf8');
  kit.write(`drizzle/meta/${meta}`, text.replace('"version": "7"', '"version": "6"'));
  expect((await diagnose(kit)).notChecked).toMatchObject([{ reason: expect.stringContaining('version 6') }]);
  kit.remove(`drizzle/meta/${meta}`);
  expect((await diagnose(kit)).notChecked).toMatchObject([
    { reason: expect.stringContaining('no snapshot') },
  ]);
}, 60_000);

it("the product's snapshots are true", async () => {
  const path = fileURLToPath(new URL('../../../../db', import.meta.url));
  const history = readHistory(join(path, 'migrations'), DISK_TREE);
  const diagnosis = await diagnoseDeep(history, path, {
    settings: NO_SHADOW_SETTINGS,
    directory: path,
    target: null,
  });
  expect(diagnosis).toEqual({
    findings: [],
    notChecked: [],
    notes: [
      expect.stringContaining(
        'function touch_chat_session(), trigger messages_touch_chat_session on messages.',
      ),
    ],
  });
}, 60_000);
