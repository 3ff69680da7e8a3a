import { Inject, Injectable } from '@nestjs/common';
import type { billing, metering, sessions } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type EventMeta, type Tx } from '@kilowatch/platform';
import { hasOwnFleetPartner } from '../persistence/partner.repository.js';
import { saveCost, saveEnergy, saveSnapshot } from '../persistence/roaming-session.repository.js';

/** Keeps what partners are told of sessions: nothing of a tenant whose sessions nobody may see (PublishSessions). */
@Injectable()
export class FollowSession {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async snapshot(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    if (!(await hasOwnFleetPartner(tx, meta.tenant))) return;
    const { sessionId, endedAt, locationId, evseId, connectorId, tokenId, tokenType, startMethod } = session;
    await saveSnapshot(tx, meta.tenant, {
      sessionId,
      version: meta.aggregateVersion,
      startedAt: session.startedAt ?? meta.occurredAt,
      endedAt,
      locationId,
      evseUid: evseId,
      connectorId,
      tokenId,
      tokenType,
      startMethod,
      lastUpdated: this.clock.now(),
    });
  }

  async metered(tx: Tx, { sessionId, energyMwh }: metering.SessionMetered, meta: EventMeta): Promise<void> {
    if (!(await hasOwnFleetPartner(tx, meta.tenant))) return;
    await saveEnergy(tx, meta.tenant, { sessionId, energyMwh, lastUpdated: this.clock.now() });
  }

  /** A session that is COMPLETED stays as it is (docs/ocpi-notes.md S1): what a later CDR corrects is in the CDRs alone. */
  async billed(tx: Tx, cdr: billing.Cdr, meta: EventMeta): Promise<void> {
    if (cdr.revision > 1 || !(await hasOwnFleetPartner(tx, meta.tenant))) return;
    const { sessionId, energyMwh, currency, totalExclVat: exclVat, totalInclVat: inclVat } = cdr;
    const cost = { currency, exclVat, inclVat };
    await saveCost(tx, meta.tenant, { sessionId, energyMwh, cost, lastUpdated: this.clock.now() });
  }
}
