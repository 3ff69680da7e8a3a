import { Inject, Injectable } from '@nestjs/common';
import { metering, type loadManagement, type sessions } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type EventMeta, type Tx } from '@kilowatch/platform';
import { lookDueAt } from '../domain/look-due.js';
import { askForLook } from '../persistence/judgement.repository.js';
import { activeTransactions, saveConnector, saveLimit } from '../persistence/session.repository.js';
import { saveEnergy } from '../persistence/station-day.repository.js';

/** Keeps what explains or accuses a session beside its own events: limits, connector faults, closed energy. */
@Injectable()
export class FollowSurroundings {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** The next reading is compared with it. */
  async limit(tx: Tx, payload: loadManagement.SessionLimitChanged, meta: EventMeta): Promise<void> {
    const { sessionId, limitMa } = payload;
    await saveLimit(tx, meta.tenant, { sessionId, limitMa, version: meta.aggregateVersion });
  }

  async connector(tx: Tx, payload: sessions.ConnectorStatusChanged, meta: EventMeta): Promise<void> {
    const { stationId, evseNumber, connectorNumber } = payload;
    const faultedAt = payload.status === 'FAULTED' ? meta.occurredAt : undefined;
    const version = meta.aggregateVersion;
    const concernsSession = await saveConnector(tx, meta.tenant, {
      stationId,
      evseNumber,
      connectorNumber,
      faultedAt,
      version,
    });
    if (!concernsSession) return;
    const running = await activeTransactions(tx, meta.tenant, [stationId]);
    const session = running.get(`${stationId}|${evseNumber}`);
    if (!session) return;
    await askForLook(tx, meta.tenant, { sessionId: session.sessionId, dueAt: lookDueAt(this.clock.now()) });
  }

  async energy(tx: Tx, payload: metering.SessionMetered, meta: EventMeta): Promise<void> {
    const { sessionId, energyMwh } = payload;
    const measured = payload.verdict === metering.EnergyVerdict.ENERGY_VERDICT_MEASURED;
    await Promise.all([
      saveEnergy(tx, meta.tenant, { sessionId, energyMwh, measured, version: meta.aggregateVersion }),
      askForLook(tx, meta.tenant, { sessionId, dueAt: lookDueAt(this.clock.now()) }),
    ]);
  }
}
