import { expect, it } from 'vitest';
import type { ServerError } from '../kernel/errors.ts';
import type { StatementWork } from '../sql/statement-work.ts';
import { explainError } from './explain-error.ts';

const inTransaction = { transaction: true, role: 'app' };

it.each(['55P04', '42P07', '42710', '42701', '42P01', '25001', '55P03', '40P01', '57014', '42501', '23505'])(
  'has advice on %s',
  (sqlstate) => {
    expect(explainError(server(sqlstate), inTransaction)?.hint).toMatch(/\w{3,}.*\./);
  },
);

it('has none where the words of PostgreSQL suffice', () => {
  expect(explainError(server('22012'), inTransaction)).toBeUndefined();
});

it('advises the directive only where the migration has a transaction to leave out', () => {
  expect(explainError(server('25001'), inTransaction)?.hint).toContain(
    '-- drizzle-companion: no-transaction',
  );
  expect(explainError(server('25001'), { transaction: false, role: 'app' })?.hint).toContain('COMMIT');
});

it.each([
  ['permission denied for schema Ops', 'GRANT USAGE, CREATE ON SCHEMA "Ops" TO "app";'],
  ['permission denied for table users', 'GRANT ALL ON TABLE "users" TO "app";'],
  ['permission denied for database acme', 'GRANT CREATE ON DATABASE "acme" TO "app";'],
  ['must be owner of table users', 'superuser make app its owner: ALTER TABLE "users" OWNER TO "app";'],
  ['must be owner of materialized view Sums', 'ALTER MATERIALIZED VIEW "Sums" OWNER TO "app";'],
  ['must be owner of function area', 'Run the migrations as its owner. Or let a superuser run them.'],
])('turns "%s" into what the owner must run', (message, grant) => {
  expect(explainError({ ...server('42501'), message }, inTransaction)?.hint).toContain(grant);
});

it('speaks of rows that are there only to a statement that finds them', () => {
  const hint = (sqlstate: string, work: StatementWork) =>
    explainError(server(sqlstate), { ...inTransaction, work })?.hint;
  for (const sqlstate of ['23502', '23503', '23505', '23514']) {
    expect(hint(sqlstate, 'definition')).toMatch(/^Rows exist that/);
    for (const work of ['insert', 'update', 'delete', 'unknown'] as const) {
      expect(hint(sqlstate, work)).not.toMatch(/Rows exist|NOT VALID/);
    }
  }
  expect(hint('23503', 'delete')).toContain('still refer');
});

function server(sqlstate: string): ServerError {
  return { sqlstate, severity: 'ERROR', message: 'words' };
}
