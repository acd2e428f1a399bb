import type { Catalog, CatalogEntity } from '../../catalog/catalog.ts';
import { compareCatalogs } from '../../catalog/compare-catalogs.ts';
import type { CatalogDifference } from '../../catalog/difference.ts';
import type { CatalogAspect } from '../../catalog/ignore-aspects.ts';
import type { LedgerAddress } from '../../kernel/ledger-row.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { followsDrop } from './follows-drop.ts';
import { describeRenames, isDoubted } from './renames/describe-renames.ts';
import { findRenames } from './renames/find-renames.ts';
import type { Doubt } from './renames/rename.ts';
import { type SummedUp, sumUp } from './sum-up.ts';

/** A difference that may stand for others: a schema that no migration makes, with all that lies in it; a table with its partitions. */
export type SettledDifference = CatalogDifference & {
  /** How many of each kind are in it. */
  readonly holds: ReadonlyMap<string, number>;
  /** What it may be, under another name: of what is missing, and of what was added. */
  readonly maybe: readonly Doubt[];
};

export type Settled = {
  readonly told: readonly SettledDifference[];
  /** What went with something that is told to be missing, and is not told itself. */
  readonly went: readonly SettledDifference[];
  /** What has one cause, and is told as one. */
  readonly sums: readonly SummedUp[];
  /** The database with the names that the migrations give. */
  readonly live: Catalog;
};

/** Told by findings of their own, which look at the whole database. */
const TOLD_APART = new Set(['invalid', 'not validated', 'not null not validated']);

/** Handed down by a partitioned table; its own have a definition. */
const INHERITED = new Set<string>(['constraint', 'index', 'trigger']);

type SettleInput = { readonly parser: SqlParser; readonly ledger: LedgerAddress };

/**
 * What a database has otherwise than its migrations make it, without what is not theirs to make (the ledger's schema, what
 * only the servers' versions differ in), and without what follows from another difference. Pure.
 */
export function settleDifferences(made: Catalog, actual: Catalog, { parser, ledger }: SettleInput): Settled {
  const { renames, doubts, live } = findRenames(actual, { made, parser });
  const isForeign = ({ kind, name, change }: CatalogDifference) =>
    // They are a role's, and whoever migrates is another role on a shadow.
    kind === 'default privileges' || (kind === 'schema' && name === ledger.schema && change === 'added');
  const differences = compareCatalogs(made, live, { parser, ignore: ignoredAspects(made) })
    .filter((difference) => !isForeign(difference))
    .map(asSetApart)
    .flatMap((difference) => withoutToldApart(difference, live));
  const went = differences.filter((difference) => followsDrop(difference, differences, parser));
  const caused = differences.filter((difference) => !went.includes(difference));
  const schemas = new Set(
    caused
      .filter(({ kind, change, part }) => kind === 'schema' && change === 'added' && part === null)
      .map(({ name }) => name),
  );
  const outside = caused.filter(({ schema }) => schema === null || !schemas.has(schema));
  const { left, sums } = sumUp(outside, { made, live, parser });
  const settle = (difference: CatalogDifference): SettledDifference => ({
    ...difference,
    holds:
      schemas.has(difference.name) && difference.kind === 'schema' && difference.part === null
        ? countIn(live, difference.name)
        : (sums.find((sum) => isWithin(sum, difference))?.counts ?? new Map()),
    maybe: doubts.filter((doubt) => isDoubted(difference, doubt)),
  });
  return {
    told: [...describeRenames(renames, made, parser), ...left].map(settle),
    went: went.map(settle),
    sums: sums.filter((sum) => !left.some((difference) => isWithin(sum, difference))),
    live,
  };
}

/** Partitions of a table that is there unexpected itself. */
function isWithin({ cause }: SummedUp, { change, kind, schema, name, part }: CatalogDifference): boolean {
  const isTable = change === 'added' && part === null && kind === 'table';
  return isTable && cause.kind === 'partitions' && cause.schema === schema && cause.name === name;
}

/** Whoever makes no privileges leaves them to somebody else. Versions of extensions are the server's. */
function ignoredAspects({ entities }: Catalog): readonly CatalogAspect[] {
  const grants = entities.some(
    ({ kind, parts }) =>
      kind === 'default privileges' ||
      parts.some((part) => part.kind === 'privilege' || 'privileges' in part.facts),
  );
  return grants ? ['extension versions'] : ['extension versions', 'privileges'];
}

/** What a partition has of its parent's is told only where something was done to it alone: it was there before. */
function asSetApart(difference: CatalogDifference): CatalogDifference {
  const { change, part, facts } = difference;
  const isWhole = change === 'added' || change === 'missing';
  const isInherited =
    part !== null && INHERITED.has(part.kind) && !facts.some(({ fact }) => fact === 'definition');
  return isWhole && isInherited ? { ...difference, change: 'changed' } : difference;
}

/** Invalid indexes and constraints that are not validated are told apart, and not twice. */
function withoutToldApart(difference: CatalogDifference, live: Catalog): readonly CatalogDifference[] {
  const { change, part, facts } = difference;
  if (part === null) return [difference];
  const isInvalid = facts.some(({ fact, actual }) => fact === 'invalid' && actual !== null);
  // A partitioned table's index is invalid until all its partitions have it: that is not told apart.
  const isApart = isInvalid && !isPartitioned(difference, live);
  if (change === 'added' && part.kind === 'index' && isApart) return [];
  if (change !== 'changed') return [difference];
  const left = facts.filter(
    ({ fact, actual }) => !TOLD_APART.has(fact) || actual === null || (fact === 'invalid' && !isApart),
  );
  return left.length === 0 ? [] : [{ ...difference, facts: left }];
}

function isPartitioned({ kind, schema, name }: CatalogDifference, { entities }: Catalog): boolean {
  const entity = entities.find((one) => one.kind === kind && one.schema === schema && one.name === name);
  return entity !== undefined && 'partitioned by' in entity.facts;
}

/** What lies in a schema; sequences of columns go with their tables. */
function countIn({ entities }: Catalog, schema: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entity of entities) {
    if (entity.schema !== schema || isOwnedSequence(entity)) continue;
    counts.set(entity.kind, (counts.get(entity.kind) ?? 0) + 1);
  }
  return counts;
}

function isOwnedSequence({ kind, facts }: CatalogEntity): boolean {
  return kind === 'sequence' && 'owned by' in facts;
}
