import type { Rewrite } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import type { TypeChange } from '../reading/type-changes.ts';
import type { RuleContext } from '../rule.ts';
import { commandSpans } from './alter-parts.ts';
import { fillColumn, requireColumns } from './fill-column.ts';
import { keepInStep, letGo, overNew } from './keep-in-step.ts';
import { laterMigration } from './later-migration.ts';

/**
 * The change of type by way of a second column that a trigger keeps in step, is filled in batches and takes the
 * first one's name in the end. Null where the text cannot be taken apart. `own` stands by itself.
 */
export function expandColumn(
  own: LintStatement,
  { table, column, place, definition }: TypeChange,
  { facts, postgresVersion, runner }: RuleContext,
): readonly Rewrite[] | null {
  const spans = commandSpans(own);
  const [first] = spans ?? [];
  const span = spans?.[place];
  if (first === undefined || span === undefined) return null;
  const head = own.text.slice(0, first.start - own.start);
  const tokens = own.tokens().filter(({ comment, end }) => !comment && end <= span.end);
  const from = own.offsetOf(definition.typeName?.location);
  const using = definition.raw_default;
  const word = tokens.find(
    ({ keyword, start }) => using !== undefined && keyword === 'using' && start > from,
  );
  const typeEnd = tokens.filter(({ end }) => end <= (word?.start ?? span.end)).at(-1)?.end ?? span.end;
  const type = own.text.slice(from - own.start, typeEnd - own.start);
  const old = quoteIdentifier(column);
  const defaults = alterTableCommands(own.node).flatMap(({ subtype, name: of, def }, index) => {
    const at = spans?.[index];
    const isSet = subtype === 'AT_ColumnDefault' && of === column && def !== undefined;
    return isSet && at !== undefined ? [own.text.slice(at.start - own.start, at.end - own.start)] : [];
  });
  const name = freeName(column, facts, table);
  const inside = { start: word?.end ?? span.end, end: span.end };
  const value =
    using === undefined ? old : own.text.slice(inside.start - own.start, inside.end - own.start).trim();
  const fresh = using === undefined ? `NEW.${old}` : overNew(own, using, inside).trim();
  const isRequired = facts.table(table)?.columns.get(column)?.notNull === true;
  const missing = `${quoteIdentifier(name)} IS NULL AND ${old} IS NOT NULL`;
  return [
    {
      title: 'this migration',
      sql: [
        `${head}ADD COLUMN ${quoteIdentifier(name)} ${type};`,
        ...keepInStep({ table, column: name, value: fresh }),
      ].join('\n'),
    },
    fillColumn({ table, column: name, value, missing }, facts),
    ...requireColumns({ head, table, columns: isRequired ? [name] : [] }, { postgresVersion, runner }),
    {
      title: `${laterMigration(runner)}, when the code knows the new type`,
      sql: [
        ...letGo(table, name),
        `${head}DROP COLUMN ${old};`,
        `${head}RENAME COLUMN ${quoteIdentifier(name)} TO ${old};`,
        ...defaults.map((command) => `${head}${command};`),
      ].join('\n'),
    },
  ];
}

function freeName(column: string, facts: SchemaFacts, table: TypeChange['table']): string {
  const name = `${column}_new`;
  return facts.table(table)?.columns.has(name) ? `${column}_next` : name;
}
