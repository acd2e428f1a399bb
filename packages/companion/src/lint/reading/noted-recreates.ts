import type { LintStatement } from '../migration.ts';
import type { RuleContext } from '../rule.ts';
import { planRecreate } from './enum-gaps.ts';
import { type EnumRecreate, recreateFrom } from './enum-recreates.ts';

/** `incomplete`: a rule of enums has an error to tell of it. `unknown`: nothing is known of the old type. */
export type RecreateState = 'complete' | 'incomplete' | 'unknown';

/** By the CREATE TYPE, because only the facts before the first step are those of the old type. */
const noted = new WeakMap<LintStatement, RecreateState>();

/** Keeps how an enum is made anew that begins with this statement; to be called while the facts are those before it. */
export function noteRecreate(statement: LintStatement, context: RuleContext): void {
  const recreate = recreateFrom(statement, context.migrations);
  if (recreate === null) return;
  const isKnown = context.facts.enum(recreate.type) !== null;
  const isComplete = planRecreate(recreate, context).gaps.length === 0;
  noted.set(recreate.create, isKnown ? (isComplete ? 'complete' : 'incomplete') : 'unknown');
}

export function stateOfRecreate({ create }: EnumRecreate): RecreateState {
  return noted.get(create) ?? 'unknown';
}
