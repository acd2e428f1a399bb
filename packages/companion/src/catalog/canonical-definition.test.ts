import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser, type SqlParser } from '../sql/parser.ts';
import { canonicalDefinition, type DefinitionForm } from './canonical-definition.ts';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser();
});

const isSame = (form: DefinitionForm, one: string, other: string) =>
  canonicalDefinition(one, form, parser) === canonicalDefinition(other, form, parser);

describe('canonicalDefinition', () => {
  test.each<[DefinitionForm, string, string]>([
    ['statement', 'SELECT users.id FROM public.users', 'SELECT id FROM public.users;'],
    ['statement', 'SELECT u.id AS n FROM users u ORDER BY u.id', 'SELECT id AS n FROM users u ORDER BY id'],
    ['statement', 'SELECT g.n FROM generate_series(1, 3) g(n)', 'SELECT n FROM generate_series(1, 3) g(n)'],
    ['statement', 'SELECT s.n FROM (SELECT 1 AS n) s', 'SELECT n FROM (SELECT 1 AS n) s'],
    [
      'statement',
      'SELECT u.a FROM u WHERE u.a IN (SELECT v.a FROM v WHERE v.b = u.b)',
      'SELECT a FROM u WHERE a IN (SELECT v.a FROM v WHERE v.b = u.b)',
    ],
    [
      'statement',
      'SELECT XMLSERIALIZE(CONTENT x AS text) AS x FROM t',
      'SELECT XMLSERIALIZE(CONTENT x AS text NO INDENT) AS x FROM t',
    ],
    ['statement', 'CREATE INDEX a ON t USING btree (x)', 'CREATE INDEX b ON t USING btree (x)'],
    ['expression', '((a > 1))', 'a > 1'],
    ['expression', `(ARRAY['a'::varchar, NULL])::text[]`, `ARRAY[('a'::varchar)::text, NULL::text]`],
    ['expression', '(ARRAY[ARRAY[a], ARRAY[b]])::text[]', 'ARRAY[ARRAY[a::text], ARRAY[b::text]]'],
    ['constraint', 'CHECK ((a > 1))', 'CHECK (a > 1)'],
    ['domain constraint', 'CHECK ((VALUE > 1))', 'CHECK (VALUE > 1)'],
  ])('%s: %s is the same as %s', (form, one, other) => {
    expect(isSame(form, one, other)).toBe(true);
  });

  test.each<[DefinitionForm, string, string]>([
    ['statement', 'SELECT a.id FROM a, b', 'SELECT b.id FROM a, b'],
    ['statement', 'SELECT a.id FROM a JOIN b ON true', 'SELECT id FROM a JOIN b ON true'],
    ['statement', 'SELECT u.* FROM u', 'SELECT * FROM u'],
    ['statement', 'SELECT (u.a).b FROM u', 'SELECT u.b FROM u'],
    [
      'statement',
      'SELECT a FROM u WHERE EXISTS (SELECT FROM v WHERE v.b = u.b)',
      'SELECT a FROM u WHERE EXISTS (SELECT FROM v WHERE v.b = b)',
    ],
    ['statement', 'CREATE INDEX a ON t USING btree (x)', 'CREATE UNIQUE INDEX a ON t USING btree (x)'],
    ['expression', `'1'::text`, `'1'::varchar`],
    ['expression', '(ARRAY[a])::text[]', 'ARRAY[a]'],
    ['expression', '(ARRAY[a])::text[]', 'ARRAY[a::varchar]'],
    ['expression', 'ARRAY[]::text[]', 'ARRAY[]::integer[]'],
    ['expression', '(ARRAY[a])::text', 'ARRAY[a::text]'],
    ['expression', 'a > 1 AND b OR c', 'a > 1 AND (b OR c)'],
    ['constraint', 'FOREIGN KEY (a) REFERENCES b(id)', 'FOREIGN KEY (a) REFERENCES b(id) ON DELETE CASCADE'],
  ])('%s: %s is not %s', (form, one, other) => {
    expect(isSame(form, one, other)).toBe(false);
  });

  test('leaves alone what PostgreSQL cannot parse', () => {
    expect(canonicalDefinition('nextval(its own sequence)', 'expression', parser)).toBe(
      'nextval(its own sequence)',
    );
  });
});
