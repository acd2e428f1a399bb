import type { Snapshot } from '../../folder/history.ts';
import { canonicalJson, record } from '../../folder/picture/canonical-json.ts';
import type { HistoryCheck } from '../history-check.ts';
import { findSchemaChange } from './find-schema-change.ts';
import { nameSnapshot, placeSnapshot } from './place-snapshot.ts';

/**
 * A snapshot that says the same as the one it was made on, though the SQL changes what drizzle-kit keeps in it. The
 * rule is conservative (`findSchemaChange`): functions, triggers, constraints and indexes are written by hand, too.
 */
export const staleSnapshot: HistoryCheck = {
  code: 'snapshots/stale',
  diagnose({ snapshots, migrations }) {
    const sqlOf = new Map(migrations.map(({ name, sql }) => [name, sql]));
    const byId = new Map(snapshots?.map((snapshot) => [snapshot.id, snapshot]));
    return (snapshots ?? []).flatMap((snapshot) => {
      const parent = byId.get(snapshot.prevIds[0] ?? '');
      const sql = sqlOf.get(snapshot.migration ?? '');
      if (!parent || parent === snapshot || sql === undefined || !saysTheSame(snapshot, parent)) return [];
      const change = findSchemaChange(sql, isDiff(snapshot) ? null : snapshot.text);
      if (change === null) return [];
      const name = nameSnapshot(snapshot);
      return {
        level: 'warning',
        message: `The snapshot of ${name} says what that of ${nameSnapshot(parent)} says, and its SQL has ${change}: the next drizzle-kit generate may write that a second time.`,
        ...placeSnapshot(snapshot, snapshot.id),
        hint: `Delete ${name} while it is applied nowhere, and let \`drizzle-kit generate\` write it from the schema. If the schema code is not to know of it, say so with an exception.`,
        fix: 'drizzle-companion repair',
      };
    });
  },
};

/** Format 9 of 1.x holds what changed; all others hold the whole, of which only the ids may differ. */
function saysTheSame(snapshot: Snapshot, parent: Snapshot): boolean {
  if (isDiff(snapshot)) return (snapshot.content as { deltas?: readonly unknown[] }).deltas?.length === 0;
  if (snapshot.text.length !== parent.text.length) return false;
  const [[head, rest], [parentHead, parentRest]] = [splitBehindIds(snapshot), splitBehindIds(parent)];
  return (rest === parentRest && head === parentHead) || saidInOrder(snapshot) === saidInOrder(parent);
}

/** `drizzle-kit generate --custom` copies a snapshot, and writes its keys in another order. */
function saidInOrder({ content }: Snapshot): string {
  const { id: _, prevId: __, prevIds: ___, ...said } = record(content);
  return canonicalJson(said);
}

/** The beginning without its ids, and what follows: long texts are compared without being copied. */
function splitBehindIds({ text, id, prevIds }: Snapshot): readonly [string, string] {
  const ids = [id, ...prevIds];
  const end = Math.max(...ids.map((known) => text.indexOf(known) + known.length));
  return [ids.reduce((head, known) => head.replace(known, ''), text.slice(0, end)), text.slice(end)];
}

function isDiff({ content }: Snapshot): boolean {
  return (content as { type?: unknown }).type === 'diff';
}
