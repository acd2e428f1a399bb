import { dirname } from 'node:path';
import { locateRepository } from '../../git/locate-repository.ts';
import type { CheckResult } from '../../kernel/check-result.ts';
import { CompanionError } from '../../kernel/errors.ts';
import { findConfig } from '../../settings/find-config.ts';
import { loadSettings } from '../../settings/load-settings.ts';
import { assertUsage } from './assert-usage.ts';
import { findProject } from './find-project.ts';
import { joinParts } from './join-parts.ts';
import { type LintPart, lintProject } from './lint-project.ts';
import type { LintOptions } from './options.ts';
import type { LintTarget } from './plan-target.ts';
import { type NamedFile, resolveTargets, STANDARD_INPUT } from './resolve-targets.ts';

/**
 * Lints what is new in the project, or the files that are named. Writes nothing unless told to mend.
 * @throws CompanionError when it could not run: bad flags, a name that leads to nothing, a ledger that gives no answer.
 */
export async function lint(options: LintOptions): Promise<CheckResult> {
  assertUsage(options);
  // It takes as long as git does; if it fails, it fails again where it is waited for.
  if (options.files.length > 0) void loadLinter().catch(() => undefined);
  const targets = await findTargets(options);
  const projects = new Map<string | null, LintTarget[]>();
  for (const target of targets) {
    const project = projectOf(target, options);
    projects.set(project, [...(projects.get(project) ?? []), target]);
  }
  const parts: LintPart[] = [];
  for (const [project, together] of projects) parts.push(await lintProject(project, together, options));
  const root = locateRepository(options.cwd)?.root ?? options.cwd;
  return joinParts(parts, { root, configFile: findConfig(options.cwd) });
}

async function findTargets(options: LintOptions): Promise<readonly LintTarget[]> {
  const { flags, cwd, env, isPiped } = options;
  const isInProject = flags.config !== undefined || flags.folder !== undefined || findConfig(cwd) !== null;
  if (options.files.length > 0) return groupByFolder(await resolveTargets(options));
  if (!isInProject && isPiped) {
    const files = await resolveTargets({ ...options, files: ['-'] });
    if (files.some(({ sql }) => sql.trim() !== '')) return groupByFolder(files);
  }
  const { folder } = await loadSettings({ flags, cwd, env, offline: true }).catch((error: unknown) => {
    if (isInProject || !(error instanceof CompanionError)) throw error;
    throw error.with({ hint: WITHOUT_PROJECT });
  });
  return [{ folder, files: null }];
}

const WITHOUT_PROJECT =
  'lint needs no config where files are named, and no database at all: drizzle-companion lint db/*.sql. Or name a config with --config, or the migrations folder with --folder.';

async function loadLinter(): Promise<void> {
  const jobs = await import('../../lint/lint-jobs.ts');
  await jobs.loadLinter();
}

function groupByFolder(files: readonly NamedFile[]): readonly LintTarget[] {
  const groups = new Map<string, { folder: string | null; files: NamedFile[] }>();
  for (const file of files) {
    // Files by themselves may belong to different projects, whose configs differ.
    const key = file.folder ?? `alone in ${dirname(file.file)}`;
    const group = groups.get(key) ?? { folder: file.folder, files: [] };
    groups.set(key, group);
    group.files.push(file);
  }
  return [...groups.values()];
}

function projectOf({ folder, files }: LintTarget, { cwd, flags }: LintOptions): string | null {
  const [first] = files ?? [];
  const from = first === undefined || first.file === STANDARD_INPUT ? cwd : dirname(first.file);
  return findProject(folder === null || files !== null ? from : cwd, flags.config, cwd);
}
