import type { FlagValues } from './flag.ts';
import type { GLOBAL_FLAGS } from './flags.ts';
import type { Output } from './output/output.ts';
import { createPaint } from './output/paint.ts';

type Stream = { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };

type OutputInput = {
  /** The command's name, where it is known. */
  readonly command?: string;
  readonly flags: Pick<FlagValues<typeof GLOBAL_FLAGS>, 'format' | 'color' | 'quiet' | 'verbose'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Stream;
  readonly stderr: Stream;
};

/** How this run prints: format, colours and width, from flags, environment and the streams. */
export function chooseOutput({ command, flags, env, cwd, stdout, stderr }: OutputInput): Output {
  const isTerminal = stdout.isTTY === true;
  // Annotations are what a check in a workflow is for; a migration's log is read as a log.
  const isWorkflow = (command === 'check' || command === 'lint') && env.GITHUB_ACTIONS === 'true';
  const format = flags.format ?? (isWorkflow ? 'github' : isTerminal ? 'pretty' : 'plain');
  // A log is read by machines and scrolled sideways: nothing is cut or wrapped there.
  // Where nobody has told a terminal its size, it says 0.
  const width = format === 'pretty' ? Math.max(40, stdout.columns || 80) : Number.POSITIVE_INFINITY;
  const styleFor = (stream: Stream) => ({
    paint: createPaint({ color: wantsColor({ flag: flags.color, format, env, stream }) }),
    symbols: format === 'pretty',
    verbose: flags.verbose,
    width,
    cwd,
  });
  return {
    format,
    quiet: flags.quiet,
    live: format === 'pretty' && isTerminal && env.TERM !== 'dumb' && !flags.quiet,
    style: styleFor(stdout),
    errorStyle: styleFor(stderr),
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
  };
}

type ColorInput = {
  readonly flag: boolean | undefined;
  readonly format: Output['format'];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stream: Stream;
};

function wantsColor({ flag, format, env, stream }: ColorInput): boolean {
  if (format === 'json' || format === 'sarif') return false;
  if (flag !== undefined) return flag;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb' && format === 'pretty';
}
