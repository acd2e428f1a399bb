// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what an escape sequence starts with.
const ESCAPES = /\x1b\[[0-9;]*m/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]+/g;

/** Columns that a text takes, colours not counted. */
export function visibleWidth(text: string): number {
  return [...text.replace(ESCAPES, '')].length;
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - visibleWidth(text)));
}

/** Cut in the middle: migrations' names begin with their number and differ at their end. Uncoloured text only. */
export function cutMiddle(text: string, width: number): string {
  const letters = [...text];
  if (letters.length <= width) return text;
  const kept = Math.max(0, width - 1);
  const end = Math.floor(kept / 2);
  return `${letters.slice(0, kept - end).join('')}…${end === 0 ? '' : letters.slice(-end).join('')}`;
}

export function cutEnd(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

/** SQL and other people's text in one line, without anything a terminal would obey. */
export function toOneLine(text: string): string {
  return text.replace(CONTROLS, ' ').replace(/ {2,}/g, ' ').trim();
}

/** A line as it is, without anything a terminal would obey; tabs become two spaces. */
export function toPrintable(line: string): string {
  return line.replaceAll('\t', '  ').replace(CONTROLS, '\ufffd');
}

type WrapOptions = {
  readonly width: number;
  /** Stands before every line but the first. */
  readonly indent: string;
};

/** Breaks at spaces; words longer than a line stay whole, so that paths can be copied. */
export function wrap(text: string, { width, indent }: WrapOptions): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      const next = line === '' ? word : `${line} ${word}`;
      if (line !== '' && visibleWidth(next) > width - indent.length) {
        lines.push(line);
        line = word;
      } else line = next;
    }
    lines.push(line);
  }
  return lines.join(`\n${indent}`);
}

export function indentBy(text: string, indent: string): string {
  return text.replace(/^(?=.)/gm, indent);
}

/** `1 migration`, `3 migrations`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
