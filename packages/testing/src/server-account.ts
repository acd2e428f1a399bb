import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The account a server process runs under; null means our own. */
export type ServerAccount = { readonly uid: number; readonly gid: number };

/**
 * PostgreSQL refuses to run as root. Root can lend it an account that every Debian, Ubuntu and macOS has,
 * so that nothing is added to the machine's users. It must be a real one: initdb looks its name up.
 */
export async function findServerAccount(): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const account = await lookUp(name);
    if (account !== null && account.uid > 0) return account;
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody" to run it. ' +
      'Run as another user, or set TEST_DATABASE_URL to a server that is there.',
  );
}

async function lookUp(name: string): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}
