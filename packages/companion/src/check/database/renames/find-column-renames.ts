import type { Catalog, CatalogEntity, CatalogPart } from '../../../catalog/catalog.ts';
import { entityKey } from '../../../catalog/entity-key.ts';
import { pairUp } from './pair-up.ts';
import type { Doubt, Rename } from './rename.ts';

/** What a column is, its name and place aside. */
export const OF_COLUMNS = ['type', 'not null', 'default', 'generated', 'expression', 'identity', 'collation'];

/**
 * A column keeps its place when it is renamed. So one that is missing, and one alike that stands in its place, are the same; one of
 * its type, or in its place, may be. Pure.
 */
export function findColumnRenames(
  made: Catalog,
  live: Catalog,
): { readonly renames: readonly Rename[]; readonly doubts: readonly Doubt[] } {
  const isTable = ({ kind }: CatalogEntity) => kind === 'table';
  const tables = new Map(live.entities.filter(isTable).map((entity) => [entityKey(entity), entity]));
  const found = made.entities.filter(isTable).map((entity) => {
    const there = tables.get(entityKey(entity));
    return there === undefined ? { renames: [], doubts: [] } : findIn(entity, there);
  });
  return { renames: found.flatMap((one) => one.renames), doubts: found.flatMap((one) => one.doubts) };
}

type Column = {
  readonly name: string;
  readonly facts: CatalogPart['facts'];
  /** The column before it that both have. */
  readonly after: string;
};

function findIn(made: CatalogEntity, live: CatalogEntity) {
  const [missing, added] = [columnsWithout(made, live), columnsWithout(live, made)];
  const facts = (column: Column) => OF_COLUMNS.map((fact) => column.facts[fact] ?? null);
  const { pairs } = pairUp(missing, added, (column) => JSON.stringify([column.after, facts(column)]));
  const inOrder = pairs.length > 0 ? [] : pairInOrder(missing, added, facts);
  const decided = new Set([...pairs, ...inOrder].flat());
  const mayBe = (one: Column, other: Column) =>
    one.facts.type === other.facts.type || one.after === other.after;
  const doubts = missing
    .filter((one) => !decided.has(one))
    .flatMap((one) =>
      added.filter((other) => !decided.has(other) && mayBe(one, other)).map((other) => [one, other] as const),
    );
  const toRename = ([one, other]: readonly [Column, Column]): Rename => ({
    kind: made.kind,
    schema: made.schema,
    name: made.name,
    actual: { schema: made.schema, name: made.name },
    column: { name: one.name, actual: other.name },
  });
  return { renames: [...pairs, ...inOrder].map(toRename), doubts: doubts.map(toRename) };
}

/** Several side by side, all of them renamed. */
function pairInOrder(
  missing: readonly Column[],
  added: readonly Column[],
  facts: (column: Column) => unknown,
): readonly (readonly [Column, Column])[] {
  const said = (columns: readonly Column[]) => JSON.stringify(columns.map((one) => [one.after, facts(one)]));
  if (missing.length !== added.length || said(missing) !== said(added)) return [];
  return missing.flatMap((one, at) => added.slice(at, at + 1).map((other) => [one, other] as const));
}

function columnsWithout({ parts }: CatalogEntity, other: CatalogEntity): readonly Column[] {
  const names = new Set(other.parts.filter(({ kind }) => kind === 'column').map(({ name }) => name));
  let after = '';
  return parts.flatMap(({ kind, name, facts }) => {
    if (kind !== 'column') return [];
    if (!names.has(name)) return [{ name, facts, after }];
    after = name;
    return [];
  });
}
