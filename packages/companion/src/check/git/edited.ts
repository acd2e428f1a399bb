import type { BaseComparison } from './base-comparison.ts';
import type { GitCheck, GitFault } from './git-check.ts';
import { restoreCommand } from './restore-command.ts';

type Edited = BaseComparison['edited'][number];

/** What others may have run must stay what they ran: its SQL, and its entry in the journal. */
export const edited: GitCheck = {
  code: 'git/edited',
  diagnose: (comparison) =>
    comparison.edited.flatMap((pair) => [
      ...diagnoseSql(pair, comparison),
      ...diagnoseEntry(pair, comparison.base),
    ]),
};

function diagnoseSql({ before, after, sql }: Edited, comparison: BaseComparison): readonly GitFault[] {
  const { base } = comparison;
  if (sql === 'same') return [];
  const at = { migration: after.name, file: after.file };
  const fix = restoreCommand(comparison, before.file);
  if (sql === 'line-endings') {
    return [
      {
        level: 'warning',
        message: `${after.name} is on ${base} with other line endings: its hash is another one now, and stock drizzle 1.x may not find it when it upgrades a ledger.`,
        ...at,
        line: 1,
        hint: 'Put them back, and keep them: `*.sql text eol=lf` in .gitattributes.',
        fix,
      },
    ];
  }
  return [
    {
      level: 'error',
      message: `${after.name} is on ${base} and was edited here: databases that have run it will never run the change, and \`migrate\` refuses on them. Stock drizzle does not notice.`,
      ...at,
      line: firstDifference(before.sql ?? '', after.sql ?? ''),
      hint: `Put the change into a new migration, and the file back as it is on ${base}.`,
      fix,
    },
  ];
}

function diagnoseEntry({ before, after }: Edited, base: string): readonly GitFault[] {
  const faults: GitFault[] = [];
  const fault = (what: string, consequence: string, value: number): GitFault => ({
    level: 'error',
    message: `${after.name} is on ${base}, and its journal entry was changed here, ${what}: ${consequence}.`,
    migration: after.name,
    ...after.place,
    hint: `Put back ${value}. An entry that others have stays as it is.`,
  });
  if (before.when !== after.when) {
    const consequence =
      after.when > before.when
        ? 'stock drizzle runs it a second time on any database whose newest row is older than that'
        : 'stock drizzle skips it on any database that has something newer, and never says so';
    faults.push(fault(`\`when\` from ${before.when} to ${after.when}`, consequence, before.when));
  }
  if (before.idx !== after.idx && before.idx !== null) {
    const consequence = 'drizzle-kit numbers the next migration by it, and two branches get the same number';
    faults.push(fault(`\`idx\` from ${before.idx} to ${after.idx}`, consequence, before.idx));
  }
  return faults;
}

/** The line, counted from 1, where two texts part; line endings count for nothing. */
function firstDifference(before: string, after: string): number {
  const old = before.split(/\r?\n/);
  const lines = after.split(/\r?\n/);
  const at = lines.findIndex((line, index) => line !== old[index]);
  // Only something at the end was taken away.
  return at === -1 ? lines.length : at + 1;
}
