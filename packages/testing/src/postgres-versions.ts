/** The PostgreSQL majors we support; the exact builds are pinned so that every machine tests the same server. */
export const POSTGRES_BUILDS = {
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
} as const;

export type PostgresVersion = keyof typeof POSTGRES_BUILDS;

export const OLDEST_POSTGRES: PostgresVersion = 14;
export const NEWEST_POSTGRES: PostgresVersion = 18;

/** `14,18` → [14, 18], oldest first, each once. Throws on what is not a supported major. */
export function parsePostgresVersions(text: string): PostgresVersion[] {
  const versions = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const version = Number(part);
      if (!isSupported(version)) {
        throw new Error(`PG_VERSIONS: "${part}" is not one of ${Object.keys(POSTGRES_BUILDS).join(', ')}.`);
      }
      return version;
    });
  if (versions.length === 0) throw new Error('PG_VERSIONS names no version.');
  return [...new Set(versions)].sort((a, b) => a - b);
}

function isSupported(version: number): version is PostgresVersion {
  return version in POSTGRES_BUILDS;
}
