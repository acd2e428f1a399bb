import { describeEachPostgres } from '@companion/testing';
import type { Sql } from 'postgres';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser, type NodeOf, type ParseNode, type SqlParser } from '../../sql/parser.ts';
import { numberTransactions } from '../number-transactions.ts';
import { parseMigration } from '../parse-migration.ts';
import { alterTableCommands, columnOf } from './alter-commands.ts';
import { applyStatement } from './apply-statement.ts';
import { createSchemaState, type SchemaFacts, viewFacts } from './schema-facts.ts';
import { isVolatile, needsRewriteToAdd, type Verdict } from './volatility.ts';

let parser: SqlParser;
let facts: SchemaFacts;
beforeAll(async () => {
  parser = await loadSqlParser();
  facts = factsOf(SCHEMA_SQL);
});

describe('the verdict on an expression', () => {
  test.each<[string, Verdict]>([
    ['random()', true],
    [`coalesce('a', gen_random_uuid()::text)`, true],
    [`case when now() > '2024-01-01' then random() else 0 end`, true],
    ['array[1, random()]', true],
    ['greatest(1, random())', true],
    ['not (random() > 0.5)', true],
    ['(array[1, 2])[random()::int]', true],
    ['nextval($$s$$::regclass) + stranger()', true],
    ['extensions.uuid_generate_v4()', true],
    ['pg_catalog.clock_timestamp()', true],
    ['public.random()', 'unknown'],
    ['public.now()', 'unknown'],
    ['lower(stranger())', 'unknown'],
    [`lower('A')::mood`, 'unknown'],
    [`'a'::mood`, false],
    [`'{}'::mood[]`, false],
    ['(select 1)', 'unknown'],
    [`current_time at time zone 'UTC'`, 'unknown'],
    [`now() at time zone 'UTC'`, false],
    ['uuid_nil()', false],
    [`now() + interval '1 day'`, false],
    [`timezone('utc', now())`, false],
    [`nullif('', '')`, false],
    ['row(1, null)', false],
    [`'a' in ('b', 'c')`, false],
    [`make_interval(days => 3)`, false],
    [`'a' collate "C"`, false],
    [`(1 is null) is true`, false],
  ])('%s: %s', (sql, verdict) => {
    expect(isVolatile(expressionOf(sql))).toBe(verdict);
  });
});

describeEachPostgres('what PostgreSQL declares', (postgres) => {
  test('of its functions is never contradicted', async () => {
    const { sql } = await postgres.createDatabase();
    await sql`create extension pgcrypto`;
    await sql`create extension "uuid-ossp"`;
    const functions = await sql<{ name: string; kinds: string[]; zoned: boolean }[]>`
      select proname as name, array_agg(distinct provolatile::text) as kinds
      from pg_proc left join pg_depend on objid = pg_proc.oid and deptype = 'e'
      where prokind = 'f' and prorettype not in ('trigger'::regtype, 'event_trigger'::regtype, 'void'::regtype)
        and not proretset and proname ~ '^[a-z_0-9]+$'
      group by proname`;
    expect(functions.length).toBeGreaterThan(2000);

    const answers = functions.map(({ name, kinds }) => ({ name, kinds, said: isVolatile(callOf(name)) }));
    // timezone(text, timetz) of PostgreSQL 14 is the one that has to be told by its argument.
    const wronglySettled = answers.filter(
      ({ name, kinds, said }) => said === false && kinds.includes('v') && name !== 'timezone',
    );
    expect(wronglySettled).toEqual([]);
    expect(answers.filter(({ kinds, said }) => said === true && kinds.some((kind) => kind !== 'v'))).toEqual(
      [],
    );

    const count = (verdict: Verdict) => answers.filter(({ said }) => said === verdict).length;
    expect(count(true)).toBeGreaterThan(15);
    expect(count(false)).toBeGreaterThan(120);
  });

  test('is volatile of no operator, and of no cast between its types', async () => {
    const { sql } = await postgres.createDatabase();
    expect(
      await sql`select oprname from pg_operator join pg_proc on pg_proc.oid = oprcode
        where provolatile = 'v'`,
    ).toHaveLength(0);
    expect(
      await sql`select castfunc::regproc from pg_cast join pg_proc on pg_proc.oid = castfunc
        where provolatile = 'v'`,
    ).toHaveLength(0);
    // What a cast through text would call.
    expect(
      await sql`select typname from pg_type join pg_proc on pg_proc.oid in (typinput, typoutput)
        where provolatile = 'v' and typtype in ('b', 'r', 'm', 'e')`,
    ).toHaveLength(0);
  });
});

/** The column as it stands behind ADD COLUMN, and whether the table is written anew for it. */
const COLUMNS: readonly (readonly [definition: string, rewrites: boolean])[] = [
  ['int', false],
  ['int default 1', false],
  ['int default null', false],
  ['int not null default 1', false],
  ['int default 1 check (c > 0)', false],
  [`text default ''`, false],
  [`text[] default '{}'`, false],
  ['text[] default array[]::text[]', false],
  [`jsonb default '{}'::jsonb`, false],
  [`jsonb default jsonb_build_object('at', now())`, false],
  ['timestamptz default now()', false],
  ['timestamptz default current_timestamp', false],
  ['timestamptz default statement_timestamp()', false],
  ['timestamptz default transaction_timestamp()', false],
  [`timestamptz default now() + interval '30 days'`, false],
  [`timestamp default (now() at time zone 'utc')`, false],
  ['date default current_date', false],
  ['text default current_user', false],
  [`text default upper(left('abc', 2)) || '-'`, false],
  [`text default current_setting('server_version')`, false],
  ['boolean default (1 > 0 and not false)', false],
  ['xid8 default pg_current_xact_id()', false],
  ['bigint default txid_current()', false],
  ['uuid default uuid_nil()', false],
  [`uuid default uuid_generate_v5(uuid_ns_url(), 'a')`, false],
  ['float default random()', true],
  ['int default (random() * 10)::int', true],
  ['uuid default gen_random_uuid()', true],
  ['text default gen_random_uuid()::text', true],
  ['uuid default uuid_generate_v4()', true],
  ['uuid default uuid_generate_v1mc()', true],
  [`text default encode(gen_random_bytes(4), 'hex')`, true],
  ['timestamptz default clock_timestamp()', true],
  ['text default timeofday()', true],
  [`bigint default nextval('s')`, true],
  ['text default md5(random()::text)', true],
  ['serial', true],
  ['bigserial', true],
  ['smallserial', true],
  ['int generated always as identity', true],
  ['bigint generated by default as identity', true],
  ['int generated always as (a * 2) stored', true],
  ['mood', false],
  [`mood default 'calm'`, false],
  ['citext', false],
  ['free', false],
  ['filled', false],
  ['checked', true],
  ['checked[]', false],
  ['checked_too', true],
  ['present default 1', true],
  ['numbered', true],
  ['numbered default 1', false],
  ['int default settled()', false],
  ['int default public.settled() + 1', false],
  ['int default busy()', true],
  [`text default to_char(busy(), '9')`, true],
  ['int default settled() + busy()', true],
];

/** Where nothing can be said from the SQL alone. */
const OPEN: readonly (readonly [definition: string, rewrites: boolean])[] = [
  ['text default worded()', false],
  ['uuid default drawn()', true],
];

describeEachPostgres('ADD COLUMN', (postgres) => {
  test('rewrites the table where it is said to, and nowhere else', async () => {
    const { version, createDatabase } = postgres;
    const { sql } = await createDatabase();
    await sql.unsafe(SCHEMA_SQL);
    const ofVersion: typeof COLUMNS =
      version < 18
        ? []
        : [
            ['uuid default uuidv7()', true],
            ['uuid default uuidv4()', true],
            ['float default random_normal()', true],
            ['int generated always as (a * 2) virtual', false],
            ['int generated always as (a * 2)', false],
          ];
    for (const [definition, rewrites] of [...COLUMNS, ...ofVersion]) {
      expect(needsRewriteToAdd(columnDefinition(definition), facts), definition).toBe(rewrites);
      expect(await isRewrittenBy(sql, definition), definition).toBe(rewrites);
    }
    for (const [definition, rewrites] of OPEN) {
      expect(needsRewriteToAdd(columnDefinition(definition), facts), definition).toBe('unknown');
      expect(await isRewrittenBy(sql, definition), definition).toBe(rewrites);
    }
  });

  test('of a time with time zone, moved to another zone, is left open', async () => {
    const { version, createDatabase } = postgres;
    const { sql } = await createDatabase();
    const definition = `timetz default (current_time at time zone 'utc')`;
    await sql.unsafe(SCHEMA_SQL);
    expect(needsRewriteToAdd(columnDefinition(definition), facts)).toBe('unknown');
    // What the releases between say is not measured here.
    if (version === 14) expect(await isRewrittenBy(sql, definition)).toBe(true);
    if (version === 18) expect(await isRewrittenBy(sql, definition)).toBe(false);
  });
});

describe('a type that nothing is known of', () => {
  test('or a function leaves the verdict open, unless the default settles it', () => {
    expect(needsRewriteToAdd(columnDefinition('int default busy()'))).toBe('unknown');
    expect(needsRewriteToAdd(columnDefinition('stranger'))).toBe('unknown');
    expect(needsRewriteToAdd(columnDefinition('stranger default random()'))).toBe(true);
    expect(needsRewriteToAdd(columnDefinition('above'), facts)).toBe('unknown');
  });
});

const SCHEMA_SQL = `
  create extension if not exists citext;
  create extension if not exists pgcrypto;
  create extension if not exists "uuid-ossp";
  create sequence s;
  create table m (a int);
  create type mood as enum ('calm', 'loud');
  create domain free as text;
  create domain filled as int default 7;
  create domain checked as text check (value <> 'x');
  create domain checked_too as checked;
  create domain present as int not null;
  create domain numbered as bigint default nextval('s');
  create function settled() returns int language plpgsql stable as 'begin return 1; end';
  create function busy() returns int language plpgsql as 'begin return 1; end';
  create function worded() returns text language sql as $$ select 'a'::text $$;
  create function drawn() returns uuid language sql as 'select gen_random_uuid()';`;

async function isRewrittenBy(sql: Sql, definition: string): Promise<boolean> {
  const node = () => sql<{ node: number }[]>`select pg_relation_filenode('m')::int as node`;
  const [before] = await node();
  await sql.unsafe(`alter table m add column c ${definition}`);
  const [after] = await node();
  await sql`alter table m drop column c`;
  return before?.node !== after?.node;
}

function columnDefinition(definition: string): NodeOf<'ColumnDef'> {
  const [statement] = parser.parse(`alter table m add column c ${definition}`);
  const [command] = statement === undefined ? [] : alterTableCommands(statement);
  const column = command === undefined ? null : columnOf(command);
  if (column === null) throw new Error(`Not a column: ${definition}`);
  return column;
}

function expressionOf(sql: string): ParseNode {
  const [statement] = parser.parse(`select ${sql}`);
  const [target] =
    statement !== undefined && 'SelectStmt' in statement ? (statement.SelectStmt.targetList ?? []) : [];
  const expression = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (expression === undefined) throw new Error(`Not an expression: ${sql}`);
  return expression;
}

/** A call without arguments, made by hand: many of these names are keywords with a grammar of their own. */
function callOf(name: string): ParseNode {
  return { FuncCall: { funcname: [{ String: { sval: name } }] } };
}

function factsOf(sql: string): SchemaFacts {
  const { statements } = parseMigration(
    { name: 'm', file: 'm.sql', sql: `${sql} create domain above as stranger;`, batch: 1, linted: true },
    { parser, numbers: numberTransactions('companion') },
  );
  const state = createSchemaState();
  for (const statement of statements) applyStatement(state, statement);
  return viewFacts(state);
}
