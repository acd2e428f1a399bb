/** The elements of `{a,"b c",NULL}` as texts, those of arrays inside it among them; NULL is left out. Pure. */
export function readArrayLiteral(text: string): readonly string[] {
  const elements: string[] = [];
  let current: string | null = null;
  let isQuoted = false;
  const end = (): void => {
    const bare = isQuoted ? current : (current?.trim() ?? null);
    if (bare !== null && (isQuoted || (bare !== '' && bare.toLowerCase() !== 'null'))) elements.push(bare);
    current = null;
    isQuoted = false;
  };
  for (let at = 0, inQuotes = false; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') current = (current ?? '') + (text[++at] ?? '');
    else if (char === '"') {
      inQuotes = !inQuotes;
      isQuoted = true;
      current ??= '';
      if (inQuotes) current = '';
    } else if (inQuotes) current = (current ?? '') + char;
    else if (char === ',' || char === '{' || char === '}') end();
    else if (!isQuoted) current = (current ?? '') + char;
  }
  return elements;
}
