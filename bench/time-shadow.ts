// Times what no command does by itself, and prints it: `time-shadow.ts catalog`, or `replay pglite|server <folder>`.
import { setTimeout as pause } from 'node:timers/promises';
import { readCatalog } from '../packages/companion/src/catalog/read-catalog.ts';
import { openSession } from '../packages/companion/src/database/session.ts';
import { readMigrationFolder } from '../packages/companion/src/folder/read-migration-folder.ts';
import { replayChain } from '../packages/companion/src/shadow/replay-chain.ts';
import { NO_SHADOW_SETTINGS } from '../packages/companion/src/shadow/shadow.ts';
import { withShadow } from '../packages/companion/src/shadow/with-shadow.ts';

const [what, provider, folder] = process.argv.slice(2);
const url = process.env.DATABASE_URL ?? '';

const milliseconds = what === 'catalog' ? await timeCatalog() : await timeReplay();
console.log(milliseconds);

/** Over a session that is open; nothing is warm but the server. */
async function timeCatalog(): Promise<number> {
  const session = await openSession({ url }, 0, undefined, () => undefined);
  try {
    const started = performance.now();
    const { entities } = await readCatalog(session);
    const took = performance.now() - started;
    console.log(`${entities.filter(({ kind }) => kind === 'table').length} tables`);
    return took;
  } finally {
    await session.close();
  }
}

/** On a shadow that is there: from the first statement to the last one's answer. */
async function timeReplay(): Promise<number> {
  const { migrations } = readMigrationFolder(folder ?? '').folder;
  const settings = { ...NO_SHADOW_SETTINGS, ...(provider === 'server' && { url }) };
  const upcoming = migrations.map(({ sql }) => sql);
  return withShadow({ settings, directory: import.meta.dirname, target: null, upcoming }, async (shadow) => {
    // Connecting, and what a server does of itself after CREATE DATABASE, is not replaying.
    await pause(100);
    const started = performance.now();
    const replay = await replayChain(shadow, migrations, { runner: 'companion' });
    const took = performance.now() - started;
    if (replay.kind === 'failed') throw new Error(replay.failure.message);
    return took;
  });
}
