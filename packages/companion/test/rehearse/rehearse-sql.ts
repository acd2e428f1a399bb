import { journalFolder, type TestDatabase } from '@companion/testing';
import { CompanionError } from '../../src/kernel/errors.ts';
import type { RehearseOptions } from '../../src/kernel/options.ts';
import type { RehearsalReport, RehearsedStatement } from '../../src/kernel/rehearsal.ts';
import { rehearse } from '../../src/rehearse/rehearse.ts';

export const BREAK = '--> statement-breakpoint\n';

/** Rehearses migrations `0000_m`, `0001_m` … on a database in which others are at work: the tests' own sessions. */
export async function rehearseSql(
  { url, sql }: TestDatabase,
  migrations: readonly string[],
  { before = '', ...options }: Partial<RehearseOptions> & { readonly before?: string } = {},
): Promise<RehearsalReport> {
  if (before !== '') await sql.unsafe(before).simple();
  return rehearse({ url, folder: folderOf(migrations), evenIfBusy: true, ...options });
}

/** The path of a folder with these migrations. */
export function folderOf(migrations: readonly string[]): string {
  return journalFolder(
    migrations.map((text, at) => ({ name: `${String(at).padStart(4, '0')}_m`, sql: text })),
  ).path;
}

export function statementsOf(report: RehearsalReport): readonly RehearsedStatement[] {
  return report.steps.flatMap(({ statements }) => statements);
}

/** The error of ours with which it must fail. */
export async function failureOf(running: Promise<unknown>): Promise<CompanionError> {
  const error = await running.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CompanionError) return error;
  throw new Error('it did not fail as ours do', { cause: error });
}
