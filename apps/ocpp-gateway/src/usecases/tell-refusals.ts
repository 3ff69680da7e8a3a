import { events } from '@kilowatch/contracts';
import { groupBy, type IdSource } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { isAboutIdentity } from '../domain/refusal-advice.js';
import type { ConnectionAttempt } from '../persistence/connection-attempt.repository.js';

/** Of one tenant in one event. */
const MOST_REFUSED = 100;
/** A stranger may write any tenant into an address: no more of them are told at a time. */
const MOST_TENANTS = 5;

/**
 * Tells of connections that were refused because of who they said they were, with the write of the journal: paced and gathered as that
 * is, so that whoever knocks without end makes a few events a second. Returns how many went untold.
 */
export function tellRefusals(
  tx: Tx,
  attempts: readonly ConnectionAttempt[],
  { ids, firstTenant }: { readonly ids: IdSource; readonly firstTenant: string },
): number {
  const refused = attempts.filter(
    ({ outcome, reason, httpStatus }) => outcome === 'REFUSED' && isAboutIdentity(reason, httpStatus),
  );
  const tenants = [...groupBy(refused, ({ tenant }) => tenant)].sort(
    ([a, ofA], [b, ofB]) => Number(b === firstTenant) - Number(a === firstTenant) || ofB.length - ofA.length,
  );
  let told = 0;
  for (const [tenant, all] of tenants.slice(0, MOST_TENANTS)) {
    const some = all.slice(0, MOST_REFUSED);
    told += some.length;
    tx.publish(events.connectionsRefused, {
      tenant,
      aggregateId: ids.newId(),
      aggregateVersion: 1,
      occurredAt: some.at(-1)!.lastAt,
      payload: {
        refused: some.map(({ attemptId, at, times, identity, reason, remoteIp }) => ({
          attemptId,
          at,
          times,
          identity,
          reason,
          remoteIp,
        })),
      },
    });
  }
  return refused.length - told;
}
