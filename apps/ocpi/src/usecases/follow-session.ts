import { Inject, Injectable } from '@nestjs/common';
import type { billing, metering, sessions } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type EventMeta, type Tx } from '@kilowatch/platform';
import { saveCost, saveEnergy, saveSnapshot } from '../persistence/roaming-session.repository.js';

/** Keeps what partners are told of sessions. */
@Injectable()
export class FollowSession {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  snapshot(tx: Tx, session: sessions.SessionSnapshot, meta: EventMeta): Promise<void> {
    const { sessionId, endedAt, locationId, evseId, connectorId, tokenId, tokenType, startMethod } = session;
    const startedAt = session.startedAt ?? meta.occurredAt;
    const known = {
      sessionId,
      startedAt,
      endedAt,
      locationId,
      evseUid: evseId,
      connectorId,
      tokenId,
      tokenType,
      startMethod,
    };
    return saveSnapshot(tx, meta.tenant, meta.aggregateVersion, known, this.clock.now());
  }

  metered(tx: Tx, metered: metering.SessionMetered, meta: EventMeta): Promise<void> {
    return saveEnergy(tx, meta.tenant, metered.sessionId, metered.energyMwh, this.clock.now());
  }

  billed(tx: Tx, cdr: billing.Cdr, meta: EventMeta): Promise<void> {
    const cost = { currency: cdr.currency, exclVat: cdr.totalExclVat, inclVat: cdr.totalInclVat };
    return saveCost(tx, meta.tenant, cdr.sessionId, cdr.energyMwh, cost, this.clock.now());
  }
}
