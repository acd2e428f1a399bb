import type { ParseNode, SqlParser, TypeName } from '../../sql/parser.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { ColumnFacts, SchemaFacts } from '../facts/schema-facts.ts';
import { readTypeName } from '../facts/sql-type.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { type ColumnDependent, columnDependents } from './column-dependents.ts';
import type { EnumColumn, EnumGap } from './enum-gap.ts';
import type { Cast, EnumRecreate } from './enum-recreates.ts';
import { settledValues } from './settled-values.ts';

type Input = {
  /** As they are before `recreate.first`. */
  readonly facts: SchemaFacts;
  readonly migrations: readonly LintMigration[];
  readonly parser: SqlParser;
};

/** A recreate, judged by the facts. */
export type RecreatePlan = {
  readonly recreate: EnumRecreate;
  /** All columns of the old type. */
  readonly columns: readonly EnumColumn[];
  /** Values that the new type no longer has; empty where the old ones are not known. */
  readonly removed: readonly string[];
  /** What is missing; empty where nothing is, or where nothing is known of the old type. */
  readonly gaps: readonly EnumGap[];
};

export function planRecreate(recreate: EnumRecreate, input: Input): RecreatePlan {
  const { facts } = input;
  const columns = enumColumns(recreate, facts);
  const old = facts.enum(recreate.type)?.values.map(({ value }) => value) ?? [];
  const removed = old.filter((value) => !recreate.values.includes(value));
  return {
    recreate,
    columns,
    removed,
    gaps: facts.enum(recreate.type) === null ? [] : findGaps({ recreate, columns, removed }, input),
  };
}

function findGaps(plan: Omit<RecreatePlan, 'gaps'>, input: Input): readonly EnumGap[] {
  const { recreate, columns } = plan;
  const { facts, parser } = input;
  const gaps = columns.flatMap((column): EnumGap[] => {
    if (isDropped(column, recreate)) return [];
    if (column.cast === null) return leftBehind(column, recreate);
    const cast = column.cast;
    return [
      ...defaultGaps(column, cast, recreate),
      ...castGaps(column, cast, recreate),
      ...columnDependents(column.table, column.column.name, facts, parser)
        .filter((dependent) => !isDroppedBefore(dependent, firstCast(column, recreate), recreate))
        .map(
          (dependent): EnumGap => ({ kind: 'dependent', dependent, column, at: firstCast(column, recreate) }),
        ),
      ...valueGaps(column, cast, plan, input),
    ];
  });
  return [...gaps, ...usersOfType(recreate, facts), ...typeLeft(recreate)];
}

/** All columns of the old type; of partitions only those whose parent is not known. */
function enumColumns({ type, casts }: EnumRecreate, facts: SchemaFacts): readonly EnumColumn[] {
  return [...facts.tables()]
    .filter(
      ({ kind, partitionOf }) =>
        kind === 'table' && (partitionOf === null || facts.table(partitionOf) === null),
    )
    .flatMap((table) =>
      [...table.columns.values()]
        .filter((column) => column.type !== null && keyOfName(column.type) === keyOfName(type))
        .map((column) => ({
          table,
          column,
          cast: casts.find((cast) => isOf(cast, table.name, column.name)) ?? null,
        })),
    );
}

function isOf(cast: Cast, table: QualifiedName, column: string): boolean {
  return cast.column === column && keyOfName(cast.table) === keyOfName(table);
}

/** Where its type changes first: on the way to text, or at once. */
function firstCast({ table, column, cast }: EnumColumn, { detours, create }: EnumRecreate): LintStatement {
  return detours.find((one) => isOf(one, table.name, column.name))?.statement ?? cast?.statement ?? create;
}

function leftBehind(column: EnumColumn, { drop, create, style }: EnumRecreate): EnumGap[] {
  const cascade = drop !== null && 'DropStmt' in drop.node && drop.node.DropStmt.behavior === 'DROP_CASCADE';
  // Without a DROP TYPE the old type may be kept on purpose, for this very column; it is told with the type.
  if (drop === null && style === 'rename')
    return [{ kind: 'column left', column, at: create, cascade: false }];
  return [{ kind: 'column left', column, at: drop ?? create, cascade }];
}

/** Follows the column's default through the migration, as PostgreSQL would. */
function defaultGaps(column: EnumColumn, cast: Cast, recreate: EnumRecreate): EnumGap[] {
  const { migration } = recreate.first;
  const gaps: EnumGap[] = [];
  const hadDefault =
    hasDefault(column.column) ||
    defaultChanges(migration.statements.slice(0, recreate.first.index), column).length > 0;
  let state: 'old' | 'none' | 'text' | 'new' = hasDefault(column.column) ? 'old' : 'none';
  const elsewhere = cast.statement.migration === migration ? [] : cast.statement.migration.statements;
  const statements = [...migration.statements.slice(recreate.first.index), ...elsewhere];
  for (const statement of statements) {
    if (statement.nested) continue;
    const changes = defaultChanges([statement], column);
    // In one ALTER TABLE a default is dropped before types change, and set after.
    for (const { value } of changes) if (value === null) state = 'none';
    if (statement === recreate.drop && recreate.style === 'text' && state === 'old') {
      gaps.push({ kind: 'default stays', column, at: statement });
      return gaps;
    }
    if (statement === cast.statement) {
      if (state === 'old' || state === 'text') {
        gaps.push({ kind: 'default stays', column, at: statement });
        return gaps;
      }
      state = state === 'none' ? 'none' : 'new';
    }
    for (const { value } of changes) {
      if (value === null) continue;
      state = stateAfter(value, statement, cast, recreate);
      const constant = constantOf(value);
      if (
        state === 'new' &&
        constant !== null &&
        column.column.type?.dimensions === 0 &&
        !recreate.values.includes(constant)
      )
        gaps.push({ kind: 'default removed', column, value: constant, at: statement });
    }
  }
  if (hadDefault && state === 'none') gaps.push({ kind: 'default lost', column, at: cast.statement });
  return gaps;
}

function stateAfter(
  value: ParseNode,
  statement: LintStatement,
  { statement: cast }: Cast,
  { style, create, newName }: EnumRecreate,
): 'old' | 'text' | 'new' {
  const isAfter = (one: LintStatement): boolean =>
    statement.migration !== one.migration || statement.index >= one.index;
  if (isAfter(cast)) return 'new';
  if (style !== 'text') return 'old';
  const type = 'TypeCast' in value ? value.TypeCast.typeName : undefined;
  const isOfNew = type !== undefined && keyOfName(readTypeName(type)) === keyOfName(newName);
  return isOfNew && isAfter(create) ? 'new' : 'text';
}

function hasDefault({ hasDefault: has, default: value }: ColumnFacts): boolean {
  return has && !(value !== null && 'A_Const' in value && value.A_Const.isnull === true);
}

/** SET DEFAULT and DROP DEFAULT (null) of the column, in order. */
export function defaultChanges(
  statements: readonly LintStatement[],
  { table, column }: Pick<EnumColumn, 'table' | 'column'>,
): readonly { readonly value: ParseNode | null }[] {
  return statements.flatMap(({ node, nested }) =>
    nested
      ? []
      : alterTableCommands(node)
          .filter(
            ({ subtype, name, relation }) =>
              subtype === 'AT_ColumnDefault' &&
              name === column.name &&
              keyOfName(nameOfRelation(relation)) === keyOfName(table.name),
          )
          .map(({ def }) => ({ value: def ?? null })),
  );
}

/** `'sad'`, `'sad'::mood`: the text of a constant default; null for anything else. */
export function constantOf(value: ParseNode | null): string | null {
  if (value === null) return null;
  if ('TypeCast' in value) return constantOf(value.TypeCast.arg ?? null);
  return 'A_Const' in value && value.A_Const.sval !== undefined ? (value.A_Const.sval.sval ?? '') : null;
}

/** An enum goes to another enum by way of text, and says so itself. */
function castGaps(
  column: EnumColumn,
  { using, statement }: Cast,
  { style, newName }: EnumRecreate,
): EnumGap[] {
  const isDirect =
    using !== null &&
    'TypeCast' in using &&
    using.TypeCast.typeName !== undefined &&
    keyOfName(readTypeName(using.TypeCast.typeName)) === keyOfName(newName) &&
    using.TypeCast.arg !== undefined &&
    'ColumnRef' in using.TypeCast.arg;
  const isRefused = using === null || (style !== 'text' && isDirect);
  return isRefused ? [{ kind: 'no using', column, at: statement }] : [];
}

function valueGaps(
  column: EnumColumn,
  cast: Cast,
  { recreate, removed }: Omit<RecreatePlan, 'gaps'>,
  { facts, migrations, parser }: Input,
): EnumGap[] {
  if (removed.length === 0 || facts.isNew(column.table, recreate.first)) return [];
  const settled = settledValues(column.table.name, cast, migrations, parser);
  const left = settled === 'all' ? [] : removed.filter((value) => !settled.has(value));
  return left.length === 0 ? [] : [{ kind: 'values left', column, values: left, at: cast.statement }];
}

function isDropped({ table, column }: EnumColumn, { first }: EnumRecreate): boolean {
  return first.migration.statements.slice(first.index).some(({ node }) => {
    if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE')
      return droppedNames(node.DropStmt).some((name) => keyOfName(name) === keyOfName(table.name));
    return alterTableCommands(node).some(
      ({ subtype, name, relation }) =>
        subtype === 'AT_DropColumn' &&
        name === column.name &&
        keyOfName(nameOfRelation(relation)) === keyOfName(table.name),
    );
  });
}

function isDroppedBefore(
  { kind, name, table }: ColumnDependent,
  cast: LintStatement,
  { first }: EnumRecreate,
): boolean {
  const between = first.migration.statements.slice(
    first.index,
    cast.migration === first.migration ? cast.index + 1 : undefined,
  );
  return between.some(({ node }) => {
    if (kind === 'check' || kind === 'column') {
      return alterTableCommands(node).some(
        ({ subtype, name: dropped, relation }) =>
          subtype === (kind === 'check' ? 'AT_DropConstraint' : 'AT_DropColumn') &&
          dropped === name.name &&
          keyOfName(nameOfRelation(relation)) === keyOfName(table),
      );
    }
    if (!('DropStmt' in node)) return false;
    const isWithin = kind === 'policy' || kind === 'trigger';
    const wanted = isWithin ? { schema: table.schema, name: `${table.name}.${name.name}` } : name;
    return droppedNames(node.DropStmt).some((dropped) => keyOfName(dropped) === keyOfName(wanted));
  });
}

/** Functions, domains and composite types keep the old type from being dropped. */
function usersOfType({ type, drop, first }: EnumRecreate, facts: SchemaFacts): EnumGap[] {
  if (drop === null) return [];
  return [...facts.objects()].flatMap(({ kind, name, born }): EnumGap[] => {
    if (kind !== 'function' && kind !== 'domain' && kind !== 'type') return [];
    if (born === null || !declares(born.node, keyOfName(type))) return [];
    const isGone = first.migration.statements
      .slice(first.index, drop.index)
      .some(
        ({ node }) =>
          'DropStmt' in node && droppedNames(node.DropStmt).some((one) => keyOfName(one) === keyOfName(name)),
      );
    return isGone ? [] : [{ kind: 'user of type', what: `the ${kind} ${name.name}`, at: drop }];
  });
}

/** In a signature or a definition; what the text of a body names does not count. */
function declares(tree: unknown, type: string): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if ('names' in tree && Array.isArray(tree.names)) return keyOfName(readTypeName(tree as TypeName)) === type;
  return Object.values(tree).some((value) => declares(value, type));
}

function typeLeft({ style, drop, create }: EnumRecreate): EnumGap[] {
  return style === 'rename' && drop === null ? [{ kind: 'type left', at: create }] : [];
}
