import { describeEachPostgres, type TestDatabase } from '@companion/testing';
import type { Sql } from 'postgres';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser, type ParseNode, type SqlParser } from '../../sql/parser.ts';
import { numberTransactions } from '../number-transactions.ts';
import { parseMigration } from '../parse-migration.ts';
import { alterTableCommands, columnOf } from './alter-commands.ts';
import { applyStatement } from './apply-statement.ts';
import { createSchemaState, viewFacts } from './schema-facts.ts';
import { parseType, type SqlType } from './sql-type.ts';
import { compareTypes, rebuildsIndexes, type TypeChangeCost } from './type-change.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

/** Within a family every type is changed to every other; across them, the first of each to the first of each. */
const FAMILIES: readonly (readonly string[])[] = [
  ['text', 'varchar', 'varchar(10)', 'varchar(20)', 'bpchar', 'char(10)', 'char(20)', 'citext', 'name'],
  ['int4', 'int2', 'int8', 'oid', 'regclass', 'regtype', 'regproc', 'regprocedure', 'money', 'float4'],
  ['numeric', 'numeric(10)', 'numeric(10, 2)', 'numeric(12, 2)', 'numeric(12, 4)', 'int4', 'float8'],
  ['timestamptz', 'timestamptz(3)', 'timestamptz(6)', 'timestamp', 'timestamp(3)', 'timestamp(6)', 'date'],
  ['time', 'time(3)', 'time(5)', 'time(6)', 'timetz', 'timetz(3)', 'timetz(6)'],
  [
    'interval',
    'interval(3)',
    'interval(6)',
    'interval second(2)',
    'interval day to second',
    'interval day to second(3)',
    'interval year',
    'interval year to month',
    'interval day',
    'interval minute',
  ],
  ['bit(5)', 'bit(8)', 'varbit', 'varbit(5)', 'varbit(8)'],
  ['inet', 'cidr'],
  ['macaddr', 'macaddr8'],
  ['jsonb', 'json'],
  ['xml', 'text', 'varchar', 'varchar(10)', 'bpchar'],
  ['int4range', 'int8range'],
  [
    'text[]',
    'varchar[]',
    'varchar(10)[]',
    'varchar(20)[]',
    'citext[]',
    'int4[]',
    'int8[]',
    'numeric[]',
    'numeric(10, 2)[]',
    'numeric(12, 2)[]',
    'timestamp[]',
    'timestamp(3)[]',
    'timestamptz[]',
    'inet[]',
    'cidr[]',
  ],
  ['mood', 'mood_too'],
  ['uuid'],
  ['boolean'],
  ['bytea'],
];

/** What can be put into a column of the type; everything else takes a 1. */
const SAMPLES: Readonly<Record<string, string>> = {
  regclass: 'pg_class',
  regtype: 'int4',
  regproc: 'timeofday',
  regprocedure: 'timeofday()',
  date: '2024-02-03',
  timestamp: '2024-02-03 04:05',
  timestamptz: '2024-02-03 04:05Z',
  time: '04:05',
  timetz: '04:05+00',
  inet: '10.0.0.1',
  cidr: '10.0.0.0/8',
  macaddr: '08:00:2b:01:02:03',
  macaddr8: '08:00:2b:01:02:03:04:05',
  int4range: '[1,2)',
  int8range: '[1,2)',
  uuid: '6ee5c1f0-3c66-4f6b-8a8e-000000000001',
  mood: 'calm',
  mood_too: 'calm',
  xml: '<a/>',
  'bit(5)': '10101',
  'bit(8)': '10101010',
};

const ZONES = { UTC: 'kept', 'Europe/Berlin': 'rewritten' } as const;

describeEachPostgres('ALTER COLUMN TYPE', (postgres) => {
  test.each(Object.entries(ZONES))(
    'costs what is said of it, in %s',
    { timeout: 120_000 },
    async (zone, unzoned) => {
      const database = await prepare(await postgres.createDatabase());
      const measured = await measurePairs(database.sql, zone);

      const wrong = measured.flatMap(({ from, to, using, table, scans, index }) => {
        const cost = compareTypes(typeOf(from), typeOf(to), {
          using: expressionOf(using),
          column: 'c',
          facts,
        });
        const expected = {
          same: 'kept',
          catalog: 'kept',
          'rewrite-unless-utc': unzoned,
          rewrite: 'rewritten',
        };
        const mistakes: unknown[] = [];
        if (cost === 'unknown' || table !== expected[cost]) mistakes.push({ cost, table });
        // A table that is kept is not read either.
        if (table === 'kept' && scans !== 0) mistakes.push({ scans });
        if (table === 'kept' && index !== null) {
          const rebuilt = rebuildsIndexes(typeOf(from), typeOf(to), facts);
          if (rebuilt !== (index === 'rebuilt')) mistakes.push({ index, said: rebuilt });
        }
        if (table === 'rewritten' && index === 'kept') mistakes.push({ index });
        return mistakes.length === 0 ? [] : [{ from, to, using, mistakes }];
      });
      expect(wrong).toEqual([]);

      const count = (wanted: (pair: Measured) => boolean) => measured.filter(wanted).length;
      expect(count(({ table }) => table === 'rewritten')).toBeGreaterThan(300);
      expect(count(({ from, to, table }) => from !== to && table === 'kept')).toBeGreaterThan(90);
      expect(count(({ index, table }) => table === 'kept' && index === 'rebuilt')).toBeGreaterThan(15);
    },
  );

  test('costs what the casts in USING cost', async () => {
    const database = await prepare(await postgres.createDatabase());
    for (const { from, to, using, cost } of USINGS) {
      const label = `${from} to ${to} using ${using}`;
      expect(
        compareTypes(typeOf(from), typeOf(to), { using: expressionOf(using), column: 'c', facts }),
        label,
      ).toBe(cost);
      const { table } = await measure(database.sql, {
        setup: `create table m (c ${from}, other ${to})`,
        alter: `alter table m alter c type ${to} using ${using}`,
      });
      expect(table, label).toBe(cost === 'rewrite' ? 'rewritten' : 'kept');
    }
  });

  test('sees through domains as the server does', async () => {
    const database = await prepare(await postgres.createDatabase());
    for (const [from, to, cost] of DOMAINS) {
      const label = `${from} to ${to}`;
      expect(compareTypes(typeOf(from), typeOf(to), { using: undefined, column: 'c', facts }), label).toBe(
        cost,
      );
      const { table, index } = await measure(database.sql, {
        setup: `create table m (c ${from}); create index i on m (c)`,
        alter: `alter table m alter c type ${to}`,
      });
      expect(table, label).toBe(cost === 'rewrite' ? 'rewritten' : 'kept');
      if (table === 'kept')
        expect(rebuildsIndexes(typeOf(from), typeOf(to), facts), label).toBe(index === 'rebuilt');
    }
  });

  test('proves a CHECK on the column again, whatever the types', async () => {
    const database = await prepare(await postgres.createDatabase());
    const checked = (check: string, to: string) =>
      measure(database.sql, {
        setup: `create table m (c varchar(10), other int, check (${check}))`,
        alter: `alter table m alter c type ${to}`,
      });
    expect(await checked(`c <> ''`, 'varchar(20)')).toMatchObject({ table: 'kept', scans: 1 });
    expect(await checked(`c <> ''`, 'varchar(10)')).toMatchObject({ table: 'kept', scans: 1 });
    expect(await checked('other > 0', 'varchar(20)')).toMatchObject({ table: 'kept', scans: 0 });
  });

  test.each([
    [
      'with a WHERE that names the column',
      'varchar(10)',
      '(other) where c is not null',
      'varchar(20)',
      'rebuilt',
    ],
    ['over an expression of it', 'varchar(10)', '(lower(c))', 'varchar(20)', 'rebuilt'],
    ['whose collation changes', 'text', '(c)', 'text collate "C"', 'rebuilt'],
    ['of GIN over arrays', 'varchar(10)[]', 'using gin (c)', 'varchar[]', 'rebuilt'],
    ['with the column beside its key', 'varchar(10)', '(other) include (c)', 'bpchar', 'kept'],
    ['of the hash kind', 'varchar(10)', 'using hash (c)', 'text', 'kept'],
    ['of the BRIN kind', 'varchar(10)', 'using brin (c)', 'text', 'kept'],
    ['by patterns', 'varchar(10)', '(c varchar_pattern_ops)', 'text', 'kept'],
  ])('treats an index %s', async (_, from, index, to, fate) => {
    const database = await prepare(await postgres.createDatabase());
    const outcome = await measure(database.sql, {
      setup: `create table m (c ${from}, other int); create index i on m ${index}`,
      alter: `alter table m alter c type ${to}`,
    });
    expect(outcome).toMatchObject({ table: 'kept', index: fate });
  });

  test('costs nothing but the catalog for every cast that the server calls binary', async () => {
    const { sql } = await prepare(await postgres.createDatabase());
    const casts = await sql<{ from: string; to: string }[]>`
      select s.typname as from, t.typname as to
      from pg_cast join pg_type s on s.oid = castsource join pg_type t on t.oid = casttarget
      where castmethod = 'b'
        and s.typname not in ('pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list')`;
    expect(casts.length).toBeGreaterThan(50);
    const typed = (name: string) => ({ schema: null, name, modifiers: [], dimensions: 0 });
    const missed = casts.filter(
      ({ from, to }) => compareTypes(typed(from), typed(to), { using: undefined, column: 'c' }) !== 'catalog',
    );
    expect(missed).toEqual([]);
  });
});

describe('what is not known of a type', () => {
  test.each<[string, string, TypeChangeCost]>([
    ['text', 'stranger', 'unknown'],
    ['stranger', 'text', 'unknown'],
    ['stranger', 'stranger', 'same'],
    ['stranger(3)', 'stranger', 'catalog'],
    ['stranger(3)', 'stranger(4)', 'rewrite'],
    ['stranger[]', 'text[]', 'rewrite'],
    ['geometry(Point, 4326)', 'geometry(Polygon, 4326)', 'unknown'],
    ['citext', 'extensions.citext', 'same'],
    ['billing.mood', 'shop.mood', 'unknown'],
    ['serial', 'int4', 'same'],
    ['timestamp(9)', 'timestamp(6)', 'same'],
    ['numeric(10)', 'numeric(10, 0)', 'same'],
  ])('%s to %s: %s', (from, to, cost) => {
    expect(compareTypes(typeOf(from), typeOf(to), { using: undefined, column: 'c' })).toBe(cost);
  });

  test('is not guessed: the column of USING must be the column itself', () => {
    const options = { using: expressionOf('d::text'), column: 'c' };
    expect(compareTypes(typeOf('varchar(10)'), typeOf('text'), options)).toBe('rewrite');
  });
});

const USINGS: readonly { from: string; to: string; using: string; cost: TypeChangeCost }[] = [
  { from: 'varchar(10)', to: 'varchar(20)', using: 'c', cost: 'catalog' },
  { from: 'varchar(10)', to: 'varchar(20)', using: '(c)', cost: 'catalog' },
  { from: 'varchar(10)', to: 'varchar(20)', using: 'm.c', cost: 'catalog' },
  { from: 'varchar(10)', to: 'varchar(20)', using: 'c::varchar(20)', cost: 'catalog' },
  { from: 'varchar(10)', to: 'varchar(20)', using: 'cast(c as varchar(15))', cost: 'catalog' },
  { from: 'varchar(10)', to: 'varchar(20)', using: 'c::varchar(15)::varchar(12)', cost: 'rewrite' },
  { from: 'varchar(10)', to: 'varchar(20)', using: 'c::varchar', cost: 'rewrite' },
  { from: 'varchar(10)', to: 'varchar(20)', using: 'c::text', cost: 'rewrite' },
  { from: 'varchar(10)', to: 'text', using: 'c::varchar::text', cost: 'catalog' },
  { from: 'varchar(10)', to: 'text', using: 'c::varchar(5)', cost: 'rewrite' },
  { from: 'varchar(10)', to: 'text', using: 'c::text collate "C"', cost: 'catalog' },
  { from: 'varchar(10)', to: 'text', using: 'lower(c)', cost: 'rewrite' },
  { from: 'varchar(10)', to: 'text', using: 'other', cost: 'rewrite' },
  { from: 'text', to: 'text', using: 'c::text', cost: 'same' },
  { from: 'text', to: 'text', using: `c || ''`, cost: 'rewrite' },
  { from: 'mood', to: 'mood', using: 'c::text::mood', cost: 'rewrite' },
  { from: 'mood', to: 'mood_too', using: 'c::text::mood_too', cost: 'rewrite' },
  { from: 'numeric(10, 2)', to: 'numeric(12, 2)', using: 'c::numeric(12, 2)', cost: 'catalog' },
  { from: 'numeric(10, 2)', to: 'numeric(12, 2)', using: 'c::numeric', cost: 'rewrite' },
  { from: 'timestamp', to: 'timestamptz', using: `c at time zone 'UTC'`, cost: 'rewrite' },
  { from: 'int4', to: 'int8', using: 'c::int8', cost: 'rewrite' },
];

const DOMAIN_SQL = `
  create type mood as enum ('calm', 'loud');
  create type mood_too as enum ('calm', 'loud');
  create domain free as text;
  create domain freer as free;
  create domain ten as varchar(10);
  create domain ten_too as ten;
  create domain list as text[];
  create domain humour as mood;
  create domain span as int4range;
  create domain filled as int default 7;
  create domain checked as text check (value <> 'x');
  create domain checked_too as checked;
  create domain present as int not null;`;

const DOMAINS: readonly (readonly [from: string, to: string, cost: TypeChangeCost])[] = [
  ['free', 'text', 'catalog'],
  ['text', 'free', 'catalog'],
  ['varchar(20)', 'free', 'catalog'],
  ['free', 'freer', 'catalog'],
  ['text', 'freer', 'catalog'],
  ['int4', 'filled', 'catalog'],
  ['int4', 'present', 'rewrite'],
  ['text', 'checked', 'rewrite'],
  ['checked', 'text', 'catalog'],
  ['checked', 'free', 'catalog'],
  ['checked_too', 'checked', 'rewrite'],
  ['text', 'checked_too', 'rewrite'],
  ['ten', 'text', 'catalog'],
  ['ten', 'varchar(10)', 'rewrite'],
  ['ten', 'varchar(20)', 'rewrite'],
  ['varchar(10)', 'ten', 'catalog'],
  ['varchar(5)', 'ten', 'catalog'],
  ['text', 'ten', 'rewrite'],
  ['ten', 'ten_too', 'rewrite'],
  ['free', 'bpchar', 'catalog'],
  ['list', 'text[]', 'catalog'],
  ['text[]', 'list', 'catalog'],
  ['varchar[]', 'list', 'rewrite'],
  ['mood', 'humour', 'catalog'],
  ['span', 'int4range', 'catalog'],
  ['free[]', 'text[]', 'rewrite'],
  ['text[]', 'free[]', 'rewrite'],
];

let facts: ReturnType<typeof viewFacts>;
beforeAll(() => {
  const state = createSchemaState();
  const { statements } = parseMigration(
    { name: 'm', file: 'm.sql', sql: DOMAIN_SQL, batch: 1, linted: true },
    { parser, numbers: numberTransactions('companion') },
  );
  for (const statement of statements) applyStatement(state, statement);
  facts = viewFacts(state);
});

type Outcome = { table: 'kept' | 'rewritten'; scans: number; index: 'kept' | 'rebuilt' | null };
type Measured = Outcome & { from: string; to: string; using: string | undefined };

/**
 * `measure(setup, alter)` makes the table `m`, maybe with an index `i`, alters it, tells what became of their files
 * and how often the table was read from end to end, and takes everything back.
 */
const MEASURE_SQL = `
  create function measure(setup text, alter_table text) returns jsonb language plpgsql as $$
  declare node oid; node_of_index oid; scans bigint; outcome jsonb;
  begin
    execute setup;
    node := pg_relation_filenode('m');
    node_of_index := pg_relation_filenode(to_regclass('i'));
    scans := pg_stat_get_xact_numscans('m'::regclass);
    execute alter_table;
    outcome := jsonb_build_object(
      'table', case when node = pg_relation_filenode('m') then 'kept' else 'rewritten' end,
      'scans', pg_stat_get_xact_numscans('m'::regclass) - scans,
      'index', case when node_of_index is null then null
        when node_of_index = pg_relation_filenode(to_regclass('i')) then 'kept' else 'rebuilt' end);
    raise exception using errcode = 'TAKEN', message = 'back';
  exception when sqlstate 'TAKEN' then return outcome;
  end $$;

  create function measure_pair(source text, target text, sample text) returns jsonb language plpgsql as $$
  declare
    setup text := format('create table m (c %s); insert into m values (null), (%L)', source, sample);
    alter_table text := format('alter table m alter c type %s', target);
    using_cast text;
    bare jsonb;
  begin
    begin
      bare := measure(setup, alter_table);
    exception
      when datatype_mismatch then
        using_cast := format('c::%s', target);
        alter_table := format('%s using %s', alter_table, using_cast);
      when data_exception then
        setup := format('create table m (c %s); insert into m values (null)', source);
    end;
    if bare is null then
      begin
        bare := measure(setup, alter_table);
      exception when data_exception then
        setup := format('create table m (c %s); insert into m values (null)', source);
        bare := measure(setup, alter_table);
      end;
    end if;
    begin
      return bare || jsonb_build_object('using', using_cast, 'index',
        measure(setup || '; create index i on m (c)', alter_table) -> 'index');
    exception when undefined_object then -- no operator class
      return bare || jsonb_build_object('using', using_cast, 'index', null);
    end;
  exception when cannot_coerce or datatype_mismatch then return null;
  end $$;`;

async function prepare(database: TestDatabase): Promise<TestDatabase> {
  await database.sql.unsafe(`create extension citext; ${DOMAIN_SQL}; ${MEASURE_SQL}`);
  return database;
}

async function measure(sql: Sql, { setup, alter }: { setup: string; alter: string }): Promise<Outcome> {
  const [row] = await sql<{ outcome: Outcome }[]>`select measure(${setup}, ${alter}) as outcome`;
  if (row === undefined) throw new Error('Nothing was measured.');
  return row.outcome;
}

async function measurePairs(sql: Sql, zone: string): Promise<Measured[]> {
  const firsts = FAMILIES.flatMap(([first]) => (first === undefined ? [] : [first]));
  const pairs = [...FAMILIES, firsts].flatMap((family) =>
    family.flatMap((from) => family.map((to) => ({ from, to }))),
  );
  return sql.begin(async (transaction) => {
    await transaction`select set_config('timezone', ${zone}, true)`;
    const rows = await transaction<
      { from: string; to: string; outcome: Omit<Measured, 'from' | 'to'> | null }[]
    >`
      select source as from, target as to, measure_pair(source, target, sample) as outcome
      from unnest(${pairs.map(({ from }) => from)}::text[], ${pairs.map(({ to }) => to)}::text[],
        ${pairs.map(({ from }) => sampleOf(from))}::text[]) as pair (source, target, sample)`;
    return rows.flatMap(({ from, to, outcome }) =>
      outcome === null ? [] : [{ from, to, ...outcome, using: outcome.using ?? undefined }],
    );
  });
}

function sampleOf(type: string): string {
  const element = type.replace('[]', '');
  const [bare = element] = element.split('(');
  const sample = SAMPLES[element] ?? SAMPLES[bare] ?? '1';
  return type === element ? sample : `{"${sample}"}`;
}

function typeOf(text: string): SqlType {
  const type = parseType(text, parser);
  if (type === null) throw new Error(`PostgreSQL's parser cannot read the type ${text}.`);
  return type;
}

function expressionOf(using: string | undefined): ParseNode | undefined {
  if (using === undefined) return undefined;
  const [statement] = parser.parse(`alter table m alter c type text using ${using}`);
  const [command] = statement === undefined ? [] : alterTableCommands(statement);
  return command === undefined ? undefined : columnOf(command)?.raw_default;
}
