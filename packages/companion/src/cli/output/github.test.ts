import { expect, test } from 'vitest';
import { CompanionError } from '../../kernel/errors.ts';
import { CRLF, INDEX } from './check-samples.ts';
import { renderErrorAnnotation, renderFindingAnnotation } from './github.ts';
import { GAP_FINDING } from './test-samples.ts';

test('an error is shown at its line', () => {
  const error = new CompanionError('migration-failed', {
    message: '100% wrong',
    place: { file: '/repo/drizzle/a,b.sql', line: 3, column: 14 },
    hint: 'Mend it.',
  });
  expect(renderErrorAnnotation(error, '/repo')).toBe(
    '::error file=drizzle/a%2Cb.sql,line=3,col=14,title=migration-failed::100%25 wrong%0AMend it.\n',
  );
});

test('an error without a place is shown for the run', () => {
  const error = new CompanionError('lock-busy', { message: 'busy' });
  expect(renderErrorAnnotation(error, '/repo')).toBe('::error title=lock-busy::busy\n');
});

test('a finding is shown at its file, in its level', () => {
  expect(renderFindingAnnotation(GAP_FINDING, '/repo')).toMatch(
    /^::warning file=drizzle\/0002_fix\.sql,title=ledger\/gap::0002_fix was not applied/,
  );
  expect(renderFindingAnnotation({ ...GAP_FINDING, level: 'info' }, '/repo')).toMatch(/^::notice /);
});

test('what a path or a message may hold is escaped as GitHub reads it', () => {
  expect(renderFindingAnnotation({ ...CRLF, message: 'a\r\nb: 5%, c', hint: 'x' }, '/repo')).toBe(
    '::warning file=drizzle/0001_a%2C 100%25.sql,line=1,title=history/crlf::a%0D%0Ab: 5%25, c%0Ax\n',
  );
});

test('a range keeps its end', () => {
  expect(renderFindingAnnotation({ ...CRLF, endLine: 2, column: 3, endColumn: 4 }, '/repo')).toContain(
    'line=1,endLine=2,col=3,endColumn=4,',
  );
});

test('a rewrite stands behind the hint', () => {
  expect(renderFindingAnnotation(INDEX, '/repo')).toBe(
    '::error file=drizzle/0001_index.sql,line=1,endLine=2,col=1,endColumn=22,title=lint/create-index-concurrently::CREATE INDEX locks users against writes.%0ABuild it with CONCURRENTLY.%0Aa migration of its own:%0ACREATE INDEX CONCURRENTLY "users_email"%0A\tON "users" ("email");%0ASELECT 1;%0Adrizzle-companion lint --fix\n',
  );
});
