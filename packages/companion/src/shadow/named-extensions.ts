/**
 * Names that may be extensions' in SQL: every word of a text that speaks of extensions at all. More than are asked for,
 * and never fewer, also where a DO block puts the statement together: what is not the name of an extension is no harm.
 */
export function namedExtensions(texts: readonly string[]): readonly string[] {
  const words = new Set<string>();
  for (const text of texts) {
    if (!/extension/i.test(text)) continue;
    for (const [word] of text.matchAll(/[a-z][\w-]*/gi)) words.add(word.toLowerCase());
  }
  return [...words].sort();
}
