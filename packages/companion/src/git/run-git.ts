import { spawn } from 'node:child_process';
import type { RepositoryPlace } from './locate-repository.ts';

/** git ended with another code than 0, or could not be started (`status` null). */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.status = status;
  }
}

/**
 * One git process: what it wrote, as bytes. Throws `GitFailure`.
 *
 * All else goes through simple-git. Here is what it cannot do: feed a command's standard input (`cat-file --batch`,
 * `checkout-index --stdin`), and start within a pre-commit hook's patience, for loading it takes longer than git does.
 */
export async function runGit(
  { root, env }: Pick<RepositoryPlace, 'root' | 'env'>,
  args: readonly string[],
  input = '',
): Promise<Buffer> {
  const child = spawn('git', args, { cwd: root, env, windowsHide: true });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  // git may end before it has read all; its exit code tells.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) => reject(new GitFailure(cause.message, null)));
    child.on('close', resolve);
  });
  if (status === 0) return Buffer.concat(out);
  const said = Buffer.concat(err).toString('utf8').trim();
  throw new GitFailure(said || `git ${args[0]} ended with ${status}`, status ?? -1);
}
