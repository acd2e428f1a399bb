import { CompanionError } from '../kernel/errors.ts';
import type { RepositoryPlace } from './locate-repository.ts';
import { runGit } from './run-git.ts';

/** git at one repository. Both throw `folder-unreadable` when git ends with an error. */
export type Git = RepositoryPlace & {
  /** What a command prints; '' when it says no by its exit code alone, as `merge-base` does. */
  run(args: readonly string[], env?: RepositoryPlace['env']): Promise<string>;
  /** The same with something on its standard input, in bytes. */
  feed(args: readonly string[], input: string): Promise<Buffer>;
};

/**
 * simple-git refuses to start when the environment names a pager, an editor or a config file. Here it is the user's own
 * environment, the one git itself would run with, and CI images trust a checkout by GIT_CONFIG_COUNT.
 */
const OWN_ENVIRONMENT = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeEditor: true,
  allowUnsafeGitProxy: true,
  allowUnsafePager: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
  // Keys of GIT_CONFIG_COUNT are looked at one by one.
  allowUnsafeAlias: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePack: true,
  allowUnsafeProtocolOverride: true,
};

/** Otherwise it gives up 50 ms after git's exit, on a busy machine with half of what git wrote. */
const WHEN_CLOSED = { onClose: true, onExit: false };

export async function openGit(place: RepositoryPlace): Promise<Git> {
  const { simpleGit } = await import('simple-git');
  // One for each call: calls of one wait for each other, and ours only read.
  const start = (env: RepositoryPlace['env']) =>
    simpleGit({ baseDir: place.root, unsafe: OWN_ENVIRONMENT, completion: WHEN_CLOSED })
      .env(defined(env))
      // It waits 50 ms more for git that wrote nothing; an answer of no bytes is one, too.
      .outputHandler((_command, stdout) => stdout.once('end', () => stdout.emit('data', Buffer.alloc(0))));
  return {
    ...place,
    run: (args, env = place.env) =>
      start(env)
        .raw([...args])
        .catch(fail),
    feed: (args, input) => runGit(place, args, input).catch(fail),
  };
}

function fail(cause: unknown): never {
  const said = (cause instanceof Error ? cause.message : String(cause)).trim().replaceAll(/\s*\n\s*/g, ' ');
  throw new CompanionError('folder-unreadable', {
    message: `git cannot say what it has: ${said}`,
    hint: 'See what it says by itself.',
    fix: 'git status',
    cause,
  });
}

function defined(env: RepositoryPlace['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
