import { basename } from 'node:path';
import type { Finding } from '../kernel/finding.ts';
import type { CompanionSettings, Exception } from '../settings/companion-config.ts';

export type Judged = {
  /** What is told, at the level that the config gives it. */
  readonly findings: readonly Finding[];
  /** What an exception, `supersededBy` or the level `off` keeps quiet; counted, and shown under --verbose. */
  readonly excepted: readonly Finding[];
};

type JudgeInput = {
  readonly companion: CompanionSettings;
  /** The config's text, for the line of an exception; null where there is none. */
  readonly configText: string | null;
  /** Was everything looked at that such a finding comes from? Only then can an exception be unused. */
  readonly isComplete: (code: string, migration: string) => boolean;
};

/** What a later migration replays need not be there, nor be applied, nor have its place in the chain. */
const REPLAYED = [
  'history/missing-file',
  'history/orphan-file',
  'snapshots/missing',
  'snapshots/orphan',
  'ledger/pending',
  'ledger/gap',
  'ledger/stray',
];

/** Findings, held against the team's own config: exceptions, superseded migrations, levels. Pure. */
export function judgeFindings(found: readonly Finding[], { companion, ...input }: JudgeInput): Judged {
  const used = new Set<Exception>();
  const excepted: Finding[] = [];
  const findings: Finding[] = [];
  const unused = (): Finding[] =>
    companion.exceptions
      .filter((exception) => !used.has(exception) && input.isComplete(exception.code, exception.migration))
      .map((exception) => describeUnused(exception, companion.file, input.configText));
  const judge = (finding: Finding): void => {
    const exceptions = companion.exceptions.filter((exception) => matches(exception, finding));
    for (const exception of exceptions) used.add(exception);
    const level = companion.levels.get(finding.code) ?? finding.level;
    const isReplayed = REPLAYED.includes(finding.code) && companion.supersededBy.has(nameOf(finding));
    if (exceptions.length > 0 || isReplayed || level === 'off') excepted.push(finding);
    else findings.push(level === finding.level ? finding : { ...finding, level });
  };
  found.forEach(judge);
  unused().forEach(judge);
  return { findings, excepted };
}

/** Does the config keep it quiet, by an exception or by its level? */
export function isQuiet(finding: Finding, { exceptions, levels }: CompanionSettings): boolean {
  return levels.get(finding.code) === 'off' || exceptions.some((exception) => matches(exception, finding));
}

function matches(exception: Exception, finding: Finding): boolean {
  return exception.code === finding.code && exception.migration === nameOf(finding);
}

/** Findings about a thing in a schema or a database, which their message begins with. */
const NAMED_IN_MESSAGE = new Set([
  'drift/schema',
  'snapshots/unknown',
  'snapshots/untrue',
  'database/added',
  'database/missing',
  'database/changed',
  'database/unvalidated-constraint',
  'database/sequence-behind',
]);

/** What the finding is about, as an exception names it. */
function nameOf({ code, message, migration, row, file }: Finding): string {
  // `table users: column age added`
  if (NAMED_IN_MESSAGE.has(code)) return message.split(': ')[0] ?? message;
  return migration ?? row ?? (file === undefined ? '' : basename(file));
}

function describeUnused(exception: Exception, file: string | null, text: string | null): Finding {
  const { code, migration } = exception;
  const line = text === null ? null : findLine(text, exception);
  return {
    code: 'config/unused-exception',
    level: 'warning',
    message: `The exception for ${code} of ${migration} matches nothing any more, and would hide the next such finding.`,
    migration,
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line }),
    hint: 'Take it out of the config.',
    docs: 'docs/findings.md#configunused-exception',
  };
}

/** Where the migration is named after its code, or before it: keys stand in any order. */
function findLine(text: string, { code, migration }: Exception): number | null {
  for (let at = text.indexOf(migration); at >= 0; at = text.indexOf(migration, at + 1)) {
    const from = text.lastIndexOf('{', at);
    const to = text.indexOf('}', at);
    if (text.slice(Math.max(0, from), to < 0 ? undefined : to).includes(code)) {
      return text.slice(0, at).split('\n').length;
    }
  }
  return null;
}
