import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CheckGroup } from '../kernel/check.ts';
import type { CheckResult } from '../kernel/check-result.ts';
import type { Finding } from '../kernel/finding.ts';
import { findNamedTarget } from '../settings/find-named-target.ts';
import { loadCompanionConfig } from '../settings/load-companion-config.ts';
import { loadSettings } from '../settings/load-settings.ts';
import type { Groups } from './choose-groups.ts';
import type { GitView } from './git/view-git.ts';
import { judgeFindings } from './judge-findings.ts';
import { groupOf, look } from './look.ts';
import type { CheckOptions } from './options.ts';

/** What nobody looks for without `--deep`. */
const DEEP_CODES = ['snapshots/unknown', 'snapshots/untrue'];

export type FilesInput = {
  /** The repository's top, where there is one. */
  readonly root: string | null;
  readonly git: GitView;
  /** Where a folder that is looked at lies in the repository; by default there. */
  readonly toReal?: (folder: string) => string;
};

/** The files as they lie on disk: the working tree, or a checkout of what is staged. */
export async function checkFiles(
  { flags, cwd, env, database, staged, deep, shadowUrl, signal }: CheckOptions,
  groups: Groups,
  { root, git, toReal }: FilesInput,
): Promise<CheckResult> {
  const settings = await loadSettings({ flags, cwd, env, offline: !database, withConfig: true });
  const { configFile, folder } = settings;
  const project = configFile === null ? null : dirname(configFile);
  const companion = await loadCompanionConfig(project ?? cwd);
  const seen = await look({
    settings,
    companion,
    groups: groups.wanted,
    git,
    realFolder: toReal?.(folder) ?? folder,
    deep,
    shadowUrl,
    findTarget: () => findNamedTarget({ flags, cwd, env }),
    ...(signal === undefined ? {} : { signal }),
  });
  const unseen = new Set(seen.notChecked.map(({ group }) => group));
  const isSeen = (group: CheckGroup) => groups.wanted.has(group) && !unseen.has(group);
  const isUnreadable = seen.findings.some(({ code }) => code.endsWith('/unreadable'));
  const { findings, excepted } = judgeFindings(seen.findings, {
    companion,
    configText: readText(companion.file),
    // A commit is held against its parent alone: an edit that an exception is for came earlier.
    isComplete: (code, migration) =>
      !isUnreadable &&
      isSeen(groupOf(code)) &&
      (deep ? code !== 'snapshots/stale' : !DEEP_CODES.includes(code)) &&
      !(staged && code.startsWith('git/')) &&
      !(code.startsWith('lint/') && seen.unlinted.has(migration)),
  });
  return {
    findings,
    excepted,
    allowed: seen.allowed,
    notChecked: seen.notChecked,
    notes: seen.notes,
    files: seen.files,
    groups: [...groups.wanted].filter(isSeen),
    isPassed:
      findings.every(({ level }) => level !== 'error') &&
      seen.notChecked.every(({ group, isFailure }) => !isFailure && !groups.asked.has(group)),
    sources: readSources(findings),
    root: root ?? project ?? cwd,
    configFile,
  };
}

/** The files that findings point into, for the lines around. */
function readSources(findings: readonly Finding[]): ReadonlyMap<string, string> {
  const files = new Set(findings.flatMap(({ file, line }) => (file && line ? [file] : [])));
  const texts = [...files].map((file) => [file, readText(file)] as const);
  return new Map(texts.filter((entry): entry is [string, string] => entry[1] !== null));
}

function readText(file: string | null): string | null {
  if (file === null) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Deleted, as git tells: there is no line to show.
    return null;
  }
}
