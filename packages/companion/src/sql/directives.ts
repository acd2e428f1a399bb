import type { SqlToken } from './parser.ts';

/** A `drizzle-companion` comment that says nothing we know: a typing error must not pass for a wish fulfilled. */
export type UnknownDirective = { readonly text: string; readonly offset: number };

export type Directives = {
  /** Offset of the comment `-- drizzle-companion: no-transaction`; null without one. */
  readonly noTransaction: number | null;
  readonly unknown: readonly UnknownDirective[];
};

/** Reads the directives among the comments in `tokens`. */
export function readDirectives(tokens: readonly SqlToken[]): Directives {
  let noTransaction: number | null = null;
  const unknown: UnknownDirective[] = [];
  for (const token of tokens) {
    if (!token.comment) continue;
    const content = token.text.replace(/^--|^\/\*|\*\/$/g, '').trim();
    const [, colon, wish = ''] = /^drizzle-companion\s*(:?)\s*(.*)$/is.exec(content) ?? [];
    if (colon === undefined) continue;
    if (colon !== '' && wish.toLowerCase() === 'no-transaction') noTransaction ??= token.start;
    // Without the colon it may be prose about this tool, unless it goes on as the directive does.
    else if (colon !== '' || /^no\b/i.test(wish)) unknown.push({ text: token.text, offset: token.start });
  }
  return { noTransaction, unknown };
}
