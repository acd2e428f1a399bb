import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { Statement } from '../kernel/place.ts';
import type { RehearsedStatement } from '../kernel/rehearsal.ts';
import { locateOffset } from '../sql/locate.ts';
import { skipBlank } from '../sql/skip-blank.ts';

export type DescribedStatement = Pick<RehearsedStatement, 'sql' | 'line' | 'column'>;

/** A statement as reports have it: without the comment that leads it. Pure. */
export function describeStatement({ sql }: MigrationOnDisk, { text, offset }: Statement): DescribedStatement {
  const start = skipBlank(sql, offset);
  return { sql: text.slice(start - offset).replace(/[\s;]+$/, ''), ...locateOffset(sql, start) };
}
