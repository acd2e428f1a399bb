// Times what no command does by itself, and prints the milliseconds:
// `time-shadow.ts catalog`, `replay pglite|server <folder>`, `cached <folder>`.
import { setTimeout as pause } from 'node:timers/promises';

const [what, ...args] = process.argv.slice(2);
const url = process.env.DATABASE_URL ?? '';

const timings: Readonly<Record<string, (...args: readonly string[]) => Promise<number>>> = {
  catalog: timeCatalog,
  replay: timeReplay,
  cached: timeCached,
};
console.log(await timings[what ?? '']?.(...args));

/** Over a session that is open; nothing is warm but the server. */
async function timeCatalog(): Promise<number> {
  const { readCatalog } = await import('../packages/companion/src/catalog/read-catalog.ts');
  const { openSession } = await import('../packages/companion/src/database/session.ts');
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
async function timeReplay(provider = '', folder = ''): Promise<number> {
  const { replayChain } = await import('../packages/companion/src/shadow/replay-chain.ts');
  const { withShadow } = await import('../packages/companion/src/shadow/with-shadow.ts');
  const migrations = await readMigrations(folder);
  const options = {
    settings: await readSettings(provider),
    directory: import.meta.dirname,
    target: null,
    upcoming: migrations.map(({ sql }) => sql),
  };
  return withShadow(options, async (shadow) => {
    // What a server does of itself after CREATE DATABASE is not replaying.
    await pause(100);
    const started = performance.now();
    const replay = await replayChain(shadow, migrations, { runner: 'companion' });
    const took = performance.now() - started;
    if (replay.kind === 'failed') throw new Error(replay.failure.message);
    return took;
  });
}

/** All that comes after Node's own start: loading what it takes, the folder, and the catalog that was kept. */
async function timeCached(folder = ''): Promise<number> {
  const started = performance.now();
  const { readShadowCatalog } = await import('../packages/companion/src/shadow/read-shadow-catalog.ts');
  const made = await readShadowCatalog(await readMigrations(folder), {
    settings: await readSettings('pglite'),
    directory: folder,
    target: null,
    runner: 'companion',
  });
  const took = performance.now() - started;
  if (made.kind === 'failed') throw new Error(made.failure.message);
  console.log(made.cached ? 'from the cache' : 'replayed');
  return took;
}

async function readMigrations(folder: string) {
  const { readMigrationFolder } = await import('../packages/companion/src/folder/read-migration-folder.ts');
  return readMigrationFolder(folder).folder.migrations;
}

async function readSettings(provider: string) {
  const { NO_SHADOW_SETTINGS } = await import('../packages/companion/src/shadow/shadow.ts');
  return { ...NO_SHADOW_SETTINGS, ...(provider === 'server' && { url }) };
}
