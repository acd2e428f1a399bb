import { CompanionError } from '../kernel/errors.ts';
import type { Session } from './session.ts';

/** Refuses a server that replays what another writes, and takes no changes itself. Throws `standby-refused`. */
export function refuseStandby({ facts: { isStandby, identity } }: Session): void {
  if (!isStandby) return;
  throw new CompanionError('standby-refused', {
    message: `${identity.host}:${identity.port} is a standby: it replays what its primary writes, and nothing can be changed here.`,
    hint: 'Put the URL of the primary into MIGRATION_DATABASE_URL, or pass it with --url. What is applied there arrives here.',
    state: ['Nothing was changed.'],
  });
}
