import { Inject, Injectable } from '@nestjs/common';
import { unavailable, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, LOGGER, SYSTEM_SCOPE, type Logger, type Tx } from '@kilowatch/platform';
import { postCardFee, postPayout, postPayoutFailed } from '../../domain/card-ledger.js';
import { sharesOf, type PayoutPart, type PayoutShare } from '../../domain/provider-payout.js';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import { insertPosting } from '../../persistence/ledger.repository.js';
import { tenantsOfPayments } from '../../persistence/payment.repository.js';
import {
  findPayoutShares,
  insertPayout,
  setPayoutState,
  type ProviderPayoutRecord,
} from '../../persistence/provider-payout.repository.js';
import { noteWebhook } from '../../persistence/webhook-inbox.repository.js';
import { CARD_SETTINGS, type CardSettings } from './card-settings.js';
import {
  PAYMENT_PROVIDER,
  type PaymentProvider,
  type ProviderEvent,
  type ProviderPayout,
} from './payment-provider.js';

/**
 * What the provider paid into the bank, booked to the tenants whose payments are in it; all of them in one transaction, once, however
 * often and in whatever order it is told that it was paid and that it failed.
 */
@Injectable()
export class RecordPayout {
  constructor(
    private readonly database: Database,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CARD_SETTINGS) private readonly settings: CardSettings,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** False: the event was seen before. Throws UNAVAILABLE when the provider does not tell now what is in it. */
  async run(event: ProviderEvent, payout: ProviderPayout): Promise<boolean> {
    const shares = await this.shares(payout);
    return this.database.transaction(SYSTEM_SCOPE, async (tx) => {
      const { payoutTenant } = this.settings;
      const tenants = new Set([payoutTenant, ...shares.map(({ tenant }) => tenant)]);
      // Always in one order: two payouts at a time must not wait for each other.
      for (const tenant of [...tenants].sort()) lockSettling(tx, tenant);
      if (!(await noteWebhook(tx, payoutTenant, event, this.clock.now()))) return false;
      const held = await findPayoutShares(tx, payout.ref);
      if (held.length === 0) await this.keep(tx, payout, shares);
      else if (payout.state === 'FAILED') await this.fail(tx, held);
      return true;
    });
  }

  private async shares({ ref, amount, automatic }: ProviderPayout): Promise<PayoutShare[]> {
    const parts = automatic ? await this.parts(ref) : [];
    const refs = [...new Set(parts.flatMap(({ paymentRef }) => paymentRef ?? []))];
    const owners = await this.database.read(SYSTEM_SCOPE, (tx) => tenantsOfPayments(tx, refs));
    return sharesOf(amount, parts, owners, this.settings.payoutTenant);
  }

  private async parts(ref: string): Promise<readonly PayoutPart[]> {
    const answer = await this.provider.payoutParts(ref);
    if (answer.kind === 'DONE') return answer.value;
    if (answer.kind === 'UNKNOWN') {
      throw unavailable(
        'BILLING_PAYMENT_PROVIDER',
        'The payment provider cannot be asked now. Try again later.',
      );
    }
    this.log.warn(
      { payout: ref, code: answer.code },
      'the payment provider does not tell what is in a payout',
    );
    return [];
  }

  /** One that failed before we heard that it was paid is kept, so that it is never booked. */
  private async keep(tx: Tx, payout: ProviderPayout, shares: readonly PayoutShare[]): Promise<void> {
    const { ref, currency, state, amount: payoutAmount } = payout;
    for (const { costs, ...share } of shares) {
      const record: ProviderPayoutRecord = {
        ...share,
        ...{ id: this.ids.newId(), ref, currency, state, payoutAmount, toldAt: this.clock.now() },
      };
      if (!(await insertPayout(tx, record)) || state === 'FAILED') continue;
      const money = { currency, provider: this.provider.name, reference: ref };
      await insertPosting(tx, share.tenant, postPayout(money, share.amount, this.key()));
      if (!costs.eq('0')) await insertPosting(tx, share.tenant, postCardFee(money, costs, this.key()));
    }
  }

  /** The provider holds the money again; what its costs were stays. */
  private async fail(tx: Tx, shares: readonly ProviderPayoutRecord[]): Promise<void> {
    for (const share of shares) {
      if (share.state === 'FAILED') continue;
      const { tenant, ref: reference, currency, amount } = share;
      await setPayoutState(tx, share, 'FAILED');
      const money = { currency, provider: this.provider.name, reference };
      await insertPosting(tx, tenant, postPayoutFailed(money, amount, this.key()));
    }
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}
