import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toWire, unavailable, ZERO, type Clock, type Decimal, type IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, Database, IDS, tenantScope, type Tx } from '@kilowatch/platform';
import { postCardFee, postChargeback, postChargebackReturned } from '../../domain/card-ledger.js';
import {
  changeOf,
  isUndecided,
  lookAfter,
  remindAt,
  splitReturned,
  splitTaken,
  type ChargebackChange,
  type ChargebackSeen,
} from '../../domain/chargeback.js';
import { lockSettling } from '../../persistence/billed-session.repository.js';
import {
  findChargebackByRef,
  insertChargeback,
  updateChargeback,
  type ChargebackRecord,
} from '../../persistence/chargeback.repository.js';
import { findInvoiceForUpdate, owedOf, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { insertPosting, lockWallet, walletBalance } from '../../persistence/ledger.repository.js';
import { findPaymentForUpdate, type PaymentRecord } from '../../persistence/payment.repository.js';
import {
  noteWebhook,
  setWebhookOutcome,
  type WebhookOutcome,
} from '../../persistence/webhook-inbox.repository.js';
import { announceWallet } from '../announce-wallet.js';
import { PayInvoice } from '../pay-invoice.js';
import { ApplyObservation } from './apply-observation.js';
import {
  PAYMENT_PROVIDER,
  type Answer,
  type PaymentProvider,
  type ProviderChargeback,
  type ProviderEvent,
} from './payment-provider.js';

/**
 * What became of a chargeback, booked once whatever is told how often and in which order: what is true is read at the provider, before the
 * transaction, and only the difference to what is booked has an effect. An answer that was asked for before the one that is kept is
 * not looked at: whatever is true since is told by another event, or found by the next look.
 */
@Injectable()
export class RecordChargeback {
  constructor(
    private readonly database: Database,
    private readonly apply: ApplyObservation,
    private readonly payInvoice: PayInvoice,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Something about it is new. Throws UNAVAILABLE when the provider does not tell now what is true. */
  async told(
    event: ProviderEvent,
    about: { readonly ref: string; readonly paymentRef: string },
  ): Promise<WebhookOutcome | 'SEEN'> {
    if (about.paymentRef === '') return 'IGNORED';
    const readAt = this.clock.now();
    const paid = known(await this.provider.read(about.paymentRef));
    const owner = paid?.owner;
    const seen = owner && known(await this.provider.readChargeback(about.ref));
    if (!paid || !owner || !seen) return 'IGNORED';
    const { tenant, id } = owner;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockSettling(tx, tenant);
      if (!(await noteWebhook(tx, tenant, event, this.clock.now()))) return 'SEEN';
      const payment = await findPaymentForUpdate(tx, tenant, id);
      if (!payment) {
        await setWebhookOutcome(tx, tenant, event.id, 'UNKNOWN_OBJECT');
        return 'UNKNOWN_OBJECT';
      }
      // It may be charged back before we heard that it was paid.
      await this.apply.run(tx, payment, paid);
      await this.run(tx, payment, seen, readAt);
      return 'APPLIED';
    });
  }

  /** The caller is alone with the tenant's sessions and holds the payment, of which all that was taken is booked. */
  async run(tx: Tx, payment: PaymentRecord, seen: ProviderChargeback, readAt: Date): Promise<void> {
    const { tenant, accountId } = payment;
    lockWallet(tx, tenant, accountId);
    const held = await findChargebackByRef(tx, tenant, seen.ref);
    if (held && held.readAt > readAt) return;
    const now = this.clock.now();
    const invoice = await this.apply.invoiceOf(tx, payment);
    const before = held ?? this.opened(payment, seen, now);
    const change = changeOf(held, seen);
    const version = held ? held.version + (change ? 1 : 0) : 1;
    const booked = await this.book(tx, payment, { ...before, version }, seen, invoice);
    const decided = isUndecided(seen.state) ? undefined : (before.closedAt ?? now);
    const next: ChargebackRecord = {
      ...booked,
      ...facts(seen),
      invoiceId: invoice?.id,
      closedAt: decided,
      readAt,
      updatedAt: change ? now : before.updatedAt,
    };
    await this.keep(tx, held, next, change, now);
    if (booked.withdrawn.lt(before.withdrawn) || seen.state === 'LOST') {
      await this.payInvoice.openInvoices(tx, tenant, accountId, payment.currency);
    }
  }

  /** Somebody is told that evidence is wanted, when it is time; `held` with all that is kept. */
  async remind(tx: Tx, held: ChargebackRecord, now: Date): Promise<ChargebackRecord> {
    const at = remindAt(held);
    if (!at || at > now) return held;
    const reminded = { ...held, remindedAt: now, version: held.version + 1, updatedAt: now };
    this.announce(tx, reminded, undefined, 'EVIDENCE_DUE');
    return reminded;
  }

  private async keep(
    tx: Tx,
    held: ChargebackRecord | undefined,
    next: ChargebackRecord,
    change: ChargebackChange | undefined,
    now: Date,
  ): Promise<void> {
    const invoice =
      change && next.invoiceId ? await findInvoiceForUpdate(tx, next.tenant, next.invoiceId) : undefined;
    if (change) this.announce(tx, next, invoice, change);
    const reminded = held ? await this.remind(tx, next, now) : next;
    const kept = { ...reminded, lookAt: lookAfter(reminded, now) };
    await (held ? updateChargeback(tx, kept) : insertChargeback(tx, kept));
    if (change && kept.sessionId !== undefined) tx.live('session', kept.sessionId);
  }

  private opened(payment: PaymentRecord, seen: ProviderChargeback, now: Date): ChargebackRecord {
    const { tenant, id: paymentId, accountId, sessionId } = payment;
    return {
      ...{ tenant, id: this.ids.newId(), ref: seen.ref, paymentId, accountId, sessionId },
      ...{ ...facts(seen), withdrawn: ZERO, fee: ZERO, claim: ZERO, currency: payment.currency },
      ...{ invoiceId: undefined, readAt: now, lookAt: undefined, remindedAt: undefined },
      ...{ openedAt: now, closedAt: undefined, updatedAt: now, version: 1 },
    };
  }

  /** The difference between what is true and what is in the books. */
  private async book(
    tx: Tx,
    payment: PaymentRecord,
    held: ChargebackRecord,
    seen: ChargebackSeen,
    invoice: InvoiceRecord | undefined,
  ): Promise<ChargebackRecord> {
    const { tenant, accountId, currency } = payment;
    const reference = `${held.id}/${held.version}`;
    const money = { accountId, currency, provider: this.provider.name, reference };
    const fee = seen.fee.minus(held.fee);
    if (!fee.eq('0')) {
      // By the payment's name: the fee belongs to the station whose session was paid (revenue).
      const of = { ...money, reference: `${payment.id}/${reference}` };
      await insertPosting(tx, tenant, postCardFee(of, fee, this.key()));
    }
    const taken = seen.withdrawn.minus(held.withdrawn);
    if (taken.eq('0')) return { ...held, fee: seen.fee };
    const claim = taken.gt('0')
      ? await this.taken(tx, payment, money, taken, invoice)
      : await this.returned(tx, money, tenant, { amount: taken.neg(), claim: held.claim }, invoice);
    return { ...held, fee: seen.fee, withdrawn: seen.withdrawn, claim: held.claim.plus(claim) };
  }

  /** Answers with what is owed beside invoices now. */
  private async taken(
    tx: Tx,
    { tenant, purpose }: PaymentRecord,
    money: Parameters<typeof postChargeback>[0],
    amount: Decimal,
    invoice: InvoiceRecord | undefined,
  ): Promise<Decimal> {
    const wallet = { accountId: money.accountId, currency: money.currency };
    const stands = invoice?.status === 'OPEN' || invoice?.status === 'PAID' ? invoice : undefined;
    const parts = splitTaken(amount, {
      invoice: stands?.cardPaid ?? ZERO,
      wallet: purpose === 'TOP_UP' ? await walletBalance(tx, tenant, wallet) : ZERO,
    });
    await insertPosting(tx, tenant, postChargeback(money, parts, this.key()));
    if (stands && parts.invoice.gt('0')) await this.payInvoice.takenBack(tx, stands, parts.invoice);
    if (parts.wallet.gt('0')) await announceWallet(tx, tenant, wallet, this.clock.now());
    tx.afterCommit(() => counter('kw_chargebacks_total').inc({ change: 'WITHDRAWN' }));
    return parts.claim;
  }

  private async returned(
    tx: Tx,
    money: Parameters<typeof postChargeback>[0],
    tenant: string,
    { amount, claim }: { readonly amount: Decimal; readonly claim: Decimal },
    invoice: InvoiceRecord | undefined,
  ): Promise<Decimal> {
    const open = invoice?.status === 'OPEN' ? invoice : undefined;
    const parts = splitReturned(amount, { claim, invoice: open ? owedOf(open) : ZERO });
    await insertPosting(tx, tenant, postChargebackReturned(money, parts, this.key()));
    if (open && parts.invoice.gt('0')) await this.payInvoice.byCard(tx, open, parts.invoice);
    if (parts.wallet.gt('0')) await announceWallet(tx, tenant, money, this.clock.now());
    tx.afterCommit(() => counter('kw_chargebacks_total').inc({ change: 'REINSTATED' }));
    return parts.claim.neg();
  }

  private announce(
    tx: Tx,
    one: ChargebackRecord,
    invoice: InvoiceRecord | undefined,
    change: ChargebackChange,
  ): void {
    const wire = (amount: Decimal) => toWire({ amount, currency: one.currency });
    const open = invoice?.status === 'OPEN' ? owedOf(invoice) : ZERO;
    tx.publish(events.chargebackChanged, {
      aggregateId: one.id,
      aggregateVersion: one.version,
      occurredAt: one.updatedAt,
      payload: {
        chargebackId: one.id,
        reference: one.ref,
        paymentId: one.paymentId,
        accountId: one.accountId,
        sessionId: one.sessionId ?? '',
        invoiceId: one.invoiceId ?? '',
        invoiceNumber: invoice?.number ?? '',
        change,
        state: one.state,
        reason: one.reason,
        amount: wire(one.amount),
        withdrawn: wire(one.withdrawn),
        fee: wire(one.fee),
        evidenceDueAt: one.evidenceDueAt,
        owed: wire(open.plus(one.claim)),
      },
    });
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}

function facts({ state, amount, reason, evidenceDueAt, evidenceSent }: ChargebackSeen) {
  return { state, amount, reason, evidenceDueAt, evidenceSent };
}

/** Undefined: the provider says that there is no such thing. Throws UNAVAILABLE where it says nothing. */
function known<T>(answer: Answer<T>): T | undefined {
  if (answer.kind === 'UNKNOWN') {
    throw unavailable(
      'BILLING_PAYMENT_PROVIDER',
      'The payment provider cannot be asked now. Try again later.',
    );
  }
  return answer.kind === 'DONE' ? answer.value : undefined;
}
