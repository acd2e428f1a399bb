import { canonicalJson, type Json } from '../../folder/picture/canonical-json.ts';

/** Do two defaults of one type mean the same to drizzle-kit 1.x? */
export function settleDefault(from: unknown, to: unknown, { type, dimensions }: Json): boolean {
  if (from === to) return true;
  if (typeof from !== 'string' || typeof to !== 'string') return false;
  if (from === `(${to})` || to === `(${from})`) return true;
  const name = String(type);
  if (name === 'json' || name === 'jsonb') return isSameJson(unquote(from), unquote(to));
  if (/^time.*with time zone/.test(name)) return dimensions === 0 && isSameMoment(unquote(from), unquote(to));
  return name.startsWith('vector') && from.replaceAll('.0', '') === to;
}

function isSameJson(a: string, b: string): boolean {
  // Beyond 2^53 numbers that differ would parse as the same one.
  if (/\d{16}/.test(a + b)) return false;
  try {
    return canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b));
  } catch {
    return false;
  }
}

function isSameMoment(a: string, b: string): boolean {
  const parse = (text: string): number => Date.parse(/^\d\d:/.test(text) ? `1970-01-01T${text}` : text);
  return parse(a) === parse(b);
}

function unquote(text: string): string {
  return text.replace(/^'+|'+$/g, '');
}
