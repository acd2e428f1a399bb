import type { CatalogDifference } from '../../../catalog/difference.ts';
import { quoteQualified } from '../../../sql/quote.ts';
import { changeColumnSql } from './change-column-sql.ts';
import { addConstraintSql, readReferenced } from './constraint-sql.ts';
import { findPart, type PutBackContext } from './context.ts';
import { withWord } from './definition-sql.ts';
import { dropSql } from './drop-sql.ts';
import { enableSql, indexSql, markSql, policySql } from './make-part-sql.ts';
import { privilegeSql } from './privilege-sql.ts';
import { nameEntity } from './sql-names.ts';

const MARKS = new Set(['clustered', 'replica identity']);

/** What makes a part again what the migrations make it; null where a fact has no such statement. Pure. */
export function changePartSql(
  difference: CatalogDifference,
  context: PutBackContext,
): readonly string[] | null {
  const { part, facts } = difference;
  const wanted = findPart(context.made, difference)?.facts ?? {};
  const told = (name: string) => facts.find(({ fact }) => fact === name);
  switch (part?.kind) {
    case 'column':
      return changeColumnSql(difference, context);
    case 'privilege':
      return privilegeSql(difference);
    case 'policy':
      return facts.every(({ fact }) => fact === 'comment') ? [] : replacePolicy(difference, context);
    case 'trigger':
    case 'rule': {
      const isReplaced = told('definition') !== undefined;
      const statements = isReplaced ? replaceBy(difference, wanted.definition ?? '', context) : [];
      const isSet = told('enabled') !== undefined || (isReplaced && wanted.enabled !== undefined);
      return [...statements, ...(isSet ? enableSql(difference, wanted.enabled ?? null) : [])];
    }
    case 'index':
    case 'constraint':
      return changeIndexed(difference, context);
    default:
      return null;
  }
}

/** Between the two statements nobody may be let in, or kept out. */
function replacePolicy(difference: CatalogDifference, { made }: PutBackContext): readonly string[] {
  const wanted = findPart(made, difference)?.facts ?? {};
  return ['BEGIN;', dropSql(difference) ?? '', policySql(difference, wanted), 'COMMIT;'];
}

function replaceBy(
  difference: CatalogDifference,
  definition: string,
  { parser }: PutBackContext,
): readonly string[] {
  const replaced = withWord(definition, { behind: 'create', put: 'OR REPLACE' }, parser);
  // Of what is CREATE CONSTRAINT TRIGGER there is no OR REPLACE.
  const isKnown = parser.scan(definition)[1]?.keyword !== 'constraint';
  return isKnown ? [replaced] : ['BEGIN;', dropSql(difference) ?? '', `${definition};`, 'COMMIT;'];
}

function changeIndexed(difference: CatalogDifference, context: PutBackContext): readonly string[] | null {
  const { part, facts } = difference;
  const wanted = findPart(context.made, difference)?.facts ?? {};
  // What a partition has of its parent's is told under the parent's name, and is called otherwise.
  const isInherited = findPart(context.live, difference)?.facts.definition === undefined;
  const statements = facts.map(({ fact, expected }): readonly string[] | null => {
    if (isInherited && fact !== 'watched') return null;
    if (fact === 'definition' && part?.kind === 'constraint')
      return addConstraintSql(difference, wanted, context, { replaced: true });
    if (fact === 'definition') {
      const made = indexSql(difference, wanted, context);
      return made && [dropSql(difference) ?? '', ...made];
    }
    if (fact === 'watched') return expected === null ? watchAgain(difference, context) : null;
    if (MARKS.has(fact))
      return [markSql(difference, fact as 'clustered' | 'replica identity', { set: expected !== null })];
    return fact === 'comment' || fact === 'index comment' ? [] : null;
  });
  return statements.includes(null) ? null : statements.flatMap((one) => one ?? []);
}

/** A foreign key is watched on both of its tables. */
function watchAgain(difference: CatalogDifference, context: PutBackContext): readonly string[] {
  const definition = findPart(context.made, difference)?.facts.definition;
  const referenced = definition === undefined ? null : readReferenced(definition, context);
  const other = referenced === null ? [] : [quoteQualified(referenced.schema, referenced.name)];
  return [...new Set([nameEntity(difference), ...other])].map(
    (table) => `ALTER TABLE ${table} ENABLE TRIGGER ALL;`,
  );
}
