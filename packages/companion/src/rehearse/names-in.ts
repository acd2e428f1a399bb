/** Opening and closing, of every language that the server speaks. */
const QUOTES = new Set('"\'«»„“”‹›‘’『』「」《》');

/**
 * Does the server's sentence name it? Quoted, as a part of a dotted name, or as a function with its arguments: never for
 * a word of the sentence itself. `prefix`: what it names may go on.
 */
export function namesIn(sentence: string, name: string, as: 'whole' | 'prefix' = 'whole'): boolean {
  return occurrences(sentence, name).some(({ before, after }) => {
    if (before !== undefined && (QUOTES.has(before) || before === '.')) {
      return as === 'prefix' || !isPartOfWord(after);
    }
    return after === '(' && !isPartOfWord(before);
  });
}

/** Does the sentence have it as a whole word, quoted or not? */
export function namesBare(sentence: string, name: string): boolean {
  return occurrences(sentence, name).some(
    ({ before, after }) => !isPartOfWord(before) && !isPartOfWord(after),
  );
}

type Around = { readonly before: string | undefined; readonly after: string | undefined };

function occurrences(sentence: string, name: string): readonly Around[] {
  const found: Around[] = [];
  if (name === '') return found;
  for (let at = sentence.indexOf(name); at !== -1; at = sentence.indexOf(name, at + 1)) {
    found.push({ before: sentence[at - 1], after: sentence[at + name.length] });
  }
  return found;
}

function isPartOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
