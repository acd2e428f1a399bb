import type { LintRunner } from './migration.ts';
import type { Rule } from './rule.ts';

/** What the team's config says of the linter. */
export type LintSettings = {
  /** By code: `lint/create-index-concurrently`. */
  readonly levels: ReadonlyMap<string, Rule['level']>;
  /** By code; keys that a rule does not set keep their defaults. */
  readonly options: ReadonlyMap<string, object>;
  readonly postgresVersion: number;
  readonly runner: LintRunner;
  /** Tables so small that work which grows with them is no matter: `settings`, `billing.plans`. */
  readonly smallTables: readonly string[];
};

export function codeOf({ id }: Pick<Rule, 'id'>): string {
  return `lint/${id}`;
}

export function levelOf(rule: Rule, { levels }: LintSettings): Rule['level'] {
  return levels.get(codeOf(rule)) ?? rule.level;
}
