import { basename, dirname, sep } from 'node:path';
import { DISK_TREE } from '../../folder/disk-tree.ts';
import type { ChangedFile } from '../../git/list-staged.ts';
import { listSchemaFiles } from '../../kit/list-schema-files.ts';
import { COMPANION_CONFIG_NAMES } from '../../settings/load-companion-config.ts';
import type { ParsedSettings } from '../../settings/settings.ts';
import { type Reach, reachModules } from './reach-modules.ts';

export type Concern = {
  /** Does the commit touch anything that `check` looks at? */
  readonly isConcerned: boolean;
  /** The directories that looking needs; null for the whole repository. */
  readonly directories: readonly string[] | null;
};

/**
 * Staged files, held against where migrations, configs and the schema's modules lie. What the schema imports is followed
 * on disk, and whole directories count: rather one look too many than a change that nobody looked at.
 */
export async function findConcern(
  staged: readonly ChangedFile[],
  { folder, configFile, config }: ParsedSettings,
): Promise<Concern> {
  const project = configFile === null ? null : dirname(configFile);
  const reach = await findReach(configFile, config);
  const files = staged.map(({ file }) => file);
  const isConcerned = files.some(
    (file) =>
      isBelow(folder, file) ||
      reach.isOpen ||
      [...reach.directories].some((directory) => isBelow(directory, file)) ||
      (project !== null && isConfig(file, configFile, project)),
  );
  if (reach.isOpen) return { isConcerned, directories: null };
  return { isConcerned, directories: [folder, ...reach.directories, ...(project === null ? [] : [project])] };
}

async function findReach(configFile: string | null, config: unknown): Promise<Reach> {
  if (configFile === null) return { directories: new Set(), isOpen: false };
  try {
    const entries = await listSchemaFiles({ directory: dirname(configFile), configFile, config });
    const schema = reachModules(entries, DISK_TREE);
    const own = reachModules([configFile], DISK_TREE);
    // The config's own directory is judged by name: it is the project's, and holds everything else as well.
    const imported = [...own.directories].filter((directory) => directory !== dirname(configFile));
    return { directories: new Set([...schema.directories, ...imported]), isOpen: schema.isOpen };
  } catch {
    // No schema on disk: what is staged may still have one.
    return { directories: new Set(), isOpen: true };
  }
}

/** A config, or what decides how one is read: tsconfig.json and package.json, up to the repository's root. */
function isConfig(file: string, configFile: string | null, project: string): boolean {
  if (file === configFile) return true;
  const name = basename(file);
  if (dirname(file) === project && COMPANION_CONFIG_NAMES.includes(name)) return true;
  return /^(?:tsconfig.*|package)\.json$/.test(name) && isBelow(dirname(file), project);
}

function isBelow(directory: string, file: string): boolean {
  return file === directory || file.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
