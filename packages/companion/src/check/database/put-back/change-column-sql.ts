import type { CatalogFacts } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import { mentionsIn, nameOfToken, scanNames } from '../../../catalog/mentions.ts';
import { parseQualified } from '../../../catalog/parse-qualified.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../sql/quote.ts';
import { OWN_SEQUENCE } from './column-sql.ts';
import { findPart, type PutBackContext } from './context.ts';
import { optionsSql } from './options-sql.ts';
import { alterRelation } from './sql-names.ts';

/** What makes a column of a table again what the migrations make it, fact by fact; null where one of them has no such statement. Pure. */
export function changeColumnSql(
  difference: CatalogDifference,
  context: PutBackContext,
): readonly string[] | null {
  const { part, facts } = difference;
  const wanted = findPart(context.made, difference)?.facts;
  if (part === null || wanted === undefined || difference.kind !== 'table') return null;
  const told = new Set(facts.map(({ fact }) => fact));
  const statements = facts.map(({ fact, expected, actual }): readonly string[] | null => {
    const column = `${alterRelation(difference)} ALTER COLUMN ${quoteIdentifier(part.name)}`;
    switch (fact) {
      case 'type':
      case 'collation':
        return fact === 'collation' && told.has('type') ? [] : retype(column, wanted, difference, context);
      // With the type, where that is told, too.
      case 'default':
        return told.has('type') && wanted.default !== OWN_SEQUENCE
          ? []
          : setDefault(column, expected, difference, context);
      case 'not null':
        return expected === null ? [`${column} DROP NOT NULL;`] : require(difference, part.name, context);
      case 'identity':
        return reidentify(column, expected, actual);
      case 'statistics target':
        return [`${column} SET STATISTICS ${expected ?? -1};`];
      case 'storage':
        return expected === null ? null : [`${column} SET STORAGE ${expected.toUpperCase()};`];
      case 'compression':
        return [`${column} SET COMPRESSION ${expected ?? 'default'};`];
      case 'options':
        return optionsSql(column, expected, actual);
      // COMMENT ON knows all kinds of things.
      case 'comment':
        return [];
      default:
        return null;
    }
  });
  return statements.includes(null) ? null : statements.flatMap((one) => one ?? []);
}

/** PostgreSQL casts no default with the type, and changes no type that a view shows. */
function retype(
  column: string,
  { type, collation, default: value, expression }: CatalogFacts,
  difference: CatalogDifference,
  context: PutBackContext,
): readonly string[] | null {
  if (expression !== undefined || isInView(difference, context)) return null;
  const name = quoteIdentifier(difference.part?.name ?? '');
  const had = findPart(context.live, difference)?.facts.default;
  const collate = collation === undefined ? '' : ` COLLATE ${collation}`;
  const change = `${column} TYPE ${type}${collate} USING ${name}::${type}`;
  const isKept = had === OWN_SEQUENCE || (had === undefined && value === undefined);
  if (isKept) return [`${change};`];
  const alter = column.slice(column.indexOf(' ALTER COLUMN') + 1);
  const [drop, set] = [
    `, ${alter} DROP DEFAULT`,
    value === undefined ? '' : `, ${alter} SET DEFAULT ${value}`,
  ];
  return value === OWN_SEQUENCE ? [`${change}${drop};`] : [`${change}${drop}${set};`];
}

function isInView({ schema, name, part }: CatalogDifference, { live, parser }: PutBackContext): boolean {
  const table = JSON.stringify([schema, name]);
  return live.entities.some(({ kind, facts: { definition = '' } }) => {
    if (kind !== 'view' && kind !== 'materialized view') return false;
    const isNamed = definition.includes(name) && mentionsIn(definition, parser).includes(table);
    return isNamed && scanNames(definition, parser).some((token) => nameOfToken(token) === part?.name);
  });
}

function setDefault(
  column: string,
  expected: string | null,
  { schema, name, part }: CatalogDifference,
  { live, parser }: PutBackContext,
): readonly string[] | null {
  if (expected === null) return [`${column} DROP DEFAULT;`];
  if (expected !== OWN_SEQUENCE) return [`${column} SET DEFAULT ${expected};`];
  const sequence = live.entities.find(
    ({ kind, facts }) =>
      kind === 'sequence' &&
      parseQualified(facts['owned by'], parser).some(
        (owner) => owner.join('\0') === [schema, name, part?.name].join('\0'),
      ),
  );
  if (sequence === undefined) return null;
  const called = quoteLiteral(quoteQualified(sequence.schema, sequence.name));
  const furthest = `SELECT max(${quoteIdentifier(part?.name ?? '')}) FROM ${quoteQualified(schema, name)}`;
  return [
    `${column} SET DEFAULT nextval(${called}::regclass);`,
    // Rows may have come in without it.
    `SELECT setval(${called}, greatest(nextval(${called}), (${furthest})));`,
  ];
}

/** All rows are read before the first strong lock is taken. */
function require(difference: CatalogDifference, name: string, { live }: PutBackContext): readonly string[] {
  const [head, column] = [alterRelation(difference), quoteIdentifier(name)];
  const isKnown = live.serverVersion >= 180_000;
  const constraint = quoteIdentifier(`${difference.name}_${name}_${isKnown ? 'not_null' : 'present'}`);
  const validate = `${head} VALIDATE CONSTRAINT ${constraint};`;
  if (isKnown) return [`${head} ADD CONSTRAINT ${constraint} NOT NULL ${column} NOT VALID;`, validate];
  return [
    `${head} ADD CONSTRAINT ${constraint} CHECK (${column} IS NOT NULL) NOT VALID;`,
    validate,
    `${head} ALTER COLUMN ${column} SET NOT NULL;`,
    `${head} DROP CONSTRAINT ${constraint};`,
  ];
}

/** Only when it gives numbers: of its sequence somebody must know where it stood. */
function reidentify(
  column: string,
  expected: string | null,
  actual: string | null,
): readonly string[] | null {
  const [[when = '', settings], [, others]] = [(expected ?? '').split(', '), (actual ?? '').split(', ')];
  return expected === null || actual === null || settings !== others
    ? null
    : [`${column} SET GENERATED ${when.toUpperCase()};`];
}
