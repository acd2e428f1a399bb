import { parentPort, workerData } from 'node:worker_threads';
import type { Extension, PGlite } from '@electric-sql/pglite';
import type { ServerError } from '../kernel/errors.ts';
import { keepWebAssemblyShortLived } from '../short-lived-webassembly.ts';
import type { ExtensionModule } from './pglite-package.ts';
import { readTemplate } from './pglite-template.ts';

/** What the worker is started with. */
export type PgliteStart = {
  readonly url: string;
  readonly extensions: readonly ExtensionModule[];
  /** The file in which a cluster may be kept, as `dump` gave it; without it a new one is made, which takes ten times as long. */
  readonly template: string | null;
};

export type PgliteQuestion = { readonly id: number; readonly sql: string };

export type PgliteMessage =
  /** `dump`: the new cluster, where none was given. */
  | { readonly kind: 'ready'; readonly dump: ArrayBuffer | null }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly kind: 'error'; readonly id: number; readonly error: ServerError }
  /** It can no longer be asked: what it does from here on it does not do. */
  | { readonly kind: 'broken'; readonly id: number; readonly reason: string };

type Load = (url: string) => Promise<unknown>;

/** Runs PGlite in this worker: a statement that never ends can be ended with the worker, and with nothing else. */
export async function servePglite(load: Load): Promise<void> {
  const { url, extensions, template } = workerData as PgliteStart;
  keepWebAssemblyShortLived();
  const [pglite, cluster] = await Promise.all([load(url), template === null ? null : readTemplate(template)]);
  const { PGlite, protocol } = pglite as typeof import('@electric-sql/pglite');
  const loaded: Record<string, Extension> = {};
  for (const extension of extensions) {
    const module = (await load(extension.url)) as Record<string, Extension>;
    const setup = module[extension.export];
    if (setup !== undefined) loaded[extension.export] = setup;
  }
  const begin = (loadDataDir: Blob) => PGlite.create({ extensions: loaded, loadDataDir });
  let database = cluster === null ? null : await begin(cluster).catch(() => null);
  let dump: ArrayBuffer | null = null;
  if (database === null) {
    // Made without the extensions: some write themselves into the cluster, which then starts with them alone.
    const made = await makeCluster(PGlite);
    database = await begin(made);
    dump = await made.arrayBuffer();
  }
  const running: PGlite = database;
  tell({ kind: 'ready', dump }, dump === null ? [] : [dump]);

  let queue: Promise<void> = Promise.resolve();
  parentPort?.on('message', ({ id, sql }: PgliteQuestion) => {
    queue = queue.then(async () => {
      try {
        const question = protocol.serialize.query(sql);
        const { messages } = await running.execProtocol(question, {
          throwOnError: false,
          // There is no disk.
          syncToFs: false,
        });
        tell(toAnswer(id, messages));
      } catch (error) {
        tell({ kind: 'broken', id, reason: error instanceof Error ? error.message : String(error) });
      }
    });
  });
}

async function makeCluster(Made: typeof PGlite): Promise<Blob> {
  const database = await Made.create();
  const dump = await database.dumpDataDir('none');
  await database.close();
  return dump;
}

type Messages = Awaited<ReturnType<PGlite['execProtocol']>>['messages'];
type ErrorMessage = Readonly<Record<string, string | undefined>>;

/** As the driver has it: the rows of the last statement that gives any, or the first error. */
function toAnswer(id: number, messages: Messages): PgliteMessage {
  let rows: (readonly (string | null)[])[] = [];
  for (const message of messages) {
    if (message.name === 'error') return { kind: 'error', id, error: toServerError(message as never) };
    if (message.name === 'rowDescription') rows = [];
    if (message.name === 'dataRow') rows.push((message as unknown as { fields: (string | null)[] }).fields);
  }
  // PGlite goes on pretending after some statements that its one process cannot do; then this is missing.
  const isReady = messages.at(-1)?.name === 'readyForQuery';
  return isReady
    ? { kind: 'rows', id, rows }
    : { kind: 'broken', id, reason: 'it gave no answer to the statement' };
}

function toServerError(raw: ErrorMessage): ServerError {
  return {
    sqlstate: raw.code ?? '',
    severity: raw.severity ?? 'ERROR',
    message: raw.message ?? '',
    ...(raw.detail && { detail: raw.detail }),
    ...(raw.hint && { hint: raw.hint }),
    ...(raw.position && { position: Number(raw.position) }),
    ...(raw.where && { where: raw.where }),
    ...(raw.schema && { schema: raw.schema }),
    ...(raw.table && { table: raw.table }),
    ...(raw.column && { column: raw.column }),
    ...(raw.dataType && { dataType: raw.dataType }),
    ...(raw.constraint && { constraint: raw.constraint }),
  };
}

function tell(message: PgliteMessage, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, [...transfer]);
}

// Built, this file is the worker. From source a few words of JavaScript import it, and hand over what loads modules.
if (parentPort !== null && !import.meta.url.endsWith('.ts')) void servePglite((url) => import(url));
