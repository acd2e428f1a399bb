import { findNearest } from '../kernel/nearest.ts';
import type { Allowance } from '../sql/directives.ts';
import { codeOf, type LintSettings, levelOf } from './lint-settings.ts';
import type { LintMigration, Span } from './migration.ts';
import type { Rule, Told } from './rule.ts';
import { invalidSuppression } from './rules/invalid-suppression.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';

type Allowed = { readonly kept: readonly Told[]; readonly allowed: readonly Told[] };

/** Takes out what comments in the SQL allow, and tells of comments that allow nothing. Pure. */
export function applyAllowances(
  told: readonly Told[],
  migrations: readonly LintMigration[],
  { rules, settings }: { readonly rules: readonly Rule[]; readonly settings: LintSettings },
): Allowed {
  const used = new Set<Allowance>();
  const kept: Told[] = [];
  const allowed: Told[] = [];
  for (const one of told) {
    const matching = one.migration.allowances.filter((allowance) => isFor(allowance, one));
    for (const allowance of matching) used.add(allowance);
    (matching.length > 0 ? allowed : kept).push(one);
  }
  for (const migration of migrations.filter(({ linted }) => linted)) {
    for (const allowance of migration.allowances) {
      const { start, end } = allowance;
      const tell = (rule: Told['rule'], message: string, edits?: Told['report']['edits']) => {
        if (levelOf(rule, settings) === 'off') return;
        kept.push({ rule, migration, at: { start, end }, report: { message, ...(edits && { edits }) } });
      };
      const rule = rules.find((candidate) => isNamed(allowance, candidate));
      if (allowance.rule === '')
        tell(invalidSuppression, 'The comment allows no rule: name one, and say why.');
      else if (rule === undefined) {
        tell(invalidSuppression, describeUnknownRule(allowance.rule, rules));
      } else if (allowance.reason === '') {
        tell(
          invalidSuppression,
          `The comment allows ${rule.id} and does not say why; without a reason it counts for nothing.`,
        );
      } else if (!used.has(allowance) && levelOf(rule, settings) !== 'off') {
        tell(unusedSuppression, describeUnused(allowance, { rule, migration, told }));
      }
    }
  }
  return { kept, allowed };
}

function isFor(allowance: Allowance, { rule, migration, at }: Told): boolean {
  if (!isNamed(allowance, rule) || allowance.reason === '') return false;
  if (allowance.scope === 'file') return true;
  const next = listStatements(migration).find(({ start }) => start >= allowance.end);
  return next !== undefined && at.start >= next.start && at.start <= next.end;
}

function describeUnknownRule(typed: string, rules: readonly Rule[]): string {
  const names = rules.map((rule) => (typed.startsWith('lint/') ? codeOf(rule) : rule.id));
  const nearest = findNearest(typed, names);
  return nearest === null
    ? `There is no rule ${typed}; the comment allows nothing.`
    : `There is no rule ${typed}; did you mean ${nearest}? The comment allows nothing.`;
}

type UnusedInput = { readonly rule: Rule; readonly migration: LintMigration; readonly told: readonly Told[] };

/** Most such comments are left over; some stand where other linters want them. */
function describeUnused({ scope, start, end }: Allowance, { rule, migration, told }: UnusedInput): string {
  const leftOver = (where: string) =>
    `Nothing in ${where} needs this any more: ${rule.id} has nothing to say, and would be hidden when it has.`;
  if (scope === 'file') return leftOver('this file');
  const statements = listStatements(migration);
  if (statements.some((one) => one.start < start && end <= one.end)) {
    return 'This comment stands inside a statement, and allows nothing in it. Put it before the statement.';
  }
  if (statements.every((one) => one.start < end)) {
    return 'No statement stands behind this comment: it allows nothing. Put it before the statement that it is for.';
  }
  const before = statements.findLast((one) => one.end <= start);
  const isForThat = told.some(
    (one) =>
      before !== undefined &&
      one.migration === migration &&
      one.rule === rule &&
      one.at.start >= before.start &&
      one.at.start <= before.end,
  );
  if (!isForThat) return leftOver('the next statement');
  return `Nothing in the next statement needs this, and the one before it does: ${rule.id} is allowed by a comment that stands before the statement.`;
}

/** In their order, those that do not parse among them. */
function listStatements({ statements, syntaxFaults }: LintMigration): readonly Span[] {
  return [...statements, ...syntaxFaults].sort((a, b) => a.start - b.start);
}

function isNamed({ rule }: Allowance, candidate: Told['rule']): boolean {
  return rule === candidate.id || rule === codeOf(candidate);
}
