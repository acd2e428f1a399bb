import { quoteIdentifier } from '../../sql/quote.ts';
import { quoteName, showIdentifier, showName } from '../facts/names.ts';
import type { TypeChange } from '../reading/type-changes.ts';
import type { Report, RuleContext } from '../rule.ts';
import { constraintName } from './constraint-name.ts';
import { generateAgain } from './generate-again.ts';
import { laterMigration } from './later-migration.ts';

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext']);

/** The limit that text is given, and did not have; null where it has one as small, or is no text. */
export function newLimit({ from, to, definition }: TypeChange): number | null {
  const [limit] = to.modifiers;
  const isText = to.schema === null && (to.name === 'varchar' || to.name === 'bpchar') && to.dimensions === 0;
  if (!isText || limit === undefined || definition.raw_default !== undefined) return null;
  if (from === null) return limit;
  if (!TEXTS.has(from.name) || from.dimensions > 0) return null;
  const [before] = from.modifiers;
  return before !== undefined && before <= limit ? null : limit;
}

/**
 * A second column would not do: its trigger refuses what is too long for it, and with it the whole row, from the day on
 * which it is there. A CHECK refuses the same, and tells the rows that are there from the ones to come.
 */
export function shortenText(
  change: TypeChange,
  limit: number,
  { runner }: Pick<RuleContext, 'runner'>,
): Required<Pick<Report, 'message' | 'hint' | 'rewrite'>> {
  const { table, column } = change;
  const name = quoteIdentifier(constraintName(table.name, [column], 'length'));
  const target = `ALTER TABLE ${quoteName(table)}`;
  const later = laterMigration(runner);
  return {
    message: `One value of ${showIdentifier(column)} longer than ${limit} makes the migration fail (22001).`,
    hint: `Let a CHECK hold the limit: NOT VALID it reads no row, and refuses longer values in what is inserted or updated from then on (so release code that writes none before it). Shorten what is there, and validate it. The new type is then sure to fit, but still writes ${showName(table)} anew; with text and the CHECK nothing is ever written anew: ${generateAgain('declare text() and the check() in the schema')}.`,
    rewrite: [
      {
        title: 'this migration',
        sql: `${target} ADD CONSTRAINT ${name} CHECK (length(${quoteIdentifier(column)}) <= ${limit}) NOT VALID;`,
      },
      { title: `${later}, when no value is longer`, sql: `${target} VALIDATE CONSTRAINT ${name};` },
    ],
  };
}
