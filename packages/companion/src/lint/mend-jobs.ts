import type { Finding } from '../kernel/finding.ts';
import { applyEdits } from './advice/edits.ts';
import { joinResults } from './join-results.ts';
import type { LintJob } from './lint-job.ts';
import type { LintFinding, LintResult } from './lint-migrations.ts';
import type { Edit } from './rule.ts';

export type Mender = {
  readonly lint: (job: LintJob) => LintResult;
  readonly parses: (sql: string) => boolean;
};

/** A file as it reads when everything mechanical is mended. */
export type MendedFile = {
  readonly file: string;
  readonly before: string;
  readonly after: string;
  /** Codes of what was mended, each once. */
  readonly codes: readonly string[];
};

export type MendResult = {
  readonly files: readonly MendedFile[];
  /** Files whose mended text PostgreSQL could not read: they stay as they are. */
  readonly broken: readonly string[];
  /** Of the mended text. */
  readonly result: LintResult;
};

/** Mending one thing can show another; a rule that never has enough must not hang us. */
const MOST_PASSES = 10;

/**
 * Makes the edits that findings bring, lints again, and so on until nothing is left to mend. A text that does not parse
 * afterwards is thrown away. Pure.
 */
export function mendJobs(
  jobs: readonly LintJob[],
  isMendable: (finding: Finding) => boolean,
  { lint, parses }: Mender,
): MendResult {
  const mended = new Map<string, MendedFile>();
  const broken = new Set<string>();
  const results = jobs.map((first) => {
    let job = first;
    let result = lint(job);
    for (let pass = 0; pass < MOST_PASSES; pass += 1) {
      const next = mendOnce(job, result);
      if (next === null) break;
      job = next;
      result = lint(job);
    }
    return result;
  });
  return {
    files: [...mended.values()],
    broken: [...broken],
    result: joinResults(results),
  };

  function mendOnce(job: LintJob, { findings }: LintResult): LintJob | null {
    let isChanged = false;
    const migrations = job.migrations.map((source) => {
      const { file, sql } = source;
      const own = findings.filter(
        ({ finding, edits }) =>
          edits.length > 0 && finding.file === file && !broken.has(file) && isMendable(finding),
      );
      const { chosen, codes } = chooseEdits(own);
      if (chosen.length === 0) return source;
      const { before, codes: known } = mended.get(file) ?? { before: sql, codes: [] };
      const after = applyEdits(sql, withLineEnds(chosen, sql));
      if (parses(after)) mended.set(file, { file, before, after, codes: [...new Set([...known, ...codes])] });
      else {
        broken.add(file);
        mended.delete(file);
      }
      const text = broken.has(file) ? before : after;
      isChanged ||= text !== sql;
      return { ...source, sql: text };
    });
    return isChanged ? { ...job, migrations } : null;
  }
}

/** All edits of a finding or none; one that meets an earlier one's waits for the next pass. */
function chooseEdits(findings: readonly LintFinding[]): {
  readonly chosen: readonly Edit[];
  readonly codes: readonly string[];
} {
  const chosen: Edit[] = [];
  const codes: string[] = [];
  for (const { finding, edits } of findings) {
    if (edits.some((edit) => chosen.some((other) => meets(edit, other)))) continue;
    chosen.push(...edits);
    codes.push(finding.code);
  }
  return { chosen, codes };
}

function meets(a: Edit, b: Edit): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** What is put in ends its lines as the file does. */
function withLineEnds(edits: readonly Edit[], sql: string): readonly Edit[] {
  const isWindows = sql.includes('\r\n');
  return edits.map((edit) => ({ ...edit, text: edit.text.replaceAll(/\r?\n/g, isWindows ? '\r\n' : '\n') }));
}
