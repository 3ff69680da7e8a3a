import { Inject, Injectable } from '@nestjs/common';
import {
  assertCurrency,
  invalid,
  isUuid,
  notFound,
  precondition,
  roundMoney,
  type Clock,
  type Decimal,
  type IdSource,
} from '@kilowatch/kernel';
import {
  argsHash,
  CLOCK,
  Database,
  idempotent,
  IDS,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import { chargesOpen } from '../domain/dunning.js';
import { isCreditNote } from '../domain/invoice.js';
import { dateOf } from '../domain/local-date.js';
import { NOTHING_OWED, splitPayment, type OwedParts } from '../domain/payment-split.js';
import { checkReference } from '../domain/top-up.js';
import { findCaseOfInvoice, type CaseRecord } from '../persistence/dunning.repository.js';
import {
  findInvoiceForUpdate,
  findInvoices,
  owedOf,
  type InvoiceRecord,
} from '../persistence/invoice.repository.js';
import { insertInvoicePayment, type InvoicePayment } from '../persistence/invoice-payment.repository.js';
import { lockWallet } from '../persistence/ledger.repository.js';
import { SettleDunning } from './dunning/settle-dunning.js';
import { PayInvoice } from './pay-invoice.js';
import { SELLER, type Seller } from './seller.js';

export interface Transfer {
  readonly invoiceId: string;
  /** Absent: what is owed of the invoice itself. */
  readonly amount?: Decimal | null;
  /** The day it arrived; absent: today. */
  readonly receivedOn?: string | null;
  readonly reference: string;
  readonly idempotencyKey: string;
}

const LARGEST = '1000000';
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Money that arrived for an invoice by bank transfer, in full or in part, also after it was given up. */
@Injectable()
export class RecordTransfer {
  constructor(
    private readonly database: Database,
    private readonly payInvoice: PayInvoice,
    private readonly dunning: SettleDunning,
    @Inject(SELLER) private readonly seller: Seller,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /**
   * Books it once per key: the invoice first, then what its dunning cost, the rest into the wallet, which pays what else is open.
   * PRECONDITION when nothing of it is to be paid, or it was taken back.
   */
  async run(principal: Principal, input: Transfer): Promise<InvoiceRecord> {
    const { tenant } = principal;
    const { invoiceId, reference } = input;
    if (!isUuid(invoiceId)) throw unknownInvoice();
    checkReference(reference);
    const amount = input.amount ?? undefined;
    const receivedOn = this.dayOf(input.receivedOn ?? undefined);
    const request = {
      operation: 'recordTransfer',
      subject: principal.accountId,
      key: input.idempotencyKey,
      argsHash: argsHash({
        invoiceId,
        reference,
        ...(amount ? { amount: amount.toFixed() } : {}),
        ...(input.receivedOn ? { receivedOn } : {}),
      }),
    };
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      await idempotent(tx, request, async () => {
        const known = (await findInvoices(tx, tenant, [invoiceId]))[0];
        if (!known) throw unknownInvoice();
        lockWallet(tx, tenant, known.accountId);
        const invoice = (await findInvoiceForUpdate(tx, tenant, invoiceId))!;
        const dun = invoice.inDunning ? await findCaseOfInvoice(tx, tenant, invoiceId) : undefined;
        const owed = owedParts(invoice, dun);
        const got = checkedAmount(amount ?? owed.invoice.plus(owed.writtenOff), invoice.currency);
        const payment: InvoicePayment = {
          id: this.ids.newId(),
          ...{ invoiceId, accountId: invoice.accountId, currency: invoice.currency, amount: got },
          split: splitPayment(got, owed),
          ...{ reference: reference.trim(), receivedOn, recordedBy: principal.accountId },
          recordedAt: this.clock.now(),
        };
        await this.book(tx, invoice, payment);
        return invoiceId;
      });
      return (await findInvoices(tx, tenant, [invoiceId]))[0]!;
    });
  }

  private async book(tx: Tx, invoice: InvoiceRecord, payment: InvoicePayment): Promise<void> {
    const { tenant, accountId, currency, number, id } = invoice;
    const { split } = payment;
    await insertInvoicePayment(tx, tenant, payment);
    const reference = `${number}/${payment.id}`;
    await this.payInvoice.received(tx, invoice, split, { reference, bank: payment.reference });
    if (split.charges.gt('0')) {
      const dun = (await findCaseOfInvoice(tx, tenant, id))!;
      const now = (await findInvoices(tx, tenant, [id]))[0]!;
      await this.dunning.chargesPaid(tx, dun, now, split.charges, payment.recordedBy);
    }
    if (split.wallet.gt('0')) await this.payInvoice.openInvoices(tx, tenant, accountId, currency);
  }

  private dayOf(text: string | undefined): string {
    const today = dateOf(this.clock.now(), this.seller.timeZone);
    if (text === undefined) return today;
    const isDay = DATE.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);
    if (!isDay || text > today)
      throw invalid('BILLING_RECEIVED_ON', 'Say on which day it arrived, like 2026-03-31: today or before.');
    return text;
  }
}

/** Throws PRECONDITION where nothing can be paid of it. */
function owedParts(invoice: InvoiceRecord, dun: CaseRecord | undefined): OwedParts {
  if (isCreditNote(invoice.document))
    throw precondition('BILLING_INVOICE_IS_CREDIT', 'Nothing is to be paid of a credit note.');
  if (invoice.status === 'CREDITED')
    throw precondition('BILLING_INVOICE_CREDITED', 'This invoice was taken back. Fill the wallet instead.');
  const owed: OwedParts = {
    ...NOTHING_OWED,
    invoice: invoice.status === 'OPEN' ? owedOf(invoice) : NOTHING_OWED.invoice,
    writtenOff: invoice.writtenOff,
    charges: dun ? chargesOpen(dun) : NOTHING_OWED.charges,
  };
  if (invoice.status === 'PAID' && !owed.charges.gt('0'))
    throw precondition('BILLING_INVOICE_PAID', 'This invoice is paid.');
  return owed;
}

function checkedAmount(amount: Decimal, currency: string): Decimal {
  assertCurrency(currency);
  if (!amount.gt('0')) throw invalid('BILLING_AMOUNT', 'The amount must be more than zero.');
  if (amount.gt(LARGEST)) throw invalid('BILLING_AMOUNT', `The amount must be at most ${LARGEST}.`);
  if (!roundMoney(amount, currency).eq(amount))
    throw invalid('BILLING_AMOUNT', 'The amount has more decimals than the currency.');
  return amount;
}

export const unknownInvoice = () => notFound('BILLING_INVOICE', 'There is no such invoice.');
