import type { NodeOf, SqlParser } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { alterTableCommands, namesOf } from '../facts/alter-commands.ts';
import { columnRefs } from '../facts/column-refs.ts';
import { keyColumns } from '../facts/index-name.ts';
import { nameOfRelation, type QualifiedName, showIdentifier } from '../facts/names.ts';
import { notNullColumns } from '../facts/not-null-columns.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { primaryKeyOf } from '../reading/foreign-keys.ts';
import { isInUse } from '../reading/in-use.ts';
import { type NewConstraint, newConstraints } from '../reading/new-constraints.ts';
import { standalone } from '../reading/standalone.ts';
import { commandSpans } from './alter-parts.ts';
import type { Guard } from './guard-block.ts';
import { guardCheck, guardForeignKey, guardNotNull, guardUnique } from './guards.ts';
import { constraintSpan } from './not-valid-first.ts';
import { conditionOf, indexCondition, indexKeys } from './sql-pieces.ts';

/** What a statement asks of rows that are there, and the guard that counts those that do not comply. */
export type Precondition = {
  readonly kind: 'unique' | 'check' | 'not null' | 'foreign key';
  readonly table: QualifiedName;
  /** All that it looks at. */
  readonly columns: readonly string[];
  /** Plain columns that must be unique together; of an index, without its expressions. Of others the same as `columns`. */
  readonly keys: readonly string[];
  /** What it looks at, in words: columns, or an index's expressions. */
  readonly subject: string;
  /** The constraint's or index's name, if it has one. */
  readonly name: string | null;
  /** Might a null offend? */
  readonly mindsNull: boolean;
  readonly guard: Guard;
};

/** Of constraints that are valid at once, SET NOT NULL, and unique indexes, on tables that may have rows. */
export function preconditionsOf(
  statement: LintStatement,
  facts: SchemaFacts,
  parser: SqlParser,
): readonly Precondition[] {
  const own = standalone(statement, parser);
  if ('IndexStmt' in statement.node) return ofIndex(own, statement.node.IndexStmt, facts);
  const required = alterTableCommands(statement.node).flatMap(({ subtype, relation, name }) => {
    const table = nameOfRelation(relation);
    const asks = subtype === 'AT_SetNotNull' && isInUse(table, statement, facts);
    return asks && name !== undefined ? ofNotNull(table, [name], facts) : [];
  });
  const constraints = newConstraints(statement, facts).flatMap((added) => {
    // A column that is added with its constraint is not there to be counted before.
    if (added.column !== null || added.node.skip_validation === true) return [];
    return ofConstraint(added, { own, facts });
  });
  return [...required, ...constraints];
}

type Around = { readonly own: LintStatement; readonly facts: SchemaFacts };

function ofConstraint(added: NewConstraint, { own, facts }: Around): readonly Precondition[] {
  const { table, node } = added;
  const name = node.conname ?? null;
  switch (node.contype) {
    case 'CONSTR_NOTNULL':
      return ofNotNull(table, namesOf(node.keys), facts);
    case 'CONSTR_UNIQUE': {
      if (node.indexname !== undefined) return [];
      const keys = namesOf(node.keys);
      const nullsDistinct = node.nulls_not_distinct !== true;
      const guard = guardUnique({ table, texts: keys.map(quoteIdentifier), where: null, nullsDistinct });
      return [
        {
          kind: 'unique',
          table,
          columns: keys,
          keys,
          subject: show(keys),
          name,
          mindsNull: !nullsDistinct,
          guard,
        },
      ];
    }
    case 'CONSTR_FOREIGN':
      return ofForeignKey(node, table, facts);
    case 'CONSTR_CHECK': {
      const span = commandSpans(own)?.[added.place] ?? null;
      const condition = span === null ? null : conditionOf(own, constraintSpan(own, added, span));
      if (condition === null) return [];
      const columns = columnRefs(node.raw_expr);
      const mindsNull = notNullColumns(node.raw_expr).length > 0;
      const guard = guardCheck({ table, name, condition }, facts);
      return [
        { kind: 'check', table, columns, keys: columns, subject: show(columns), name, mindsNull, guard },
      ];
    }
    default:
      return [];
  }
}

function ofIndex(own: LintStatement, node: NodeOf<'IndexStmt'>, facts: SchemaFacts): readonly Precondition[] {
  if (node.unique !== true || node.relation === undefined) return [];
  const table = nameOfRelation(node.relation);
  const texts = isInUse(table, own, facts) ? indexKeys(own, node) : null;
  if (texts === null || texts.includes('')) return [];
  const keys = keyColumns(node).filter((column) => column !== null);
  const columns = [...new Set([...keys, ...columnRefs([node.indexParams, node.whereClause])])];
  const nullsDistinct = node.nulls_not_distinct !== true;
  const guard = guardUnique({ table, texts, where: indexCondition(own, node), nullsDistinct });
  return [
    {
      kind: 'unique',
      table,
      columns,
      keys,
      subject: texts.join(', ').replaceAll('"', ''),
      name: node.idxname || null,
      mindsNull: !nullsDistinct,
      guard,
    },
  ];
}

function ofNotNull(
  table: QualifiedName,
  columns: readonly string[],
  facts: SchemaFacts,
): readonly Precondition[] {
  return columns
    .filter((column) => !facts.isProvenNotNull(table, column))
    .map((column) => ({
      kind: 'not null',
      table,
      columns: [column],
      keys: [column],
      subject: show([column]),
      name: null,
      mindsNull: true,
      guard: guardNotNull(table, column, facts),
    }));
}

function ofForeignKey(
  node: NodeOf<'Constraint'>,
  table: QualifiedName,
  facts: SchemaFacts,
): readonly Precondition[] {
  if (node.pktable === undefined) return [];
  const target = nameOfRelation(node.pktable);
  const columns = namesOf(node.fk_attrs);
  const named = namesOf(node.pk_attrs);
  const targetColumns = named.length > 0 ? named : (primaryKeyOf(target, facts) ?? []);
  // MATCH FULL refuses a key that is null in part, which is another question.
  if (targetColumns.length !== columns.length || node.fk_matchtype === 'f') return [];
  const guard = guardForeignKey({ table, columns, target, targetColumns });
  const name = node.conname ?? null;
  return [
    {
      kind: 'foreign key',
      table,
      columns,
      keys: columns,
      subject: show(columns),
      name,
      mindsNull: false,
      guard,
    },
  ];
}

function show(columns: readonly string[]): string {
  return columns.map(showIdentifier).join(', ');
}
