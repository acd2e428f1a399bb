import { URL_VARIABLES } from '../settings/settings.ts';
import type { Command } from './command.ts';
import { EXIT_MEANINGS, type ExitCode } from './exit-codes.ts';
import type { Flag, Flags } from './flag.ts';
import type { Paint } from './output/paint.ts';
import { pad, wrap } from './output/text-layout.ts';

const BIN = 'drizzle-companion';
const WIDTH = 80;

type HelpInput = {
  readonly commands: readonly Command[];
  readonly globalFlags: Flags;
  readonly paint: Paint;
};

/** Help of the bin: what it is, its commands, what every command understands. Pure, at most 80 columns. */
export function renderHelp({ commands, globalFlags, paint }: HelpInput): string {
  const title = (text: string) => paint.bold(text);
  const sections = [
    `${title(BIN)}: the other half of drizzle-kit for PostgreSQL`,
    `${title('Usage')}\n  ${BIN} <command> [flags]`,
    `${title('Commands')}\n${renderList(commands.map(({ name, summary }) => [name, summary]))}`,
    `${title('Flags of every command')}\n${renderFlags(globalFlags)}`,
    `${title('Database')}\n${renderDatabaseOrder()}`,
    `${title('Exit codes')}\n${renderExitCodes(Object.keys(EXIT_MEANINGS).map(Number) as ExitCode[])}`,
    `${BIN} <command> --help tells more about a command.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

type CommandHelpInput = { readonly command: Command; readonly globalFlags: Flags; readonly paint: Paint };

/** Help of one command, in the same shape. */
export function renderCommandHelp({ command, globalFlags, paint }: CommandHelpInput): string {
  const title = (text: string) => paint.bold(text);
  const examples = command.examples.flatMap(([line, effect]) => [
    `  ${BIN} ${line}`,
    `      ${paint.dim(effect)}`,
  ]);
  const sections = [
    wrap(`${title(`${BIN} ${command.name}`)}: ${lowerFirst(command.summary)}`, { width: WIDTH, indent: '' }),
    wrap(command.description, { width: WIDTH, indent: '' }),
    `${title('Usage')}\n  ${BIN} ${renderUsage(command)}`,
    ...(command.positional === undefined
      ? []
      : [
          `${title('Arguments')}\n${renderList([[command.positional.placeholder, command.positional.description]])}`,
        ]),
    ...(Object.keys(command.flags).length === 0 ? [] : [`${title('Flags')}\n${renderFlags(command.flags)}`]),
    `${title('Flags of every command')}\n${renderFlags(globalFlags)}`,
    `${title('Examples')}\n${examples.join('\n')}`,
    `${title('Exit codes')}\n${renderExitCodes(command.exitCodes)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** `lint [files…] [flags]`. */
export function renderUsage({ name, positional }: Command): string {
  return [name, ...(positional === undefined ? [] : [`[${positional.placeholder}]`]), '[flags]'].join(' ');
}

function renderFlags(flags: Flags): string {
  return renderList(
    Object.entries(flags).map(([name, flag]) => [renderFlagName(name, flag), describe(flag)]),
  );
}

/** `--wait <time>`, `--color, --no-color`, `--format pretty|plain`. */
export function renderFlagName(name: string, flag: Flag): string {
  if (flag.type === 'switch') return flag.negatable === true ? `--${name}, --no-${name}` : `--${name}`;
  return `--${name} <${flag.placeholder ?? name}>`;
}

function describe(flag: Flag): string {
  if (flag.type === 'duration') return `${flag.description} (default ${renderDefault(flag.default)})`;
  if (flag.type === 'count') return `${flag.description} (default ${flag.default})`;
  if (flag.type === 'choice') return `${flag.choices.join(', ')}. ${flag.description}`;
  return flag.description;
}

/** The inverse of parseDuration, in the largest unit that says it exactly. */
function renderDefault(ms: number): string {
  if (ms > 60_000 && ms % 60_000 === 0) return `${ms / 60_000}min`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function renderList(entries: readonly (readonly [name: string, text: string])[]): string {
  const column = Math.max(...entries.map(([name]) => name.length)) + 4;
  const indent = ' '.repeat(column);
  return entries
    .map(([name, text]) => `  ${pad(name, column - 2)}${wrap(text, { width: WIDTH, indent })}`)
    .join('\n');
}

function renderExitCodes(codes: readonly ExitCode[]): string {
  return renderList(codes.map((code) => [`${code}`, EXIT_MEANINGS[code]]));
}

function renderDatabaseOrder(): string {
  const order = ['--url', ...URL_VARIABLES].join(', ');
  const text = `The first of ${order}, the config's dbCredentials. With --folder and one of the first five no config is read. The file .env beside the config is read; real variables win.`;
  return `  ${wrap(text, { width: WIDTH, indent: '  ' })}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
