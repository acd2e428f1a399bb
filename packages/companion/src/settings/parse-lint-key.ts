import { type CompanionSettings, NO_COMPANION_CONFIG } from './companion-config.ts';
import { asRecord, refuseUnknown, type Tell } from './judge-keys.ts';

const RUNNERS: readonly string[] = ['companion', 'drizzle'];

/** The key `lint`: what the linter cannot know from SQL. Pure. */
export function parseLintKey(value: unknown, tell: Tell): CompanionSettings['lint'] {
  const lint = asRecord(value, 'lint', tell);
  refuseUnknown(lint, ['runner', 'smallTables'], 'lint', tell);
  const { runner = NO_COMPANION_CONFIG.lint.runner, smallTables = [] } = lint;
  if (runner !== 'companion' && runner !== 'drizzle') {
    tell('lint.runner', `is ${JSON.stringify(runner)}, and must be one of ${RUNNERS.join(', ')}`);
    return NO_COMPANION_CONFIG.lint;
  }
  if (!Array.isArray(smallTables) || !smallTables.every(isTableName)) {
    tell('lint.smallTables', 'must be a list of table names, such as "settings" or "billing.plans"');
    return NO_COMPANION_CONFIG.lint;
  }
  return { runner, smallTables };
}

function isTableName(name: unknown): name is string {
  return (
    typeof name === 'string' && name.split('.').length <= 2 && name.split('.').every((part) => part !== '')
  );
}
