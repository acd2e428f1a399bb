import type { Entity, EntityKind, Part, Picture } from '../../folder/picture/picture.ts';
import { describeFacts, describeValues } from './describe-change.ts';

/** One thing that the schema code and the snapshot say differently. */
export type EntityChange = {
  /** As it is in the code, or as it was where the code no longer has it. */
  readonly entity: Entity;
  readonly change: 'added' | 'removed' | 'changed';
  /** What changed in it, each in words; empty for a whole entity that came or went. */
  readonly words: readonly string[];
  readonly parts: readonly { readonly part: Part; readonly change: 'added' | 'removed' | 'changed' }[];
};

/** The order in which changes are told, whatever the order of the snapshot. */
const KINDS: readonly EntityKind[] = [
  'schema',
  'enum',
  'sequence',
  'role',
  'table',
  'policy',
  'privilege',
  'view',
];

/** What became different, entity by entity, by kind: first what the code has, then what it no longer has. */
export function comparePictures(before: Picture, after: Picture): readonly EntityChange[] {
  const old = new Map(before.map((entity) => [keyOf(entity), entity]));
  const now = new Set(after.map(keyOf));
  const whole = (entity: Entity, change: 'added' | 'removed'): EntityChange => ({
    entity,
    change,
    words: [],
    parts: [],
  });
  const changes = [
    ...after.flatMap((entity) => {
      const was = old.get(keyOf(entity));
      return was === undefined ? whole(entity, 'added') : (compareEntity(was, entity) ?? []);
    }),
    ...before.filter((entity) => !now.has(keyOf(entity))).map((entity) => whole(entity, 'removed')),
  ];
  return changes.sort((a, b) => KINDS.indexOf(a.entity.kind) - KINDS.indexOf(b.entity.kind));
}

function compareEntity(was: Entity, entity: Entity): EntityChange | null {
  const parts = compareParts(was.parts, entity.parts);
  const words = [
    ...describeFacts(was.facts, entity.facts),
    ...describeValues(was.values, entity.values),
    ...parts.flatMap((it) => it.words),
  ];
  return words.length === 0 ? null : { entity, change: 'changed', words, parts };
}

type PartChange = EntityChange['parts'][number] & { readonly words: readonly string[] };

function compareParts(before: readonly Part[], after: readonly Part[]): readonly PartChange[] {
  const old = new Map(before.map((part) => [partKey(part), part]));
  const now = new Set(after.map(partKey));
  const whole = (part: Part, change: 'added' | 'removed'): PartChange => ({
    part,
    change,
    words: [`${label(part)} ${change}`],
  });
  return [
    ...after.flatMap((part) => {
      const was = old.get(partKey(part));
      if (was === undefined) return whole(part, 'added');
      const words = describeFacts(was.facts, part.facts);
      if (words.length === 0) return [];
      return { part, change: 'changed' as const, words: [`${label(part)}: ${words.join(', ')}`] };
    }),
    ...before.filter((part) => !now.has(partKey(part))).map((part) => whole(part, 'removed')),
  ];
}

function label({ kind, name }: Part): string {
  return `${kind} ${name}`;
}

function keyOf({ kind, schema, name }: Entity): string {
  return JSON.stringify([kind, schema, name]);
}

function partKey({ kind, name }: Part): string {
  return JSON.stringify([kind, name]);
}
