import { basename } from 'node:path';
import { CHECK_CODES } from '../kernel/check-codes.ts';
import type { CompanionSettings, CompanionTimeouts, Exception, RuleLevel } from './companion-config.ts';
import { buildFaultsError, type Fault, hasFaults } from './fault.ts';
import { renderSuggestion } from './nearest.ts';
import { isRecord } from './parse-credentials.ts';
import { DURATION_EXAMPLES, parseDuration } from './parse-duration.ts';
import type { LoadedConfig } from './settings.ts';

const KEYS = ['rules', 'exceptions', 'supersededBy', 'timeouts', 'postgresVersion'];
const LEVELS: readonly string[] = ['off', 'info', 'warning', 'error'];
const EXCEPTION_KEYS = ['code', 'migration', 'reason'];
const TIMEOUTS: Readonly<Record<string, keyof CompanionTimeouts>> = {
  wait: 'waitMs',
  lockWait: 'lockWaitMs',
  lockTimeout: 'lockTimeoutMs',
  statementTimeout: 'statementTimeoutMs',
};
const VERSIONS = [14, 15, 16, 17, 18];

/**
 * A companion config as it was loaded, made into settings. Names of migrations are judged later, beside the files.
 * @throws CompanionError `settings-invalid` that tells every fault at once.
 */
export function parseCompanionConfig({ file, value }: LoadedConfig): CompanionSettings {
  const label = basename(file);
  const faults: Fault[] = [];
  const tell: Tell = (path, message) => {
    faults.push({ source: path === '' ? label : `${label}: ${path}`, message });
  };
  const config = asRecord(value, '', tell);
  refuseUnknown(config, KEYS, '', tell);
  const settings: CompanionSettings = {
    file,
    levels: parseRules(config.rules, tell),
    exceptions: parseExceptions(config.exceptions, tell),
    supersededBy: parseSupersededBy(config.supersededBy, tell),
    timeouts: parseTimeouts(config.timeouts, tell),
    postgresVersion: parseVersion(config.postgresVersion, tell),
  };
  if (hasFaults(faults)) throw buildFaultsError({ code: 'settings-invalid', faults });
  return settings;
}

type Tell = (path: string, message: string) => void;

function parseRules(value: unknown, tell: Tell): ReadonlyMap<string, RuleLevel> {
  const rules = Object.entries(asRecord(value, 'rules', tell));
  for (const [code, level] of rules) {
    refuseCode(code, `rules["${code}"]`, tell);
    if (typeof level === 'string' && LEVELS.includes(level)) continue;
    tell(`rules["${code}"]`, `is ${JSON.stringify(level)}, and a level is one of ${LEVELS.join(', ')}`);
  }
  return new Map(rules as [string, RuleLevel][]);
}

function parseExceptions(value: unknown, tell: Tell): readonly Exception[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    tell('exceptions', 'must be a list of { code, migration, reason }');
    return [];
  }
  value.forEach((entry: unknown, index) => {
    const path = `exceptions[${index}]`;
    const exception = asRecord(entry, path, tell);
    if (exception !== entry) return;
    refuseUnknown(exception, EXCEPTION_KEYS, path, tell);
    for (const key of EXCEPTION_KEYS) {
      const text = exception[key];
      if (typeof text === 'string' && text.trim() !== '') continue;
      const why = key === 'reason' ? ', so that the next reader knows why' : '';
      tell(`${path}.${key}`, `${text === undefined ? 'is missing' : 'must be a text'}${why}`);
    }
    if (typeof exception.code === 'string') refuseCode(exception.code, `${path}.code`, tell);
  });
  return value as readonly Exception[];
}

function parseSupersededBy(value: unknown, tell: Tell): ReadonlyMap<string, string> {
  const entries = Object.entries(asRecord(value, 'supersededBy', tell));
  for (const [name, later] of entries) {
    if (typeof later !== 'string' || later === '') {
      tell(`supersededBy["${name}"]`, 'must be the name of a later migration');
    }
  }
  return new Map(entries as [string, string][]);
}

function parseTimeouts(value: unknown, tell: Tell): CompanionTimeouts {
  const timeouts = asRecord(value, 'timeouts', tell);
  refuseUnknown(timeouts, Object.keys(TIMEOUTS), 'timeouts', tell);
  const parsed: Record<string, number> = {};
  for (const [key, name] of Object.entries(TIMEOUTS)) {
    const text = timeouts[key];
    if (text === undefined) continue;
    const ms = typeof text === 'string' ? parseDuration(text) : null;
    if (ms === null) {
      tell(`timeouts.${key}`, `${JSON.stringify(text)} is not a time such as ${DURATION_EXAMPLES}`);
    } else parsed[name] = ms;
  }
  return parsed;
}

function parseVersion(value: unknown, tell: Tell): number | null {
  if (value === undefined) return null;
  if (typeof value === 'number' && VERSIONS.includes(value)) return value;
  tell('postgresVersion', `is ${JSON.stringify(value)}, and must be one of ${VERSIONS.join(', ')}`);
  return null;
}

function asRecord(value: unknown, path: string, tell: Tell): Record<string, unknown> {
  if (isRecord(value)) return value;
  // The file itself must export something; a key may be left out.
  if (path === '' || value !== undefined) tell(path, 'must be an object');
  return {};
}

function refuseUnknown(record: Record<string, unknown>, known: readonly string[], path: string, tell: Tell) {
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    tell(path === '' ? key : `${path}.${key}`, `is not a key${renderSuggestion(key, known)}`);
  }
}

function refuseCode(code: string, path: string, tell: Tell): void {
  if (Object.hasOwn(CHECK_CODES, code)) return;
  tell(path, `${JSON.stringify(code)} is not a finding${renderSuggestion(code, Object.keys(CHECK_CODES))}`);
}
