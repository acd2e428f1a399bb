import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { foldersFolder, journalFolder, temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { readMigrationFolder } from './read-migration-folder.ts';

describe('the journal layout', () => {
  it('gives the migrations in the journal order, with the hash of the raw file', () => {
    const folder = journalFolder([
      { name: '0000_a', sql: 'select 1;\n', when: 2000 },
      { name: '0001_b', sql: 'select 2;\r\n', when: 1000 },
    ]);
    const { folder: read } = readMigrationFolder(folder.path);
    expect(read.layout).toBe('journal');
    expect(read.migrations.map((m) => [m.name, m.when, m.hash])).toEqual([
      ['0000_a', 2000, sha256('select 1;\n')],
      ['0001_b', 1000, sha256('select 2;\r\n')],
    ]);
  });

  it('knows which entries have no file, and which files no entry', () => {
    const folder = journalFolder([
      { name: '0000_a', sql: 'select 1' },
      { name: '0001_b', sql: 'select 2', when: 3000 },
    ]);
    folder.remove('0001_b.sql');
    folder.write('0003_d.sql', 'select 4');
    const { folder: read, history } = readMigrationFolder(folder.path);
    expect(read.missing).toEqual([{ name: '0001_b', when: 3000 }]);
    expect(history.files).toEqual(['0000_a.sql', '0003_d.sql']);
    expect(history.journal?.entries.map((entry) => entry.line)).toEqual([9, 16]);
  });

  it('takes a link for what it leads to', () => {
    const folder = journalFolder([{ name: '0000_a', sql: 'select 1' }]);
    folder.write('elsewhere/real.sql', 'select 2');
    folder.remove('0000_a.sql');
    symlinkSync(join(folder.path, 'elsewhere/real.sql'), join(folder.path, '0000_a.sql'));
    symlinkSync('/nowhere/at/all.sql', join(folder.path, '0001_b.sql'));
    const { folder: read, history } = readMigrationFolder(folder.path);
    expect(read.migrations.map((m) => m.sql)).toEqual(['select 2']);
    expect(history.files).toEqual(['0000_a.sql']);
  });

  it('tells every entry that cannot be read, the first one first', () => {
    const folder = temporaryFolder({
      'meta/_journal.json': '{"entries":[\n{"tag":"a","when":1},\n{"tag":"b"},\n{"tag":"../c","when":2}]}',
    });
    expect(failure(folder.path).fields).toMatchObject({
      message: expect.stringContaining('entry "b" has no whole number'),
      place: { line: 3 },
      findings: [{ code: 'history/unreadable', line: 4 }],
    });
  });

  it('names merge-conflict markers as such, with their line', () => {
    const folder = journalFolder([{ name: '0000_a', sql: 'select 1' }]);
    folder.write('meta/_journal.json', '{\n  "entries": [\n<<<<<<< HEAD\n');
    expect(failure(folder.path)).toMatchObject({
      code: 'folder-unreadable',
      exitCode: 2,
      fields: { message: expect.stringContaining('merge-conflict'), place: { line: 3 } },
    });
  });

  it.each([
    ['not JSON', '{', 'not valid JSON'],
    ['no entries', '{}', 'no "entries"'],
    ['an entry without a tag', '{"entries":[{"when":1}]}', 'entry 0 has no "tag"'],
    ['an entry without a time', '{"entries":[{"tag":"a","when":"x"}]}', 'no whole number "when"'],
    ['a tag that leads out of the folder', '{"entries":[{"tag":"../a","when":1}]}', 'not a file name'],
  ])('refuses %s', (_, journal, words) => {
    const folder = temporaryFolder({ 'meta/_journal.json': journal });
    expect(failure(folder.path).fields.message).toContain(words);
  });
});

describe('the folders layout', () => {
  it('orders by name and takes the time from it, in UTC', () => {
    const folder = foldersFolder([
      { name: '20250102030405_b', sql: 'select 2' },
      { name: '20250102030405_a', sql: 'select 1' },
    ]);
    const { folder: read } = readMigrationFolder(folder.path);
    expect(read.layout).toBe('folders');
    expect(read.migrations.map((m) => [m.name, m.when])).toEqual([
      ['20250102030405_a', Date.UTC(2025, 0, 2, 3, 4, 5)],
      ['20250102030405_b', Date.UTC(2025, 0, 2, 3, 4, 5)],
    ]);
  });

  it('refuses a folder without a timestamp, naming it', () => {
    const folder = foldersFolder([{ name: 'init', sql: 'select 1' }]);
    expect(failure(folder.path).fields.message).toContain('The folder init');
  });
});

describe('what is not a migrations folder', () => {
  it('says that it does not exist', () => {
    expect(failure('/nowhere/at/all').fields.message).toContain('/nowhere/at/all does not exist');
  });

  it('says that it holds no migrations', () => {
    expect(failure(temporaryFolder().path).fields.message).toContain('No migrations in');
  });

  it('refuses a conversion that was cut short', () => {
    const folder = journalFolder([{ name: '0000_a', sql: 'select 1' }]);
    folder.write('20250102030405_a/migration.sql', 'select 1');
    expect(failure(folder.path).fields.message).toContain('both layouts');
  });
});

function failure(path: string): CompanionError {
  try {
    readMigrationFolder(path);
  } catch (error) {
    if (error instanceof CompanionError) return error;
    throw error;
  }
  throw new Error('it was read');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
