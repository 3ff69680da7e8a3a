import { Injectable } from '@nestjs/common';
import { metering, sessions } from '@kilowatch/contracts';
import { isAppError } from '@kilowatch/kernel';
import type { EventMeta, Tx } from '@kilowatch/platform';
import { reservationToBill, type BilledReservation } from '../domain/reservation.js';
import { stored } from '../domain/stored.js';
import {
  dropUnbilled,
  isUsedReservation,
  lockSettling,
  saveReservation,
  saveUnusedReservation,
} from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions, isBilled } from '../persistence/cdr.repository.js';
import { placeOfConnector } from '../persistence/place.repository.js';
import { releaseQuoteOfSession } from '../persistence/quote.repository.js';
import { CorrectBill } from './correct-bill.js';
import { SettleSession } from './settle-session.js';

/** Where nothing is due of these, nothing is: the station or the operator ended it. Told late, after we took it for expired, it is taken back. */
const ENDS_FOR_NOTHING: ReadonlySet<string> = new Set(['REMOVED', 'REFUSED', 'CANCELLED']);
/** Who takes back by itself what turned out otherwise. */
const PLATFORM = 'kilowatch';
const NOTHING = { energyMwh: null, inclVat: null } as const;

/**
 * Takes over what became of a reservation. One that a session used is billed with it; one that nobody used like a session of no energy
 * under its own id, so that invoices, corrections and objections are what they are for any other. What is told late outweighs: billed as
 * unused, it is taken back when a session used it or the station had ended it.
 */
@Injectable()
export class FollowReservation {
  constructor(
    private readonly settle: SettleSession,
    private readonly correct: CorrectBill,
  ) {}

  async run(tx: Tx, change: sessions.ReservationChanged, { tenant, occurredAt }: EventMeta): Promise<void> {
    const { requestedAt, expiresAt, endedAt = occurredAt } = change;
    if (!requestedAt || !expiresAt) return;
    const due = reservationToBill({ ...change, requestedAt, expiresAt, endedAt });
    if (!due && !ENDS_FOR_NOTHING.has(change.status)) return;
    lockSettling(tx, tenant);
    if (!due) return this.takeBack(tx, tenant, change.reservationId, 'It was not the driver who ended it.');
    if (due.unused) await this.unused(tx, tenant, change, due);
    else if (change.sessionId !== '') await this.used(tx, tenant, change.sessionId, due);
  }

  private async unused(
    tx: Tx,
    tenant: string,
    { accountId, connectorId, stationId, evseNumber }: sessions.ReservationChanged,
    due: BilledReservation,
  ): Promise<void> {
    const { reservationId: sessionId, from, to } = due;
    if (await isUsedReservation(tx, tenant, sessionId)) return;
    const place = await placeOfConnector(tx, tenant, connectorId);
    const snapshot = sessions.SessionSnapshot.fromPartial({
      sessionId,
      status: 'ENDED',
      stationId,
      connectorId,
      evseNumber,
      stationIdentity: place?.stationIdentity ?? '',
      locationId: place?.locationId ?? '',
      locationName: place?.locationName ?? '',
      timeZone: place?.timeZone ?? '',
      accountId,
      startMethod: 'COMMAND',
      startedAt: from,
      endedAt: to,
    });
    const { meta: _, ...energy } = metering.SessionMetered.fromPartial({
      sessionId,
      verdict: metering.EnergyVerdict.ENERGY_VERDICT_MEASURED,
    });
    const session = await saveUnusedReservation(tx, tenant, {
      snapshot: stored(snapshot),
      energy: stored(energy),
      reservation: stored(due),
    });
    if (session) await this.settle.run(tx, session);
  }

  private async used(tx: Tx, tenant: string, sessionId: string, due: BilledReservation): Promise<void> {
    await this.takeBack(tx, tenant, due.reservationId, 'The reservation was used after all.');
    const session = await saveReservation(tx, tenant, sessionId, stored(due));
    if (!session?.snapshot) return;
    if (!(await isBilled(tx, tenant, sessionId))) return this.settle.run(tx, session);
    const change = { ...NOTHING, kind: 'AS_MEASURED', reason: 'It began with a reservation.' } as const;
    await this.corrected(tx, tenant, sessionId, change);
  }

  /** What was accepted for it prices no bill of its own any more. */
  private async takeBack(tx: Tx, tenant: string, reservationId: string, reason: string): Promise<void> {
    await releaseQuoteOfSession(tx, tenant, reservationId);
    const [standing] = await findCdrsOfSessions(tx, tenant, [reservationId]);
    if (!standing) return dropUnbilled(tx, tenant, reservationId);
    const change = { ...NOTHING, kind: 'WAIVE', reason } as const;
    await this.corrected(tx, tenant, reservationId, change);
  }

  /** What would change nothing, because it costs nothing, is left as it is. */
  private async corrected(
    tx: Tx,
    tenant: string,
    sessionId: string,
    change: Parameters<CorrectBill['apply']>[3],
  ): Promise<void> {
    try {
      await tx.savepoint(() => this.correct.apply(tx, tenant, sessionId, change, PLATFORM));
    } catch (error) {
      if (!isAppError(error) || error.code !== 'BILLING_NOTHING_CHANGES') throw error;
    }
  }
}
