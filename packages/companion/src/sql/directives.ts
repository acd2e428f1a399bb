import { findNearest } from '../kernel/nearest.ts';
import type { SqlToken } from './parser.ts';

/** A `drizzle-companion` comment that says nothing we know: a typing error must not pass for a wish fulfilled. */
export type UnknownDirective = {
  readonly text: string;
  readonly offset: number;
  readonly end: number;
  /** What it most likely was to be, as it stands behind the colon; null where nobody can guess. */
  readonly meant: string | null;
};

/** `allow <rule> <reason>` for the statement after it, `allow-file` for the whole file: the linter's affair. */
export type Allowance = {
  readonly scope: 'statement' | 'file';
  /** As it is written; empty where none is. Of a comment that names several, one. */
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

/** What may stand behind `drizzle-companion:`, and what it needs besides. */
const WORDS: Readonly<Record<string, string>> = {
  'no-transaction': '',
  allow: ' <rule> <reason>',
  'allow-file': ' <rule> <reason>',
};

/** What other tools call it. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ignore: 'allow',
  disable: 'allow',
  skip: 'allow',
  suppress: 'allow',
  'ignore-next-line': 'allow',
  'disable-next-line': 'allow',
  'ignore-file': 'allow-file',
  'disable-file': 'allow-file',
  notransaction: 'no-transaction',
};

/** False where no directive can be, so that the text need not be scanned: scanning is slow, and few files speak to us. */
export function mayHoldDirectives(sql: string): boolean {
  return /drizzle-companion/i.test(sql);
}

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
    const [, typed = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(wish) ?? [];
    const word = typed.toLowerCase();
    const { text, start, end } = token;
    if (colon !== '' && wish.toLowerCase() === 'no-transaction') noTransaction ??= start;
    else if (colon !== '' && (word === 'allow' || word === 'allow-file')) {
      const { rules, reason } = splitRules(rest);
      const scope = word === 'allow' ? 'statement' : 'file';
      allowances.push(...rules.map((rule) => ({ scope, rule, reason, start, end }) as const));
    } else if (colon !== '' || goesOnAsDirective(word, rest)) {
      unknown.push({ text, offset: start, end, meant: guessMeant(word, rest) });
    }
  }
  return { noTransaction, allowances, unknown };
}

/** What to say of a directive that nobody knows. */
export function describeUnknownDirective({ text, meant }: UnknownDirective): {
  readonly message: string;
  readonly hint: string;
} {
  const all = Object.entries(WORDS).map(([word, needs]) => word + needs);
  const guess = meant === null ? '' : `Was this meant: -- drizzle-companion: ${meant}? `;
  return {
    message: `Nobody knows this directive: ${toOneLine(text)}`,
    hint: `${guess}There are: ${all.join(', ')}.`,
  };
}

/** `drop-column, truncate nobody reads it`: a comma goes on with the list, the rest is the reason. */
function splitRules(rest: string): { readonly rules: readonly string[]; readonly reason: string } {
  const [list = ''] = /^[^\s,]*(?:\s*,\s*[^\s,]*)*/.exec(rest) ?? [];
  const [first = '', ...others] = list.split(',').map((rule) => rule.trim());
  return { rules: [first, ...others.filter((rule) => rule !== '')], reason: rest.slice(list.length).trim() };
}

/** Without the colon it may be prose about this tool, unless it goes on as a directive does. */
function goesOnAsDirective(word: string, rest: string): boolean {
  if (/^no[-_]?trans/.test(word)) return true;
  const isWord = Object.hasOwn(WORDS, word) || Object.hasOwn(OTHER_NAMES, word);
  return isWord && /^(lint\/)?[a-z]+(-[a-z]+)+(\s|,|$)|^lint\//i.test(rest);
}

function guessMeant(word: string, rest: string): string | null {
  const known = findNearest(word, [...Object.keys(WORDS), ...Object.keys(OTHER_NAMES)]);
  if (word === '' || known === null) return null;
  const meant = OTHER_NAMES[known] ?? known;
  if (meant === 'no-transaction') return meant;
  const { rules, reason } = splitRules(toOneLine(rest));
  if (rules[0] === '') return `${meant} <rule> <reason>`;
  return `${meant} ${rules.join(', ')} ${reason === '' ? '<reason>' : reason}`;
}

function toOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
