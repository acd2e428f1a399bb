import type { NodeOf } from '../../sql/parser.ts';
import { constraintsOf } from './alter-commands.ts';
import type { Birth, ColumnFacts } from './schema-facts.ts';
import { integerOfSerial } from './serial-types.ts';
import { readTypeName } from './sql-type.ts';

/** What a column's definition says. Pure. */
export function buildColumn(node: NodeOf<'ColumnDef'>, born: Birth): ColumnFacts {
  const constraints = constraintsOf(node);
  const kinds = constraints.map(({ contype }) => contype);
  const expressionOf = (kind: (typeof kinds)[number]) =>
    constraints.find(({ contype }) => contype === kind)?.raw_expr ?? null;
  const type = node.typeName === undefined ? null : readTypeName(node.typeName);
  const serial = type !== null && integerOfSerial(type) !== null;
  const identity = kinds.includes('CONSTR_IDENTITY');
  return {
    name: node.colname ?? '',
    type,
    notNull: serial || identity || kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY'),
    hasDefault: serial || kinds.includes('CONSTR_DEFAULT'),
    default: expressionOf('CONSTR_DEFAULT'),
    generated: kinds.includes('CONSTR_GENERATED'),
    generatedFrom: expressionOf('CONSTR_GENERATED'),
    identity,
    born,
  };
}
