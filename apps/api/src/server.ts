import { createDatabase } from '@acme/db';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { createReadiness } from './readiness.ts';
import { parseSettings } from './settings.ts';

const STOP_WITHIN_MS = 10_000;

const settings = parseSettings(process.env);
const database = createDatabase(settings.databaseUrl);
let stopping = false;

const app = createApp({
  db: database.db,
  readReadiness: createReadiness({ url: settings.databaseUrl, folder: settings.migrationsFolder }),
  isStopping: () => stopping,
});
const server = serve(
  { fetch: app.fetch, port: settings.port, hostname: settings.host },
  ({ address, port }) => {
    console.log(`listening on http://${address.includes(':') ? `[${address}]` : address}:${port}`);
  },
);
server.on('error', (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exit(1);
});

function stop(signal: NodeJS.Signals): void {
  // A second signal changes nothing: the first one's time limit is running.
  if (stopping) return;
  stopping = true;
  console.log(`${signal}: finishing open requests`);
  setTimeout(() => {
    console.error(`still busy after ${STOP_WITHIN_MS / 1000} s; giving up`);
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  server.close(async () => {
    await database.close();
    console.log('stopped');
    process.exit(0);
  });
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
