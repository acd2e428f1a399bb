import { foldersFolder, journalFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { DISK_TREE } from '../folder/disk-tree.ts';
import { readHistory } from '../folder/read-history.ts';
import { readMigrations } from '../folder/read-migrations.ts';
import { findSnapshot } from './find-snapshot.ts';

const entry = (name: string) => ({ name, sql: 'SELECT 1;' });

test('the newest one before the migration, read from the disk or with the history', () => {
  const folder = journalFolder([entry('0000_a'), entry('0001_b'), entry('0002_c'), entry('0003_d')]);
  const snapshot = (id: string) => JSON.stringify({ id, prevId: 'x', tables: { [id]: {} } });
  folder.write('meta/0000_snapshot.json', snapshot('zero'));
  folder.write('meta/0001_snapshot.json', snapshot('one'));
  folder.write('meta/0003_snapshot.json', snapshot('three'));
  for (const read of [readMigrations, readHistory]) {
    const history = read(folder.path, DISK_TREE);
    const find = (name: string) =>
      (findSnapshot(history, name, DISK_TREE) as { id: string } | null)?.id ?? null;
    // 0002 was written by hand and has none.
    expect(['0000_a', '0001_b', '0002_c', '0003_d'].map(find)).toEqual([null, 'zero', 'one', 'one']);
  }
});

test('one that cannot be read is passed over', () => {
  const folder = journalFolder([entry('0000_a'), entry('0001_b'), entry('0002_c')]);
  folder.write('meta/0000_snapshot.json', '{ "id": "zero", "prevId": "x" }');
  folder.write('meta/0001_snapshot.json', '<<<<<<< ours');
  expect(findSnapshot(readMigrations(folder.path, DISK_TREE), '0002_c', DISK_TREE)).toMatchObject({
    id: 'zero',
  });
});

test('in the 1.x layout it lies beside the SQL', () => {
  const folder = foldersFolder([entry('20240101000000_a'), entry('20240102000000_b')]);
  const history = readMigrations(folder.path, DISK_TREE);
  expect(findSnapshot(history, '20240102000000_b', DISK_TREE)).toMatchObject({ version: '8' });
});
