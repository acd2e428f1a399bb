import { mask, openTerminal } from '@companion/testing';
import type { Project } from './project.ts';

/** One command of a `console` block and what the page shows under it. */
export type Shown = { readonly command: string; readonly output: readonly string[] };

/** `$ command`, lines of output, `$ next command`. A command goes on after a backslash at its end. */
export function parseConsole(text: string): readonly Shown[] {
  const shown: { command: string; output: string[] }[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const last = shown.at(-1);
    if (line.startsWith('$ ')) shown.push({ command: line.slice(2), output: [] });
    else if (last?.command.endsWith('\\') && last.output.length === 0) last.command += `\n${line}`;
    else if (last) last.output.push(line);
    else throw new Error(`A console block begins with "$ ", not with ${JSON.stringify(line)}.`);
  }
  return shown;
}

export function renderConsole(shown: readonly Shown[]): string {
  return shown
    .map(({ command, output }) => [`$ ${command}`, ...output].join('\n'))
    .join('\n')
    .concat('\n');
}

/** Runs the commands one after the other, each in a terminal, and says what a person sees. */
export async function runConsole(
  project: Project,
  shown: readonly Shown[],
  { exit, columns }: { readonly exit: number; readonly columns: number },
): Promise<readonly Shown[]> {
  const ran: Shown[] = [];
  let exitCode = 0;
  for (const [index, { command }] of shown.entries()) {
    if (command === 'echo $?') {
      ran.push({ command, output: [String(exitCode)] });
      continue;
    }
    const result = await runInShell(project, command, columns);
    exitCode = result.exitCode;
    const isAsked = shown[index + 1]?.command === 'echo $?';
    if (!isAsked && exitCode !== exit) {
      throw new Error(`\`${command}\` ended with ${exitCode}, not ${exit}:\n${result.screen}`);
    }
    ran.push({ command, output: result.screen === '' ? [] : result.screen.split('\n') });
  }
  return ran;
}

export async function runInShell(
  project: Project,
  script: string,
  columns = 80,
): Promise<{ readonly exitCode: number; readonly screen: string }> {
  const { folder, env, names } = project;
  const terminal = openTerminal('bash', ['-euc', script], { cwd: folder.path, env, columns, rows: 50 });
  const exitCode = await terminal.exit;
  const screen = await terminal.screen();
  return {
    exitCode,
    screen: names.reduce((text, [ours, shown]) => text.replaceAll(ours, shown), screen).trimEnd(),
  };
}

/**
 * Equal but for what differs from run to run? Where lines break depends on the length of names that are not shown, and
 * the width of columns on times: all white space is one.
 */
export function isSameOutput(page: readonly Shown[], ran: readonly Shown[]): boolean {
  return (
    page.length === ran.length &&
    page.every(({ output }, index) => normalise(output) === normalise(ran[index]?.output ?? []))
  );
}

function normalise(lines: readonly string[]): string {
  return (
    mask(lines.join('\n'))
      .replaceAll(/PostgreSQL \d+(\.\d+)*/g, 'PostgreSQL <version>')
      .replaceAll(/"serverVersion": "[^"]*"/g, '"serverVersion": "<version>"')
      .replaceAll(/localhost:\S+/g, 'localhost:<port>')
      // What goes into PostgreSQL's log depends on its last checkpoint.
      .replaceAll(/\b\d+(\.\d+)? (B|kB|MB)\b/g, '<size>')
      .replaceAll(/"walBytes": \d+/g, '"walBytes": <size>')
      // drizzle-kit's spinner, wherever it stood.
      .replaceAll(/\[[⠀-⣿]\]/g, '[<spinner>]')
      // Where a statement is cut depends on the width of the times beside it.
      .replaceAll(/(\S+ +)?\S*…\S*( +\S+)?/g, '…')
      .replaceAll(/\s+/g, ' ')
      .trim()
  );
}
