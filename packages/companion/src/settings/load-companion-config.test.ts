import { temporaryFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { NO_COMPANION_CONFIG } from './companion-config.ts';
import { loadCompanionConfig } from './load-companion-config.ts';

async function refuse(files: Readonly<Record<string, string>>): Promise<CompanionError> {
  const { path } = temporaryFolder(files);
  const thrown: unknown = await loadCompanionConfig(path).catch((error: unknown) => error);
  if (!(thrown instanceof CompanionError)) throw new Error('it was not refused');
  expect(thrown.code).toBe('settings-invalid');
  return thrown;
}

test('no file is no settings', async () => {
  expect(await loadCompanionConfig(temporaryFolder().path)).toEqual(NO_COMPANION_CONFIG);
});

test('TypeScript that imports defineConfig from drizzle-companion is read where nothing is installed', async () => {
  const { path } = temporaryFolder({
    'drizzle-companion.config.ts': `import { defineConfig } from 'drizzle-companion';
export default defineConfig({
  rules: { 'history/crlf': 'off', 'history/orphan-file': 'error' },
  exceptions: [{ code: 'git/edited', migration: '0003_x', reason: 'a typing error in a comment' }],
  supersededBy: { '0001_a': '0002_b' },
  timeouts: { lockTimeout: '2s', statementTimeout: '0' },
  postgresVersion: 17,
});
`,
  });
  const settings = await loadCompanionConfig(path);
  expect(settings).toMatchObject({
    file: `${path}/drizzle-companion.config.ts`,
    exceptions: [{ code: 'git/edited', migration: '0003_x', reason: 'a typing error in a comment' }],
    timeouts: { lockTimeoutMs: 2000, statementTimeoutMs: 0 },
    postgresVersion: 17,
  });
  expect([...settings.levels]).toEqual([
    ['history/crlf', 'off'],
    ['history/orphan-file', 'error'],
  ]);
  expect([...settings.supersededBy]).toEqual([['0001_a', '0002_b']]);
});

test.each([
  ['mjs', 'export default { postgresVersion: 14 };'],
  ['js', 'module.exports = { postgresVersion: 14 };'],
  ['mts', 'export default { postgresVersion: 14 as number };'],
  ['json', '{ "postgresVersion": 14 }'],
])('it may be written in %s', async (end, text) => {
  const { path } = temporaryFolder({ [`drizzle-companion.config.${end}`]: text });
  expect((await loadCompanionConfig(path)).postgresVersion).toBe(14);
});

test('every fault is told at once, with the nearest right name', async () => {
  const error = await refuse({
    'drizzle-companion.config.json': JSON.stringify({
      rule: {},
      rules: { 'history/orphan-fiel': 'error', 'history/crlf': 'fatal' },
      exceptions: [{ code: 'git/edited', migration: '0003_x' }, { code: 'git/edit', because: 'x' }, 7],
      supersededBy: { '0001_a': 3 },
      timeouts: { lockTimeout: 'soon', lockwait: '3s' },
      postgresVersion: '17',
    }),
  });
  expect(
    error.fields.findings?.map(({ message }) => message.replace('drizzle-companion.config.json', '…')),
  ).toEqual([
    '…: rule: is not a key; did you mean rules?',
    '…: rules["history/orphan-fiel"]: "history/orphan-fiel" is not a finding; did you mean history/orphan-file?',
    '…: rules["history/crlf"]: is "fatal", and a level is one of off, info, warning, error',
    '…: exceptions[0].reason: is missing, so that the next reader knows why',
    '…: exceptions[1].because: is not a key',
    '…: exceptions[1].migration: is missing',
    '…: exceptions[1].reason: is missing, so that the next reader knows why',
    '…: exceptions[1].code: "git/edit" is not a finding; did you mean git/edited?',
    '…: exceptions[2]: must be an object',
    '…: supersededBy["0001_a"]: must be the name of a later migration',
    '…: timeouts.lockwait: is not a key; did you mean lockWait?',
    '…: timeouts.lockTimeout: "soon" is not a time such as 500ms, 30s, 5min, 2h or 0',
    '…: postgresVersion: is "17", and must be one of 14, 15, 16, 17, 18',
  ]);
});

test('a file that exports nothing is refused', async () => {
  const error = await refuse({ 'drizzle-companion.config.mjs': 'export const config = 1;' });
  expect(error.message).toMatch(/config\.mjs: (must be an object|config: is not a key)/);
});

test('a file that does not compile is told with its line', async () => {
  const error = await refuse({ 'drizzle-companion.config.ts': 'export default {\n  rules: {\n;' });
  expect(error.fields.place).toMatchObject({ line: 3 });
});

test('two files are one too many', async () => {
  const error = await refuse({
    'drizzle-companion.config.ts': 'export default {};',
    'drizzle-companion.config.json': '{}',
  });
  expect(error.message).toMatch(/config\.json: stands beside .*config\.ts/);
});
