import type { Catalog, CatalogEntity } from '../../catalog/catalog.ts';
import type { CatalogDifference } from '../../catalog/difference.ts';
import { parseQualified } from '../../catalog/parse-qualified.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { type DefaultPrivilege, findDefaultPrivilege, handMadeDefaults } from './default-privileges.ts';

type Named = { readonly schema: string | null; readonly name: string };

/** Why many things are there that no migration makes. */
export type Cause =
  /** A program adds partitions to the table as time goes by. */
  | ({ readonly kind: 'partitions' } & Named)
  /** An extension keeps things in a schema that its script made, as Timescale keeps the parts of tables. */
  | { readonly kind: 'extension'; readonly extension: string; readonly schema: string }
  | ({ readonly kind: 'default privileges' } & DefaultPrivilege);

/** `counts` says how many of what: 12 partitions; 3 tables and a view. */
export type SummedUp = { readonly cause: Cause; readonly counts: ReadonlyMap<string, number> };

/** Differences that have one cause, put together; and those that are left. Pure. */
export function sumUp(
  differences: readonly CatalogDifference[],
  { made, live, parser }: { readonly made: Catalog; readonly live: Catalog; readonly parser: SqlParser },
): { readonly left: readonly CatalogDifference[]; readonly sums: readonly SummedUp[] } {
  const tables = { made: tablesOf(made), live: tablesOf(live) };
  const schemas = schemasOfExtensions(live, parser);
  const defaults = handMadeDefaults(made, live);
  const causeOf = (difference: CatalogDifference): Cause | null => {
    if (difference.part !== null) {
      const found = findDefaultPrivilege(difference, defaults);
      return found && { kind: 'default privileges', ...found };
    }
    if (difference.change !== 'added') return null;
    const { schema } = difference;
    const extension = schema === null ? undefined : schemas.get(schema);
    if (schema !== null && extension !== undefined) return { kind: 'extension', extension, schema };
    const parent = partitionedAbove(difference, tables, parser);
    return parent && { kind: 'partitions', ...parent };
  };

  const left: CatalogDifference[] = [];
  const sums = new Map<string, { readonly cause: Cause; readonly counts: Map<string, number> }>();
  for (const difference of differences) {
    const cause = causeOf(difference);
    if (cause === null) {
      left.push(difference);
      continue;
    }
    const key = JSON.stringify(cause);
    const { counts } = sums.get(key) ?? { counts: new Map<string, number>() };
    const what = cause.kind === 'partitions' ? 'partition' : difference.kind;
    sums.set(key, { cause, counts: counts.set(what, (counts.get(what) ?? 0) + 1) });
  }
  return { left, sums: [...sums.values()] };
}

type Tables = ReadonlyMap<string, CatalogEntity>;

function tablesOf({ entities }: Catalog): Tables {
  return new Map(
    entities
      .filter(({ kind }) => kind === 'table' || kind === 'foreign table')
      .map((entity) => [keyOf(entity), entity]),
  );
}

/** Upwards to the first table that the migrations make, or else to the one that is a partition of none. */
function partitionedAbove(
  { schema, name }: Named,
  { made, live }: { readonly made: Tables; readonly live: Tables },
  parser: SqlParser,
): Named | null {
  const partitionOf = live.get(keyOf({ schema, name }))?.facts['partition of'];
  const [[above, parent] = []] = parseQualified(partitionOf, parser);
  if (above === undefined || parent === undefined) return null;
  const found = { schema: above, name: parent };
  return made.has(keyOf(found)) ? found : (partitionedAbove(found, { made, live }, parser) ?? found);
}

/** Which extension a schema belongs to. */
function schemasOfExtensions({ entities }: Catalog, parser: SqlParser): ReadonlyMap<string, string> {
  return new Map(
    entities
      .filter(({ kind }) => kind === 'extension')
      .flatMap(({ name, facts }) =>
        parseQualified(facts.schemas, parser).map(([schema = '']) => [schema, name] as const),
      ),
  );
}

function keyOf({ schema, name }: Named): string {
  return JSON.stringify([schema, name]);
}
