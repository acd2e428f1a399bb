import { basename, dirname } from 'node:path';
import type { Snapshot } from '../folder/history.ts';
import { CompanionError } from '../kernel/errors.ts';
import { askKit } from './ask-kit.ts';
import { describeOutcome } from './describe-outcome.ts';
import { findKit, type InstalledKit } from './find-kit.ts';
import { listSchemaFiles } from './list-schema-files.ts';
import { configKey, type SchemaProject } from './schema-project.ts';

export type SchemaReading = {
  readonly kit: InstalledKit;
  /** The snapshot that drizzle-kit would write for the schema code as it is. */
  readonly schema: unknown;
  /** The newest state of the folder, in the same format and version; null in a fresh folder. */
  readonly newest: unknown;
  /** Absolute paths of the user's modules that the schema is made of. */
  readonly modules: readonly string[];
};

/** A schema loads in a second; what takes a minute waits for something that will not come. */
export const SCHEMA_LIMIT_MS = 60_000;

/**
 * Lets the project's own drizzle-kit say what the schema code means, and what the snapshots (in drizzle-kit's
 * order) say it was. The kit's differ is never asked: it would prompt for renames.
 * @throws CompanionError `settings-invalid`, with the place in the schema where it can be told.
 */
export async function readSchema(
  project: SchemaProject,
  snapshots: readonly Snapshot[],
  limitMs: number = SCHEMA_LIMIT_MS,
): Promise<SchemaReading> {
  const kit = findKit(project.directory);
  const files = await listSchemaFiles(project);
  const last = snapshots.at(-1);
  const inParts = kit.major === 1 && last !== undefined && versionOf(last.content) >= FIRST_IN_PARTS;
  const outcome = await askKit(
    {
      api: kit.api,
      major: kit.major,
      directory: project.directory,
      files,
      casing: configKey(project, 'casing'),
      snapshots: inParts ? byFolder(snapshots) : null,
    },
    limitMs,
  );
  if (outcome.kind !== 'answered') throw describeOutcome(outcome, project.directory);
  const { schema, newest, modules } = outcome.answer;
  if (last !== undefined) refuseOtherVersion(last, versionOf(schema), kit);
  return { kit, schema, newest: newest ?? last?.content ?? null, modules };
}

/** Since then a snapshot holds what changed, and the state is put together from all of them. */
const FIRST_IN_PARTS = 9;

function byFolder(snapshots: readonly Snapshot[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(snapshots.map(({ file, content }) => [basename(dirname(file)), content]));
}

function versionOf(snapshot: unknown): number {
  const { version } = Object(snapshot) as { readonly version?: unknown };
  return Number(version);
}

/** Two versions say the same thing in different words: compared, all would seem changed. */
function refuseOtherVersion({ file, content }: Snapshot, known: number, kit: InstalledKit): void {
  const version = versionOf(content);
  if (version === known) return;
  const place = { file, line: 1, column: 1 };
  const message = `${basename(file)} is a snapshot of version ${version}, and drizzle-kit ${kit.version} works with version ${known}: the schema cannot be compared with it.`;
  throw version > known
    ? new CompanionError('settings-invalid', {
        message,
        place,
        hint: 'A newer drizzle-kit wrote it. Install that one here, too.',
        fix: 'npm install -D drizzle-kit',
      })
    : new CompanionError('settings-invalid', {
        message,
        place,
        hint: 'drizzle-kit generate refuses it as well, until the folder is brought up to date.',
        fix: 'drizzle-kit up',
      });
}
