import { diffLines } from '../../catalog/diff-lines.ts';
import type { CatalogDifference, FactDifference } from '../../catalog/difference.ts';
import { sayFact } from './say-fact.ts';

/** What differs, as an exception names it: `table users`, `column users.age`, `index users_email_idx on users`. Pure. */
export function nameSubject({ kind, schema, name, part }: CatalogDifference): string {
  // Most live in public, and their readers know.
  const entity = schema === null || schema === 'public' ? name : `${schema}.${name}`;
  if (part === null) return `${kind} ${entity}`;
  if (part.kind === 'column') return `column ${entity}.${part.name}`;
  if (part.kind === 'privilege') return `privileges of ${part.name} on ${kind} ${entity}`;
  if (part.kind === 'member') return `${part.name} in ${kind} ${entity}`;
  return `${part.kind} ${part.name} on ${entity}`;
}

/** How long a definition may be to stand in a sentence. */
const SHORT = 240;

/** The definition or the type of what is missing or added, in brackets behind a sentence; nothing where it is long. Pure. */
export function quoteDefinition({ facts }: CatalogDifference): string {
  const told = ['definition', 'type', 'values', 'granted', 'version'].flatMap((name) =>
    facts.filter(({ fact }) => fact === name),
  )[0];
  const text = (told?.actual ?? told?.expected ?? '').trim();
  return text === '' || text.length > SHORT || text.includes('\n') ? '' : ` (${text})`;
}

/** Each fact that differs, in words: `default 0 → 5`, `takes NULL`. Long texts are told line by line. Pure. */
export function describeFacts(facts: readonly FactDifference[]): string {
  const [long, short] = [facts.filter(isLong), facts.filter((fact) => !isLong(fact))];
  const words = short.map(sayFact);
  const blocks = long.map(
    ({ fact, expected, actual }) =>
      `${fact} changed\n${diffLines(toLines(expected), toLines(actual)).join('\n')}`,
  );
  return [words.join('; '), ...blocks].filter((text) => text !== '').join('; ');
}

function isLong({ expected, actual }: FactDifference): boolean {
  return `${expected ?? ''}${actual ?? ''}`.includes('\n');
}

function toLines(text: string | null): readonly string[] {
  return text === null ? [] : text.trimEnd().split('\n');
}
