/** Why a text is no JSON, and on which line, counted from 1. */
export type JsonFault = { readonly line: number; readonly reason: string; readonly conflict: boolean };

export type ParsedJson = { readonly value: unknown } | { readonly fault: JsonFault };

/** JSON, or where it breaks; merge-conflict markers are told as what they are. Pure. */
export function parseJson(text: string): ParsedJson {
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    const conflict = /^(<{7}|={7}|>{7}|\|{7})/m.exec(text);
    if (conflict)
      return { fault: faultAt(text, conflict.index, 'it has merge-conflict markers', { conflict: true }) };
    // V8 tells the position of some faults and not of others, and not the same ones in each version.
    const told = /position (\d+)/.exec(String(cause))?.[1];
    const offset = findBreak(text) ?? (told === undefined ? text.length : Number(told));
    return { fault: faultAt(text, offset, 'it is not valid JSON', { conflict: false }) };
  }
}

/** The line, counted from 1, that an offset in a text stands on. */
export function lineAt(text: string, offset: number): number {
  return countLines(text, { offset: 0, line: 1 }, offset).line;
}

export type CountedLines = { readonly offset: number; readonly line: number };

/** Counts on from an earlier place: a journal is long, and each of its entries is asked for. */
export function countLines(text: string, { offset, line: before }: CountedLines, to: number): CountedLines {
  let line = before;
  for (let at = text.indexOf('\n', offset); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) line += 1;
  return { offset: to, line };
}

function faultAt(text: string, offset: number, reason: string, { conflict }: { conflict: boolean }) {
  return { line: lineAt(text, offset), reason, conflict };
}

const TOKEN = /\s*([{}[\],:]|"(?:[^"\\\n]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/y;

/** Where something is no token, or a comma has nothing behind it: what a merge by hand leaves. */
function findBreak(text: string): number | null {
  let before = '';
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const token = found[1] ?? '';
    if (before === ',' && /[\]},]/.test(token) && token.length === 1) return end - 1;
    before = token;
    end = TOKEN.lastIndex;
  }
  const rest = /\S/.exec(text.slice(end));
  return rest ? end + rest.index : null;
}
