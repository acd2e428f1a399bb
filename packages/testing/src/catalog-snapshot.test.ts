import { expect, test } from 'vitest';
import { readCatalog } from './catalog-snapshot.ts';
import { describeEachPostgres } from './test-database.ts';

const ENUM = `create type mood as enum ('happy', 'sad')`;
const USERS = `create table users (id serial primary key, name text not null default 'x', mood mood, unique (name))`;
const GROUPS =
  'create table groups (id bigint generated always as identity primary key, area int, check (area > 0))';
const REST = `
  create view names as select name from users;
  create function two() returns int language sql as 'select 2';
  create index users_mood on users (mood) where mood is not null;
  alter table groups enable row level security;
  create policy mine on groups for select using (area = 1);
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger touch before update on users for each row execute function touch();
  create sequence counter increment 5;
  comment on table users is 'people';`;

describeEachPostgres('a catalog', ({ createDatabase }) => {
  test('is the same however the database came to it', async () => {
    const [one, other] = await Promise.all([createDatabase(), createDatabase()]);
    await one.sql.unsafe(`${ENUM}; ${USERS}; ${GROUPS}; ${REST}`);
    await other.sql.unsafe(
      `create table gone (id int); ${GROUPS}; ${ENUM}; drop table gone; ${USERS}; ${REST}`,
    );
    // A dropped column leaves a hole, which is no difference.
    await other.sql.unsafe('alter table users add column hole int; alter table users drop column hole');
    // A role's search path is none either.
    await other.sql.unsafe('set search_path to pg_catalog');
    expect(await readCatalog(other.sql)).toBe(await readCatalog(one.sql));
  });

  test.each([
    `alter type mood add value 'tired' before 'sad'`,
    'alter table users alter name drop default',
    'alter table users alter name drop not null',
    'alter table users add column age int',
    'alter table users drop constraint users_name_key',
    'drop index users_mood',
    `create or replace view names as select name || '' as name from users`,
    `create or replace function two() returns int language sql as 'select 3'`,
    'alter sequence counter increment 6',
    'drop trigger touch on users',
    'alter policy mine on groups using (area = 2)',
    'alter table groups disable row level security',
    'create schema other',
    'comment on table users is null',
  ])('changes with: %s', async (change) => {
    const { sql } = await createDatabase();
    await sql.unsafe(`${ENUM}; ${USERS}; ${GROUPS}; ${REST}`);
    const before = await readCatalog(sql);
    await sql.unsafe(change);
    expect(await readCatalog(sql)).not.toBe(before);
  });

  test('leaves out the schemas it is told to', async () => {
    const { sql } = await createDatabase();
    const before = await readCatalog(sql);
    await sql.unsafe('create schema drizzle; create table drizzle.ledger (id serial primary key)');
    expect(await readCatalog(sql, { excludeSchemas: ['drizzle'] })).toBe(before);
  });

  test('tells an index that was never finished', async () => {
    const { sql } = await createDatabase();
    await sql.unsafe('create table t (id int); insert into t values (1), (1)');
    await expect(sql.unsafe('create unique index concurrently t_id on t (id)')).rejects.toMatchObject({
      code: '23505',
    });
    expect(await readCatalog(sql)).toContain('(invalid)');
  });
});
