import { renderSuggestion } from '../kernel/nearest.ts';
import { isRecord } from './parse-credentials.ts';

/** Takes down what is wrong at a path of a config. */
export type Tell = (path: string, message: string) => void;

export function asRecord(value: unknown, path: string, tell: Tell): Record<string, unknown> {
  if (isRecord(value)) return value;
  // The file itself must export something; a key may be left out.
  if (path === '' || value !== undefined) tell(path, 'must be an object');
  return {};
}

export function refuseUnknown(
  record: Record<string, unknown>,
  known: readonly string[],
  path: string,
  tell: Tell,
): void {
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    tell(path === '' ? key : `${path}.${key}`, `is not a key${renderSuggestion(key, known)}`);
  }
}
