import type { ParseNode } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { type QualifiedName, quoteName } from '../facts/names.ts';
import type { LintStatement, Span } from '../migration.ts';
import type { Edit } from '../rule.ts';
import { constraintName } from './constraint-name.ts';
import { applyEdits } from './edits.ts';

type Kept = {
  readonly table: QualifiedName;
  readonly column: string;
  /** SQL over NEW. */
  readonly value: string;
};

/** A trigger that computes a column of each row that is written, and its function. */
export function keepInStep({ table, column, value }: Kept): readonly string[] {
  const name = nameOfTrigger(table, column);
  const called = quoteName({ schema: table.schema, name });
  return [
    `CREATE FUNCTION ${called}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.${quoteIdentifier(column)} := ${value};
  RETURN NEW;
END $$;`,
    `CREATE TRIGGER ${quoteIdentifier(name)} BEFORE INSERT OR UPDATE ON ${quoteName(table)}
  FOR EACH ROW EXECUTE FUNCTION ${called}();`,
  ];
}

/** The end of it. */
export function letGo(table: QualifiedName, column: string): readonly string[] {
  const name = nameOfTrigger(table, column);
  return [
    `DROP TRIGGER ${quoteIdentifier(name)} ON ${quoteName(table)};`,
    `DROP FUNCTION ${quoteName({ schema: table.schema, name })}();`,
  ];
}

/** `users`, `total` → `users_total_kept`. */
function nameOfTrigger(table: QualifiedName, column: string): string {
  return constraintName(table.name, [column], 'kept');
}

/** An expression over columns, as a trigger writes it: `"a" * 2` → `NEW."a" * 2`. */
export function overNew(own: LintStatement, expression: ParseNode, span: Span): string {
  const edits = [...columnPlaces(expression)].map((location): Edit => {
    const start = own.offsetOf(location);
    // A table's name before the column's gives way.
    const tokens = own.tokens().filter((token) => !token.comment && token.start >= start);
    let last = 0;
    while (tokens[last + 1]?.text === '.') last += 2;
    const column = tokens[last]?.start ?? start;
    return { start: start - span.start, end: column - span.start, text: 'NEW.' };
  });
  return applyEdits(own.text.slice(span.start - own.start, span.end - own.start), edits);
}

function* columnPlaces(node: unknown): Generator<number> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'ColumnRef' && typeof value?.location === 'number') yield value.location;
    else yield* columnPlaces(value);
  }
}
