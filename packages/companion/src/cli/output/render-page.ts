import type { Style } from './output.ts';
import { toPrintable, wrap } from './text-layout.ts';

/** A page in Markdown for a terminal. Ends with a line end. */
export function renderPage(markdown: string, style: Style): string {
  const lines: string[] = [];
  let inFence = false;
  for (const line of markdown.replaceAll(/<!--[\s\S]*?-->\n*/g, '').split('\n')) {
    const [fence, language] = /^```\w*\s*(\S*)/.exec(line) ?? [];
    if (fence !== undefined) {
      // What an example needs is no example.
      if (!inFence && language === 'before') lines.push('before:', '');
      inFence = !inFence;
    } else if (inFence) lines.push(line === '' ? '' : `    ${style.paint.cyan(toPrintable(line))}`);
    else lines.push(renderLine(line, style));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function renderLine(line: string, { paint, width }: Style): string {
  const text = line.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  const [, heading] = /^#+ (.*)$/.exec(text) ?? [];
  if (heading !== undefined) return paint.bold(heading);
  // A row that is broken is no row.
  if (text.startsWith('|')) return text;
  return wrap(text, { width, indent: text.startsWith('- ') ? '  ' : '' });
}
