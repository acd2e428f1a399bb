import { join } from 'node:path';
import fc from 'fast-check';
import type { FileTree, TreeEntry } from '../src/kernel/file-tree.ts';
import type { Layout } from '../src/kernel/migration.ts';

/** A migrations folder that stands nowhere yet: texts by their path in the folder. */
export type Draft = {
  readonly layout: Layout;
  /** Migrations in their order. */
  readonly names: readonly string[];
  readonly files: Readonly<Record<string, string>>;
};

/** Where a draft stands when it is read as a tree. */
export const DRAFT_PATH = '/srv/shop/drizzle';
export const FIRST_WHEN = Date.UTC(2024, 0, 1);
export const DAY = 86_400_000;
/** A moment after every migration of every draft that is not damaged. */
export const NOW = FIRST_WHEN + 1000 * DAY;

/** What a migration does: drizzle-kit keeps a table in its snapshot, and knows nothing of the others. */
export type Kind = 'table' | 'data' | 'function' | 'validate';

export const arbitraryKinds: fc.Arbitrary<readonly Kind[]> = fc
  .array(fc.constantFrom<Kind>('table', 'data', 'function', 'validate'), { minLength: 3, maxLength: 12 })
  // The first and the last are what drizzle-kit generates from a schema, so that damages to them are seen.
  .map((kinds) => ['table', ...kinds.slice(1, -1), 'table']);

export const LAYOUTS: readonly Layout[] = ['journal', 'folders'];

/** A history as drizzle-kit writes it: 0.31, or the snapshot format 9 of 1.x. */
export function draftHistory(layout: Layout, kinds: readonly Kind[]): Draft {
  const names = kinds.map((kind, index) =>
    layout === 'journal'
      ? `${pad(index)}_${kind}_${index}`
      : `${stamp(FIRST_WHEN + index * DAY)}_${kind}_${index}`,
  );
  const draft: Draft = { layout, names, files: {} };
  const files = kinds.flatMap((kind, index) => {
    const known = kinds.slice(0, index + 1).flatMap((each, at) => (each === 'table' ? [at] : []));
    return [
      [sqlPath(draft, index), sqlOf(kind, index)],
      [snapshotPath(draft, index), print(layout === 'journal' ? wholeOf(known, index) : diffOf(kind, index))],
    ];
  });
  const journal = { version: '7', dialect: 'postgresql', entries: names.map(entryOf) };
  return {
    ...draft,
    files: {
      ...Object.fromEntries(files),
      ...(layout === 'journal' ? { [JOURNAL]: print(journal) } : {}),
    },
  };
}

export const JOURNAL = 'meta/_journal.json';

export function sqlPath({ layout, names }: Draft, index: number): string {
  const name = names.at(index) ?? '';
  return layout === 'journal' ? `${name}.sql` : `${name}/migration.sql`;
}

export function snapshotPath({ layout, names }: Draft, index: number): string {
  const name = names.at(index) ?? '';
  return layout === 'journal' ? `meta/${name.split('_')[0]}_snapshot.json` : `${name}/snapshot.json`;
}

export const pad = (index: number) => String(index).padStart(4, '0');
export const stamp = (when: number) => new Date(when).toISOString().replaceAll(/\D/g, '').slice(0, 14);
export const print = (value: unknown) => JSON.stringify(value, null, 2);
export const idOf = (index: number) => `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
export const GENESIS = '00000000-0000-0000-0000-000000000000';
const parentOf = (index: number) => (index === 0 ? GENESIS : idOf(index - 1));

export type Entry = { idx: number; version: string; when: number; tag: string; breakpoints: boolean };

export function entryOf(tag: string, idx: number): Entry {
  return { idx, version: '7', when: FIRST_WHEN + idx * DAY, tag, breakpoints: true };
}

function sqlOf(kind: Kind, index: number): string {
  const texts: Record<Kind, string> = {
    table: `CREATE TABLE "t${index}" (\n\t"id" serial PRIMARY KEY NOT NULL\n);\n`,
    data: `-- by hand\nUPDATE "t0" SET "id" = "id" + ${index};\n`,
    function: `CREATE FUNCTION f${index}() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n`,
    validate: `ALTER TABLE "t0" VALIDATE CONSTRAINT "t0_check_${index}";\n`,
  };
  return texts[kind];
}

function wholeOf(tables: readonly number[], index: number): object {
  return {
    id: idOf(index),
    prevId: parentOf(index),
    version: '7',
    dialect: 'postgresql',
    tables: Object.fromEntries(
      tables.map((at) => [`public.t${at}`, { name: `t${at}`, schema: '', columns: {} }]),
    ),
    enums: {},
  };
}

function diffOf(kind: Kind, index: number): object {
  const row = { entityType: 'tables', schema: 'public', name: `t${index}`, isRlsEnabled: false };
  const head = { version: '9', dialect: 'postgres', id: idOf(index), prevIds: [parentOf(index)] };
  const touched = kind === 'table' ? [{ statementType: 'create_table', writes: [`public.t${index}`] }] : [];
  return index === 0
    ? { type: 'base', ...head, footprints: touched, ddl: [row] }
    : {
        type: 'diff',
        ...head,
        footprints: touched,
        deltas: kind === 'table' ? [{ op: 'create', row }] : [],
      };
}

/** The draft as a tree of files, as git's index or a disk would give it. */
export function treeOf({ files }: Draft): FileTree {
  const texts = new Map(Object.entries(files).map(([path, text]) => [join(DRAFT_PATH, path), text]));
  return {
    list(directory) {
      const below = [...texts.keys()].filter((file) => file.startsWith(`${directory}/`));
      const parts = below.map((file) => file.slice(directory.length + 1).split('/'));
      const entries = parts.map(([name = '', ...rest]): [string, TreeEntry] => [
        name,
        { name, kind: rest.length > 0 ? 'directory' : 'file' },
      ]);
      return below.length === 0 ? null : [...new Map(entries).values()];
    },
    read: (file) => texts.get(file) ?? null,
  };
}
