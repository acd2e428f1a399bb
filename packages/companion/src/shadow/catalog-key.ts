import { createHash } from 'node:crypto';
import { readCatalog } from '../catalog/read-catalog.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import { readVersion } from '../version.ts';
import type { ReplayRunner } from './replay.ts';
import type { ReplayStart } from './replay-start.ts';
import type { ShadowProvider, ShadowSettings } from './shadow.ts';

/** Changes when what a replay does, or how its catalog is kept, changes otherwise than in the questions to pg_catalog. */
const FORM = 'shadow catalog 2';
const MAJORS = [14, 15, 16, 17, 18];

export type CatalogKeyInput = {
  readonly chain: readonly Pick<MigrationOnDisk, 'name' | 'hash'>[];
  readonly runner: ReplayRunner;
  readonly provider: ShadowProvider;
  /** What its answers can depend on: versions. */
  readonly identity: string;
  readonly settings: Pick<ShadowSettings, 'extensions' | 'before'>;
  readonly start: ReplayStart;
};

/** Equal for chains that make the same catalog, and only for those: hexadecimal sha256. */
export async function catalogKey(input: CatalogKeyInput): Promise<string> {
  const { chain, runner, provider, identity, settings, start } = input;
  const parts = [
    FORM,
    // How SQL is cut and sent changes with it, and so may PostgreSQL's parser.
    readVersion(),
    await questions(),
    chain.map(({ name, hash }) => [name, hash]),
    runner,
    provider,
    identity,
    settings.extensions,
    settings.before?.sql ?? null,
    start.ledger && [start.ledger.schema, start.ledger.table, start.ledger.version],
    start.searchPath,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

let asked: Promise<string> | null = null;

/** What `readCatalog` asks, by asking nobody: a catalog that was read with other questions is another catalog. */
function questions(): Promise<string> {
  asked ??= (async () => {
    const texts: string[] = [];
    for (const major of MAJORS) {
      await readCatalog({
        query: async (sql) => {
          texts.push(sql);
          return texts.length % 2 === 1 ? [[String(major * 10_000)]] : [];
        },
      });
    }
    return texts.join('\n');
  })();
  return asked;
}
