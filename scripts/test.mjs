// `npm test [-- <paths and vitest flags>]`: everything a fresh clone needs, then the whole suite.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interruption, runProgram, runScript, StepFailed } from './lib/steps.mjs';
import { prepareWorkspace, root } from './lib/workspace.mjs';

await runScript(async () => {
  await prepareWorkspace();
  const directory = mkdtempSync(join(tmpdir(), 'companion-results-'));
  try {
    return await runTests(join(directory, 'results.json'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

async function runTests(results) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const failure = await runProgram(
    process.execPath,
    [vitest, 'run', ...reporters, ...process.argv.slice(2)],
    {
      cwd: root,
      show: true,
    },
  ).then(
    () => null,
    (error) => error,
  );
  interruption.signal.throwIfAborted();
  const { passed, failed, skipped } = countTests(results, failure);
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failure === null && failed === 0 ? 0 : 1;
}

function countTests(results, failure) {
  let report;
  try {
    report = JSON.parse(readFileSync(results, 'utf8'));
  } catch {
    throw failure ?? new StepFailed('vitest wrote no results');
  }
  // A file that could not even be loaded holds no test that failed, and counts as one.
  const unloadable = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
