import { describeEachPostgres } from '@companion/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser, type SqlParser } from '../../sql/parser.ts';
import { numberTransactions } from '../number-transactions.ts';
import { parseMigration } from '../parse-migration.ts';
import { applyStatement } from './apply-statement.ts';
import { isBuiltIn, knowType } from './known-type.ts';
import { createSchemaState, type SchemaFacts, viewFacts } from './schema-facts.ts';
import { parseType, type SqlType } from './sql-type.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

describe('a type by its name', () => {
  test('is plain when PostgreSQL or a well-known extension brings it, or CREATE TYPE made it', () => {
    const facts = factsOf(`
      create type mood as enum ('calm', 'loud');
      create type pair as (one int, other int);`);
    for (const text of ['text', 'varchar(10)', 'timestamptz', 'citext', 'extensions.citext', 'mood', 'pair'])
      expect(knowType(typeOf(text), facts), text).toEqual({ kind: 'plain' });
  });

  test('is a domain with what holds of it and of the domain below it', () => {
    const facts = factsOf(`
      create domain free as varchar(10);
      create domain short as text check (length(value) < 10) default 'a';
      create domain shorter as short;
      create domain present as int not null;
      create domain above as stranger;`);
    expect(knowType(typeOf('free'), facts)).toMatchObject({
      kind: 'domain',
      base: { name: 'varchar', modifiers: [10] },
      constrained: false,
      default: undefined,
    });
    expect(knowType(typeOf('short'), facts)).toMatchObject({ constrained: true, default: expect.anything() });
    expect(knowType(typeOf('shorter'), facts)).toMatchObject({
      base: { name: 'text' },
      constrained: true,
      default: expect.anything(),
    });
    expect(knowType(typeOf('present'), facts)).toMatchObject({ constrained: true });
    expect(knowType(typeOf('above'), facts)).toMatchObject({ constrained: 'unknown' });
  });

  test('is not known when nothing tells of it', () => {
    expect(knowType(typeOf('stranger'), factsOf('select 1'))).toEqual({ kind: 'unknown' });
    expect(knowType(typeOf('billing.text'))).toEqual({ kind: 'unknown' });
    expect(knowType(typeOf('mood'))).toEqual({ kind: 'unknown' });
  });

  test('is no domain when it is an array of one', () => {
    expect(knowType(typeOf('stranger[]'))).toEqual({ kind: 'plain' });
  });
});

describeEachPostgres('the built-in types', (postgres) => {
  test('are in pg_catalog, and none that a column can have is missing', async () => {
    const { sql } = await postgres.createDatabase();
    const rows = await sql<{ name: string }[]>`
      select typname as name from pg_type
      where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm')
        and typcategory <> 'A' and typcategory <> 'Z'`;
    const names = rows.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(60);
    // The server's own: no user's column has them.
    const missing = names.filter(
      (name) => !isBuiltIn(named(name)) && !/^(pg_(?!lsn|snapshot)|gtsvector|aclitem)/.test(name),
    );
    expect(missing).toEqual([]);
  });
});

function typeOf(text: string): SqlType {
  const type = parseType(text, parser);
  if (type === null) throw new Error(`PostgreSQL's parser cannot read the type ${text}.`);
  return type;
}

function named(name: string): SqlType {
  return { schema: null, name, modifiers: [], dimensions: 0 };
}

function factsOf(sql: string): SchemaFacts {
  const migration = parseMigration(
    { name: 'm', file: 'm.sql', sql, batch: 1, linted: true },
    { parser, numbers: numberTransactions('companion') },
  );
  const state = createSchemaState();
  for (const statement of migration.statements) applyStatement(state, statement);
  return viewFacts(state);
}
