import { skipBlank } from '../../sql/skip-blank.ts';
import { cutAtBreakpoints } from '../../sql/split-statements.ts';
import { statementTitle } from '../../sql/statement-title.ts';

const WORD = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)`;
/** A name, maybe with its schema, and the end of it. */
const NAME = String.raw`(?:if (?:not )?exists )?(?:only )?(${WORD}(?: ?\. ?${WORD})?)(?=[ (;]|$)`;

/** Statements that make something which was not there. A partition is not in the schema code. */
const MAKES = [
  new RegExp(`^create (?:unlogged )?table ${NAME}(?! partition of)`, 'i'),
  new RegExp(`^create type ${NAME} as enum`, 'i'),
];

/** Statements that change or take away something which is in a snapshot. */
const CHANGES = [
  new RegExp(`^drop (?:table|type) ${NAME}`, 'i'),
  new RegExp(`^alter type ${NAME} (?:add|rename) value`, 'i'),
  new RegExp(
    `^alter table ${NAME} (?:.*, ?)?(?:(?:add|drop|rename) column|rename to|alter (?:column )?${WORD} (?:(?:set|drop) not null|(?:set data )?type))\\b`,
    'i',
  ),
];

/**
 * A statement after which a snapshot cannot be what it was, by its first words and the name after them, for people;
 * null when there is none for certain. Constraints, indexes, defaults, functions, triggers and views do not count:
 * they are dropped and made again, or unknown to the schema code. Bodies of functions are not looked into. Pure.
 * @param known the text of the snapshot, by which a name is known; null when it does not hold the whole schema.
 */
export function findSchemaChange(sql: string, known: string | null): string | null {
  for (const { text } of cutAtBreakpoints(sql)) {
    const statements = text.includes('$') ? [text] : text.split(/;[ \t]*\r?\n/);
    for (const statement of statements) {
      const words = foldBlank(statement);
      const made = nameIn(words, MAKES);
      const changed = nameIn(words, CHANGES);
      if (made !== null && (known === null || !mentions(known, made))) return quoteTitle(statement);
      if (changed !== null && (known === null || mentions(known, changed))) return quoteTitle(statement);
    }
  }
  return null;
}

/** The beginning is enough: what a statement does stands there. */
function foldBlank(statement: string): string {
  return statement.slice(skipBlank(statement, 0)).slice(0, 2000).replace(/\s+/g, ' ');
}

/** The last part of the name, without quotes. */
function nameIn(words: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const name = pattern.exec(words)?.[1];
    if (name === undefined) continue;
    const last = /(?:"((?:[^"]|"")+)"|([\w$]+))$/.exec(name);
    return last?.[1] ?? last?.[2]?.toLowerCase() ?? null;
  }
  return null;
}

function mentions(snapshot: string, name: string): boolean {
  return snapshot.includes(JSON.stringify(name));
}

function quoteTitle(statement: string): string {
  return `\`${statementTitle(statement)}\``;
}
