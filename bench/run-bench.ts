import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@companion/testing/server';
import { judgeAims } from './aims.ts';
import { runCheck, runStaged } from './check-scenarios.ts';
import { versionOf } from './contenders.ts';
import { openDatabases } from './databases.ts';
import { runLint } from './lint-scenarios.ts';
import { run } from './measure.ts';
import type { Results } from './render-results.ts';
import { runFromEmpty, runNothingToDo, runStartUp, scenarioDirectory } from './scenarios.ts';
import { runCached, runCatalog, runCheckDatabase, runReplay } from './shadow-scenarios.ts';
import { summarise } from './summary.ts';

export type BenchOptions = {
  readonly rounds: number;
  /** Sizes of the histories. */
  readonly migrations: {
    readonly nothingToDo: number;
    readonly fromEmpty: number;
    readonly check: number;
    readonly lint: number;
    readonly replay: number;
  };
  /** Of the database whose catalog is read. */
  readonly tables: number;
  /** Progress, a line at a time. */
  readonly tell: (line: string) => void;
};

const CONTENDERS = [
  'drizzle-companion',
  'drizzle-kit',
  'drizzle-orm',
  'dbmate',
  'node-pg-migrate',
  'squawk-cli',
];

/** PostgreSQL as it is shipped: the tests' own settings forgo durability, and a commit would cost nothing. */
const DURABLE = ['-c', 'fsync=on', '-c', 'full_page_writes=on'];

/** Starts a server, runs every scenario on it, and stops it. */
export async function runBench({ rounds, migrations, tables, tell }: BenchOptions): Promise<Results> {
  const server = await startPostgres({ flags: DURABLE });
  const databases = openDatabases((database) => server.url(database));
  const directory = mkdtempSync(join(tmpdir(), 'companion-bench-'));
  try {
    const psql = /\d+[.\d]*/.exec(run('psql', ['--version']))?.[0] ?? null;
    const options = (name: string, count: number) => {
      tell(`${name}, ${count} migrations`);
      const own = scenarioDirectory(directory, name);
      return { databases, directory: own, rounds, migrations: count, hasPsql: psql !== null, tell };
    };
    const nothingToDo = await runNothingToDo(options('nothing-to-do', migrations.nothingToDo));
    const fromEmpty = await runFromEmpty(options('from-empty', migrations.fromEmpty));
    const check = await runCheck(options('check', migrations.check));
    const staged = await runStaged(options('check-staged', migrations.check));
    const lint = await runLint(options('lint', migrations.lint));
    const lintOne = await runLint(options('lint-one', 1));
    const catalog = await runCatalog({ ...options('catalog', tables), tables });
    const replay = await runReplay(options('replay', migrations.replay));
    const cached = await runCached(options('cached', migrations.replay));
    const checkDatabase = await runCheckDatabase(options('check-database', migrations.replay));
    const startUp = await runStartUp(options('start-up', 0));
    const summaries = {
      nothingToDo: nothingToDo.map(summarise),
      fromEmpty: fromEmpty.map(summarise),
      check: check.map(summarise),
      staged: staged.map(summarise),
      lint: lint.map(summarise),
      lintOne: lintOne.map(summarise),
      catalog: catalog.map(summarise),
      replay: replay.map(summarise),
      cached: cached.map(summarise),
      checkDatabase: checkDatabase.map(summarise),
      startUp: startUp.map(summarise),
    };
    return {
      machine: {
        cores: availableParallelism(),
        memoryGib: Math.round(totalmem() / 2 ** 30),
        node: process.versions.node,
        postgres: await databases.version(),
        psql,
      },
      versions: Object.fromEntries(CONTENDERS.map((name) => [name, versionOf(name)])),
      rounds,
      migrations,
      catalogTables: tables,
      verdicts: judgeAims(summaries),
      summaries,
    };
  } finally {
    await databases.close();
    rmSync(directory, { recursive: true, force: true });
    await server.stop();
  }
}
