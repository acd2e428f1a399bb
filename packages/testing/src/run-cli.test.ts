import { expect, test } from 'vitest';
import { journalFolder } from './folder-builder.ts';
import { runCli, spawnCli } from './run-cli.ts';
import { createDatabase } from './test-database.ts';

test('a bad exit is a result, with both streams apart', async () => {
  const result = await runCli(['no-such-command']);
  expect(result).toMatchObject({ exitCode: 2, signal: null, stdout: '' });
  expect(result.stderr).toContain('no-such-command');
});

test('the environment of the test run stays outside', async () => {
  const folder = journalFolder([{ name: '0000_init', sql: 'create table a (id int);' }]);
  const { url } = await createDatabase();
  process.env.DATABASE_URL = url;
  try {
    expect((await runCli(['status', '--folder', folder.path], { cwd: folder.path })).exitCode).toBe(2);
    const given = { cwd: folder.path, env: { DATABASE_URL: url } };
    expect((await runCli(['status', '--folder', folder.path], given)).exitCode).toBe(0);
  } finally {
    delete process.env.DATABASE_URL;
  }
});

test('a running bin is watched and signalled', async () => {
  const { url } = await createDatabase();
  const folder = journalFolder([{ name: '0000_slow', sql: 'select pg_sleep(60);' }]);
  const cli = spawnCli(['migrate', '--folder', folder.path, '--url', url]);
  await cli.waitForOutput(/0000_slow/);
  cli.kill('SIGTERM');
  expect(await cli.finished).toMatchObject({ exitCode: 143 });
  await expect(cli.waitForOutput(/never printed/)).rejects.toThrow('ended without');
});
