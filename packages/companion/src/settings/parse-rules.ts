import { CHECK_CODES } from '../kernel/check-codes.ts';
import { LINT_CODES, LINT_OPTIONS } from '../kernel/lint-codes.ts';
import { renderSuggestion } from '../kernel/nearest.ts';
import type { CompanionSettings, RuleLevel } from './companion-config.ts';
import { refuseUnknown, type Tell } from './judge-keys.ts';
import { isRecord } from './parse-credentials.ts';

const LEVELS: readonly string[] = ['off', 'info', 'warning', 'error'];
const CODES: readonly string[] = [...Object.keys(CHECK_CODES), ...Object.keys(LINT_CODES)];

type Rules = Pick<CompanionSettings, 'levels' | 'options'>;

/** The key `rules`: a level for each code; one of the linter's may be `{ level, options }`. Pure. */
export function parseRules(value: unknown, tell: Tell): Rules {
  const levels = new Map<string, RuleLevel>();
  const options = new Map<string, object>();
  if (value !== undefined && !isRecord(value)) tell('rules', 'must be an object');
  for (const [code, rule] of Object.entries(isRecord(value) ? value : {})) {
    const path = `rules["${code}"]`;
    refuseCode(code, path, tell);
    if (!CODES.includes(code)) continue;
    if (isRecord(rule) && Object.hasOwn(LINT_CODES, code)) {
      refuseUnknown(rule, ['level', 'options'], path, tell);
      if (rule.level !== undefined) putLevel(code, rule.level, `${path}.level`);
      const parsed = parseOptions(code, rule.options, `${path}.options`, tell);
      if (parsed !== null) options.set(code, parsed);
    } else putLevel(code, rule, path);
  }
  return { levels, options };

  function putLevel(code: string, level: unknown, path: string): void {
    if (typeof level === 'string' && LEVELS.includes(level)) levels.set(code, level as RuleLevel);
    else tell(path, `is ${JSON.stringify(level)}, and a level is one of ${LEVELS.join(', ')}`);
  }
}

/** A code that a config may name. */
export function refuseCode(code: string, path: string, tell: Tell): void {
  if (CODES.includes(code)) return;
  tell(path, `${JSON.stringify(code)} is not a finding${suggestCode(code)}`);
}

/** Messages of other linters, and comments in the SQL, name a rule without its group. */
function suggestCode(typed: string): string {
  const suggestion = renderSuggestion(typed, CODES);
  return suggestion === '' && !typed.includes('/') ? renderSuggestion(`lint/${typed}`, CODES) : suggestion;
}

function parseOptions(code: string, value: unknown, path: string, tell: Tell): object | null {
  if (value === undefined) return null;
  const known = Object.entries(LINT_OPTIONS).find(([name]) => name === code)?.[1] as
    | Readonly<Record<string, unknown>>
    | undefined;
  if (known === undefined) tell(path, `are not to be had: ${code} has none`);
  else if (!isRecord(value)) tell(path, 'must be an object');
  else {
    refuseUnknown(value, Object.keys(known), path, tell);
    for (const [key, option] of Object.entries(value)) {
      if (!Object.hasOwn(known, key) || isLike(known[key], option)) continue;
      tell(`${path}.${key}`, `is ${JSON.stringify(option)}, and must be ${describeType(known[key])}`);
    }
    return value;
  }
  return null;
}

/** The default says what a value must look like. */
function isLike(known: unknown, option: unknown): boolean {
  if (Array.isArray(known))
    return Array.isArray(option) && option.every((entry) => typeof entry === 'string');
  return typeof option === typeof known && !Number.isNaN(option);
}

function describeType(known: unknown): string {
  if (Array.isArray(known)) return 'a list of texts';
  if (typeof known === 'boolean') return 'true or false';
  return typeof known === 'number' ? 'a number' : 'a text';
}
