import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { normalTransactionRef } from '../domain/reading-key.js';
import { lockSession } from '../persistence/metered-session.repository.js';
import { attachReadings } from '../persistence/reading.repository.js';
import { attachSigned } from '../persistence/signed-reading.repository.js';
import { markCurvesDue } from '../persistence/session-curve.repository.js';
import { CloseEnergy } from './close-energy.js';

/**
 * A message became part of a session that it did not name, by hand or by a start that came after it: the readings it brought are the
 * session's too. Usually told before the end they
 * complete; when it was told after, the energy is closed now. Energy that is closed stays.
 */
@Injectable()
export class AttachReadings {
  constructor(private readonly closeEnergy: CloseEnergy) {}

  async run(tx: Tx, attached: sessions.OrphanAttached, { tenant, occurredAt }: EventMeta): Promise<void> {
    const { stationId, sessionId, transactionRef: toRef, evseNumber } = attached;
    const fromRef = normalTransactionRef(attached.orphanTransactionRef);
    const to = attached.occurredAt ?? occurredAt;
    const from = fromRef === '' ? to : (attached.sessionStartedAt ?? to);
    const attachment = { stationId, fromRef, toRef, evseNumber, from, to };
    await Promise.all([attachReadings(tx, tenant, attachment), attachSigned(tx, tenant, attachment)]);
    const session = await lockSession(tx, tenant, sessionId);
    if (session) await this.closeEnergy.ifComplete(tx, session);
    await markCurvesDue(tx, [{ tenant, sessionId }], occurredAt);
    tx.live('session', sessionId);
  }
}
