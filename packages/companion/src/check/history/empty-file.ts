import { endOfText, skipBlank } from '../../sql/skip-blank.ts';
import { splitAtBreakpoints } from '../../sql/split-statements.ts';
import type { HistoryCheck } from '../history-check.ts';
import { placeMigration } from './place-migration.ts';

/** Comments alone are nothing: `drizzle-kit generate --custom` leaves such a file to be filled. */
export const emptyFile: HistoryCheck = {
  code: 'history/empty-file',
  diagnose: ({ migrations }) =>
    migrations
      .filter(({ sql }) => isEmpty(sql))
      .map((migration) => ({
        level: 'warning',
        message: `${migration.name} has no statement: it will be recorded as applied and do nothing, and what is filled in later never runs there.`,
        ...placeMigration(migration),
        hint: 'Fill it before it is applied anywhere, or take it out: file, snapshot and journal entry.',
      })),
};

function isEmpty(sql: string): boolean {
  return skipBlank(sql, 0) >= endOfText(sql) || splitAtBreakpoints(sql).length === 0;
}
