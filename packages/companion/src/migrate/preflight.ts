import {
  buildExclusiveHoldersSql,
  buildHiddenSessionsSql,
  buildOldTransactionsSql,
  toCulprit,
} from '../database/culprits.ts';
import { jitter, pause } from '../database/pause.ts';
import { refuseStandby } from '../database/refuse-standby.ts';
import type { Session } from '../database/session.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { isAccepted } from './accept.ts';

/**
 * Refuses a standby. Looks for sessions that would make a migration queue, and everybody else behind it: one that holds
 * AccessExclusiveLock, or a transaction older than the limit (often an orphan whose client died). A lock that is held
 * for a moment only is waited out, as long as `lockTimeoutMs`. Throws `orphan-busy`, naming them.
 * @returns what could not be looked at.
 */
export async function refuseBusyDatabase(
  session: Session,
  settings: MigrateSettings,
  signal: AbortSignal | undefined,
): Promise<readonly Finding[]> {
  refuseStandby(session);
  const deadline = performance.now() + settings.lockTimeoutMs;
  for (;;) {
    const busy = await readBusy(session, settings);
    if (busy === null) return readHidden(session);
    if (busy.code === 'database/old-transaction' || performance.now() >= deadline) throw refusal(busy);
    await pause(jitter(200), signal);
  }
}

type Busy = {
  readonly code: 'database/exclusive-lock' | 'database/old-transaction';
  readonly rows: Parameters<typeof toCulprit>[0][];
};

async function readBusy(session: Session, settings: MigrateSettings): Promise<Busy | null> {
  const [holders, old] = await Promise.all([
    session.query(buildExclusiveHoldersSql()),
    session.query(buildOldTransactionsSql(settings.maxTransactionAgeMs)),
  ]);
  const left = (code: Busy['code'], rows: readonly Busy['rows'][number][]): Busy | null => {
    const open = rows.filter((row) => !isAccepted(settings.accept, code, row[0] ?? undefined));
    return open.length > 0 ? { code, rows: open } : null;
  };
  return left('database/old-transaction', old) ?? left('database/exclusive-lock', holders);
}

function refusal({ code, rows }: Busy): CompanionError {
  const culprits = rows.map(toCulprit);
  const pids = culprits.map((culprit) => culprit.pid);
  const what =
    code === 'database/exclusive-lock'
      ? 'holds AccessExclusiveLock: a migration would queue behind it, and every reader behind the migration'
      : 'has a transaction open for longer than the limit: a client that died, or work that must end first';
  return new CompanionError('orphan-busy', {
    message: `Another session ${what}.`,
    culprits,
    hint: `See what it does; when it is an orphan, end it: ${pids.map((pid) => `SELECT pg_terminate_backend(${pid});`).join(' ')} To go on regardless: --accept ${code}`,
    state: ['Nothing was changed.'],
  });
}

async function readHidden(session: Session): Promise<readonly Finding[]> {
  const [row] = await session.query(buildHiddenSessionsSql());
  const hidden = Number(row?.[0] ?? 0);
  if (hidden === 0) return [];
  const role = quoteIdentifier(session.facts.identity.user);
  return [
    {
      code: 'database/hidden-sessions',
      level: 'info',
      message: `${hidden} session${hidden === 1 ? ' is' : 's are'} of other roles: how long their transactions are open could not be looked at.`,
      hint: `To have them looked at: GRANT pg_read_all_stats TO ${role};`,
      docs: 'docs/findings.md#databasehidden-sessions',
    },
  ];
}
