// A program of its own: it runs the user's schema code, which may connect, print, exit or hang.
import { readFileSync, writeSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti, type Jiti } from 'jiti';
import type {
  DdlAnswer,
  DdlQuestion,
  KitMessage,
  KitQuestion,
  SchemaAnswer,
  SchemaQuestion,
} from './kit-question.ts';

type KitApi = {
  generateDrizzleJson(imports: object, prevId?: string, schemas?: string[], casing?: unknown): unknown;
  generateMigration(before: unknown, after: unknown): Promise<string[]>;
  reconstruct?(files: object, id?: string): Promise<unknown>;
};

type SnapshotHead = { readonly id: string; readonly prevIds: readonly string[] };

/** The pipe that the user's code does not know of; what it prints goes elsewhere. */
const ANSWERS = 3;

// The kit is one file of 75,000 lines: from its second run on, Node need not compile it again.
if ('enableCompileCache' in nodeModule) (nodeModule.enableCompileCache as () => unknown)();
try {
  const question = JSON.parse(readFileSync(0, 'utf8')) as KitQuestion;
  tell({ answer: await (question.asks === 'schema' ? readSchema(question) : writeDdl(question)) });
} catch (thrown) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, stack = '' } = error;
  tell({ thrown: { name, message, stack, code: 'code' in error ? String(error.code) : null } });
}
// An open pool or timer of the schema's would keep the process alive.
process.exit();

async function readSchema(question: SchemaQuestion): Promise<SchemaAnswer> {
  const load = question.major === 0 ? loadAsKit0 : loadAsKit1;
  const exported = new Set<unknown>();
  const modules = new Set<string>(question.files);
  for (const file of question.files) {
    tell({ stage: 'schema', file });
    const { exports, jiti } = await load(file, question.directory);
    for (const value of Object.values(exports)) exported.add(value);
    for (const name of Object.keys(jiti.cache)) if (!/[\\/]node_modules[\\/]/.test(name)) modules.add(name);
  }
  const kit = loadKit(question);
  tell({ stage: 'snapshot' });
  // `schemaFilter` and `tablesFilter` are for databases: `generate` looks at neither.
  const schema = await kit.generateDrizzleJson({ ...[...exported] }, undefined, undefined, question.casing);
  tell({ stage: 'history' });
  const newest = question.snapshots === null ? null : await reconstruct(kit, question.snapshots);
  return { schema, newest, modules: [...modules] };
}

/** What `generate` would write into a fresh folder: it asks nothing, for nothing can have been renamed. */
async function writeDdl(question: DdlQuestion): Promise<DdlAnswer> {
  const kit = loadKit(question);
  tell({ stage: 'history' });
  const newest = question.snapshots === null ? question.snapshot : await reconstruct(kit, question.snapshots);
  tell({ stage: 'ddl' });
  const empty = await kit.generateDrizzleJson({});
  const { version } = empty as { readonly version?: unknown };
  const isKnown = String((newest as { readonly version?: unknown } | null)?.version) === String(version);
  return { version, statements: isKnown ? await kit.generateMigration(empty, newest) : null };
}

function loadKit({ api }: KitQuestion): KitApi {
  tell({ stage: 'kit' });
  return nodeModule.createRequire(api)(api) as KitApi;
}

type Loaded = { readonly exports: object; readonly jiti: Jiti };

/** 0.31 registers tsx and requires each file; aliases come from the tsconfig of the project. */
async function loadAsKit0(file: string, directory: string): Promise<Loaded> {
  const jiti = createJiti(join(directory, 'schema'), { tsconfigPaths: true, interopDefault: false });
  return { exports: jiti(file) as object, jiti };
}

/** 1.x imports TypeScript with jiti, with the aliases of the tsconfig next to the file, and JavaScript as it is. */
async function loadAsKit1(file: string): Promise<Loaded> {
  const jiti = createJiti(file, { tsconfigPaths: true, interopDefault: true });
  const exports = /\.[cm]?ts$/.test(file) ? await jiti.import(file) : await import(pathToFileURL(file).href);
  return { exports: exports as object, jiti };
}

/** 1.x snapshots hold what changed. Several that nobody builds on are joined, as `generate` joins them. */
async function reconstruct(kit: KitApi, snapshots: Readonly<Record<string, unknown>>): Promise<unknown> {
  // A 1.x from before snapshots of changes: their version tells that the kit is too old for them.
  if (kit.reconstruct === undefined) return null;
  const heads = Object.values(snapshots) as SnapshotHead[];
  const parents = new Set(heads.flatMap(({ prevIds }) => prevIds));
  const leaves = heads.map(({ id }) => id).filter((id) => !parents.has(id));
  if (leaves.length < 2) return kit.reconstruct(snapshots);
  const id = 'drizzle-companion';
  const header = { type: 'diff', version: '9', dialect: 'postgres', id, prevIds: leaves.reverse() };
  return kit.reconstruct(
    { ...snapshots, '99999999999999_joined': { ...header, footprints: [], deltas: [] } },
    id,
  );
}

function tell(message: KitMessage): void {
  // A bigint is no JSON, and some columns have one as their default.
  const text = JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  for (let rest = Buffer.from(`${text}\n`); rest.length > 0; ) rest = rest.subarray(writeSync(ANSWERS, rest));
}
