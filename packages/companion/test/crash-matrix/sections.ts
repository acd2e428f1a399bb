import { CONTENDED } from './contended.ts';
import { crossed, DEADLY } from './faults.ts';
import { INTERRUPTED } from './interrupted.ts';
import type { Section } from './matrix.ts';
import { SERVER_FAULTS } from './server-faults.ts';
import {
  AT_THE_END,
  BEFORE_ANYTHING,
  IN_SINGLE_TRANSACTION,
  IN_TRANSACTION,
  IN_UPGRADE,
  WITHOUT_TRANSACTION,
} from './steps.ts';

/** The matrix, in the order of a run. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Before the first migration',
    intro:
      'The lock is taken before anything is created; schema, ledger and our own table are created one after the other, each only when it is missing.',
    cases: crossed(BEFORE_ANYTHING, DEADLY),
  },
  {
    title: 'In a migration with a transaction',
    intro: 'The migration and its ledger row commit together.',
    cases: crossed(IN_TRANSACTION, DEADLY),
  },
  {
    title: 'In a migration without a transaction',
    intro:
      'A statement that must be alone is announced before it and recorded after it; one that tolerates a transaction commits with its record. A broken build leaves an INVALID index, which the rerun drops. After a build that is done and not recorded the rerun sees that it is done; any other statement that must be alone (VACUUM, CALL) it would run once more.',
    cases: crossed(WITHOUT_TRANSACTION, DEADLY),
  },
  {
    title: 'After the last migration',
    intro:
      'Everything is applied, and the run does not say so: it could not verify it, or not release the lock.',
    cases: crossed(AT_THE_END, DEADLY),
  },
  {
    title: "While the ledger of drizzle 0.x is upgraded to 1.x's",
    intro: 'In one transaction, as drizzle-orm 1.x does it.',
    cases: crossed(IN_UPGRADE, DEADLY),
  },
  {
    title: 'With `--single-transaction`',
    intro: 'The transactional migrations of the same history, all in one.',
    cases: crossed(IN_SINGLE_TRANSACTION, DEADLY),
  },
  {
    title: 'Interrupted',
    intro:
      'The running statement is cancelled and rolled back, and the lock released. Without the network nothing can be cancelled: the run ends all the same, at once at the second signal, and the server ends its session when it notices.',
    cases: INTERRUPTED,
  },
  {
    title: 'Something in the way',
    intro: 'Past its limits the run names who is in the way, and ends with 5.',
    cases: CONTENDED,
  },
  {
    title: 'The server',
    intro:
      'A passing failure to connect is tried again within `--wait`; a session that is lost is never replaced in the middle of a run.',
    ownServer: true,
    cases: SERVER_FAULTS,
  },
];
