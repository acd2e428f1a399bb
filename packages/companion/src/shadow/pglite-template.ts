import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { writeAtomically } from './write-atomically.ts';

/** The tar of a new cluster: 40 MB, and 5 compressed. Loaded in a tenth of the time in which PGlite makes one. */
export function templateFile(cache: string, version: string): string {
  return join(cache, 'pglite', `${version}.tar.gz`);
}

/** Is a cluster kept? Whether it is whole shows when it is read. */
export function hasTemplate(cache: string, version: string): boolean {
  return existsSync(templateFile(cache, version));
}

/** Null when there is none, or it is damaged: gzip's checksum tells. */
export async function readTemplate(file: string): Promise<Blob | null> {
  try {
    return new Blob([await promisify(gunzip)(await readFile(file))]);
  } catch {
    return null;
  }
}

/** Keeps a cluster for next time, and none of other versions. Never throws. */
export async function writeTemplate(cache: string, version: string, tar: Uint8Array): Promise<void> {
  const file = templateFile(cache, version);
  await writeAtomically(file, await promisify(gzip)(tar, { level: 1 }));
  const directory = join(cache, 'pglite');
  const others = (await readdir(directory).catch(() => [])).filter((name) => join(directory, name) !== file);
  await Promise.all(others.map((name) => rm(join(directory, name), { force: true }).catch(() => undefined)));
}
