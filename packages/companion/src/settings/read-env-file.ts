import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** The variables of a `.env` file, or null when there is none to read at this path. */
export function readEnvFile(path: string): Readonly<Record<string, string>> | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Absent, a directory (Docker makes one of a missing bind mount), or not ours to read: as dotenv, go on.
    return null;
  }
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(parseEnv(text)))
    if (value !== undefined) variables[name] = value;
  return variables;
}

/** Puts variables into `env` as dotenv does: what is set already wins, even when it is empty. */
export function applyVariables(
  env: Record<string, string | undefined>,
  variables: Readonly<Record<string, string>> | null,
): void {
  for (const [name, value] of Object.entries(variables ?? {})) env[name] ??= value;
}
