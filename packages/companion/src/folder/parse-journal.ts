import { CompanionError } from '../kernel/errors.ts';

/** One entry of `meta/_journal.json` as drizzle-kit 0.31 writes it; `line` is where its tag stands. */
export type JournalEntry = {
  readonly idx: number;
  readonly when: number;
  readonly tag: string;
  readonly line: number;
};

/** Reads the text of a journal. Throws `folder-unreadable`, with the line where it can be told. */
export function parseJournal(text: string, file: string): readonly JournalEntry[] {
  const conflict = /^(<{7}|={7}|>{7})/m.exec(text);
  if (conflict) {
    throw unreadable(file, lineAt(text, conflict.index), 'it has merge-conflict markers', {
      hint: 'Resolve the conflict: keep both entries, each with its own idx, the newer one last.',
    });
  }
  const journal = parseJson(text, file);
  const entries = isRecord(journal) ? journal.entries : undefined;
  if (!Array.isArray(entries)) throw unreadable(file, 1, 'it has no "entries" array', {});

  let from = 0;
  let lines: Counted = { offset: 0, line: 1 };
  return entries.map((entry: unknown, position) => {
    const tag = isRecord(entry) ? entry.tag : undefined;
    if (!isRecord(entry) || typeof tag !== 'string' || tag === '') {
      throw unreadable(file, lineAt(text, from), `entry ${position} has no "tag"`, {});
    }
    const at = text.indexOf(JSON.stringify(tag), from);
    if (at !== -1) from = at + 1;
    lines = countLines(text, lines, from);
    const { line } = lines;
    const { when, idx } = entry;
    if (!Number.isSafeInteger(when))
      throw unreadable(file, line, `entry "${tag}" has no whole number "when"`, {});
    if (/[/\\]|^\.\.?$/.test(tag)) throw unreadable(file, line, `the tag "${tag}" is not a file name`, {});
    return { idx: typeof idx === 'number' ? idx : position, when: when as number, tag, line };
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const offset = /position (\d+)/.exec(String(cause))?.[1];
    throw unreadable(file, offset ? lineAt(text, Number(offset)) : 1, 'it is not valid JSON', { cause });
  }
}

function unreadable(
  file: string,
  line: number,
  why: string,
  more: { hint?: string; cause?: unknown },
): CompanionError {
  return new CompanionError('folder-unreadable', {
    message: `The journal cannot be read: ${why}.`,
    place: { file, line, column: 1 },
    ...more,
  });
}

/** The line, counted from 1, that a place in a text stands in. */
type Counted = { readonly offset: number; readonly line: number };

/** Counts on from an earlier place: a journal is long, and each of its entries is asked for. */
function countLines(text: string, { offset, line: before }: Counted, to: number): Counted {
  let line = before;
  for (let at = text.indexOf('\n', offset); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) line += 1;
  return { offset: to, line };
}

function lineAt(text: string, offset: number): number {
  return countLines(text, { offset: 0, line: 1 }, offset).line;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
