import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CompanionError } from '../kernel/errors.ts';

const run = promisify(execFile);

/** Whom a server process runs as; null is ourselves. */
export type ServerAccount = { readonly uid: number; readonly gid: number } | null;

/** PostgreSQL refuses to run as root. Root lends it an account that the machine has; initdb looks its name up. */
export async function findServerAccount(): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => idOf(flag, name)));
    if (uid !== undefined && gid !== undefined && uid > 0) return { uid, gid };
  }
  throw new CompanionError('shadow-unavailable', {
    message:
      'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody" to run it as.',
    hint: 'Run as another user, or use PGlite (shadow.provider "pglite") or a server (--shadow-url).',
  });
}

async function idOf(flag: string, name: string): Promise<number | undefined> {
  return run('id', [flag, name]).then(
    ({ stdout }) => Number(stdout),
    () => undefined,
  );
}
