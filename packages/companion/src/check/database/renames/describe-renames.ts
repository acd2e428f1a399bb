import type { Catalog } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import { isSameEntity } from '../../../catalog/entity-key.ts';
import { parseQualified } from '../../../catalog/parse-qualified.ts';
import type { SqlParser } from '../../../sql/parser.ts';
import type { Doubt, Rename } from './rename.ts';

/** Renames as differences, without those that a parent table hands down. Pure. */
export function describeRenames(
  renames: readonly Rename[],
  { entities }: Catalog,
  parser: SqlParser,
): readonly CatalogDifference[] {
  const isHandedDown = (rename: Rename) => {
    const { facts = {} } = entities.find((one) => isSameEntity(one, rename)) ?? {};
    return parseQualified(facts['partition of'] ?? facts.inherits, parser).some(([schema, name]) =>
      renames.some(
        (one) => one.schema === schema && one.name === name && one.column?.name === rename.column?.name,
      ),
    );
  };
  return renames.filter((rename) => rename.column === undefined || !isHandedDown(rename)).map(toDifference);
}

/** Pure. */
export function toDifference({ kind, schema, name, actual, column }: Rename): CatalogDifference {
  const told =
    column === undefined
      ? { expected: name, actual: actual.name }
      : { expected: column.name, actual: column.actual };
  return {
    change: 'renamed',
    kind,
    schema,
    name,
    part: column === undefined ? null : { kind: 'column', name: column.name },
    facts: [
      { fact: 'name', ...told },
      ...(actual.schema === schema ? [] : [{ fact: 'schema', expected: schema, actual: actual.schema }]),
    ],
  };
}

/** Is it one of the two, or the schema in which the other lies? Pure. */
export function isDoubted({ change, kind, schema, name, part }: CatalogDifference, doubt: Doubt): boolean {
  const { actual, column } = doubt;
  if (change === 'added' && kind === 'schema' && part === null) return actual.schema === name;
  const isOfColumn = column !== undefined && part?.kind === 'column';
  if (change === 'missing' && isSameEntity({ kind, schema, name }, doubt))
    return column === undefined ? part === null : isOfColumn && part.name === column.name;
  if (change === 'added' && isSameEntity({ kind, schema, name }, { kind: doubt.kind, ...actual }))
    return column === undefined ? part === null : isOfColumn && part.name === column.actual;
  return false;
}
