import { chmodSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CompanionError } from '../kernel/errors.ts';
import type { MendedFile } from './mend-jobs.ts';

/** Why the file is better left as it is; null where it is what was mended. */
export function whyUnwritable({ file, before }: MendedFile): string | null {
  const bytes = readFileSync(file);
  if (bytes.equals(Buffer.from(before))) return null;
  return bytes.toString('utf8') === before ? 'it is not UTF-8' : 'it was changed meanwhile';
}

/**
 * Writes a mended file under a temporary name and renames it: nobody ever reads half of it.
 * @throws CompanionError `folder-unreadable` where that cannot be done.
 */
export function writeMended({ file, after }: MendedFile): void {
  // The file itself, not a link to it.
  const target = realpathSync(file);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  try {
    writeFileSync(temporary, after, { flag: 'wx' });
    chmodSync(temporary, statSync(target).mode);
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new CompanionError('folder-unreadable', {
      message: `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}
