import type { Finding } from '../kernel/finding.ts';
import type { Snapshot } from './history.ts';
import { isRecord } from './parse-journal.ts';
import { parseJson } from './parse-json.ts';
import { snapshotUnreadable } from './unreadable.ts';

export type ParsedSnapshot = { readonly snapshot: Snapshot } | { readonly fault: Finding };

/** Reads the text of a snapshot, 0.31 or 1.x. Pure. */
export function parseSnapshot(text: string, file: string, migration: string | null): ParsedSnapshot {
  const fail = (line: number, why: string, hint: string): ParsedSnapshot => ({
    fault: snapshotUnreadable({
      file,
      line,
      ...(migration === null ? {} : { migration }),
      message: `The snapshot ${migration === null ? '' : `of ${migration} `}cannot be read: ${why}. drizzle-kit generate stops at it.`,
      hint,
    }),
  });
  const parsed = parseJson(text);
  if ('fault' in parsed) {
    const { line, reason, conflict } = parsed.fault;
    return fail(line, reason, conflict ? UNDO : RESTORE);
  }
  const content = parsed.value;
  if (!isRecord(content)) return fail(1, 'it is not an object', RESTORE);
  const { id, prevId, prevIds } = content;
  if (typeof id !== 'string' || id === '') return fail(1, 'it has no "id"', RESTORE);
  const parents = Array.isArray(prevIds) ? prevIds : [prevId];
  if (!parents.every((parent) => typeof parent === 'string'))
    return fail(1, `it has no "${file.endsWith('_snapshot.json') ? 'prevId' : 'prevIds'}"`, RESTORE);
  return { snapshot: { file, migration, text, id, prevIds: parents, content } };
}

const RESTORE =
  'Restore it from git. Everything in this place that is not named like `_journal.json` is a snapshot to drizzle-kit.';
const UNDO =
  'Two branches made a migration on the same state. Keep the one that is on the main branch, take the other out (SQL, snapshot, journal entry), and run `drizzle-kit generate`: it writes its changes anew on top.';
