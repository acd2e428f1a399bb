import type { CatalogEntity } from './catalog.ts';
import type { FactDifference } from './difference.ts';

/** The order of the columns that both have, told once: one column moved moves all behind it. Pure. */
export function compareColumns(expected: CatalogEntity, actual: CatalogEntity): readonly FactDifference[] {
  const [before, after] = [columnNames(expected), columnNames(actual)];
  const [beforeSet, afterSet] = [new Set(before), new Set(after)];
  const one = before.filter((name) => afterSet.has(name)).join(', ');
  const other = after.filter((name) => beforeSet.has(name)).join(', ');
  return one === other ? [] : [{ fact: 'column order', expected: one, actual: other }];
}

function columnNames({ parts }: CatalogEntity): readonly string[] {
  return parts.filter(({ kind }) => kind === 'column').map(({ name }) => name);
}
