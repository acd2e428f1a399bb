import { basename, dirname } from 'node:path';
import type { CompanionSettings, CompanionTimeouts, Exception } from './companion-config.ts';
import { buildFaultsError, type Fault, hasFaults } from './fault.ts';
import { asRecord, refuseUnknown, type Tell } from './judge-keys.ts';
import { DURATION_EXAMPLES, parseDuration } from './parse-duration.ts';
import { parseLintKey } from './parse-lint-key.ts';
import { parseRules, refuseCode } from './parse-rules.ts';
import { parseShadowKey } from './parse-shadow-key.ts';
import type { LoadedConfig } from './settings.ts';

const KEYS = ['rules', 'exceptions', 'supersededBy', 'timeouts', 'postgresVersion', 'lint', 'shadow'];
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
    ...parseRules(config.rules, tell),
    exceptions: parseExceptions(config.exceptions, tell),
    supersededBy: parseSupersededBy(config.supersededBy, tell),
    timeouts: parseTimeouts(config.timeouts, tell),
    postgresVersion: parseVersion(config.postgresVersion, tell),
    lint: parseLintKey(config.lint, tell),
    shadow: parseShadowKey(config.shadow, dirname(file), tell),
  };
  if (hasFaults(faults)) throw buildFaultsError({ code: 'settings-invalid', faults });
  return settings;
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
