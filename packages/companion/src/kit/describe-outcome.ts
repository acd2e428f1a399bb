import { readFileSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import type { Place } from '../kernel/place.ts';
import type { KitOutcome, ThrownInChild } from './kit-question.ts';

type Failure = Exclude<KitOutcome, { readonly kind: 'answered' }>;

/** The error that a question without an answer is: `settings-invalid`, with the place in the user's code. */
export function describeOutcome(outcome: Failure, directory: string): CompanionError {
  const file = outcome.file === null ? 'The schema' : relative(directory, outcome.file);
  const said = lastLines(outcome.printed);
  const hint = said === '' ? {} : { hint: `The last it printed: ${said}` };
  if (outcome.kind === 'late' && outcome.stage === 'ddl') {
    return failure({ message: `${STAGES.ddl} within ${outcome.limitMs / 1000} s.`, ...hint });
  }
  if (outcome.kind === 'late') {
    return failure({
      message: `${file} did not load within ${outcome.limitMs / 1000} s: something in it waits or runs without end.`,
      ...hint,
      ...(outcome.file === null ? {} : { place: { file: outcome.file, line: 1, column: 1 } }),
    });
  }
  if (outcome.kind === 'ended') {
    if (outcome.stage === 'snapshot') {
      return failure({
        message: `drizzle-kit refuses the schema: ${said === '' ? 'it does not say why.' : said}`,
      });
    }
    const how = outcome.signal ?? `exit code ${outcome.exitCode}`;
    if (outcome.stage !== 'schema')
      return failure({ message: `${STAGES[outcome.stage]} (${how}).`, ...hint });
    return failure({
      message: `${file} ended the process that loaded it (${how}), so its tables could not be read.`,
      ...hint,
      ...(outcome.file === null ? {} : { place: { file: outcome.file, line: 1, column: 1 } }),
    });
  }
  return describeThrown(outcome, directory);
}

const STAGES = {
  schema: 'The schema cannot be read',
  kit: 'drizzle-kit cannot be loaded',
  snapshot: 'drizzle-kit cannot make a snapshot of the schema',
  history: 'drizzle-kit cannot put the snapshots together',
  ddl: 'drizzle-kit cannot write the SQL of the newest snapshot',
};

function describeThrown(
  { stage, thrown }: Extract<Failure, { kind: 'threw' }>,
  directory: string,
): CompanionError {
  const place = stage === 'history' || stage === 'ddl' ? null : findPlace(thrown, directory);
  const missing = /MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED/.test(thrown.code ?? '');
  return failure({
    message: `${STAGES[stage]}: ${reasonOf(thrown)}`,
    ...(place === null ? {} : { place }),
    ...(missing ? { hint: 'Install what is missing, or mend the import.' } : {}),
    cause: thrown,
  });
}

/** Node puts a "Require stack" under its first line, jiti the place, which we tell by itself. */
function reasonOf({ name, message }: ThrownInChild): string {
  const first = (message.split('\n')[0] ?? '').replace(/^ParseError:/, '').trim();
  return name === 'Error' || message.startsWith('ParseError') ? first : `${name}: ${first}`;
}

/** The topmost mention of a file of the user's, in the message (does not compile) or in the stack (throws). */
function findPlace({ message, stack }: ThrownInChild, directory: string): Place | null {
  const mention = /(?:^|[\s(]|file:\/\/)((?:\/|[A-Za-z]:[\\/])[^\n:()]*):(\d+):(\d+)/gm;
  for (const match of `${message}\n${stack}`.matchAll(mention)) {
    const [, path = '', line, column] = match;
    const file = decodeURI(path);
    if (!isAbsolute(file) || /[\\/]node_modules[\\/]|[\\/]kit-child\.[jt]s$/.test(file)) continue;
    const within = message.startsWith('ParseError') && message.includes(match[0].trim());
    // Of what ran, lines are right and columns are not: it was compiled. Babel counts columns from 0.
    return {
      file,
      line: Number(line),
      column: within ? Number(column) + 1 : indentation(file, Number(line)),
    };
  }
  const [, asking = null] = /^- (.+)$/m.exec(message) ?? [];
  return asking?.startsWith(directory) ? { file: asking, line: 1, column: 1 } : null;
}

function indentation(file: string, line: number): number {
  try {
    return (readFileSync(file, 'utf8').split('\n')[line - 1] ?? '').search(/\S|$/) + 1;
  } catch {
    return 1;
  }
}

/** Two lines of what was printed, without the kit's colours. */
function lastLines(printed: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const lines = printed.replace(/\u001b\[[0-9;]*m/g, '').split('\n');
  const words = lines.map((line) => line.trim()).filter((line) => line !== '');
  return words.slice(-2).join(' ').slice(0, 400);
}

function failure(fields: ConstructorParameters<typeof CompanionError>[1]): CompanionError {
  return new CompanionError('settings-invalid', fields);
}
