import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '@kilowatch/platform';
import { mayReserveMore } from '../../domain/card-reservation.js';
import { findSessions } from '../../persistence/billed-session.repository.js';
import { isBilled } from '../../persistence/cdr.repository.js';
import { findCard } from '../../persistence/card.repository.js';
import {
  findPaymentsOfSessions,
  updatePayment,
  type PaymentRecord,
} from '../../persistence/payment.repository.js';
import { CARD_SETTINGS, type CardSettings } from './card-settings.js';
import { MakePayment } from './make-payment.js';

/** Sessions that outlive what was reserved on a card for them, or cost more. */
@Injectable()
export class ReserveMore {
  constructor(
    private readonly make: MakePayment,
    @Inject(CARD_SETTINGS) private readonly settings: CardSettings,
  ) {}

  /** Most of it is used: as much again is asked for beside it. False: the card is not asked, it gives no more. */
  async beside(tx: Tx, tenant: string, sessionId: string): Promise<boolean> {
    const all = await this.ofSession(tx, tenant, sessionId);
    if (!mayReserveMore(all)) return false;
    return this.note(tx, all.at(-1)!, { amount: this.settings.authorise, part: all.length + 1 });
  }

  /** It runs out: as much is asked for in its place while the session goes on. The caller holds the payment. */
  async instead(tx: Tx, payment: PaymentRecord): Promise<void> {
    const { tenant, sessionId, id, amount } = payment;
    // Looked at once more when it has run out.
    await updatePayment(tx, { ...payment, renewed: true, dueAt: payment.authorisedUntil });
    if (sessionId === undefined) return;
    const [session] = await findSessions(tx, tenant, [sessionId]);
    const isOver = session?.snapshot?.status === 'ENDED' || (await isBilled(tx, tenant, sessionId));
    if (isOver) return;
    const all = await this.ofSession(tx, tenant, sessionId);
    await this.note(tx, payment, { amount, part: all.length + 1, renews: id });
  }

  private async ofSession(tx: Tx, tenant: string, sessionId: string): Promise<PaymentRecord[]> {
    const all = await findPaymentsOfSessions(tx, tenant, [sessionId]);
    return all.filter(({ purpose }) => purpose === 'SESSION');
  }

  private async note(
    tx: Tx,
    { tenant, sessionId, accountId, cardId, currency }: PaymentRecord,
    more: Pick<PaymentRecord, 'amount' | 'part'> & { readonly renews?: string },
  ): Promise<boolean> {
    const card = (await this.make.cardOf(tx, tenant, accountId)) ?? (await findCard(tx, tenant, cardId));
    if (!card) return false;
    const wanted = { tenant, purpose: 'SESSION', card, currency, sessionId, ...more } as const;
    return (await this.make.note(tx, wanted)) !== undefined;
  }
}
