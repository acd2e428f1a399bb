import type { CheckResult } from '../../kernel/check-result.ts';
import type { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import { type MigratePlan, notRun } from '../../kernel/plan.ts';
import type { RehearsalReport } from '../../kernel/rehearsal.ts';
import type { MigrateReport } from '../../kernel/report.ts';
import type { Readiness, StatusReport } from '../../kernel/status.ts';
import { countLevels } from './count-levels.ts';
import { redact } from './redact.ts';
import { settleFix } from './settle-fix.ts';

/** docs/formats.md: raised only when a key is taken away or changes its meaning. */
const VERSION = 1;

/** The one object a command prints under `--format json`. */
export type Json = { readonly version: 1; readonly command: string; readonly exitCode: number };

export function renderJson(value: Json): string {
  return `${JSON.stringify(value, writePart, 2)}\n`;
}

const MILLISECONDS = new Set(['durationMs', 'heldMs']);

/** No passwords, and durations to the microsecond: a clock's further digits are noise. */
function writePart(key: string, part: unknown): unknown {
  if (typeof part === 'string') return redact(part);
  if (isAdvice(part)) return settleFix(part);
  return MILLISECONDS.has(key) && typeof part === 'number' ? Math.round(part * 1000) / 1000 : part;
}

/** Findings and errors, wherever they stand. */
function isAdvice(part: unknown): part is { readonly fix: string } {
  return typeof part === 'object' && part !== null && 'fix' in part && typeof part.fix === 'string';
}

export function buildStatusJson(report: StatusReport, exitCode: number): Json {
  const { database, ledger, folder, comparison, facts } = report;
  const { duplicate: _, ...summary } = comparison.summary;
  return {
    version: VERSION,
    command: 'status',
    exitCode,
    database,
    ledger: { schema: ledger.schema, table: ledger.table, version: ledger.version, rows: ledger.rows.length },
    folder: { path: folder.path, layout: folder.layout, migrations: folder.migrations.length },
    migrations: comparison.migrations.map(({ migration, state, row, stockDrizzle }) => {
      const fact = row === null ? undefined : facts.get(migration.name);
      const appliedAt = row?.appliedAt ?? fact?.finishedAt;
      return {
        name: migration.name,
        when: migration.when,
        hash: migration.hash,
        state,
        ...(appliedAt == null ? {} : { appliedAt }),
        ...(fact?.durationMs == null ? {} : { durationMs: fact.durationMs }),
        stockDrizzle,
      };
    }),
    strays: comparison.strays.map(({ row, state }) => ({
      id: row.id,
      hash: row.hash,
      createdAt: row.createdAt,
      ...(row.name === null ? {} : { name: row.name }),
      state,
    })),
    findings: comparison.findings,
    summary,
  } as Json;
}

export function buildMigrateJson(report: MigrateReport, exitCode: number): Json {
  const { steps, findings, database, durationMs } = report;
  return { version: VERSION, command: 'migrate', exitCode, steps, findings, database, durationMs } as Json;
}

export function buildRehearsalJson(report: RehearsalReport, exitCode: number): Json {
  return { version: VERSION, command: 'rehearse', exitCode, ...rehearsalParts(report) } as Json;
}

function rehearsalParts({ on, shadow, steps, summary, ...rest }: RehearsalReport) {
  const notRehearsed = steps.flatMap(({ name, statements }) =>
    statements.flatMap(({ line, column, sql, notRehearsed: reason }) =>
      reason === undefined ? [] : [{ migration: name, line, column, sql, reason }],
    ),
  );
  return { on, shadow, steps, summary, notRehearsed, ...rest };
}

/** A plan has the shape of a run in which nothing ran yet. */
export function buildPlanJson(plan: MigratePlan, status: StatusReport, exitCode: number): Json {
  const steps = plan.steps.map(notRun);
  const findings = [...plan.refusals, ...plan.findings];
  return buildMigrateJson({ steps, findings, database: status.database, durationMs: 0 }, exitCode);
}

export function buildHealthJson({ ready, reason, applied, missing }: Readiness, exitCode: number): Json {
  return { version: VERSION, command: 'health', exitCode, ready, reason, applied, missing } as Json;
}

export function buildCheckJson(command: 'check' | 'lint', result: CheckResult, exitCode: number): Json {
  const { findings, excepted, allowed, notChecked, notes, groups, files, mending } = result;
  const summary = { ...countLevels(findings), files };
  return {
    version: VERSION,
    command,
    exitCode,
    groups,
    findings,
    excepted,
    allowed,
    notChecked,
    notes,
    ...(mending === undefined ? {} : { fixed: mending.written, notFixed: mending.kept }),
    summary,
  } as Json;
}

/** An error under the same envelope; after a run that got somewhere, with its steps. */
export function buildErrorJson(command: string | null, error: CompanionError): Json {
  const { fields } = error;
  const { server, place, report, rehearsal } = fields;
  const findings: Finding[] = [...((report ?? rehearsal)?.findings ?? [])];
  for (const finding of fields.findings ?? []) if (!findings.includes(finding)) findings.push(finding);
  const hint = fields.hint ?? server?.hint;
  return {
    version: VERSION,
    command: command ?? '',
    exitCode: error.exitCode,
    ...(command === 'migrate' ? { steps: report?.steps ?? [] } : {}),
    ...(rehearsal === undefined ? {} : rehearsalParts(rehearsal)),
    error: omitUndefined({
      code: error.code,
      sqlstate: server?.sqlstate,
      message: fields.message,
      migration: fields.migration,
      file: place?.file,
      line: place?.line,
      column: place?.column,
      statement: fields.statement,
      serverMessage: server?.message,
      detail: server?.detail,
      hint,
      constraint: server?.constraint,
      schema: server?.schema,
      table: server?.table,
      state: fields.state,
      fix: fields.fix,
      culprits: fields.culprits,
    }),
    ...(command === 'migrate' || findings.length > 0 ? { findings } : {}),
    ...(command === 'migrate'
      ? { database: report?.database ?? null, durationMs: report?.durationMs ?? 0 }
      : {}),
  } as Json;
}

function omitUndefined(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
