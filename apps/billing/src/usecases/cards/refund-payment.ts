import { Inject, Injectable } from '@nestjs/common';
import {
  invalid,
  isUuid,
  precondition,
  roundMoney,
  storableText,
  ZERO,
  type Decimal,
  type IdSource,
} from '@kilowatch/kernel';
import { argsHash, CLOCK, Database, idempotent, IDS, tenantScope, type Principal } from '@kilowatch/platform';
import type { Clock } from '@kilowatch/kernel';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import { lockWallet, walletBalance } from '../../persistence/ledger.repository.js';
import { findPaymentForUpdate } from '../../persistence/payment.repository.js';
import { announceWallet } from '../announce-wallet.js';
import { refundable, RefundToCard } from './refund-to-card.js';
import { unknownPayment } from './view-payments.js';

export interface RefundInput {
  readonly paymentId: string;
  readonly amount: Decimal;
  readonly reason: string;
  readonly idempotencyKey: string;
}

const LONGEST_REASON = 500;

/**
 * Gives money back to a card without a credit note, by an operator: of a top-up out of the wallet, of a bill as goodwill, which is our
 * cost. A bill that was wrong is corrected instead (`correctBill`), and gives its money back by itself.
 */
@Injectable()
export class RefundPayment {
  constructor(
    private readonly database: Database,
    private readonly refunds: RefundToCard,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Answers with the id of the payment; once per key. */
  async run(principal: Principal, input: RefundInput): Promise<string> {
    const { tenant, accountId: requestedBy } = principal;
    const { paymentId, amount } = input;
    if (!isUuid(paymentId)) throw unknownPayment();
    const reason = storableText(input.reason).trim();
    if (reason === '' || reason.length > LONGEST_REASON) {
      throw invalid('BILLING_REASON', `The reason has 1 to ${LONGEST_REASON} characters.`);
    }
    const request = {
      operation: 'refundPayment',
      subject: requestedBy,
      key: input.idempotencyKey,
      argsHash: argsHash({ paymentId, amount: amount.toFixed(), reason }),
    };
    return this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => {
        lockSettling(tx, tenant);
        const payment = await findPaymentForUpdate(tx, tenant, paymentId);
        if (!payment) throw unknownPayment();
        const { accountId, currency, purpose } = payment;
        if (!amount.gt('0') || !roundMoney(amount, currency).eq(amount)) {
          throw invalid(
            'BILLING_AMOUNT',
            'The amount must be more than zero, in whole units of the currency.',
          );
        }
        const room = (await refundable(tx, tenant, [payment])).get(paymentId) ?? ZERO;
        if (amount.gt(room)) {
          throw precondition('BILLING_REFUND_AMOUNT', 'There is not so much of this payment to give back.');
        }
        const owed = { tenant, amount, reference: this.ids.newId(), reason, requestedBy };
        if (purpose !== 'TOP_UP') {
          await this.refunds.ofPayment(tx, payment, owed, 'GOODWILL');
          return paymentId;
        }
        lockWallet(tx, tenant, accountId);
        if ((await walletBalance(tx, tenant, { accountId, currency })).lt(amount)) {
          throw precondition('BILLING_WALLET_SPENT', 'There is not so much left in the wallet.');
        }
        await this.refunds.ofPayment(tx, payment, owed, 'WALLET');
        await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
        return paymentId;
      }),
    );
  }
}
