import { join } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { MIGRATE_FLAGS } from './flags.ts';
import { parseFlags } from './parse-flags.ts';
import { readTimeouts } from './read-timeouts.ts';

const CONFIG = { 'drizzle-companion.config.json': '{ "timeouts": { "lockTimeout": "1s", "wait": "2s" } }' };

async function read(typed: Readonly<Record<string, string>>, configFile: string | null) {
  const entries = Object.entries(typed).map(([name, value]) => ({
    name,
    raw: `--${name}`,
    value,
    inline: false,
  }));
  const { values, given } = parseFlags(MIGRATE_FLAGS, entries);
  return readTimeouts({ flags: values, given } as Parameters<typeof readTimeouts>[0], configFile);
}

test('the flag comes before the config, the config before the default', async () => {
  const { path } = temporaryFolder(CONFIG);
  // 5s is the default, and typed all the same.
  expect(await read({ 'lock-timeout': '5s' }, join(path, 'drizzle.config.ts'))).toEqual({
    waitMs: 2_000,
    lockWaitMs: 60_000,
    lockTimeoutMs: 5_000,
    statementTimeoutMs: 300_000,
  });
  expect(await read({}, join(path, 'drizzle.config.ts'))).toMatchObject({ lockTimeoutMs: 1_000 });
});

test('without a drizzle config there are the defaults', async () => {
  expect(await read({}, null)).toMatchObject({ waitMs: 30_000, lockTimeoutMs: 5_000 });
});
