import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MIGRATIONS, PACKAGE } from './migrations-folder.ts';

const run = promisify(execFile);
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'acme-db-'));
  cpSync(MIGRATIONS, join(copy, 'migrations'), { recursive: true });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('drizzle-kit finds nothing to generate: the newest snapshot is the schema', async () => {
  const before = readdirSync(join(copy, 'migrations'));
  // No config: `out` must be the copy. It must be relative, drizzle-kit puts "./" in front of it.
  const { stdout } = await run(
    join(PACKAGE, 'node_modules/.bin/drizzle-kit'),
    [
      'generate',
      '--dialect',
      'postgresql',
      '--schema',
      join(PACKAGE, 'src/schema/index.ts'),
      '--out',
      'migrations',
    ],
    { cwd: copy },
  );
  expect(stdout).toContain('No schema changes');
  expect(readdirSync(join(copy, 'migrations'))).toEqual(before);
});

test('journal, files and snapshots are one unbroken chain', () => {
  const read = (name: string) => JSON.parse(readFileSync(join(MIGRATIONS, 'meta', name), 'utf8'));
  const entries: { idx: number; tag: string; when: number }[] = read('_journal.json').entries;
  expect(entries.length).toBeGreaterThanOrEqual(14);
  expect(
    readdirSync(MIGRATIONS)
      .filter((name) => name.endsWith('.sql'))
      .sort(),
  ).toEqual(entries.map((entry) => `${entry.tag}.sql`));

  let previous = { id: '00000000-0000-0000-0000-000000000000', when: 0 };
  for (const [index, { idx, tag, when }] of entries.entries()) {
    const snapshot = read(`${tag.slice(0, 4)}_snapshot.json`);
    expect({ tag, idx, prevId: snapshot.prevId }).toEqual({ tag, idx: index, prevId: previous.id });
    expect(when, tag).toBeGreaterThan(previous.when);
    previous = { id: snapshot.id, when };
  }
  expect(previous.when).toBeLessThan(Date.now());
});
