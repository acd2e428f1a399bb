import type { Snapshot } from '../folder/history.ts';
import { CompanionError } from '../kernel/errors.ts';
import { askKit } from './ask-kit.ts';
import { describeOutcome } from './describe-outcome.ts';
import { findKit, type InstalledKit } from './find-kit.ts';
import { byFolderWhereInParts, refuseOtherVersion, versionOf } from './snapshot-version.ts';

export type SnapshotDdl = { readonly kit: InstalledKit; readonly statements: readonly string[] };

/** drizzle-kit loads in a second or two, and writes a hundred tables in less. */
const DDL_LIMIT_MS = 60_000;

/**
 * The SQL that the project's own drizzle-kit would write for an empty database, were the newest state of the snapshots
 * (in drizzle-kit's order) its schema. The schema code is not looked at.
 * @throws CompanionError `settings-invalid`: no drizzle-kit, snapshots of another version, or that it cannot put together.
 */
export async function writeDdl(
  directory: string,
  snapshots: readonly [Snapshot, ...Snapshot[]],
): Promise<SnapshotDdl> {
  const kit = findKit(directory);
  const newest = snapshots.at(-1) ?? snapshots[0];
  const parts = byFolderWhereInParts(kit, snapshots);
  const outcome = await askKit(
    {
      asks: 'ddl',
      api: kit.api,
      major: kit.major,
      directory,
      snapshots: parts,
      snapshot: parts === null ? newest.content : null,
    },
    DDL_LIMIT_MS,
  );
  if (outcome.kind !== 'answered') throw describeOutcome(outcome, directory);
  const { version, statements } = outcome.answer;
  if (statements !== null) return { kit, statements };
  refuseOtherVersion(newest, versionOf({ version }), kit);
  throw new CompanionError('settings-invalid', {
    message: `drizzle-kit ${kit.version} cannot put the snapshots together.`,
  });
}
