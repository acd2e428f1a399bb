import type { ParseNode, SqlParser, TypeName } from '../../sql/parser.ts';
import { nameOfParts, type QualifiedName, showName } from './names.ts';

/** A type as a column is declared with it, by PostgreSQL's own names: `int4`, `varchar`, `timestamptz`. */
export type SqlType = QualifiedName & {
  /** What stands in parentheses: `[10, 2]` of `numeric(10, 2)`; empty for none. */
  readonly modifiers: readonly number[];
  /** 1 or more for an array. */
  readonly dimensions: number;
};

export function readTypeName({ names, typmods = [], arrayBounds = [] }: TypeName): SqlType {
  const { schema, name } = nameOfParts(names);
  return {
    schema: schema === 'pg_catalog' ? null : schema,
    name,
    modifiers: typmods.flatMap(readModifier),
    dimensions: arrayBounds.length,
  };
}

/** A type as snapshots write it; null for what PostgreSQL cannot read. */
export function parseType(text: string, parser: SqlParser): SqlType | null {
  try {
    const [statement] = parser.parse(`SELECT NULL::${text}`);
    if (statement === undefined || !('SelectStmt' in statement)) return null;
    const [target] = statement.SelectStmt.targetList ?? [];
    const value = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined;
    const type = value !== undefined && 'TypeCast' in value ? value.TypeCast.typeName : undefined;
    return type === undefined ? null : readTypeName(type);
  } catch {
    return null;
  }
}

/** As people write it: `varchar(20)`, `int8[]`, `billing.mood`. */
export function showType(type: SqlType): string {
  const modifiers = type.modifiers.length === 0 ? '' : `(${type.modifiers.join(', ')})`;
  return `${WRITTEN[type.name] ?? showName(type)}${modifiers}${'[]'.repeat(type.dimensions)}`;
}

/** Types that people know by another name than the catalog's. */
const WRITTEN: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  bpchar: 'char',
};

function readModifier(node: ParseNode): number[] {
  if (!('A_Const' in node)) return [];
  const { ival } = node.A_Const;
  // The parser leaves a zero out.
  return ival === undefined ? [] : [ival.ival ?? 0];
}
