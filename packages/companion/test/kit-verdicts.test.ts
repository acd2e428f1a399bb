import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnoseHistory } from '../src/check/diagnose-history.ts';
import { type KitProject, kitProject } from './schemas/kit-project.ts';

/** What our findings say that drizzle-kit will do is what drizzle-kit does. */
describe('drizzle-kit 0.31', () => {
  it('refuses two snapshots on one parent, and ends with 0', async () => {
    const kit = await withTables(0, 3);
    edit(kit, 'meta/0002_snapshot.json', (text) => {
      const { prevId } = JSON.parse(read(kit, 'meta/0001_snapshot.json'));
      return JSON.stringify({ ...JSON.parse(text), prevId }, null, 2);
    });
    expect(found(kit)).toEqual(['snapshots/collision error']);
    kit.write('schema.ts', tables(4));
    expect(await kit.generate()).toContain('pointing to a parent snapshot');
    expect(sqlFiles(kit)).toHaveLength(3);
  });

  it('starts from an older state when the newest snapshot is gone, and writes the change a second time', async () => {
    const kit = await withTables(0, 3);
    kit.remove('drizzle/meta/0002_snapshot.json');
    expect(found(kit)).toEqual(['snapshots/missing error']);
    await kit.generate();
    expect(newestSql(kit)).toContain('CREATE TABLE "t2"');
  });

  it('does not miss a snapshot in the middle, nor a parent that nobody has', async () => {
    const kit = await withTables(0, 3);
    kit.remove('drizzle/meta/0001_snapshot.json');
    expect(found(kit)).toEqual(['snapshots/missing warning']);
    kit.write('schema.ts', tables(4));
    await kit.generate();
    expect(newestSql(kit)).toContain('CREATE TABLE "t3"');
    expect(newestSql(kit)).not.toContain('CREATE TABLE "t2"');
  });

  it('starts from a snapshot that no migration has', async () => {
    const kit = await withTables(0, 3);
    edit(kit, 'meta/_journal.json', (text) => {
      const journal = JSON.parse(text);
      return JSON.stringify({ ...journal, entries: journal.entries.slice(0, 2) }, null, 2);
    });
    for (const file of sqlFiles(kit).filter((name) => name.startsWith('0002'))) kit.remove(`drizzle/${file}`);
    expect(found(kit)).toEqual(['snapshots/orphan error']);
    expect(await kit.generate()).toContain('No schema changes');
  });

  it('writes over a snapshot when the last idx is too low', async () => {
    const kit = await withTables(0, 3);
    const before = read(kit, 'meta/0002_snapshot.json');
    edit(kit, 'meta/_journal.json', (text) => text.replace('"idx": 2', '"idx": 1'));
    expect(found(kit)).toEqual(['history/duplicate-idx error']);
    kit.write('schema.ts', tables(4));
    await kit.generate();
    expect(read(kit, 'meta/0002_snapshot.json')).not.toBe(before);
    expect(existsSync(join(kit.path, 'drizzle/meta/0003_snapshot.json'))).toBe(false);
  });

  it.each([
    ['a snapshot with merge-conflict markers', 'meta/0000_snapshot.json', '<<<<<<< HEAD\n{}'],
    ['what an editor left behind', 'meta/0000_snapshot.json~', ''],
  ])('stops at %s', async (_, file, text) => {
    const kit = await withTables(0, 1);
    kit.write(`drizzle/${file}`, text);
    expect(found(kit)).toEqual(['snapshots/unreadable error']);
    kit.write('schema.ts', tables(2));
    await kit.generate().catch(() => '');
    expect(sqlFiles(kit)).toHaveLength(1);
  });
});

describe('drizzle-kit 1.x', () => {
  it('stops at a snapshot that is missing in the middle', async () => {
    const kit = await withTables(1, 3);
    kit.remove(`drizzle/${folders(kit)[1]}/snapshot.json`);
    expect(found(kit)).toEqual(['snapshots/missing error']);
    await expectStop(kit, 4);
  });

  it('stops at a parent that nobody has', async () => {
    const kit = await withTables(1, 3);
    edit(kit, `${folders(kit)[2]}/snapshot.json`, (text) =>
      text.replace(/("prevIds": \[\s*")[^"]+/, '$1ffffffff-ffff-4fff-8fff-ffffffffffff'),
    );
    expect(found(kit)).toEqual(['snapshots/broken-chain error']);
    await expectStop(kit, 4);
  });

  it('takes two open branches together that touch different things', async () => {
    const kit = await withBranches(tables(2), tables(1) + table('other'));
    expect(found(kit)).toEqual(['snapshots/collision warning']);
    kit.write('schema.ts', tables(3) + table('other'));
    await kit.generate();
    expect(folders(kit)).toHaveLength(4);
    expect(found(kit)).toEqual([]);
  });

  it('stops at two open branches that touch the same thing', async () => {
    const column = (type: string) => `${HEAD}export const t0 = pgTable('t0', { id: ${type}() });\n`;
    const kit = await withBranches(column('text'), column('bigserial').replace('()', '({ mode: "number" })'));
    expect(found(kit)).toEqual(['snapshots/collision error']);
    await expectStop(kit, 3);
  });
});

const HEAD = `import { bigserial, integer, pgTable, text } from 'drizzle-orm/pg-core';\n`;
const table = (name: string) => `export const ${name} = pgTable('${name}', { id: integer() });\n`;
const tables = (count: number) =>
  HEAD + Array.from({ length: count }, (_, index) => table(`t${index}`)).join('');

async function withTables(major: 0 | 1, count: number): Promise<KitProject> {
  const kit = kitProject(major, { 'schema.ts': tables(1) });
  await kit.generate();
  for (let next = 2; next <= count; next++) {
    kit.write('schema.ts', tables(next));
    await kit.generate();
  }
  return kit;
}

/** One table, then two migrations that were both made on it, as two branches make them. */
async function withBranches(ours: string, theirs: string): Promise<KitProject> {
  const kit = await withTables(1, 1);
  const [base] = folders(kit);
  kit.write('schema.ts', ours);
  await kit.generate();
  const branch = folders(kit).find((name) => name !== base) ?? '';
  const files = ['migration.sql', 'snapshot.json'].map((file) => [file, read(kit, `${branch}/${file}`)]);
  kit.remove(`drizzle/${branch}`);
  kit.write('schema.ts', theirs);
  await kit.generate();
  // On a quick machine both are dated one second after the table.
  const apart = `${BigInt(branch.slice(0, 14)) + 30n}_ours`;
  for (const [file, text = ''] of files) kit.write(`drizzle/${apart}/${file}`, text);
  return kit;
}

async function expectStop(kit: KitProject, count: number): Promise<void> {
  const before = folders(kit);
  kit.write('schema.ts', tables(count) + table('further'));
  await expect(kit.generate()).rejects.toThrow();
  expect(folders(kit)).toEqual(before);
}

function found(kit: KitProject): readonly string[] {
  // drizzle-kit dates what is generated within one second of another a second later: into the future.
  return diagnoseHistory(kit.history(), Date.now() + 60_000).map(({ code, level }) => `${code} ${level}`);
}

function read(kit: KitProject, path: string): string {
  return readFileSync(join(kit.path, 'drizzle', path), 'utf8');
}

function edit(kit: KitProject, path: string, change: (text: string) => string): void {
  kit.write(`drizzle/${path}`, change(read(kit, path)));
}

function sqlFiles(kit: KitProject): readonly string[] {
  return readdirSync(join(kit.path, 'drizzle'))
    .filter((name) => name.endsWith('.sql'))
    .sort();
}

function newestSql(kit: KitProject): string {
  return read(kit, sqlFiles(kit).at(-1) ?? '');
}

function folders(kit: KitProject): readonly string[] {
  return readdirSync(join(kit.path, 'drizzle')).sort();
}
