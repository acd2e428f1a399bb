import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import * as v from 'valibot';

const environment = v.object({
  DATABASE_URL: v.pipe(v.string('is not set'), v.regex(/^postgres(ql)?:\/\//, 'is not a postgres:// URL')),
  PORT: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d+$/, 'is not a port'),
      v.transform(Number),
      v.maxValue(65_535, 'is not a port'),
    ),
    '3000',
  ),
  HOST: v.optional(v.string(), '127.0.0.1'),
  MIGRATIONS_FOLDER: v.optional(v.string()),
});

export type Settings = {
  readonly databaseUrl: string;
  readonly port: number;
  readonly host: string;
  /** Absolute path of the migrations that must be applied before the api is ready. */
  readonly migrationsFolder: string;
};

/** @throws one Error that names every variable that is wrong, and never a value: one of them is a password. */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = v.safeParse(environment, env);
  if (!parsed.success) {
    const faults = parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
    throw new Error(`The environment is not complete: ${faults.join('; ')}.`);
  }
  const { DATABASE_URL, PORT, HOST, MIGRATIONS_FOLDER } = parsed.output;
  return {
    databaseUrl: DATABASE_URL,
    port: PORT,
    host: HOST,
    migrationsFolder: MIGRATIONS_FOLDER ? resolve(MIGRATIONS_FOLDER) : findMigrations(),
  };
}

/** In the workspace, bundled or not; the container sets MIGRATIONS_FOLDER. */
function findMigrations(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@acme/db/package.json')), 'migrations');
  } catch (cause) {
    throw new Error('MIGRATIONS_FOLDER is not set, and @acme/db is not installed here.', { cause });
  }
}
