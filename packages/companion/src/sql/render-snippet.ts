import { locateOffset } from './locate.ts';

const WIDEST = 160;

/**
 * The lines around `offset` with their numbers, and a caret under the spot. Plain text without a final
 * line break. `context`: lines to show before and after (default 2); `width`: columns, gutter and all
 * (default: 160 for the text); `length`: how many characters of the line are pointed at (default 1).
 */
export function renderSnippet(
  text: string,
  offset: number,
  options: { readonly context?: number; readonly width?: number; readonly length?: number } = {},
): string {
  const { context = 2, width = Number.POSITIVE_INFINITY, length = 1 } = options;
  const { line, column } = locateOffset(text, offset);
  const lines = text.split(/\r\n|\n|\r/);
  const first = Math.max(1, line - context);
  const last = Math.min(lines.length, line + context);
  const gutter = String(last).length;
  const widest = Math.min(WIDEST, width - gutter - ' | '.length);
  const rendered: string[] = [];
  for (let number = first; number <= last; number++) {
    const characters = [...(lines[number - 1] ?? '')].map(printable);
    const start = number === line ? windowStart({ length: characters.length, caret: column - 1, widest }) : 0;
    const shown = cut(characters, start, widest);
    rendered.push(`${String(number).padStart(gutter)} | ${shown.join('')}`.trimEnd());
    if (number === line) {
      // Tabs are repeated, so that the caret stands right whatever their width.
      const indent = shown.slice(0, column - 1 - start).map((character) => (character === '\t' ? '\t' : ' '));
      const carets = '^'.repeat(Math.max(1, Math.min(length, shown.length - indent.length)));
      rendered.push(`${' '.repeat(gutter)} | ${indent.join('')}${carets}`);
    }
  }
  return rendered.join('\n');
}

/** The first character to show of a line, so that the one at `caret` stands in the middle of the window. */
function windowStart(line: { length: number; caret: number; widest: number }): number {
  const { length, caret, widest } = line;
  return Math.max(0, Math.min(caret - Math.floor(widest / 2), length - widest));
}

function cut(characters: readonly string[], start: number, widest: number): string[] {
  const shown = characters.slice(start, start + widest);
  if (start > 0) shown[0] = '…';
  if (start + widest < characters.length) shown[shown.length - 1] = '…';
  return shown;
}

/** Escape sequences in a file must not reach the terminal. */
function printable(character: string): string {
  return character !== '\t' && /\p{Cc}/u.test(character) ? '\ufffd' : character;
}
