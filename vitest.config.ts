import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long, the longest first. Where one of them is started last, it is waited for with cores idle. */
const LONG = [
  'test/crash-matrix.test.ts',
  'test/docs/commands.test.ts',
  'test/lint/rule-pages.test.ts',
  'check/snapshots/deep.test.ts',
  'catalog/compare-catalogs.test.ts',
  'test/lint.test.ts',
  'shadow/with-shadow.test.ts',
  'shadow/replay-chain.test.ts',
  'check/database/compare-tables.test.ts',
  'test/kit-verdicts.test.ts',
  'bench/bench.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: [
      'packages/*/{src,test,scripts}/**/*.test.ts',
      'apps/*/{src,test}/**/*.test.ts',
      'scripts/**/*.test.ts',
      'bench/*.test.ts',
    ],
    globalSetup: ['packages/testing/src/postgres-setup.ts'],
    // Real databases, processes and signals: a file has a process of its own.
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
