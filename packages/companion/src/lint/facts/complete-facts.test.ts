import { describe, expect, test } from 'vitest';
import { Kit } from '../../../test/schemas/evaluate.ts';
import { loadSqlParser, type ParseNode } from '../../sql/parser.ts';
import type { LintStatement } from '../migration.ts';
import { applyStatement } from './apply-statement.ts';
import { columnRefs } from './column-refs.ts';
import { completeFacts } from './complete-facts.ts';
import { createSchemaState, type SchemaFacts, viewFacts } from './schema-facts.ts';
import { showType } from './sql-type.ts';

const SCHEMA = `
import { sql } from 'drizzle-orm';
import { bigint, boolean, check, foreignKey, index, integer, numeric, pgEnum, pgMaterializedView, pgPolicy, pgSchema, pgTable, primaryKey, text, timestamp, unique, uniqueIndex, varchar } from 'drizzle-orm/pg-core';
export const mood = pgEnum('myMood', ['sad', 'ok']);
export const billing = pgSchema('billing');
export const state = billing.enum('state', ['open', 'paid']);
export const orgs = pgTable('orgs', { id: integer('id').primaryKey() });
export const users = pgTable('users', {
  id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  email: varchar('email', { length: 255 }).notNull(),
  mood: mood('mood').default('sad').notNull(),
  moods: mood('moods').array(),
  price: numeric('price', { precision: 10, scale: 2 }),
  active: boolean('active').default(true),
  orgId: integer('orgId').references(() => orgs.id),
  loud: text('loud').generatedAlwaysAs(sql\`upper('x')\`),
}, (t) => [
  index('plain').on(t.email, t.mood),
  uniqueIndex('lowered').on(sql\`lower(\${t.email})\`),
  index('partial').on(t.id.desc()).where(sql\`\${t.mood} = 'sad'\`),
  check('sensible', sql\`\${t.price} IS NOT NULL\`),
  unique('one_mood').on(t.email, t.orgId),
  pgPolicy('own', { using: sql\`email = current_user\` }),
]);
export const invoices = billing.table('invoices', { state: state('state'), user: bigint('user', { mode: 'number' }).references(() => users.id) });
export const seen = pgMaterializedView('seen').as((q) => q.select({ email: users.email }).from(users));
`;

const named = (name: string, schema: string | null = null) => ({ schema, name });

/** As much of a statement as facts keep of it. */
function statementOf(node: ParseNode): LintStatement {
  return { node, text: '' } as unknown as LintStatement;
}

describe.each([0, 1] as const)('a snapshot of major %s', (major) => {
  const kit = new Kit(major);
  const read = async (sql = ''): Promise<SchemaFacts> => {
    const parser = await loadSqlParser();
    const state = createSchemaState();
    for (const node of parser.parse(sql)) applyStatement(state, statementOf(node));
    completeFacts(state, await kit.snapshot(SCHEMA), parser);
    return viewFacts(state);
  };

  test('columns', async () => {
    const facts = await read();
    const users = facts.table(named('users'));
    expect(users).toMatchObject({ complete: true, born: null, kind: 'table' });
    const types = [...(users?.columns.values() ?? [])].map(({ name, type, notNull, hasDefault }) => {
      const words = [
        type === null ? 'unknown' : showType(type),
        notNull && 'not null',
        hasDefault && 'default',
      ];
      return `${name} ${words.filter(Boolean).join(', ')}`;
    });
    expect(types).toEqual([
      'id bigint, not null',
      'email varchar(255), not null',
      'mood "myMood", not null, default',
      'moods "myMood"[]',
      'price numeric(10, 2)',
      'active boolean, default',
      'orgId integer',
      'loud text',
    ]);
    expect(users?.columns.get('id')?.identity).toBe(true);
    expect(users?.columns.get('loud')).toMatchObject({ generated: true });
    expect(users?.columns.get('loud')?.generatedFrom).not.toBeNull();
    expect(JSON.stringify(users?.columns.get('mood')?.default)).toContain('"sval":"sad"');
    const state = facts.table(named('invoices', 'billing'))?.columns.get('state');
    expect(state?.type).toMatchObject({ schema: 'billing', name: 'state', dimensions: 0 });
  });

  test('enums, and what else is in other schemas', async () => {
    const facts = await read();
    expect(facts.enum(named('myMood'))?.values.map(({ value }) => value)).toEqual(['sad', 'ok']);
    expect(facts.enum(named('state', 'billing'))?.born).toBeNull();
  });

  test('constraints', async () => {
    const { constraints } = (await read()).table(named('users')) ?? {};
    expect(constraints?.get('sensible')).toMatchObject({
      kind: 'check',
      validated: true,
      notNull: ['price'],
    });
    expect(columnRefs(constraints?.get('sensible')?.expression)).toEqual(['price']);
    expect(constraints?.get('one_mood')).toMatchObject({ kind: 'unique', columns: ['email', 'orgId'] });
    expect(constraints?.get('users_pkey')).toMatchObject({ kind: 'primary key', columns: ['id'] });
    const key = [...(constraints?.values() ?? [])].find(({ kind }) => kind === 'foreign key');
    expect(key).toMatchObject({ columns: ['orgId'], references: { name: 'orgs' } });
  });

  test('indexes, with what they compute', async () => {
    const facts = await read();
    expect(facts.index(named('plain'))).toMatchObject({
      columns: ['email', 'mood'],
      partial: false,
      expressions: [],
    });
    expect(facts.index(named('lowered'))).toMatchObject({ columns: [null], unique: true });
    expect(columnRefs(facts.index(named('lowered'))?.expressions)).toEqual(['email']);
    expect(facts.index(named('partial'))).toMatchObject({ columns: ['id'], partial: true });
    expect(columnRefs(facts.index(named('partial'))?.expressions)).toEqual(['mood']);
  });

  test('policies and views', async () => {
    const facts = await read();
    expect(columnRefs(facts.object('policy', named('users.own'))?.expressions)).toEqual(['email']);
    expect(facts.table(named('seen'))?.kind).toBe('materialized view');
    expect(columnRefs(facts.table(named('seen'))?.query)).toEqual(['email']);
  });

  test('what the SQL says counts more', async () => {
    const facts = await read(
      `CREATE TABLE users (id int); ALTER TYPE "myMood" ADD VALUE 'ok'; ALTER TABLE orgs ADD COLUMN x int;`,
    );
    expect([...(facts.table(named('users'))?.columns.keys() ?? [])]).toEqual(['id']);
    expect(facts.table(named('users'))?.born).not.toBeNull();
    expect([...(facts.table(named('orgs'))?.columns.keys() ?? [])]).toEqual(['x', 'id']);
    const values = facts.enum(named('myMood'))?.values.map(({ value, born }) => [value, born === null]);
    expect(values).toEqual([
      ['sad', true],
      ['ok', false],
    ]);
  });
});

test('no snapshot changes nothing', async () => {
  const state = createSchemaState();
  completeFacts(state, null, await loadSqlParser());
  expect([state.tables.size, state.enums.size]).toEqual([0, 0]);
});
