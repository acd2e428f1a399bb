import { quoteLiteral } from '../../sql/quote.ts';

/** What a guard counts, and what it says if there is anything. */
export type Guard = {
  /** A SELECT of a count and of one example as text, line by line, the INTO left out. */
  readonly count: readonly string[];
  /** Comes before the count: `Rows of posts without a value in title`. */
  readonly offence: string;
  /** Comes before the example: `One of them: id`. */
  readonly example: string;
  /** The condition that PostgreSQL itself would raise. */
  readonly condition: 'unique_violation' | 'check_violation' | 'not_null_violation' | 'foreign_key_violation';
};

const HINT = 'Correct them, and run the migration again.';

/** A DO block that counts the rows in the way, and stops the migration with a readable message. Pure. */
export function guardBlock({ count: [select = '', ...rest], offence, example, condition }: Guard): string {
  const message = `${escapePercent(offence)}: %. ${escapePercent(example)} %.`;
  const text = [
    // A column may be called like a variable.
    '#variable_conflict use_column',
    'DECLARE',
    '  offenders bigint;',
    '  example text;',
    'BEGIN',
    `  ${select} INTO offenders, example`,
    ...rest.map((line, place) => `  ${line}${place === rest.length - 1 ? ';' : ''}`),
    '  IF offenders > 0 THEN',
    `    RAISE EXCEPTION ${quoteLiteral(message)}, offenders, example`,
    `      USING ERRCODE = '${condition}', HINT = ${quoteLiteral(HINT)};`,
    '  END IF;',
    'END',
  ].join('\n');
  const tag = text.includes('$guard$') ? '$guard_of_rows$' : '$guard$';
  return `DO ${tag}\n${text}\n${tag};`;
}

/** To RAISE a percent sign is a place for a value. */
function escapePercent(text: string): string {
  return text.replaceAll('%', '%%');
}
