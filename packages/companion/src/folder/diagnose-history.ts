import { join } from 'node:path';
import type { Finding, FindingLevel } from '../kernel/finding.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { JournalEntry } from './parse-journal.ts';

type JournalFacts = {
  readonly path: string;
  readonly journalFile: string;
  readonly entries: readonly JournalEntry[];
  /** Names of the `.sql` files that lie in the folder. */
  readonly files: readonly string[];
  readonly migrations: readonly MigrationOnDisk[];
};

/** What is wrong with a journal and its files, as far as it bears on running them. Pure. */
export function diagnoseJournal(facts: JournalFacts): readonly Finding[] {
  const { entries, journalFile } = facts;
  const files = new Set(facts.files);
  const tags = new Set(entries.map((entry) => entry.tag));
  const at = (entry: JournalEntry) => ({ migration: entry.tag, file: journalFile, line: entry.line });
  const findings: Finding[] = [];

  const seen = new Set<string>();
  const firstAt = new Map<number, JournalEntry>();
  for (const entry of entries) {
    if (!files.has(`${entry.tag}.sql`)) {
      findings.push(
        history(
          'missing-file',
          'error',
          `The journal lists ${entry.tag}, and ${entry.tag}.sql is not there.`,
          {
            ...at(entry),
            hint: 'Restore the file from git. Stock drizzle stops at it, too.',
          },
        ),
      );
    }
    if (seen.has(entry.tag)) {
      findings.push(history('duplicate-name', 'error', `The journal lists ${entry.tag} twice.`, at(entry)));
    }
    const sameWhen = firstAt.get(entry.when);
    if (sameWhen && sameWhen.tag !== entry.tag) {
      findings.push(
        history(
          'duplicate-when',
          'error',
          `${entry.tag} has the same \`when\` (${entry.when}) as ${sameWhen.tag}: stock drizzle will skip it on any database that has ${sameWhen.tag}.`,
          at(entry),
        ),
      );
    }
    seen.add(entry.tag);
    if (!sameWhen) firstAt.set(entry.when, entry);
  }
  findings.push(...diagnoseOrder(entries, at));
  for (const file of facts.files) {
    const name = file.slice(0, -'.sql'.length);
    if (tags.has(name)) continue;
    findings.push(
      history(
        'orphan-file',
        'warning',
        `${file} is not in the journal: neither drizzle nor drizzle-companion will run it.`,
        {
          migration: name,
          file: join(facts.path, file),
          line: 1,
        },
      ),
    );
  }
  return [...findings, ...diagnoseContent(facts.migrations)];
}

/** The same for the 1.x layout, where names cannot repeat and the file's place is the entry. Pure. */
export function diagnoseFolders(migrations: readonly MigrationOnDisk[]): readonly Finding[] {
  return diagnoseContent(migrations);
}

function diagnoseOrder(
  entries: readonly JournalEntry[],
  at: (entry: JournalEntry) => Partial<Finding>,
): readonly Finding[] {
  const findings: Finding[] = [];
  let newest: JournalEntry | undefined;
  for (const entry of entries) {
    if (newest && entry.when < newest.when) {
      findings.push(
        history(
          'when-not-increasing',
          'warning',
          `${entry.tag} is older (\`when\` ${entry.when}) than ${newest.tag} before it: stock drizzle will skip it on any database that has ${newest.tag}.`,
          at(entry),
        ),
      );
    }
    if (!newest || entry.when > newest.when) newest = entry;
  }
  return findings;
}

function diagnoseContent(migrations: readonly MigrationOnDisk[]): readonly Finding[] {
  return migrations
    .filter((migration) => migration.sql.trim() === '')
    .map((migration) =>
      history(
        'empty-file',
        'warning',
        `${migration.name} is empty: it will be recorded as applied and do nothing.`,
        {
          migration: migration.name,
          file: migration.file,
          line: 1,
        },
      ),
    );
}

function history(name: string, level: FindingLevel, message: string, more: Partial<Finding>): Finding {
  return { code: `history/${name}`, level, message, docs: `docs/findings.md#history${name}`, ...more };
}
