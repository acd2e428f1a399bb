import type { Database } from '@acme/db';
import type { Readiness } from 'drizzle-companion';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { explainDatabaseError, isDatabaseUnavailable } from './database-errors.ts';
import { createChatSessionRoutes } from './routes/chat-sessions.ts';
import { createGroupRoutes } from './routes/groups.ts';
import { createUserRoutes } from './routes/users.ts';

export type AppParts = {
  readonly db: Database;
  readonly readReadiness: () => Promise<Readiness>;
  /** True once the process was told to stop: connections are then no longer kept alive. */
  readonly isStopping: () => boolean;
};

export function createApp({ db, readReadiness, isStopping }: AppParts): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    if (isStopping()) context.header('connection', 'close');
  });

  // Alive means: this process answers. It must not be restarted because the database is away.
  app.get('/healthz', (context) => context.json({ alive: true }));
  app.get('/readyz', async (context) => {
    const { ready, reason, applied, missing } = await readReadiness();
    return ready ? context.json({ ready }) : context.json({ ready, reason, applied, missing }, 503);
  });

  app.route('/users', createUserRoutes(db));
  app.route('/groups', createGroupRoutes(db));
  app.route('/chat-sessions', createChatSessionRoutes(db));

  app.notFound((context) => context.json({ error: 'There is nothing here.' }, 404));
  app.onError((thrown, context) => {
    const error = explainDatabaseError(thrown);
    if (error instanceof HTTPException) return error.getResponse();
    // The whole error goes to the log and stays out of the answer: it holds SQL and values.
    console.error(error);
    return isDatabaseUnavailable(error)
      ? context.json({ error: 'The database cannot be reached.' }, 503)
      : context.json({ error: 'Something went wrong here.' }, 500);
  });
  return app;
}
