import { readFileSync } from 'node:fs';

/** This package's version. */
export function readVersion(): string {
  // One directory up from src and from dist alike.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return version;
}
