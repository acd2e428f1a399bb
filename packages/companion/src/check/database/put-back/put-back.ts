import type { CatalogDifference } from '../../../catalog/difference.ts';
import type { SettledDifference } from '../settle-differences.ts';
import { changePartSql } from './change-part-sql.ts';
import { changeSql } from './change-sql.ts';
import type { PutBackContext } from './context.ts';
import { dropSql } from './drop-sql.ts';
import { makePartSql } from './make-part-sql.ts';
import { commentSql, makeSql } from './make-sql.ts';
import { privilegeSql } from './privilege-sql.ts';
import { renameSql } from './rename-sql.ts';

/**
 * The statements that make of what was done by hand again what the migrations make, one after another; null where none are known
 * that do it and lose nothing besides. Pure.
 */
export function putBack(difference: SettledDifference, context: PutBackContext): readonly string[] | null {
  switch (difference.change) {
    case 'renamed':
      return renameSql(difference);
    case 'added': {
      if (difference.part?.kind === 'privilege') return privilegeSql(difference);
      const drop = dropSql(difference);
      const isHome = difference.kind === 'schema' && difference.part === null && difference.holds.size > 0;
      if (drop === null) return null;
      return [isHome ? drop.replace(/;$/, ' CASCADE;') : drop];
    }
    case 'missing':
      return withComment(difference, (difference.part === null ? makeSql : makePartSql)(difference, context));
    case 'changed':
      return withComment(
        difference,
        (difference.part === null ? changeSql : changePartSql)(difference, context),
      );
  }
}

function withComment(
  difference: CatalogDifference,
  statements: readonly string[] | null,
): readonly string[] | null {
  const told = statements && [...statements, ...commentSql(difference)];
  return told?.length === 0 ? null : told;
}
