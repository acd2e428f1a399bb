import { locateOffset } from '../../sql/locate.ts';
import type { HistoryCheck } from '../history-check.ts';

/** The ledger keeps the hash of the bytes, and git's autocrlf changes them from one checkout to the next. */
export const crlf: HistoryCheck = {
  code: 'history/crlf',
  diagnose: ({ migrations }) =>
    migrations
      .filter(({ sql }) => sql.includes('\r\n'))
      .map(({ name, file, sql }) => ({
        level: 'warning',
        message: `${name} has ${/(?<!\r)\n/.test(sql) ? 'mixed' : 'CRLF'} line endings: its hash is another one in a checkout with LF, and in the ledger it will look edited.`,
        migration: name,
        file,
        line: locateOffset(sql, sql.indexOf('\r\n')).line,
        hint: 'Put `*.sql text eol=lf` into .gitattributes, then `git add --renormalize .`; drizzle-companion takes LF and CRLF for the same.',
      })),
};
