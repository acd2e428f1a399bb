import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { DRAFT_END, writeAtomically } from './write-atomically.ts';

/** What is kept, at most: the least lately used go first. */
const MOST_ENTRIES = 64;
const MOST_BYTES = 64_000_000;
/** A draft that old was left by a process that died. */
const DRAFT_AGE_MS = 3_600_000;
const END = '.json';

/** Null when it is not there, or is not what was written. Using an entry keeps it. */
export async function readCached(cache: string, key: string): Promise<Catalog | null> {
  const file = fileOf(cache, key);
  try {
    const text = await readFile(file, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (end === -1 || text.slice(0, end) !== checksum(key, body)) return null;
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
    return JSON.parse(body) as Catalog;
  } catch {
    return null;
  }
}

/** Keeps a catalog, and lets go of what is too much. Never throws. */
export async function writeCached(cache: string, key: string, catalog: Catalog): Promise<void> {
  const body = JSON.stringify(catalog);
  await writeAtomically(fileOf(cache, key), `${checksum(key, body)}\n${body}`);
  await prune(join(cache, 'catalogs')).catch(() => undefined);
}

function fileOf(cache: string, key: string): string {
  return join(cache, 'catalogs', `${key}${END}`);
}

/** With the key: a file that was copied under another name is not that entry. */
function checksum(key: string, body: string): string {
  return createHash('sha256').update(`${key}\n`).update(body).digest('hex');
}

async function prune(directory: string): Promise<void> {
  const names = await readdir(directory);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const found = await stat(path).catch(() => null);
      return { path, isDraft: name.endsWith(DRAFT_END), bytes: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
    }),
  );
  const old = files.filter(({ isDraft, used }) => isDraft && used < Date.now() - DRAFT_AGE_MS);
  const entries = files.filter(({ isDraft }) => !isDraft).sort((a, b) => b.used - a.used);
  let bytes = 0;
  const surplus = entries.filter((entry, at) => {
    bytes += entry.bytes;
    return at >= MOST_ENTRIES || (at > 0 && bytes > MOST_BYTES);
  });
  await Promise.all([...old, ...surplus].map(({ path }) => rm(path, { force: true })));
}
