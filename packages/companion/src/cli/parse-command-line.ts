import { parseArgs } from 'node:util';
import { renderSuggestion } from '../kernel/nearest.ts';
import { buildFaultsError, type Fault, hasFaults } from '../settings/fault.ts';
import type { Command } from './command.ts';
import { COMMANDS, findCommand } from './commands.ts';
import type { Flags, FlagValues } from './flag.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { parseFlags, type TypedFlag } from './parse-flags.ts';
import { PLANNED_COMMANDS } from './planned-commands.ts';

/** What the user asked for. */
export type Invocation =
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly flags: FlagValues<Flags & typeof GLOBAL_FLAGS>;
      readonly arguments: readonly string[];
      readonly given: ReadonlySet<string>;
    }
  | { readonly kind: 'help'; readonly command: Command | null }
  | { readonly kind: 'version' }
  /** No command at all: help is shown, and it is not a success. */
  | { readonly kind: 'nothing' };

/** Formats that only commands with findings in files can print. */
const SARIF_COMMANDS = ['check', 'lint'];

/**
 * The command line, without `node` and the script.
 * @throws CompanionError `usage-invalid` that tells every fault at once, with the nearest right name.
 */
export function parseCommandLine(argv: readonly string[]): Invocation {
  const { positionals, flags: typed } = splitArguments(argv);
  const asksHelp = positionals[0] === 'help';
  const [name, ...rest] = asksHelp ? positionals.slice(1) : positionals;
  if (!asksHelp && typed.some((flag) => flag.name === 'version')) return { kind: 'version' };
  if (name === undefined) {
    if (asksHelp || typed.some((flag) => flag.name === 'help')) return { kind: 'help', command: null };
    if (typed.length === 0) return { kind: 'nothing' };
  }
  const command = name === undefined ? undefined : findCommand(name);
  if (command !== undefined && (asksHelp || typed.some((flag) => flag.name === 'help'))) {
    return { kind: 'help', command };
  }

  const faults: Fault[] = [];
  if (command === undefined) faults.push(describeUnknownCommand(name));
  const known = { ...GLOBAL_FLAGS, ...command?.flags };
  // The flags of a command that is not known cannot be judged.
  const parsed = parseFlags(known, command === undefined ? [] : typed);
  faults.push(...parsed.faults);
  if (command !== undefined) {
    for (const extra of command.positional === undefined ? rest : []) {
      faults.push({ source: extra, message: `${command.name} takes no such argument` });
    }
    if (parsed.values.format === 'sarif' && !SARIF_COMMANDS.includes(command.name)) {
      faults.push({ source: '--format sarif', message: 'is for check and lint' });
    }
    if (parsed.given.has('short') && ['json', 'sarif'].includes(parsed.values.format ?? '')) {
      faults.push({ source: '--short', message: 'is for people; json and sarif hold everything' });
    }
  }
  if (command === undefined || hasFaults(faults)) throw refuse(faults, command);
  return { kind: 'run', command, flags: parsed.values, arguments: rest, given: parsed.given };
}

/** The format asked for, as far as it can be seen in a command line that may be faulty. */
export function guessFormat(argv: readonly string[]): string | null {
  const { flags } = splitArguments(argv);
  return flags.find((flag) => flag.name === 'format')?.value ?? null;
}

/** The first positional, when it names a command. */
export function guessCommand(argv: readonly string[]): string | null {
  const name = splitArguments(argv).positionals[0];
  return name !== undefined && findCommand(name) !== undefined ? name : null;
}

/** Which flags take a value is known before the command is: the same name has one type everywhere. */
function splitArguments(argv: readonly string[]): { positionals: string[]; flags: TypedFlag[] } {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const flags of [GLOBAL_FLAGS, ...COMMANDS.map((command) => command.flags)]) {
    for (const [name, flag] of Object.entries(flags)) {
      options[name] = { type: flag.type === 'switch' ? 'boolean' : 'string' };
    }
  }
  options.help = { type: 'boolean', short: 'h' };
  options.version = { type: 'boolean', short: 'v' };
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  const positionals: string[] = [];
  const flags: TypedFlag[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'positional') {
      // What stands behind a misspelt flag is its value; one fault is enough for both.
      const before = tokens[index - 1];
      const isValue = before?.kind === 'option' && options[before.name] === undefined;
      if (!isValue || positionals.length === 0) positionals.push(token.value);
    }
    if (token.kind !== 'option') continue;
    flags.push({
      name: token.name,
      raw: token.rawName,
      value: token.value,
      inline: token.inlineValue === true,
    });
  }
  return { positionals, flags };
}

function describeUnknownCommand(name: string | undefined): Fault {
  const names = COMMANDS.map((command) => command.name);
  if (name === undefined) return { source: 'command', message: `is missing; one of ${names.join(', ')}` };
  const instead = PLANNED_COMMANDS[name];
  if (instead !== undefined) return { source: name, message: 'comes with a later version', hint: instead };
  return { source: name, message: `is not a command${renderSuggestion(name, names)}` };
}

function refuse(faults: readonly Fault[], command: Command | undefined): Error {
  if (!hasFaults(faults)) throw new TypeError('a refusal without a fault');
  const error = buildFaultsError({ code: 'usage-invalid', faults });
  const fix = `drizzle-companion ${command === undefined ? '' : `${command.name} `}--help`;
  return error.with({ fix });
}
