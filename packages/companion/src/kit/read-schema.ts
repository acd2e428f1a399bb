import type { Snapshot } from '../folder/history.ts';
import { askKit } from './ask-kit.ts';
import { describeOutcome } from './describe-outcome.ts';
import { findKit, type InstalledKit } from './find-kit.ts';
import { listSchemaFiles } from './list-schema-files.ts';
import { configKey, type SchemaProject } from './schema-project.ts';
import { byFolderWhereInParts, refuseOtherVersion, versionOf } from './snapshot-version.ts';

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
  const outcome = await askKit(
    {
      asks: 'schema',
      api: kit.api,
      major: kit.major,
      directory: project.directory,
      files,
      casing: configKey(project, 'casing'),
      snapshots: byFolderWhereInParts(kit, snapshots),
    },
    limitMs,
  );
  if (outcome.kind !== 'answered') throw describeOutcome(outcome, project.directory);
  const { schema, newest, modules } = outcome.answer;
  if (last !== undefined) refuseOtherVersion(last, versionOf(schema), kit);
  return { kit, schema, newest: newest ?? last?.content ?? null, modules };
}
