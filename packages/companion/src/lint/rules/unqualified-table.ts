import type { ParseNode, RangeVar } from '../../sql/parser.ts';
import { nameOfParts, nameOfRelation, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import { relationsIn } from '../facts/relations-in.ts';
import type { LintStatement, Span } from '../migration.ts';
import { defineRule } from '../rule.ts';

export const unqualifiedTable = defineRule({
  id: 'unqualified-table',
  family: 'style',
  level: 'off',
  title: 'A table without its schema is looked for along the search path',
  statement(statement, { facts }) {
    const named = new Map(
      namesIn(statement)
        .filter(({ name }) => name.schema === null && facts.table(name)?.temporary !== true)
        .map((found) => [found.name.name, found] as const),
    );
    const [first] = named.values();
    if (first === undefined) return [];
    const names = [...named.values()].map(({ name }) => showName(name));
    const subject =
      names.length === 1
        ? `${names[0]} is written without its schema`
        : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are written without their schemas`;
    return [
      {
        statement,
        ...(first.at === null ? {} : { at: first.at }),
        message: `${subject}: which table that is depends on the search_path of whoever runs the migration.`,
        hint: `Write ${quoteName({ ...first.name, schema: 'public' })}, or the schema that it lies in. drizzle-kit writes the schema for tables of pgSchema('…'), and none for those of public.`,
      },
    ];
  },
});

type Named = { readonly name: QualifiedName; readonly at: Span | null };

function namesIn(statement: LintStatement): readonly Named[] {
  const { node } = statement;
  if ('DropStmt' in node) {
    const { removeType, objects = [] } = node.DropStmt;
    if (!['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW'].includes(removeType ?? '')) return [];
    return objects.map((object) => ({
      name: nameOfParts('List' in object ? object.List.items : []),
      at: null,
    }));
  }
  if (!isJudged(node)) return [];
  return relationsIn(node)
    .filter(({ relpersistence }) => relpersistence !== 't')
    .map((relation) => ({ name: nameOfRelation(relation), at: spanOf(statement, relation) }));
}

/** Types and sequences are named by a RangeVar, too, and are no tables. */
function isJudged(node: ParseNode): boolean {
  return !('CompositeTypeStmt' in node || 'CreateSeqStmt' in node || 'AlterSeqStmt' in node);
}

function spanOf(statement: LintStatement, { location }: RangeVar): Span | null {
  if (location === undefined || statement.nested) return null;
  const start = statement.offsetOf(location);
  const token = statement.tokens().find((one) => one.start === start);
  return token === undefined ? null : { start: token.start, end: token.end };
}
