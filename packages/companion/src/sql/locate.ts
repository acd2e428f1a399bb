/** Line and column (1-based, the column in code points) of a UTF-16 offset. CRLF, LF and lone CR end a line. */
export function locateOffset(text: string, offset: number): { line: number; column: number } {
  const end = Math.max(0, Math.min(offset, text.length));
  let line = 1;
  let lineStart = 0;
  for (const { index, 0: lineBreak } of text.slice(0, end).matchAll(/\r\n|\n|\r/g)) {
    // An offset between CR and LF is still on the line that they end.
    if (index + 1 === end && lineBreak === '\r' && text[end] === '\n') break;
    line++;
    lineStart = index + lineBreak.length;
  }
  return { line, column: countCodePoints(text, lineStart, end) + 1 };
}

/** The inverse of `locateOffset`. Without a column: the first character of the line that is not blank. */
export function offsetOfLine(text: string, line: number, column?: number): number {
  let start = 0;
  let number = 1;
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\n|\r/g)) {
    if (number === line) break;
    number++;
    start = index + lineBreak.length;
  }
  if (column !== undefined) return start + offsetOfPosition(text.slice(start), column);
  return start + (/^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0);
}

/** UTF-16 offset of PostgreSQL's error position: 1-based, in characters. Past the end is the end. */
export function offsetOfPosition(text: string, position: number): number {
  let offset = 0;
  for (let character = 1; character < position && offset < text.length; character++) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset;
}

function countCodePoints(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}
