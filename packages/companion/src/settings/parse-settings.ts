import { basename, dirname, resolve } from 'node:path';
import { DEFAULT_LEDGER, type LedgerAddress } from '../kernel/ledger-row.ts';
import { renderSuggestion } from '../kernel/nearest.ts';
import { buildFaultsError, type Fault, hasFaults } from './fault.ts';
import { isRecord } from './parse-credentials.ts';
import { isName, parseLedgerAddress } from './parse-ledger-address.ts';
import { parseUrl } from './parse-url.ts';
import type { LoadedConfig, ParsedSettings, SettingsFlags } from './settings.ts';

export type SettingsInput = {
  readonly flags: SettingsFlags;
  /** The environment, `.env` already merged in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: LoadedConfig | null;
  /** True where no database is asked for: then nothing is said of its URL, and none is given. */
  readonly offline?: boolean;
  /** Absolute. */
  readonly cwd: string;
  /** The one question to the disk: is there a folder at this absolute path? */
  readonly folderExists: (path: string) => boolean;
};

/** drizzle-kit's own default for `out`. */
const DEFAULT_OUT = './drizzle';

const MIGRATIONS_KEYS = ['table', 'schema', 'prefix'];

/**
 * Flags, environment and config, made into settings.
 * Of the config only the keys we use are judged; the rest belongs to drizzle-kit.
 * @throws CompanionError `settings-invalid` that tells every fault at once.
 */
export function parseSettings(input: SettingsInput): ParsedSettings {
  const faults: Fault[] = [];
  const config = parseConfig(input.config, faults);
  const folder = parseFolder(input, config, faults);
  const ledger = parseLedger(input.flags.ledger, config, faults);
  const url = input.offline === true ? null : readUrl(input, config, faults);
  if (hasFaults(faults)) throw buildFaultsError({ code: 'settings-invalid', faults });
  return { folder, ledger, url, configFile: input.config?.file ?? null, config: input.config?.value };
}

function readUrl(
  { flags, env }: SettingsInput,
  config: Config | null,
  faults: Fault[],
): ParsedSettings['url'] {
  const credentials = config === null ? null : credentialsOf(config);
  const parsed = parseUrl({ flag: flags.url, env, credentials });
  faults.push(...parsed.faults);
  return parsed.url;
}

type Config = { readonly file: string; readonly label: string; readonly value: Record<string, unknown> };

function parseConfig(config: LoadedConfig | null, faults: Fault[]): Config | null {
  if (config === null) return null;
  const label = basename(config.file);
  const { value, file } = config;
  if (!isRecord(value)) {
    faults.push({ source: label, ...describeExport(value) });
    return { file, label, value: {} };
  }
  // drizzle-kit refuses a config without a dialect; for us one that is silent is PostgreSQL's.
  if (value.dialect !== undefined && value.dialect !== 'postgresql') {
    const message = `is ${JSON.stringify(value.dialect)}, and drizzle-companion knows "postgresql" alone`;
    faults.push({ source: `${label}: dialect`, message });
  }
  return { file, label, value };
}

function describeExport(value: unknown): { message: string; hint: string } {
  const hint = 'Export one object: export default defineConfig({ dialect: "postgresql", … }).';
  if (Array.isArray(value)) {
    return {
      message: `exports an array of ${value.length} configs`,
      hint: 'Keep one config in a file, and name the file with --config.',
    };
  }
  if (typeof value === 'function') return { message: 'exports a function', hint };
  return { message: `exports ${value === null ? 'null' : typeof value} instead of a config`, hint };
}

/**
 * drizzle-kit takes `out` from the working directory, which breaks in a monorepo; we take it from the
 * config's place. Where only drizzle-kit's reading exists on disk, that one is meant.
 */
function parseFolder(
  { flags, cwd, folderExists }: SettingsInput,
  config: Config | null,
  faults: Fault[],
): string {
  if (flags.folder === '') faults.push({ source: '--folder', message: 'is empty' });
  if (flags.folder !== undefined) return resolve(cwd, flags.folder);
  if (config === null) {
    faults.push({
      source: 'drizzle.config',
      message: `none found from ${cwd} upwards`,
      hint: 'Name a config with --config, or the migrations folder with --folder and a database with --url.',
    });
    return cwd;
  }
  const out = config.value.out ?? DEFAULT_OUT;
  if (typeof out !== 'string' || out === '') {
    faults.push({ source: `${config.label}: out`, message: 'must be the path of the migrations folder' });
    return cwd;
  }
  const besideConfig = resolve(dirname(config.file), out);
  const fromCwd = resolve(cwd, out);
  return !folderExists(besideConfig) && folderExists(fromCwd) ? fromCwd : besideConfig;
}

function parseLedger(flag: string | undefined, config: Config | null, faults: Fault[]): LedgerAddress {
  const fromConfig = config === null ? DEFAULT_LEDGER : parseMigrationsKey(config, faults);
  if (flag === undefined) return fromConfig;
  const address = parseLedgerAddress(flag);
  if (address !== null) return address;
  faults.push({
    source: '--ledger',
    message: `${JSON.stringify(flag)} is not schema.table`,
    hint: 'Names with a dot stand in double quotes: --ledger \'"my.schema".migrations\'. 63 bytes at most.',
  });
  return fromConfig;
}

function parseMigrationsKey({ label, value }: Config, faults: Fault[]): LedgerAddress {
  const { migrations } = value;
  if (migrations === undefined) return DEFAULT_LEDGER;
  if (!isRecord(migrations)) {
    faults.push({ source: `${label}: migrations`, message: 'must be an object with table and schema' });
    return DEFAULT_LEDGER;
  }
  for (const key of Object.keys(migrations)) {
    if (MIGRATIONS_KEYS.includes(key)) continue;
    const message = `is not a key of migrations${renderSuggestion(key, MIGRATIONS_KEYS)}`;
    faults.push({ source: `${label}: migrations.${key}`, message });
  }
  const name = (key: 'schema' | 'table'): string => {
    const text = migrations[key];
    if (text === undefined) return DEFAULT_LEDGER[key];
    if (typeof text === 'string' && isName(text)) return text;
    faults.push({ source: `${label}: migrations.${key}`, message: 'must be a name of 1 to 63 bytes' });
    return DEFAULT_LEDGER[key];
  };
  return { schema: name('schema'), table: name('table') };
}

function credentialsOf({ label, value }: Config): { value: unknown; source: string } | null {
  // These drivers' credentials name no PostgreSQL server that a URL could reach.
  if (value.driver === 'aws-data-api' || value.driver === 'pglite') return null;
  return { value: value.dbCredentials, source: `${label}: dbCredentials` };
}
