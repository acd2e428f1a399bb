import { diffLines } from './diff-lines.ts';
import type { CatalogDifference, FactDifference } from './difference.ts';

/** The difference in one line: `table users: column age is missing`. Pure. */
export function summarizeDifference(difference: CatalogDifference): string {
  const subject = describeSubject(difference);
  switch (difference.change) {
    case 'missing':
      return `${subject} is missing`;
    case 'added':
      return `${subject} is not expected`;
    case 'renamed':
      return `${subject} is called ${difference.facts[0]?.actual}`;
    case 'changed':
      return `${subject}: ${difference.facts.map(({ fact }) => fact).join(', ')}`;
  }
}

/** The same, and below it what is expected and what there is, for each fact. Pure text, without colour. */
export function describeDifference(difference: CatalogDifference): readonly string[] {
  const summary = summarizeDifference(difference);
  if (difference.change === 'renamed') return [summary];
  if (difference.change === 'changed')
    return [summary, ...difference.facts.flatMap((fact) => describeFact(fact, difference))];
  const definition = difference.facts.find(({ fact }) => fact === 'definition' || fact === 'type');
  const text = definition?.expected ?? definition?.actual ?? null;
  return [summary, ...(text === null ? [] : indent(toLines(text)))];
}

/** All of them, one below the other. */
export function describeDifferences(differences: readonly CatalogDifference[]): readonly string[] {
  return differences.flatMap(describeDifference);
}

function describeSubject({ kind, schema, name, part }: CatalogDifference): string {
  // Most live in public, and their readers know.
  const entity = `${kind} ${schema === null || schema === 'public' ? name : `${schema}.${name}`}`;
  return part === null ? entity : `${entity}: ${part.kind} ${part.name}`;
}

function describeFact(
  { fact, expected, actual }: FactDifference,
  { facts }: CatalogDifference,
): readonly string[] {
  const [before, after] = [toLines(expected ?? 'none'), toLines(actual ?? 'none')];
  const isShort = before.length === 1 && after.length === 1;
  const texts = isShort ? [`expected  ${before[0]}`, `actual    ${after[0]}`] : diffLines(before, after);
  return indent(facts.length > 1 ? [fact, ...indent(texts)] : texts);
}

function toLines(text: string): readonly string[] {
  const lines = text.trimEnd().split('\n');
  // PostgreSQL sets views in by one.
  return lines.map((line, at) => (at === 0 ? line.trimStart() : line));
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
