import { CompanionError } from '../src/kernel/errors.ts';
import type { MigrateOptions } from '../src/kernel/options.ts';
import { migrate } from '../src/migrate/migrate.ts';

/** Runs `migrate`, which must fail with one of our errors, and gives that error. */
export async function migrateFailure(options: MigrateOptions): Promise<CompanionError> {
  try {
    await migrate(options);
  } catch (error) {
    if (error instanceof CompanionError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
