import type { NodeOf, RangeVar } from '../../sql/parser.ts';
import { alterTableCommands, columnOf } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import { readTypeName, type SqlType } from '../facts/sql-type.ts';
import type { LintStatement, Span } from '../migration.ts';

/** A column that a statement makes, or gives another type. */
export type NewColumn = {
  readonly statement: LintStatement;
  readonly table: QualifiedName;
  readonly name: string;
  readonly type: SqlType;
  readonly node: NodeOf<'ColumnDef'>;
  /** Its name and type, as they stand in the file. */
  readonly at: Span;
};

/** Columns of tables that last: temporary ones are nobody's schema. Pure. */
export function newColumns(statement: LintStatement): readonly NewColumn[] {
  const { node } = statement;
  if ('CreateStmt' in node) {
    const { relation, tableElts = [] } = node.CreateStmt;
    if (relation === undefined || relation.relpersistence === 't') return [];
    return tableElts.flatMap((element) =>
      'ColumnDef' in element ? readColumn(statement, relation, element.ColumnDef) : [],
    );
  }
  return alterTableCommands(node).flatMap((command) => {
    const column = columnOf(command);
    if (column === null) return [];
    if (command.subtype === 'AT_AddColumn') return readColumn(statement, command.relation, column);
    if (command.subtype !== 'AT_AlterColumnType') return [];
    return readColumn(statement, command.relation, { ...column, colname: command.name ?? '' });
  });
}

function readColumn(
  statement: LintStatement,
  relation: RangeVar,
  node: NodeOf<'ColumnDef'>,
): readonly NewColumn[] {
  if (node.typeName === undefined) return [];
  const from = node.location ?? node.typeName.location;
  return [
    {
      statement,
      table: nameOfRelation(relation),
      name: node.colname ?? '',
      type: readTypeName(node.typeName),
      node,
      at: statement.nested
        ? { start: statement.start, end: statement.end }
        : {
            start: statement.offsetOf(from),
            end: endOfType(statement, statement.offsetOf(node.typeName.location)),
          },
    },
  ];
}

/** Words that may follow a type. */
const BEHIND = new Set([
  'check',
  'collate',
  'compression',
  'constraint',
  'default',
  'deferrable',
  'generated',
  'not',
  'null',
  'primary',
  'references',
  'storage',
  'unique',
  'using',
]);

function endOfType(statement: LintStatement, start: number): number {
  let end = start;
  let depth = 0;
  for (const token of statement.tokens()) {
    if (token.start < start || token.comment) continue;
    const { text, keyword } = token;
    const isOver = text === ',' || text === ')' || (end > start && keyword !== null && BEHIND.has(keyword));
    if (depth === 0 && isOver) return end;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    end = token.end;
  }
  return end;
}
