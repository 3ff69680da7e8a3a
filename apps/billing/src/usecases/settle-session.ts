import { Inject, Injectable } from '@nestjs/common';
import { events, metering } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, counter, type Tx } from '@kilowatch/platform';
import { tariffOfQuote } from '../domain/quote.js';
import { pricesReservations } from '../domain/reservation.js';
import { billStanding } from '../domain/told-driver.js';
import { holdSession, releaseSession, type BilledSession } from '../persistence/billed-session.repository.js';
import { findDecisionsOfSessions, findHoldDecision } from '../persistence/bill-decision.repository.js';
import { findCdrsOfSessions, isBilled } from '../persistence/cdr.repository.js';
import { releaseQuoteOfSession, type QuoteRecord } from '../persistence/quote.repository.js';
import { BillSession } from './bill-session.js';
import { SettleByCard } from './cards/settle-by-card.js';
import { CorrectBill } from './correct-bill.js';
import { LockSessionQuote } from './lock-session-quote.js';
import { sha256 } from './sha256.js';

/** other_driver: it is billed, and told to be somebody else's. */
export type HoldReason = 'no_tariff' | 'energy_disputed' | 'other_driver';

/** The one between them is that of the decision. */
const HELD_VERSIONS: Readonly<Record<HoldReason, number>> = {
  no_tariff: 1,
  energy_disputed: 2,
  other_driver: 4,
};

/**
 * Does whatever is due for a session with what is known of it now: fixes its price, and bills it when it has ended
 * and its energy is closed. Called after every fact, in any order and any number of times, under `lockSettling`.
 */
@Injectable()
export class SettleSession {
  constructor(
    private readonly lockQuote: LockSessionQuote,
    private readonly bill: BillSession,
    private readonly correct: CorrectBill,
    private readonly cards: SettleByCard,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(tx: Tx, session: BilledSession): Promise<void> {
    const { tenant, sessionId, energy, snapshot, reservation } = session;
    if (!snapshot) return;
    const quote = await this.lockQuote.run(tx, tenant, snapshot, reservation);
    // Where nobody said what a reservation costs, one that was not used costs nothing, and leaves no trace.
    if (reservation?.unused && !(quote && pricesReservations(tariffOfQuote(quote, sha256)))) {
      if (quote) await releaseQuoteOfSession(tx, tenant, sessionId);
      return;
    }
    if (!quote) return this.withoutTariff(tx, session);
    if (session.holdReason === 'no_tariff') await releaseSession(tx, tenant, sessionId);
    await this.cards.reserve(tx, tenant, snapshot, quote);
    if (snapshot.status !== 'ENDED' || !energy) return;
    const [decision, billed] = await Promise.all([
      findHoldDecision(tx, tenant, sessionId),
      isBilled(tx, tenant, sessionId),
    ]);
    if (billed) return this.toldAgain(tx, session, quote);
    if (energy.verdict === metering.EnergyVerdict.ENERGY_VERDICT_DISPUTED && !decision) {
      return this.hold(tx, session, 'energy_disputed');
    }
    if (session.holdReason === 'energy_disputed') await releaseSession(tx, tenant, sessionId);
    await this.bill.run(tx, { tenant, snapshot, energy, reservation, quote, decision });
  }

  /** Whose it is may be told after the bill: one of nobody goes to its driver, one that somebody else has is for a person to look at. */
  private async toldAgain(tx: Tx, session: BilledSession, quote: QuoteRecord): Promise<void> {
    const { tenant, sessionId, snapshot } = session;
    const [bill] = await findCdrsOfSessions(tx, tenant, [sessionId]);
    if (!bill || !snapshot) return;
    const standing = billStanding(bill.snapshot, snapshot);
    if (standing !== 'ANOTHERS') {
      if (session.holdReason === 'other_driver') await releaseSession(tx, tenant, sessionId);
      if (standing === 'NOBODYS') await this.correct.toDriver(tx, bill, { snapshot, quote });
      return;
    }
    const decisions = await findDecisionsOfSessions(tx, tenant, [sessionId]);
    // Whoever only corrected the bill has not said whose it is.
    const isLeft = decisions.some(({ stage, kind }) => stage === 'CORRECTION' && kind === 'AS_MEASURED');
    if (!isLeft) await this.hold(tx, session, 'other_driver');
  }

  /** What was waived waits for no tariff. Should there be one yet, it gets its CDR over nothing. */
  private async withoutTariff(tx: Tx, session: BilledSession): Promise<void> {
    const { tenant, sessionId, holdReason } = session;
    if (!(await findHoldDecision(tx, tenant, sessionId))) return this.hold(tx, session, 'no_tariff');
    if (holdReason !== undefined) await releaseSession(tx, tenant, sessionId);
  }

  private async hold(tx: Tx, session: BilledSession, reason: HoldReason): Promise<void> {
    const at = this.clock.now();
    await holdSession(tx, session.tenant, session.sessionId, reason, at);
    if (session.holdReason === reason) return;
    tx.publish(events.billingHeld, {
      aggregateId: session.sessionId,
      aggregateVersion: HELD_VERSIONS[reason],
      occurredAt: at,
      payload: {
        sessionId: session.sessionId,
        accountId: session.snapshot?.accountId ?? '',
        reason,
        doubts: reason === 'energy_disputed' ? [...(session.energy?.deviations ?? [])] : [],
      },
    });
    tx.live('session', session.sessionId);
    tx.afterCommit(() => counter('kw_billing_held_total').inc({ reason }));
  }
}
