import type { CatalogEntity, CatalogPart } from '../../../catalog/catalog.ts';
import { quoteIdentifier } from '../../../sql/quote.ts';
import { alterRelation } from './sql-names.ts';

/** How a catalog has it that a serial column draws from its own. */
export const OWN_SEQUENCE = 'nextval(its own sequence)';

const SERIALS: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};

/**
 * The column as the migrations make it; where rows that are there would have nothing in it, its NOT NULL in a statement of its own.
 * Pure.
 */
export function addColumnSql(entity: CatalogEntity, { name, facts }: CatalogPart): readonly string[] | null {
  const { type = '', collation, default: value, expression, generated = 'stored', identity } = facts;
  const serial = value === OWN_SEQUENCE ? SERIALS[type] : undefined;
  if (value === OWN_SEQUENCE && serial === undefined) return null;
  const isFilled = value !== undefined || identity !== undefined || expression !== undefined;
  const isRequired = facts['not null'] !== undefined;
  const words = [
    serial ?? type,
    collation === undefined ? '' : `COLLATE ${collation}`,
    value === undefined || serial !== undefined ? '' : `DEFAULT ${value}`,
    expression === undefined ? '' : `GENERATED ALWAYS AS (${expression}) ${generated.toUpperCase()}`,
    identity === undefined ? '' : identityClause(identity),
    isRequired && isFilled ? 'NOT NULL' : '',
  ];
  const [head, column] = [alterRelation(entity), quoteIdentifier(name)];
  return [
    `${head} ADD COLUMN ${column} ${words.filter((text) => text !== '').join(' ')};`,
    ...(isRequired && !isFilled ? [`${head} ALTER COLUMN ${column} SET NOT NULL;`] : []),
  ];
}

/** `always, start 1 increment 1 min 1 max 9 cache 1 cycle`, as a catalog has it. */
function identityClause(identity: string): string {
  const [when = '', settings = ''] = identity.split(', ');
  const options = settings.replace('min ', 'minvalue ').replace('max ', 'maxvalue ');
  return `GENERATED ${when.toUpperCase()} AS IDENTITY (${options.toUpperCase()})`;
}
