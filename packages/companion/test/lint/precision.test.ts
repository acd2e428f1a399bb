import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DISK_TREE } from '../../src/folder/disk-tree.ts';
import type { History } from '../../src/folder/history.ts';
import { readHistory } from '../../src/folder/read-history.ts';
import { chooseLinted } from '../../src/lint/choose-linted.ts';
import { findSnapshot } from '../../src/lint/find-snapshot.ts';
import { lintMigrations } from '../../src/lint/lint-migrations.ts';
import type { LintSettings } from '../../src/lint/lint-settings.ts';
import { RULES } from '../../src/lint/rules.ts';
import { loadSqlParser } from '../../src/sql/parser.ts';
import { ROOT, readPage } from '../docs/pages.ts';
import { kitProject } from '../schemas/kit-project.ts';
import { FIRST_DAY, LATER_DAYS, withAddition } from './wide-schema.ts';

/** What fires at warning or error: where, and the table or type that its message names. */
type Fired = readonly [migration: string, code: string, of: string];

/** How a folder comes to its database: each migration alone, as the team wrote them, or all at once, as on a new one. */
const WAYS = ['one by one', 'all at once'] as const;
type Way = (typeof WAYS)[number];
type Expected = Readonly<Record<LintSettings['runner'], Readonly<Record<Way, readonly Fired[]>>>>;

const OF_DB: readonly Fired[] = [['0007_users_email_any_case', 'lint/create-index-concurrently', 'users']];
const DB_UNDER_STOCK: Fired = [
  '0018_messages_created_at_idx',
  'lint/concurrently-in-transaction',
  'CREATE INDEX CONCURRENTLY',
];

const DB: Expected = {
  companion: { 'one by one': OF_DB, 'all at once': [] },
  drizzle: { 'one by one': [...OF_DB, DB_UNDER_STOCK], 'all at once': [DB_UNDER_STOCK] },
};

const USES_NEW_VALUE = 'a column with a value that the enum has since the day before';
const USED_UNDER_STOCK: Fired = [USES_NEW_VALUE, 'lint/enum-value-used-under-stock', 'role'];

/** Of both majors of drizzle-kit. Of the first day, nothing. */
const OF_KIT: readonly Fired[] = [
  USED_UNDER_STOCK,
  ['a column of an old table that refers to another', 'lint/foreign-key-not-valid', 'products'],
  ...(
    [
      ['lint/add-required-column', 'users'],
      ['lint/check-not-valid', 'products'],
      ['lint/create-index-concurrently', 'products'],
      ['lint/foreign-key-not-valid', 'products'],
      ['lint/serial-on-existing-table', 'audit_log'],
      ['lint/set-not-null-needs-check', 'orders'],
      ['lint/unique-constraint-using-index', 'orders'],
      ['lint/volatile-default', 'orders'],
    ] as const
  ).map(([code, of]): Fired => ['what old rows are held to, and indexes on old tables', code, of]),
];

const KIT: Expected = {
  companion: { 'one by one': OF_KIT, 'all at once': [USED_UNDER_STOCK] },
  drizzle: {
    'one by one': OF_KIT,
    'all at once': [[USES_NEW_VALUE, 'lint/enum-value-used-in-same-transaction', 'role']],
  },
};

const RUNNERS = ['companion', 'drizzle'] as const;

describe('the migrations of packages/db', () => {
  const history = readHistory(`${ROOT}packages/db/migrations`, DISK_TREE);

  describe.each(RUNNERS)('under %s', (runner) => {
    it.each(WAYS)('%s', async (way) => {
      await expectFired(history, { way, runner }, DB[runner][way]);
    });
  });

  it('say nothing where the tables that they call small are known to be', async () => {
    const smallTables = ['users'];
    await expectFired(history, { way: 'one by one', runner: 'companion', smallTables }, []);
  });
});

describe.each([
  { major: 0, version: '0.31' },
  { major: 1, version: '1.0' },
] as const)('what drizzle-kit $version writes', ({ major }) => {
  let history: History;
  const titles = ['the first day', ...LATER_DAYS.map(({ title }) => title)];

  beforeAll(async () => {
    history = await generateAll(major);
  }, 240_000);

  it('is a migration for each day', () => {
    expect(history.migrations).toHaveLength(1 + LATER_DAYS.length);
    expect(history.snapshots).toHaveLength(1 + LATER_DAYS.length);
  });

  describe.each(RUNNERS)('under %s', (runner) => {
    it.each(WAYS)('%s', async (way) => {
      await expectFired(history, { way, runner, titles }, KIT[runner][way]);
    });
  });
});

describe('docs/rules/README.md', () => {
  const SECTION = /\n## What fires on ordinary migrations, and why\n([\s\S]*?)(?=\n## |$)/;
  const text = SECTION.exec(readPage('docs/rules/README.md').text)?.[1] ?? '';
  const points = text.split('\n').filter((line) => line.startsWith('- '));

  it('argues each of them, and nothing else', () => {
    const fired = [DB, KIT].flatMap((expected) =>
      RUNNERS.flatMap((runner) => WAYS.flatMap((way) => expected[runner][way])),
    );
    const wanted = new Set(fired.map(([, code]) => code.replace('lint/', '')));
    const argued = points.map((point) => /^- \[`([a-z-]+)`\]\(\1\.md\), [^.]*: /.exec(point)?.[1]);
    expect(argued.toSorted()).toEqual([...wanted].toSorted());
  });

  it('names the table of each', () => {
    for (const [migration, code, of] of [...OF_DB, ...OF_KIT]) {
      const point = points.find((one) => one.includes(`](${code.replace('lint/', '')}.md)`));
      expect(point, migration).toContain(`\`${of}\``);
    }
  });
});

type Run = Pick<LintSettings, 'runner'> &
  Partial<LintSettings> & {
    readonly way: Way;
    /** What the migrations are called here; by default as they are. */
    readonly titles?: readonly string[];
  };

async function expectFired(history: History, run: Run, expected: readonly Fired[]): Promise<void> {
  const findings = (await judge(history, run)).filter(({ level }) => level !== 'info');
  const inOrder = (fired: readonly (readonly string[])[]) => fired.map((one) => one.slice(0, 2)).toSorted();
  expect(inOrder(findings.map(({ migration = '', code }) => [migration, code]))).toEqual(inOrder(expected));
  for (const [migration, code, of] of expected) {
    const found = findings.find((one) => one.migration === migration && one.code === code);
    expect(found?.message).toContain(of);
  }
}

async function judge(history: History, { way, titles, ...settings }: Run) {
  const parser = await loadSqlParser();
  const { migrations } = history;
  const names = migrations.map(({ name }) => name);
  const deployments = way === 'all at once' ? [names] : names.map((name) => [name]);
  return deployments.flatMap((linted) => {
    const [first = ''] = linted;
    const sources = chooseLinted({
      migrations,
      deployed: new Set(names.slice(0, names.indexOf(first))),
      isLinted: (name) => linted.includes(name),
    });
    const { findings } = lintMigrations({
      migrations: sources,
      snapshot: findSnapshot(history, first, DISK_TREE),
      rules: RULES,
      parser,
      pathExists: (path) => existsSync(join(ROOT, path)),
      settings: {
        levels: new Map(),
        options: new Map(),
        postgresVersion: 14,
        smallTables: [],
        ...settings,
      },
    });
    return findings.map(({ finding }) => ({
      ...finding,
      migration: titles?.[names.indexOf(finding.migration ?? '')] ?? finding.migration,
    }));
  });
}

async function generateAll(major: 0 | 1): Promise<History> {
  const kit = kitProject(
    major,
    { 'schema.ts': FIRST_DAY },
    { schema: './schema.ts', entities: { roles: true } },
  );
  let schema = FIRST_DAY;
  await kit.generate();
  for (const day of LATER_DAYS) {
    // The folders of 1.x are named by the second.
    if (major === 1) await new Promise((done) => setTimeout(done, 1100));
    schema = withAddition(schema, day);
    kit.write('schema.ts', schema);
    await kit.generate();
  }
  return kit.history();
}
