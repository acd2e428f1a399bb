import { crlf } from './history/crlf.ts';
import { duplicateIdx } from './history/duplicate-idx.ts';
import { duplicateName } from './history/duplicate-name.ts';
import { duplicatePrefix } from './history/duplicate-prefix.ts';
import { duplicateWhen } from './history/duplicate-when.ts';
import { emptyFile } from './history/empty-file.ts';
import { futureWhen } from './history/future-when.ts';
import { idxNotIncreasing } from './history/idx-not-increasing.ts';
import { missingFile } from './history/missing-file.ts';
import { orphanFile } from './history/orphan-file.ts';
import { unreadableHistory } from './history/unreadable.ts';
import { whenNotIncreasing } from './history/when-not-increasing.ts';
import type { HistoryCheck } from './history-check.ts';
import { brokenChain } from './snapshots/broken-chain.ts';
import { collision } from './snapshots/collision.ts';
import { missingSnapshot } from './snapshots/missing.ts';
import { orphanSnapshot } from './snapshots/orphan.ts';
import { staleSnapshot } from './snapshots/stale.ts';
import { unreadableSnapshot } from './snapshots/unreadable.ts';

/** Every check of a history; their order is that of the findings. */
export const HISTORY_CHECKS: readonly HistoryCheck[] = [
  unreadableHistory,
  missingFile,
  duplicateName,
  duplicateWhen,
  whenNotIncreasing,
  futureWhen,
  duplicateIdx,
  idxNotIncreasing,
  duplicatePrefix,
  orphanFile,
  emptyFile,
  crlf,
  unreadableSnapshot,
  missingSnapshot,
  collision,
  brokenChain,
  orphanSnapshot,
  staleSnapshot,
];
