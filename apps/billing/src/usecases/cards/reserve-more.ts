import { Inject, Injectable } from '@nestjs/common';
import { ZERO, type Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { mayReserveMore } from '../../domain/card-reservation.js';
import { findSessions } from '../../persistence/billed-session.repository.js';
import { isBilled } from '../../persistence/cdr.repository.js';
import { findCard, type Card } from '../../persistence/card.repository.js';
import {
  findPaymentsOfSessions,
  updatePayment,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';
import { CardFunds } from '../card-funds.js';
import { CARD_SETTINGS, type CardSettings } from './card-settings.js';
import { MakePayment } from './make-payment.js';

const SOON_MS = 5_000;

/** Sessions that outlive what was reserved on a card for them, or cost more. */
@Injectable()
export class ReserveMore {
  constructor(
    private readonly make: MakePayment,
    private readonly funds: CardFunds,
    @Inject(CARD_SETTINGS) private readonly settings: CardSettings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Most of it is used: as much again is asked for beside it. False: the card is not asked, it gives no more. */
  async beside(tx: Tx, tenant: string, sessionId: string): Promise<boolean> {
    const all = await this.ofSession(tx, tenant, sessionId);
    const last = all.at(-1);
    if (!last || !mayReserveMore(all)) return false;
    const card = await this.cardOf(tx, last);
    return (
      card !== undefined &&
      this.note(tx, last, card, { amount: this.settings.authorise, part: all.length + 1 })
    );
  }

  /**
   * It runs out: as much is asked for in its place while the session goes on; one without a card any more is stopped while there is
   * something to take. The caller holds the payment.
   */
  async instead(tx: Tx, payment: PaymentRecord): Promise<void> {
    const { tenant, sessionId, id, accountId, amount, currency, authorisedUntil } = payment;
    // Looked at once more when it has run out.
    const renewed = { ...payment, renewed: true, dueAt: authorisedUntil };
    if (sessionId === undefined || (await this.isOver(tx, tenant, sessionId)))
      return updatePayment(tx, renewed);
    const card = await this.cardOf(tx, payment);
    if (!card) {
      await updatePayment(tx, renewed);
      return this.funds.authorised(tx, tenant, { sessionId, accountId, asked: { amount: ZERO, currency } });
    }
    const all = await this.ofSession(tx, tenant, sessionId);
    const isNoted = await this.note(tx, payment, card, { amount, part: all.length + 1, renews: id });
    // Something else asked for more at the same moment, and has this number.
    const soon = new Date(this.clock.now().getTime() + SOON_MS);
    await updatePayment(tx, isNoted ? renewed : { ...payment, dueAt: soon });
  }

  private async isOver(tx: Tx, tenant: string, sessionId: string): Promise<boolean> {
    const [session] = await findSessions(tx, tenant, [sessionId]);
    return session?.snapshot?.status === 'ENDED' || Boolean(await isBilled(tx, tenant, sessionId));
  }

  private async cardOf(tx: Tx, { tenant, accountId, cardId }: PaymentRecord): Promise<Card | undefined> {
    return (await this.make.cardOf(tx, tenant, accountId)) ?? (await findCard(tx, tenant, cardId));
  }

  private async ofSession(tx: Tx, tenant: string, sessionId: string): Promise<PaymentRecord[]> {
    const all = await findPaymentsOfSessions(tx, tenant, [sessionId]);
    return all.filter(({ purpose }) => purpose === 'SESSION');
  }

  private async note(
    tx: Tx,
    { tenant, sessionId, currency }: PaymentRecord,
    card: Card,
    more: Pick<PaymentRecord, 'amount' | 'part'> & { readonly renews?: string },
  ): Promise<boolean> {
    const wanted = { tenant, purpose: 'SESSION', card, currency, sessionId, ...more } as const;
    return (await this.make.note(tx, wanted)) !== undefined;
  }
}
