import type { ExitCode } from './exit-codes.ts';
import type { Flags, FlagValues } from './flag.ts';
import type { GLOBAL_FLAGS } from './flags.ts';
import type { Output } from './output/output.ts';

/** All that a command may see of the world besides files and the database. */
export type CommandContext<F extends Flags> = {
  readonly flags: FlagValues<F & typeof GLOBAL_FLAGS>;
  /** What stands behind the command and is no flag; empty for a command that takes none. */
  readonly arguments: readonly string[];
  /** Names of the flags that were typed; the others have their defaults. */
  readonly given: ReadonlySet<string>;
  readonly output: Output;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Record<string, string | undefined>;
  /** Aborted by SIGINT and SIGTERM; `reason` is the signal's name. */
  readonly signal: AbortSignal;
};

/** Resolves to the exit code; throws CompanionError for everything that went wrong. */
export type RunCommand<F extends Flags> = (context: CommandContext<F>) => Promise<number>;

/** Arguments that are no flags, any number of them. */
export type Positional = {
  /** As usage shows it: `files…`. */
  readonly placeholder: string;
  /** One line for help. */
  readonly description: string;
};

export type Command<F extends Flags = Flags> = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** A paragraph for the command's own help. */
  readonly description: string;
  readonly flags: F;
  /** What may stand behind the command besides flags; a command without it takes nothing. */
  readonly positional?: Positional;
  /** Command line after the bin's name, and what it does. */
  readonly examples: readonly (readonly [commandLine: string, effect: string])[];
  readonly exitCodes: readonly ExitCode[];
  /** Commands load late: a health check must not pay for the migrator. */
  readonly load: () => Promise<RunCommand<F>>;
};

/** Types a command by its flags, then forgets them, so that commands fit into one table. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  // Parsing makes the values from this very table of flags, which is what the cast relies on.
  return command as unknown as Command;
}
