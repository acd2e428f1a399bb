import { chooseOutput } from './cli/choose-output.ts';
import { COMMANDS } from './cli/commands.ts';
import { GLOBAL_FLAGS } from './cli/flags.ts';
import type { Output } from './cli/output/output.ts';
import { guessCommand, guessFormat, type Invocation, parseCommandLine } from './cli/parse-command-line.ts';
import { watchWrites } from './cli/watch-writes.ts';
import { CompanionError } from './kernel/errors.ts';
import { keepWebAssemblyShortLived } from './short-lived-webassembly.ts';
import { readVersion } from './version.ts';

const argv = process.argv.slice(2);
const { stdout, stderr, env } = process;
const cwd = process.cwd();

keepWebAssemblyShortLived();

// Nobody could read that standard error cannot be written.
watchWrites(stderr, () => undefined);
const written = watchWrites(stdout, (message) =>
  stderr.write(`error  standard output cannot be written: ${message}\n`),
);

// Until there is a verdict it is a failure, and the process waits for it: a promise that nothing will ever settle must
// not end as success because nothing else is left to do.
process.exitCode = 2;
const awake = setInterval(() => undefined, 60_000);

void main().then((exitCode) => {
  clearInterval(awake);
  process.exitCode = exitCode;
  // Whatever still keeps the process alive then is forgotten, not needed: a health check must never hang.
  stdout.write('', () => setTimeout(() => process.exit(), 500).unref());
});

// A report that nobody can read is no success; only at the end is it known that it was written.
process.on('exit', (exitCode) => {
  if (exitCode === 0 && written.hasFailed()) process.exitCode = 2;
});

async function main(): Promise<number> {
  let output = chooseOutput({ flags: fallbackFlags(), env, cwd, stdout, stderr });
  try {
    const invocation = parseCommandLine(argv);
    if (invocation.kind !== 'run') return await showText(invocation, output);
    const { command, flags, arguments: words, given } = invocation;
    output = chooseOutput({ command: command.name, flags, env, cwd, stdout, stderr });
    const run = await command.load();
    return await run({ flags, arguments: words, given, output, cwd, env, signal: listenToSignals(output) });
  } catch (thrown) {
    return await showError(thrown, output);
  }
}

/** How to print what is wrong with the command line itself. */
function fallbackFlags() {
  const format = guessFormat(argv) === 'json' ? ('json' as const) : undefined;
  return { format, color: undefined, quiet: false, verbose: false };
}

async function showText(invocation: Exclude<Invocation, { kind: 'run' }>, output: Output): Promise<number> {
  if (invocation.kind === 'version') {
    output.write(`${readVersion()}\n`);
    return 0;
  }
  const { renderCommandHelp, renderHelp } = await import('./cli/render-help.ts');
  const globalFlags = GLOBAL_FLAGS;
  const { paint } = output.style;
  if (invocation.kind === 'help' && invocation.command !== null) {
    output.write(renderCommandHelp({ command: invocation.command, globalFlags, paint }));
    return 0;
  }
  const help = renderHelp({ commands: COMMANDS, globalFlags, paint });
  if (invocation.kind === 'help') output.write(help);
  else output.writeError(help);
  return invocation.kind === 'help' ? 0 : 2;
}

/** The first signal asks the command to roll back and release, the second does not wait for it. */
function listenToSignals({ quiet, live, writeError }: Output): AbortSignal {
  const controller = new AbortController();
  for (const [name, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      // The cursor stands at the end of the moving line, or behind the terminal's own ^C.
      if (!quiet) writeError(`${live ? '\n' : ''}${name}: stopping; once more to stop at once\n`);
      controller.abort(name);
    });
  }
  return controller.signal;
}

async function showError(thrown: unknown, output: Output): Promise<number> {
  const error = thrown instanceof CompanionError ? thrown : describeInternal(thrown);
  if (output.format === 'json') {
    const { buildErrorJson, renderJson } = await import('./cli/output/json.ts');
    output.write(renderJson(buildErrorJson(guessCommand(argv), error)));
    return error.exitCode;
  }
  const { renderError } = await import('./cli/output/render-error.ts');
  output.writeError(renderError(error, output.errorStyle));
  if (output.format === 'github') {
    const { renderErrorAnnotation } = await import('./cli/output/github.ts');
    output.write(renderErrorAnnotation(error, env.GITHUB_WORKSPACE ?? cwd));
  }
  return error.exitCode;
}

function describeInternal(cause: unknown): CompanionError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new CompanionError('internal', {
    message: `internal error: ${message}`,
    hint: 'This is a fault of drizzle-companion. Run it again with --verbose and report what it prints:',
    fix: 'npm bugs drizzle-companion',
    cause,
  });
}
