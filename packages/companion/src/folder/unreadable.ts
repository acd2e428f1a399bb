import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';

type Unreadable = Pick<Finding, 'file' | 'line' | 'message'> & Partial<Finding>;

/** The migrations, or where they stand in order, cannot be told. */
export function historyUnreadable(fault: Unreadable): Finding {
  return {
    code: 'history/unreadable',
    level: 'error',
    docs: 'docs/findings.md#historyunreadable',
    ...fault,
  };
}

/** A snapshot cannot be told; running migrations does not need it. */
export function snapshotUnreadable(fault: Unreadable): Finding {
  return {
    code: 'snapshots/unreadable',
    level: 'error',
    docs: 'docs/findings.md#snapshotsunreadable',
    ...fault,
  };
}

/** The same as an error, for those who cannot go on without a history; the first fault is the one that is told. */
export function folderUnreadable(faults: readonly [Finding, ...Finding[]]): CompanionError {
  const [{ message, file, line, hint, fix }] = faults;
  return new CompanionError('folder-unreadable', {
    message,
    ...(file === undefined ? {} : { place: { file, line: line ?? 1, column: 1 } }),
    ...(hint === undefined ? {} : { hint }),
    ...(fix === undefined ? {} : { fix }),
    ...(faults.length > 1 ? { findings: faults.slice(1) } : {}),
  });
}
