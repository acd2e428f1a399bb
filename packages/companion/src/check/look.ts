import { basename, dirname } from 'node:path';
import { DISK_TREE } from '../folder/disk-tree.ts';
import type { History } from '../folder/history.ts';
import { readMigrations } from '../folder/read-migrations.ts';
import { readSnapshots } from '../folder/read-snapshots.ts';
import type { CheckGroup } from '../kernel/check.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import type { DatabaseOption } from '../kernel/options.ts';
import type { StatusReport } from '../kernel/status.ts';
import type { CompanionSettings } from '../settings/companion-config.ts';
import { requireUrl } from '../settings/require-url.ts';
import type { ParsedSettings } from '../settings/settings.ts';
import { assertSuperseded } from './assert-superseded.ts';
import { diagnoseHistory } from './diagnose-history.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { GitView } from './git/view-git.ts';
import { listApplied } from './lint/list-applied.ts';
import type { ReplayPlace } from './shadow/read-made-catalog.ts';

export type LookInput = {
  readonly settings: ParsedSettings;
  readonly companion: CompanionSettings;
  readonly groups: ReadonlySet<CheckGroup>;
  /** Git is asked about the repository itself, wherever the files are looked at. */
  readonly git: GitView;
  /** Where the migrations folder lies in the repository; not where it is looked at, under `--staged`. */
  readonly realFolder: string;
  /** Replay the SQL, and hold it against the newest snapshot. */
  readonly deep: boolean;
  /** Of a server for shadows; null for what the config says. */
  readonly shadowUrl: string | null;
  /** The database that the migrations are for, where flags, environment or config name one. */
  readonly findTarget: () => Promise<DatabaseOption | null>;
  readonly signal?: AbortSignal;
};

export type Look = Required<Diagnosis> & { readonly files: number };

/**
 * Looks at all groups at once, and tells all their faults at once.
 * @throws CompanionError when one of them could not run at all, with what the others found.
 */
export async function look(input: LookInput): Promise<Look> {
  const migrations = readMigrations(input.settings.folder, DISK_TREE);
  // Hundreds of snapshots are a hundred times the bytes of the SQL.
  const history = OF_SNAPSHOTS.some((group) => input.groups.has(group))
    ? readSnapshots(migrations, DISK_TREE)
    : migrations;
  if (history.faults.length === 0) assertSuperseded(input.companion, history);
  const settled = await Promise.allSettled(startGroups(input, history));
  const done = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const findings = done.flatMap((one) => one.findings);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw withFindings(failed.reason, findings);
  return {
    findings,
    notChecked: done.flatMap((one) => one.notChecked),
    notes: done.flatMap((one) => one.notes),
    allowed: done.flatMap((one) => one.allowed ?? []),
    unlinted: new Set(done.flatMap((one) => [...(one.unlinted ?? [])])),
    files: countFiles(history),
  };
}

/** The groups that look into snapshots. */
const OF_SNAPSHOTS: readonly CheckGroup[] = ['history', 'snapshots', 'drift', 'lint'];

function startGroups(input: LookInput, history: History): readonly Promise<Diagnosis>[] {
  const { groups, settings } = input;
  const started: Promise<Diagnosis>[] = [];
  // Those that wait for another process go first; the others work meanwhile.
  if (groups.has('drift')) started.push(diagnoseSchema(settings, history));
  if (groups.has('git')) started.push(input.git.diagnose(input.realFolder));
  const status = groups.has('database') ? askStatus(input) : null;
  if (status !== null) started.push(judgeStatus(status, input, history));
  const deep = input.deep && groups.has('snapshots') ? judgeSnapshots(input, history) : null;
  if (deep !== null) started.push(deep);
  if (groups.has('lint')) started.push(lint(input, history, status));
  started.push(judgeHistory(history, groups, deep));
  return started;
}

async function diagnoseSchema(settings: ParsedSettings, history: History): Promise<Diagnosis> {
  const { configFile, config } = settings;
  if (configFile === null) {
    return notChecked(
      'drift',
      'no drizzle config was found, and only it names the schema; name one with --config',
    );
  }
  if ((config as { schema?: unknown }).schema === undefined) {
    return notChecked('drift', `${basename(configFile)} names no schema`);
  }
  const { diagnoseDrift } = await import('./drift/diagnose-drift.ts');
  const project = { directory: dirname(configFile), configFile, config };
  return { findings: await diagnoseDrift(project, history), notChecked: [], notes: [] };
}

/** The ledger is read once, for the group that judges it and for the linter. */
async function askStatus({ settings, signal }: LookInput): Promise<StatusReport> {
  const { readStatus } = await import('../status/read-status.ts');
  const { folder, ledger } = settings;
  return readStatus({
    url: requireUrl(settings),
    folder,
    ledger,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function judgeStatus(
  status: Promise<StatusReport>,
  input: LookInput,
  history: History,
): Promise<Diagnosis> {
  const { diagnoseDatabase } = await import('./database/diagnose-database.ts');
  const { companion, settings, signal } = input;
  const url = requireUrl(settings);
  const findPlace = async (): Promise<ReplayPlace> => {
    const { readSearchPath } = await import('./shadow/read-search-path.ts');
    const [place, searchPath] = await Promise.all([
      findReplayPlace(input, history),
      readSearchPath({ url }, signal),
    ]);
    return { ...place, target: { url }, searchPath };
  };
  return diagnoseDatabase(status, {
    companion,
    url,
    place: findPlace,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function judgeSnapshots(input: LookInput, history: History): Promise<Diagnosis> {
  const { diagnoseDeep } = await import('./snapshots/deep.ts');
  const { configFile, folder } = input.settings;
  const directory = configFile === null ? folder : dirname(configFile);
  const place = await findReplayPlace(input, history);
  // Only a server can be the target by mistake.
  const target = place.settings.url === null ? null : await input.findTarget();
  return diagnoseDeep(history, directory, { ...place, target });
}

async function findReplayPlace(
  { settings, companion, shadowUrl, signal }: LookInput,
  { layout }: History,
): Promise<ReplayPlace> {
  const { readShadowSettings } = await import('../shadow/read-shadow-settings.ts');
  const { configFile, folder, ledger } = settings;
  return {
    settings: await readShadowSettings(companion.shadow, shadowUrl === null ? {} : { url: shadowUrl }),
    directory: configFile === null ? folder : dirname(configFile),
    target: null,
    ledger: { ...ledger, version: layout === 'folders' ? 1 : 0 },
    ...(signal === undefined ? {} : { signal }),
  };
}

async function lint(
  { companion, git, realFolder }: LookInput,
  history: History,
  status: Promise<StatusReport> | null,
): Promise<Diagnosis> {
  const { diagnoseLint } = await import('./lint/diagnose-lint.ts');
  const [merged, applied] = await Promise.all([
    git.readMerged(realFolder, history.layout),
    // What keeps the ledger from being read is told by its own group.
    status?.then(listApplied).catch(() => null) ?? null,
  ]);
  return diagnoseLint({ history, companion, merged, applied });
}

async function judgeHistory(
  history: History,
  groups: ReadonlySet<CheckGroup>,
  deep: Promise<Diagnosis> | null,
): Promise<Diagnosis> {
  const told = only(diagnoseHistory(history, Date.now()), groups);
  const seen = await deep?.catch(() => null);
  // The snapshots' truth says the same, thing by thing.
  if (seen == null || seen.notChecked.length > 0) return told;
  return { ...told, findings: told.findings.filter(({ code }) => code !== 'snapshots/stale') };
}

function only(findings: readonly Finding[], groups: ReadonlySet<CheckGroup>): Diagnosis {
  // What cannot be read is told to whoever depends on it.
  const isWanted = (code: string) => groups.has(groupOf(code)) || code.endsWith('/unreadable');
  const wanted = findings.filter(({ code }) => isWanted(code));
  return { findings: wanted, notChecked: [], notes: [] };
}

/** `ledger` is what a database is asked for today. */
export function groupOf(code: string): CheckGroup {
  const [name = ''] = code.split('/');
  return name === 'ledger' ? 'database' : (name as CheckGroup);
}

export function notChecked(group: CheckGroup, reason: string): Diagnosis {
  return { findings: [], notChecked: [{ group, reason }], notes: [] };
}

function withFindings(thrown: unknown, findings: readonly Finding[]): unknown {
  if (!(thrown instanceof CompanionError) || findings.length === 0) return thrown;
  return thrown.with({ findings: [...(thrown.fields.findings ?? []), ...findings] });
}

function countFiles({ journal, layout, files, migrations, snapshots }: History): number {
  const sql = layout === 'journal' ? files.length : migrations.length;
  return sql + (journal === null ? 0 : 1) + (snapshots?.length ?? 0);
}
