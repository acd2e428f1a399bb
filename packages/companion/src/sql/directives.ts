import type { SqlToken } from './parser.ts';

/** A `drizzle-companion` comment that says nothing we know: a typing error must not pass for a wish fulfilled. */
export type UnknownDirective = { readonly text: string; readonly offset: number };

/** `allow <rule> <reason>` for the statement after it, `allow-file` for the whole file: the linter's affair. */
export type Allowance = {
  readonly scope: 'statement' | 'file';
  /** As it is written; empty where none is. */
  readonly rule: string;
  /** Required, and empty where it is missing. */
  readonly reason: string;
  /** Where the comment stands. */
  readonly start: number;
  readonly end: number;
};

export type Directives = {
  /** Offset of the comment `-- drizzle-companion: no-transaction`; null without one. */
  readonly noTransaction: number | null;
  readonly allowances: readonly Allowance[];
  readonly unknown: readonly UnknownDirective[];
};

/** Reads the directives among the comments in `tokens`. */
export function readDirectives(tokens: readonly SqlToken[]): Directives {
  let noTransaction: number | null = null;
  const allowances: Allowance[] = [];
  const unknown: UnknownDirective[] = [];
  for (const token of tokens) {
    if (!token.comment) continue;
    const content = token.text.replace(/^--|^\/\*|\*\/$/g, '').trim();
    const [, colon, wish = ''] = /^drizzle-companion\s*(:?)\s*(.*)$/is.exec(content) ?? [];
    if (colon === undefined) continue;
    const [, word = '', rule = '', reason = ''] = /^(\S*)\s*(\S*)\s*(.*)$/s.exec(wish) ?? [];
    const { start, end } = token;
    if (colon !== '' && wish.toLowerCase() === 'no-transaction') noTransaction ??= start;
    else if (colon !== '' && (word === 'allow' || word === 'allow-file')) {
      allowances.push({ scope: word === 'allow' ? 'statement' : 'file', rule, reason, start, end });
    }
    // Without the colon it may be prose about this tool, unless it goes on as the directive does.
    else if (colon !== '' || /^no\b/i.test(wish)) unknown.push({ text: token.text, offset: start });
  }
  return { noTransaction, allowances, unknown };
}
