import { basename, dirname } from 'node:path';
import type { Snapshot } from '../folder/history.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { InstalledKit } from './find-kit.ts';

/** Since then a snapshot holds what changed, and the state is put together from all of them. */
const FIRST_IN_PARTS = 9;

/** What a 1.x puts together by itself: the snapshots by their folders. Null where each is whole. */
export function byFolderWhereInParts(
  { major }: InstalledKit,
  snapshots: readonly Snapshot[],
): Readonly<Record<string, unknown>> | null {
  const last = snapshots.at(-1);
  if (major === 0 || last === undefined || versionOf(last.content) < FIRST_IN_PARTS) return null;
  return Object.fromEntries(snapshots.map(({ file, content }) => [basename(dirname(file)), content]));
}

/** NaN for what has none. */
export function versionOf(snapshot: unknown): number {
  const { version } = Object(snapshot) as { readonly version?: unknown };
  return Number(version);
}

/** Two versions say the same thing in different words: compared, all would seem changed. */
export function refuseOtherVersion({ file, content }: Snapshot, known: number, kit: InstalledKit): void {
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
