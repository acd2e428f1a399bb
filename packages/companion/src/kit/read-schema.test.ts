import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { kitProject } from '../../test/schemas/kit-project.ts';
import { CompanionError } from '../kernel/errors.ts';
import { readSchema } from './read-schema.ts';

const TABLE = `import { integer, pgTable } from 'drizzle-orm/pg-core';
export const a = pgTable('a', { id: integer('id') });
`;

describe('a schema that cannot be read is an error with its place', () => {
  it.each([
    [
      'a syntax error',
      'export const a = {\n  id: ],\n};\n',
      'The schema cannot be read: Unexpected token',
      { line: 2, column: 7 },
    ],
    [
      'a throw',
      "type A = {\n  a: 1;\n};\n  throw new Error('no DATABASE_URL');\n",
      'The schema cannot be read: no DATABASE_URL',
      { line: 4, column: 3 },
    ],
    [
      'a name that is not there',
      `${TABLE}export const b = a.nothing();\n`,
      'The schema cannot be read: TypeError: ',
      { line: 3, column: 1 },
    ],
    [
      'a module that is not there',
      "\nimport { x } from './nope';\nexport const y = x;\n",
      "The schema cannot be read: Cannot find module './nope'",
      { line: 2, column: 1 },
    ],
    [
      'a throw of something else than an error',
      "\nthrow 'text';\n",
      'The schema cannot be read: text',
      undefined,
    ],
  ])('%s', async (_, schema, message, place) => {
    const project = kitProject(0, { 'schema.ts': schema });
    const { fields } = await failureOf(readSchema(project.project, []));
    expect(fields.message).toContain(message);
    expect(fields.place).toEqual(place && { file: join(project.path, 'schema.ts'), ...place });
  });

  it('a place in a module that the schema imports', async () => {
    const project = kitProject(1, {
      'schema.ts': "\nimport './deep';\n",
      'deep.ts': "\n\nthrow new Error('deep');\n",
    });
    const { fields } = await failureOf(readSchema(project.project, []));
    expect(fields.place).toEqual({ file: join(project.path, 'deep.ts'), line: 3, column: 1 });
  });

  it.each([0, 1] as const)('what drizzle-kit %i refuses, in its words', async (major) => {
    const twice =
      "import { index, integer, pgTable } from 'drizzle-orm/pg-core';\nexport const a = pgTable('a', { id: integer('id') }, (t) => [index('i').on(t.id), index('i').on(t.id)]);\n";
    const { fields } = await failureOf(readSchema(kitProject(major, { 'schema.ts': twice }).project, []));
    expect(fields.message).toMatch(/^drizzle-kit refuses the schema: .*duplicat/i);
  });
});

describe('the code of the schema runs apart from ours', () => {
  it('what it prints is no answer, and what it leaves open keeps nobody waiting', async () => {
    const project = kitProject(0, {
      'schema.ts': `console.log('{"answer":{}}');\nsetInterval(() => {}, 1000);\n${TABLE}`,
    });
    const { schema } = await readSchema(project.project, []);
    expect(schema).toMatchObject({ version: '7', tables: { 'public.a': { name: 'a' } } });
  });

  it('it ends the process', async () => {
    const project = kitProject(0, {
      'schema.ts': "console.log('set DATABASE_URL first');\nprocess.exit(0);\n",
    });
    const { fields } = await failureOf(readSchema(project.project, []));
    expect(fields).toMatchObject({
      message: 'schema.ts ended the process that loaded it (exit code 0), so its tables could not be read.',
      hint: 'The last it printed: set DATABASE_URL first',
      place: { file: join(project.path, 'schema.ts') },
    });
  });

  it.each([
    ['it runs for ever', "console.log('round');\nfor (;;) {}\n"],
    ['it waits for ever', 'setInterval(() => {}, 1000);\nawait new Promise(() => {});\nexport {};\n'],
  ])('%s', async (_, schema) => {
    const project = kitProject(1, { 'schema.ts': schema });
    const { fields } = await failureOf(readSchema(project.project, [], 4000));
    expect(fields.message).toBe(
      'schema.ts did not load within 4 s: something in it waits or runs without end.',
    );
  });

  it('it finds its own directory, an empty standard input, and our environment', async () => {
    const project = kitProject(0, {
      'schema.ts': `import { readFileSync, writeFileSync } from 'node:fs';\nwriteFileSync('seen.json', readFileSync(0, 'utf8') + process.env.PATH);\n${TABLE}`,
    });
    await readSchema(project.project, []);
    expect(existsSync(join(project.path, 'seen.json'))).toBe(true);
  });
});

describe('what is missing is named', () => {
  it('drizzle-kit', async () => {
    const folder = temporaryFolder({ 'schema.ts': TABLE });
    const project = {
      directory: folder.path,
      configFile: 'drizzle.config.ts',
      config: { schema: './schema.ts' },
    };
    const { fields } = await failureOf(readSchema(project, []));
    expect(fields).toMatchObject({
      message: expect.stringContaining('drizzle-kit is not installed'),
      fix: 'npm install -D drizzle-kit',
    });
  });

  it('a drizzle-kit that we can ask', async () => {
    const folder = temporaryFolder({
      'schema.ts': TABLE,
      'node_modules/drizzle-kit/package.json':
        '{ "name": "drizzle-kit", "version": "0.20.18", "main": "index.js" }',
      'node_modules/drizzle-kit/index.js': '',
    });
    const project = {
      directory: folder.path,
      configFile: 'drizzle.config.ts',
      config: { schema: './schema.ts' },
    };
    const { fields } = await failureOf(readSchema(project, []));
    expect(fields.message).toBe('drizzle-kit 0.20.18 cannot be asked for a snapshot: 0.31 and 1.x can.');
  });

  it.each([
    [undefined, 'drizzle.config.mjs: schema names no file'],
    ['./none.ts', 'drizzle.config.mjs: schema: there is no schema file at ./none.ts'],
    [['./none/*.ts', './nor.ts'], 'there is no schema file at ./none/*.ts, ./nor.ts'],
  ])('the schema: %j', async (schema, message) => {
    const { fields } = await failureOf(readSchema(kitProject(0, {}, { schema }).project, []));
    expect(fields.message).toContain(message);
  });
});

async function failureOf(reading: Promise<unknown>): Promise<CompanionError> {
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  if (!(error instanceof CompanionError))
    throw new Error(`expected a CompanionError, got ${JSON.stringify(error)}`);
  expect([error.code, error.exitCode]).toEqual(['settings-invalid', 2]);
  return error;
}
