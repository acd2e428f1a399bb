import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIRST_WHEN, foldersFolder, journalFolder, temporaryFolder } from './folder-builder.ts';

test('a journal folder is what drizzle-kit 0.31 writes', () => {
  const folder = journalFolder([
    { name: '0000_init', sql: 'select 1;' },
    { name: '0001_more', sql: 'select 2;', when: 1_800_000_000_000 },
  ]);
  expect(JSON.parse(readFileSync(join(folder.path, 'meta/_journal.json'), 'utf8'))).toEqual({
    version: '7',
    dialect: 'postgresql',
    entries: [
      { idx: 0, version: '7', when: FIRST_WHEN, tag: '0000_init', breakpoints: true },
      { idx: 1, version: '7', when: 1_800_000_000_000, tag: '0001_more', breakpoints: true },
    ],
  });
  expect(readFileSync(join(folder.path, '0001_more.sql'), 'utf8')).toBe('select 2;');
});

test('the journal is rewritten without the files', () => {
  const folder = journalFolder([{ name: '0000_init', sql: 'select 1;' }]);
  folder.writeJournal([]);
  expect(JSON.parse(readFileSync(join(folder.path, 'meta/_journal.json'), 'utf8')).entries).toEqual([]);
  expect(existsSync(join(folder.path, '0000_init.sql'))).toBe(true);
});

test('a folders folder chains its snapshots', () => {
  const folder = foldersFolder([
    { name: '20240101000000_init', sql: 'select 1;' },
    { name: '20240102000000_more', sql: 'select 2;' },
  ]);
  const snapshot = (name: string) =>
    JSON.parse(readFileSync(join(folder.path, name, 'snapshot.json'), 'utf8'));
  expect(snapshot('20240102000000_more').prevIds).toEqual([snapshot('20240101000000_init').id]);
  expect(readFileSync(join(folder.path, '20240102000000_more/migration.sql'), 'utf8')).toBe('select 2;');
});

test('files are written, removed, and gone with the folder', () => {
  const folder = temporaryFolder({ 'a/b.txt': 'one' });
  folder.write('a/c.txt', 'two');
  folder.remove('a/b.txt');
  expect(existsSync(join(folder.path, 'a/b.txt'))).toBe(false);
  expect(readFileSync(join(folder.path, 'a/c.txt'), 'utf8')).toBe('two');
  folder.dispose();
  expect(existsSync(folder.path)).toBe(false);
});

let madeByTheTestBefore = '';
test('a folder made in a test', () => {
  madeByTheTestBefore = temporaryFolder().path;
  expect(existsSync(madeByTheTestBefore)).toBe(true);
});
test('is removed when that test has ended', () => {
  expect(madeByTheTestBefore).not.toBe('');
  expect(existsSync(madeByTheTestBefore)).toBe(false);
});
