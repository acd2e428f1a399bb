import type { Allowance } from '../sql/directives.ts';
import { codeOf, type LintSettings, levelOf } from './lint-settings.ts';
import type { LintMigration } from './migration.ts';
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
        tell(invalidSuppression, `There is no rule ${allowance.rule}; the comment allows nothing.`);
      } else if (allowance.reason === '') {
        tell(
          invalidSuppression,
          `The comment allows ${rule.id} and does not say why; without a reason it counts for nothing.`,
        );
      } else if (!used.has(allowance) && levelOf(rule, settings) !== 'off') {
        const where = allowance.scope === 'file' ? 'this file' : 'the next statement';
        tell(
          unusedSuppression,
          `Nothing in ${where} needs this any more: ${rule.id} has nothing to say, and would be hidden when it has.`,
        );
      }
    }
  }
  return { kept, allowed };
}

function isFor(allowance: Allowance, { rule, migration, at }: Told): boolean {
  if (!isNamed(allowance, rule) || allowance.reason === '') return false;
  if (allowance.scope === 'file') return true;
  const next = [...migration.statements, ...migration.syntaxFaults]
    .filter(({ start }) => start >= allowance.end)
    .sort((a, b) => a.start - b.start)[0];
  return next !== undefined && at.start >= next.start && at.start <= next.end;
}

function isNamed({ rule }: Allowance, candidate: Told['rule']): boolean {
  return rule === candidate.id || rule === codeOf(candidate);
}
