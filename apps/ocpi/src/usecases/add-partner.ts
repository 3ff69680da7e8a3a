import type { Tx } from '@kilowatch/platform';
import { hasOwnFleetPartner, insertPartner, type NewPartner } from '../persistence/partner.repository.js';
import { forgetUnfinished } from '../persistence/roaming-session.repository.js';

/**
 * While nobody may see a tenant's sessions they are not followed (FollowSession): of those kept from before, the ones that were not
 * over may have gone on unseen. They are forgotten, and come back with their next news.
 */
export async function addPartner(tx: Tx, partner: NewPartner): Promise<void> {
  const { tenant, seesOwnFleet } = partner;
  if (seesOwnFleet && !(await hasOwnFleetPartner(tx, tenant))) await forgetUnfinished(tx, tenant);
  await insertPartner(tx, partner);
}
