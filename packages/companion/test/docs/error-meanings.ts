import type { ExitCode } from '../../src/cli/exit-codes.ts';
import type { ErrorCode } from '../../src/index.ts';

/** What a script that sees this number should do. Typed by the table: a new number needs its advice. */
export const EXIT_ADVICE: Readonly<Record<ExitCode, string>> = {
  0: 'go on',
  1: 'read what it found',
  2: 'mend the command, the settings or the rights; trying again changes nothing',
  3: 'mend the migration; trying again changes nothing',
  4: 'let a person look: `drizzle-companion status`',
  5: 'try again later; the message names who is in the way',
  6: 'try again when the database answers, or check URL and password',
  130: 'nothing to mend; a rerun goes on from what the ledger holds',
  143: 'nothing to mend; a rerun goes on from what the ledger holds',
};

/** Typed by the closed union: a new error code needs its sentence. */
export const ERROR_MEANINGS: Readonly<Record<ErrorCode, string>> = {
  'problems-found': '`assertMigrated`: migrations on disk are not applied, or were edited after they were',
  'usage-invalid': 'A flag, its value or the command is wrong',
  'settings-invalid': 'The drizzle config cannot be read, or names no folder or no database',
  'folder-unreadable': 'The migrations folder or its journal is missing, damaged or of both layouts',
  'permission-denied': 'The role lacks a right on the ledger; the hint is the GRANT',
  internal: 'A fault of drizzle-companion; please report it',
  'query-failed': 'A query of our own failed, none of a migration',
  'shadow-unavailable':
    'No shadow database could be had: its package is missing, or it cannot do what was asked',
  'migration-failed': "A migration's SQL failed; it was rolled back, or stopped at the named statement",
  'history-refused': 'Files contradict the ledger, or the commit that --from names; the findings say where',
  'ledger-refused': 'A 0.x ledger under the 1.x layout has rows that match no folder',
  'pooler-refused': 'A transaction pooler stands between; migrations need the direct connection',
  'standby-refused': 'The server is a standby, which takes no changes; migrations need the primary',
  'resume-refused':
    'A migration without a transaction stopped half-way, and a statement that was done has changed since',
  'verification-failed': 'After the run the ledger lacks migrations that are on disk',
  'shadow-refused': 'The shadow database would have been the target itself',
  'lock-busy': 'Another run holds the migration lock past `--lock-wait`',
  'table-busy': 'A table lock could not be had, or a deadlock came, at every try',
  'orphan-busy': 'Another session holds AccessExclusiveLock, or a transaction older than the limit',
  'database-in-use':
    'Others have worked in the database within the last minute, and a rehearsal would lock them out',
  'database-unreachable': 'No connection within `--wait`',
  'login-refused': 'The server refuses user or password',
  'database-missing': 'The server has no such database',
  'connection-lost': 'The connection broke during the run; a rerun goes on',
  'interrupted-sigint': 'SIGINT; the running statement was cancelled and rolled back',
  'interrupted-sigterm': 'SIGTERM; the running statement was cancelled and rolled back',
};
