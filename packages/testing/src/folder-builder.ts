import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { releaseAfterTest } from './clean-up.ts';

/** A directory on disk that a test may write into; removed when the test ends. */
export type TestFolder = {
  /** Absolute. */
  readonly path: string;
  /** Writes a file below the folder, with the directories above it. */
  write(relative: string, text: string): void;
  remove(relative: string): void;
  /** Removes the folder; for folders made outside of a test. */
  dispose(): void;
};

export type JournalEntry = { readonly name: string; readonly sql: string; readonly when?: number };

export type JournalFolder = TestFolder & {
  /** Rewrites `meta/_journal.json` and nothing else: files are then as they were. */
  writeJournal(
    entries: readonly { readonly name: string; readonly when?: number; readonly idx?: number }[],
  ): void;
};

/** The `when` of the first migration that gives none; the next ones follow a minute apart. */
export const FIRST_WHEN = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;

export function temporaryFolder(files: Readonly<Record<string, string>> = {}): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'companion-test-'));
  const folder: TestFolder = {
    path,
    write: (relative, text) => {
      const file = join(path, relative);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    remove: (relative) => rmSync(join(path, relative), { recursive: true }),
    dispose: () => rmSync(path, { recursive: true, force: true }),
  };
  for (const [relative, text] of Object.entries(files)) folder.write(relative, text);
  releaseAfterTest(() => folder.dispose());
  return folder;
}

/** A migrations folder as drizzle-kit 0.31 writes it, without snapshots. */
export function journalFolder(entries: readonly JournalEntry[]): JournalFolder {
  const folder = temporaryFolder();
  for (const { name, sql } of entries) folder.write(`${name}.sql`, sql);
  const writeJournal: JournalFolder['writeJournal'] = (listed) => {
    const journal = {
      version: '7',
      dialect: 'postgresql',
      entries: listed.map(({ name, when, idx }, index) => ({
        idx: idx ?? index,
        version: '7',
        when: when ?? FIRST_WHEN + index * MINUTE,
        tag: name,
        breakpoints: true,
      })),
    };
    folder.write('meta/_journal.json', JSON.stringify(journal, null, 2));
  };
  writeJournal(entries);
  return { ...folder, writeJournal };
}

/** A migrations folder as drizzle-kit 1.x writes it; the snapshots are empty. */
export function foldersFolder(
  entries: readonly { readonly name: string; readonly sql: string }[],
): TestFolder {
  const folder = temporaryFolder();
  const genesis = '00000000-0000-0000-0000-000000000000';
  const idOf = (index: number) => `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
  entries.forEach(({ name, sql }, index) => {
    const snapshot = {
      version: '8',
      dialect: 'postgres',
      id: idOf(index),
      prevIds: [index === 0 ? genesis : idOf(index - 1)],
      ddl: [],
      renames: [],
    };
    folder.write(`${name}/migration.sql`, sql);
    folder.write(`${name}/snapshot.json`, JSON.stringify(snapshot, null, 2));
  });
  return folder;
}
