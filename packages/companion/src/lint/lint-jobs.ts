import { loadSqlParser } from '../sql/parser.ts';
import { joinResults } from './join-results.ts';
import type { LintJob } from './lint-job.ts';
import { type LintResult, lintMigrations } from './lint-migrations.ts';
import type { LintSettings } from './lint-settings.ts';
import type { Mender } from './mend-jobs.ts';

/** Lints with all rules. Parser and rules are loaded here, and so at the first thing that is to be linted. */
export async function lintJobs(jobs: readonly LintJob[], settings: LintSettings): Promise<LintResult> {
  const { lint } = await openLinter(settings);
  return joinResults(jobs.map(lint));
}

/** Begins to load what linting needs, for a caller who knows that something will be linted and has to wait meanwhile. */
export async function loadLinter(): Promise<void> {
  await loadParts();
}

async function loadParts() {
  const [parser, { RULES: rules }] = await Promise.all([loadSqlParser(), import('./rules.ts')]);
  return { parser, rules };
}

/** What mending needs of the linter. */
export async function openLinter(settings: LintSettings): Promise<Mender> {
  const { parser, rules } = await loadParts();
  return {
    lint: (job) => lintMigrations({ ...job, rules, settings, parser }),
    parses: (sql) => {
      try {
        // A byte order mark is no SQL, and stands before it all the same.
        parser.parse(sql.replace(/^\uFEFF/, ''));
        return true;
      } catch {
        return false;
      }
    },
  };
}
