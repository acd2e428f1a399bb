import { describe, expect, it } from 'vitest';
import type { ServerError } from '../kernel/errors.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { type Circumstances, forgive, mayBeForgiven } from './forgive.ts';
import type { Missing } from './missing-after.ts';

const AS_IT_IS: Circumstances = { unit: 'transaction', atomic: true, missing: [], added: [] };
const error = (sqlstate: string, message = 'no'): ServerError => ({ sqlstate, message, severity: 'ERROR' });
const made = (name: string, as?: 'prefix'): Missing => ({ kind: 'made', name, ...(as && { as }) });
const column = (name: string, columnOf: string): Missing => ({ kind: 'made', name, columnOf });
const gone = (name: string): Missing => ({ kind: 'gone', name });
const key = (table: string): Missing => ({ kind: 'key', table });
const rows = (table: string | null): Missing => ({ kind: 'rows', table });
const parser = await loadSqlParser();

describe('A failure is no failure of the migration', () => {
  it('where the statement commits by itself and a rehearsal does not let it', () => {
    const alone = { ...AS_IT_IS, unit: 'autocommit', atomic: false } as const;
    for (const sqlstate of ['25001', '2D000', '0B000']) {
      expect(forgive(error(sqlstate), alone)?.reason).toContain('cannot run inside a transaction');
      expect(forgive(error(sqlstate), AS_IT_IS)).toBeNull();
    }
    expect(mayBeForgiven(alone)).toBe(true);
    expect(mayBeForgiven({ ...alone, atomic: true })).toBe(false);
  });

  it.each<[Missing, ServerError, string, boolean]>([
    [made('i'), error('42704', 'index "i" does not exist'), 'DROP INDEX i', true],
    [made('i'), error('42P01', 'Relation »s.i« existiert nicht'), 'ALTER INDEX s.i RENAME TO j', true],
    [made('i'), error('42704', 'index "is" does not exist'), 'DROP INDEX "is"', false],
    [made('index'), error('42704', 'index "i" does not exist'), 'DROP INDEX i', false],
    [made('f'), error('42883', 'function f(integer) does not exist'), 'SELECT f(1)', true],
    [made('t'), error('42703', 'column "x" of relation "t" does not exist'), 'SELECT 1', true],
    [made('t'), error('23502', 'null value in relation "t"'), 'SELECT 1', false],
    [made('t_', 'prefix'), error('42704', 'constraint "t_a_check" of relation "t"'), 'SELECT 1', true],
    [column('x', 't'), error('42703', 'column "x" does not exist'), 'SELECT x FROM t', true],
    [
      column('x', 't'),
      error('42703', 'column "x" of relation "u" does not exist'),
      'UPDATE u SET x = 1',
      false,
    ],
    [gone('i'), error('42P07', 'relation "i" already exists'), 'CREATE INDEX i ON t (a)', true],
    [gone('i'), { ...error('23505'), constraint: 'i' }, 'INSERT INTO t VALUES (1)', true],
    [gone('i'), { ...error('23505'), constraint: 'j' }, 'INSERT INTO t VALUES (1)', false],
    [key('t'), error('42830'), 'ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES t (b)', true],
    [key('t'), error('42830'), 'ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES v (b)', false],
    [key('t'), error('42P10'), 'INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING', true],
    [key('mv'), error('55000'), 'REFRESH MATERIALIZED VIEW CONCURRENTLY mv', true],
    [key('t'), error('23505'), 'ALTER TABLE t ADD UNIQUE (a)', false],
    [rows('t'), { ...error('23514'), table: 't' }, 'SELECT 1', true],
    [rows('t'), { ...error('23503'), detail: 'Key (a)=(1) is not present in table "t".' }, 'SELECT 1', true],
    [rows('t'), { ...error('23505'), table: 'u' }, 'ALTER TABLE u ADD UNIQUE (a)', false],
    [rows('t'), error('22012'), 'SELECT 1 / a FROM t', false],
    [rows(null), error('23505'), 'ALTER TABLE u ADD UNIQUE (a)', true],
    [{ kind: 'detached', partition: 'p' }, error('42809'), 'ALTER TABLE p ADD COLUMN a int', true],
    [
      { kind: 'detached', partition: 'p' },
      error('42P17', 'partition "q" would overlap partition "p"'),
      'SELECT 1',
      true,
    ],
    [
      { kind: 'detached', partition: 'p' },
      { ...error('23514'), table: 'p' },
      'INSERT INTO p VALUES (1)',
      true,
    ],
    [
      { kind: 'detached', partition: 'p' },
      { ...error('23514'), table: 'p', constraint: 'c' },
      'SELECT 1',
      false,
    ],
    [{ kind: 'position' }, error('23505'), 'INSERT INTO t DEFAULT VALUES', true],
    [{ kind: 'position' }, error('23505'), 'CREATE UNIQUE INDEX i ON t (a)', false],
  ])('where something is missing that it needs: %j, %j, %s', (missing, server, sql, isForgiven) => {
    const circumstances = { ...AS_IT_IS, missing: [{ ...missing, where: 'line 1 of 0000_m' }] };
    const refused = { node: parser.parse(sql)[0] ?? null, missing: [] };
    expect(forgive(server, circumstances, refused) !== null).toBe(isForgiven);
    expect(mayBeForgiven(circumstances)).toBe(true);
  });

  it.each([
    ['unsafe use of new value "bad" of enum type mood', true],
    ['unsichere Verwendung des neuen Werts »bad« des Enum-Typs mood', true],
    ['unsafe use of new value "bad" of enum type other.mood', true],
    ['unsafe use of new value "badly" of enum type mood', false],
    ['unsafe use of new value "bad" of enum type moods', false],
    ['unsafe use of new value "not bad" of enum type humour', false],
  ])('of a value that an earlier migration added: %s', (message, isForgiven) => {
    const circumstances = { ...AS_IT_IS, added: [{ type: 'mood', label: 'bad' }] };
    expect(forgive(error('55P04', message), circumstances) !== null).toBe(isForgiven);
    expect(forgive(error('55P04', message), AS_IT_IS)).toBeNull();
  });

  it('and tells the statement that makes what has the very name', () => {
    const missing = [
      { ...made('t_', 'prefix'), where: 'line 1 of 0001_a' },
      { ...made('t_b'), where: 'line 1 of 0002_b' },
    ];
    const reason = (name: string) =>
      forgive(error('42704', `index "${name}" does not exist`), { ...AS_IT_IS, missing })?.reason;
    expect(reason('t_b')).toContain('it may need line 1 of 0002_b');
    expect(reason('t_c')).toContain('it may need line 1 of 0001_a');
  });

  it('and never where nothing was left out', () => {
    expect(mayBeForgiven(AS_IT_IS)).toBe(false);
    expect(forgive(error('42P01'), AS_IT_IS)).toBeNull();
  });
});
