import type { NodeOf } from '../../sql/parser.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { readTypeName, type SqlType } from '../facts/sql-type.ts';
import { compareTypes, type TypeChangeCost } from '../facts/type-change.ts';
import { checksProven, indexesBuilt } from '../facts/type-change-work.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from './in-use.ts';

/** An ALTER COLUMN … TYPE of a table that may be in use. */
export type TypeChange = {
  readonly table: QualifiedName;
  readonly column: string;
  /** The command's place among those of the ALTER TABLE, from 0. */
  readonly place: number;
  readonly definition: NodeOf<'ColumnDef'>;
  /** Null where it is not known. */
  readonly from: SqlType | null;
  readonly to: SqlType;
  readonly cost: TypeChangeCost;
  /** Names of indexes and constraints that are built anew even where the table is not. */
  readonly rebuilt: readonly string[];
  /** Names of CHECKs that are proven anew even where the table is not written. */
  readonly checked: readonly string[];
};

export function typeChanges(statement: LintStatement, facts: SchemaFacts): readonly TypeChange[] {
  return alterTableCommands(statement.node).flatMap((command, place) => {
    const definition = command.subtype === 'AT_AlterColumnType' ? columnOf(command) : null;
    const name = nameOfRelation(command.relation);
    if (definition?.typeName === undefined || !isInUse(name, statement, facts)) return [];
    const column = command.name ?? '';
    const table = facts.table(name);
    const from = table?.columns.get(column)?.type ?? null;
    const to = readTypeName(definition.typeName);
    const change = { table: name, column, place, definition, from, to };
    if (from === null) return [{ ...change, cost: costOfUnknown(to), rebuilt: [], checked: [] }];
    const cost = compareTypes(from, to, { using: definition.raw_default, column, facts });
    const isCollated = definition.collClause !== undefined;
    return [
      {
        ...change,
        cost,
        rebuilt: table === null ? [] : indexesBuilt(table, column, { facts, from, to, isCollated }),
        checked: table === null ? [] : checksProven(table, column),
      },
    ];
  });
}

/** What no other type turns into without being written anew. */
const NEVER_FREE: ReadonlySet<string> = new Set(
  'int2 int4 int8 float4 float8 bool uuid json jsonb bytea date money'.split(' '),
);

function costOfUnknown(to: SqlType): TypeChangeCost {
  return to.schema === null && to.dimensions === 0 && NEVER_FREE.has(to.name) ? 'rewrite' : 'unknown';
}
