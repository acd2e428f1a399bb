import type { Catalog, CatalogEntity, CatalogKind } from '../../../catalog/catalog.ts';
import { entityKey } from '../../../catalog/entity-key.ts';
import { findColumnRenames, OF_COLUMNS } from './find-column-renames.ts';
import { pairUp } from './pair-up.ts';
import type { Doubt, Rename } from './rename.ts';
import { type RenameContext, renameBack } from './rename-back.ts';

export type Renames = {
  /** In the order in which they are taken back. */
  readonly renames: readonly Rename[];
  /** What may have been renamed: nothing tells for certain. */
  readonly doubts: readonly Doubt[];
  /** The database with the names of the migrations. */
  readonly live: Catalog;
};

/**
 * What somebody renamed by hand, schemas first, then what lies in them, then columns. Something that is missing, and something alike
 * that no migration makes, are one thing under another name, where there is just one of each: to drop the one and make the other
 * would lose what is in it. Pure.
 */
export function findRenames(live: Catalog, context: RenameContext): Renames {
  const { made } = context;
  const takeBack = (catalog: Catalog, renames: readonly Rename[]) =>
    renames.reduce((done, rename) => renameBack(done, rename, context), catalog);
  const schemas = pairAll(made, live, (entity, { entities }) =>
    entity.kind === 'schema' ? contentsOf(entity, entities) : null,
  );
  const inSchemas = takeBack(live, schemas.renames);
  const whole = pairAll(made, inSchemas, (entity) => likeness(entity));
  const inTables = takeBack(inSchemas, whole.renames);
  const changed = pairTables(made, inTables);
  const inChanged = takeBack(inTables, changed.renames);
  const columns = findColumnRenames(made, inChanged);
  return {
    renames: [...schemas.renames, ...whole.renames, ...changed.renames, ...columns.renames],
    doubts: [...whole.doubts, ...changed.doubts, ...columns.doubts],
    live: takeBack(inChanged, columns.renames),
  };
}

type Found = { readonly renames: readonly Rename[]; readonly doubts: readonly Doubt[] };

type Alike = (entity: CatalogEntity, catalog: Catalog) => string | null;

/** In one schema; then of one name, moved from one schema to another. */
function pairAll(made: Catalog, live: Catalog, alikeIn: Alike): Found {
  const [missing, added] = [without(made, live), without(live, made)];
  const texts = new Map([
    ...missing.map((one) => [one, alikeIn(one, made)] as const),
    ...added.map((one) => [one, alikeIn(one, live)] as const),
  ]);
  const within = pairUp(missing, added, (one) => withText(texts.get(one), one.schema));
  const paired = new Set(within.pairs.flat());
  const free = (all: readonly CatalogEntity[]) => all.filter((one) => !paired.has(one));
  const moved = pairUp(free(missing), free(added), (one) =>
    one.schema === null ? null : withText(texts.get(one), one.name),
  );
  return {
    renames: [...within.pairs, ...moved.pairs].map(toRename),
    doubts: within.undecided.filter(([one]) => STORES.has(one.kind)).map(toRename),
  };
}

function withText(text: string | null | undefined, what: string | null): string | null {
  return text == null ? null : JSON.stringify([what, text]);
}

/** What holds something that nobody can make again. */
const STORES = new Set<CatalogKind>(['table', 'sequence', 'materialized view']);

const KINDS = new Set<CatalogKind>([...STORES, 'foreign table', 'view', 'enum', 'domain', 'composite type']);

const OF_ALL = [
  'partition of',
  'bound',
  'partitioned by',
  'inherits',
  'definition',
  'values',
  'type',
  'server',
  'default',
  'start',
  'increment',
  'min',
  'max',
  'cycle',
];

/** What a thing is, its name aside; null for what a name makes, and for what says too little. */
function likeness({ kind, facts, parts }: CatalogEntity): string | null {
  const pick = (from: CatalogEntity['facts'], names: readonly string[]) =>
    names.map((name) => from[name] ?? null);
  const columns = parts.filter((part) => part.kind === 'column');
  const isEmpty = kind === 'table' && columns.length === 0;
  // That of a column goes with it.
  if (!KINDS.has(kind) || isEmpty || 'owned by' in facts) return null;
  return JSON.stringify([
    kind,
    pick(facts, OF_ALL),
    ...columns.map((part) => [part.name, pick(part.facts, OF_COLUMNS)]),
  ]);
}

function contentsOf({ name }: CatalogEntity, entities: readonly CatalogEntity[]): string | null {
  const inside = entities.filter(({ schema }) => schema === name).map((one) => [one.kind, one.name]);
  return inside.length === 0 ? null : JSON.stringify(inside);
}

/**
 * A table that has all columns of a missing one in its schema is it, changed besides, where there is but one, and so is one of its
 * name in another schema that has half of them; any other that has half of them may be.
 */
function pairTables(made: Catalog, live: Catalog): Found {
  const tables = (from: Catalog, other: Catalog) =>
    without(from, other).filter(({ kind, facts }) => kind === 'table' && !('partition of' in facts));
  const [missing, added] = [tables(made, live), tables(live, made)];
  const pairs = missing.flatMap((one) => {
    const columns = columnNames(one);
    const shared = (other: CatalogEntity) =>
      columnNames(other).filter((name) => columns.includes(name)).length;
    return added
      .filter((other) => columns.length > 0 && shared(other) * 2 >= columns.length)
      .map((other) => [one, other, shared(other) === columns.length && columns.length > 1] as const);
  });
  const isAlone = ([one, other, isWhole]: (typeof pairs)[number]) =>
    (one.schema === other.schema ? isWhole : one.name === other.name) &&
    pairs.filter((pair) => pair.some((table) => table === one || table === other)).length === 1;
  return {
    renames: pairs.filter(isAlone).map(([one, other]) => toRename([one, other])),
    doubts: pairs.filter((pair) => !isAlone(pair)).map(([one, other]) => toRename([one, other])),
  };
}

function columnNames({ parts }: CatalogEntity): readonly string[] {
  return parts.filter(({ kind }) => kind === 'column').map(({ name }) => name);
}

function without({ entities }: Catalog, other: Catalog): readonly CatalogEntity[] {
  const known = new Set(other.entities.map(entityKey));
  return entities.filter((entity) => !known.has(entityKey(entity)));
}

function toRename([{ kind, schema, name }, other]: readonly [CatalogEntity, CatalogEntity]): Rename {
  return { kind, schema, name, actual: { schema: other.schema, name: other.name } };
}
