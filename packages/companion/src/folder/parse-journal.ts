import type { Finding } from '../kernel/finding.ts';
import type { JournalEntry } from './history.ts';
import { type CountedLines, countLines, lineAt, parseJson } from './parse-json.ts';
import { historyUnreadable } from './unreadable.ts';

export type ParsedJournal = {
  readonly entries: readonly JournalEntry[];
  /** `history/unreadable`, all at once; the entries are to be trusted only when there is none. */
  readonly faults: readonly Finding[];
};

/** Reads the text of a journal. Pure. */
export function parseJournal(text: string, file: string): ParsedJournal {
  const faults: Finding[] = [];
  const fault = (line: number, why: string, hint: string) => {
    faults.push(historyUnreadable({ file, line, message: `The journal cannot be read: ${why}.`, hint }));
  };
  const parsed = parseJson(text);
  if ('fault' in parsed) {
    const { line, reason, conflict } = parsed.fault;
    fault(line, reason, conflict ? RESOLVE : RESTORE);
    return { entries: [], faults };
  }
  const listed: unknown = isRecord(parsed.value) ? parsed.value.entries : undefined;
  if (!Array.isArray(listed)) {
    fault(1, 'it has no "entries" array', RESTORE);
    return { entries: [], faults };
  }

  let from = 0;
  let lines: CountedLines = { offset: 0, line: 1 };
  const entries: JournalEntry[] = [];
  for (const [position, entry] of listed.entries()) {
    const tag = isRecord(entry) ? entry.tag : undefined;
    if (!isRecord(entry) || typeof tag !== 'string' || tag === '') {
      fault(lineAt(text, from), `entry ${position} has no "tag"`, 'Give it the name of its SQL file.');
      continue;
    }
    const at = text.indexOf(JSON.stringify(tag), from);
    if (at !== -1) from = at + 1;
    lines = countLines(text, lines, from);
    const { line } = lines;
    const { when, idx } = entry;
    if (!Number.isSafeInteger(when))
      fault(line, `entry "${tag}" has no whole number "when"`, 'Give it its Unix milliseconds.');
    else if (/[/\\]|^\.\.?$/.test(tag))
      fault(line, `the tag "${tag}" is not a file name`, 'Name a file beside `meta`, without `.sql`.');
    else entries.push({ idx: typeof idx === 'number' ? idx : position, when: when as number, tag, line });
  }
  return { entries, faults };
}

const RESOLVE =
  "Take the main branch's side of everything in the folder, delete the migration that only this branch has, and generate it anew: drizzle-kit generate.";
const RESTORE =
  'Mend the place, or restore the file from git: both drizzle and drizzle-companion stop at it.';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
