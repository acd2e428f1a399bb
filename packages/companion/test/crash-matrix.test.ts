import { NEWEST_POSTGRES, OLDEST_POSTGRES, postgresVersions } from '@companion/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { createMatrix, readDocument, writeDocument } from './crash-matrix/matrix.ts';
import { canOwn, disposeOwnServers, withOwnServer } from './crash-matrix/own-server.ts';
import { runCase } from './crash-matrix/run-case.ts';
import { SECTIONS } from './crash-matrix/sections.ts';

/** The versions that the document speaks of: the ends of what we support. */
const DOCUMENTED = [OLDEST_POSTGRES, NEWEST_POSTGRES];
const STALE = 'docs/crash-matrix.md is stale: run this file without CI=true, and commit what it writes';
const versions = postgresVersions();
const matrix = createMatrix(SECTIONS, versions);

for (const { title, cases, ownServer = false } of SECTIONS) {
  describe.concurrent(title, () => {
    for (const version of versions) {
      for (const matrixCase of cases) {
        const { fault, step } = matrixCase;
        it(`${fault}, ${step}, on PostgreSQL ${version}`, { timeout: 240_000 }, async ({ skip }) => {
          skip(ownServer && !canOwn(version), 'the server is not ours to stop');
          const found = matrix.open(title, version, matrixCase);
          if (!ownServer) await runCase(version, matrixCase, found);
          else await withOwnServer(version, (server) => runCase(version, matrixCase, found, server));
        });
      }
    }
  });
}

describe('docs/crash-matrix.md', () => {
  it('says what this run found', ({ skip }) => {
    skip(
      !DOCUMENTED.every((version) => versions.includes(version)),
      'only some PostgreSQL versions were run',
    );
    skip(!matrix.isComplete(), 'only some cases were run, or some failed');
    const text = matrix.render(DOCUMENTED);
    if (process.env.CI === 'true') expect(text, STALE).toBe(readDocument());
    else writeDocument(text);
  });
});

afterAll(async () => {
  await disposeOwnServers();
  console.log(matrix.render(versions));
});
