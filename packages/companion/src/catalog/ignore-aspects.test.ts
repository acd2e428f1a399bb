import { createDatabase, postgresVersions } from '@companion/testing';
import { beforeAll, expect, it } from 'vitest';
import { EVERYTHING } from '../../test/catalog/everything.ts';
import { overConnection } from '../../test/catalog/sources.ts';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import { compareCatalogs } from './compare-catalogs.ts';
import type { CatalogAspect } from './ignore-aspects.ts';
import { readCatalog } from './read-catalog.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

const CHANGES: Readonly<Record<Exclude<CatalogAspect, 'extension versions'>, string>> = {
  comments: `COMMENT ON TABLE users IS 'x'; COMMENT ON COLUMN users.age IS 'x'; COMMENT ON TYPE mood IS 'x'`,
  privileges: `GRANT ALL ON users TO PUBLIC; GRANT SELECT (id) ON posts TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC`,
  publications: 'CREATE PUBLICATION more FOR TABLE users; ALTER PUBLICATION feed DROP TABLE users',
  'event triggers': 'DROP EVENT TRIGGER watching',
  storage:
    'ALTER TABLE users SET (fillfactor = 20); ALTER TABLE users ALTER COLUMN email SET STORAGE plain; ALTER TABLE users SET WITHOUT CLUSTER',
  'column order':
    'ALTER TABLE part_notes DROP COLUMN at; ALTER TABLE part_notes ADD COLUMN at date CONSTRAINT part_notes_at_fkey REFERENCES parts',
};

it('overlooks what it is told to, and nothing else', { timeout: 60_000 }, async () => {
  const version = postgresVersions().at(-1) ?? 0;
  const { sql } = await createDatabase({ version });
  const source = overConnection(version, sql);
  await sql.unsafe(EVERYTHING);
  const aspects = Object.keys(CHANGES) as (keyof typeof CHANGES)[];
  for (const aspect of aspects) {
    const before = await readCatalog(source);
    await sql.unsafe(CHANGES[aspect]);
    const after = await readCatalog(source);
    const others = aspects.filter((other) => other !== aspect);
    expect([aspect, compareCatalogs(before, after, { parser, ignore: [aspect] })]).toEqual([aspect, []]);
    const told = compareCatalogs(before, after, { parser });
    expect(told.length).toBeGreaterThan(0);
    expect(compareCatalogs(before, after, { parser, ignore: others })).toEqual(told);
  }
});

it('overlooks the versions of extensions', () => {
  const catalog = (version: string) => ({
    serverVersion: 180_000,
    entities: [{ kind: 'extension' as const, schema: null, name: 'citext', facts: { version }, parts: [] }],
  });
  const [before, after] = [catalog('1.5'), catalog('1.6')];
  expect(compareCatalogs(before, after, { parser })).toHaveLength(1);
  expect(compareCatalogs(before, after, { parser, ignore: ['extension versions'] })).toEqual([]);
});
