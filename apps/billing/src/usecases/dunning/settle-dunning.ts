import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Decimal, IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type Tx } from '@kilowatch/platform';
import { chargesOpen, reopen, settle, type DunningCase } from '../../domain/dunning.js';
import { postChargesFromWallet, postChargesWaived } from '../../domain/dunning-ledger.js';
import {
  casesWithCharges,
  findCaseOfInvoice,
  type CaseRecord,
} from '../../persistence/dunning.repository.js';
import { findInvoices, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { insertPosting, walletBalance } from '../../persistence/ledger.repository.js';
import { announceWallet } from '../announce-wallet.js';
import { FindDunning } from './find-dunning.js';
import { KeepCase } from './keep-case.js';

/** What money and credit notes do to cases, in the transaction that books them. */
@Injectable()
export class SettleDunning {
  constructor(
    private readonly keep: KeepCase,
    private readonly settings: FindDunning,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** The invoice is paid, however: its case is over. Charges that are open stay owed. The caller holds the invoice. */
  async paid(tx: Tx, invoice: InvoiceRecord): Promise<void> {
    const held = await this.running(tx, invoice);
    if (held) await this.keep.change(tx, held, settle(held), invoice, { change: 'SETTLED' });
  }

  /** A bank took a payment back: the invoice is owed again. The caller holds it. */
  async owedAgain(tx: Tx, invoice: InvoiceRecord, amount: Decimal): Promise<void> {
    const held = invoice.inDunning ? await findCaseOfInvoice(tx, invoice.tenant, invoice.id) : undefined;
    if (!held || held.state === 'WRITTEN_OFF') return;
    const settings = await this.settings.of(tx, invoice.tenant);
    const next = held.state === 'SETTLED' ? reopen(held, settings, this.clock.now()) : held;
    const lookAt = settings.enabled ? next.lookAt : undefined;
    await this.keep.change(tx, held, { ...next, lookAt }, invoice, { change: 'REOPENED', amount });
  }

  /** Some of the invoice is paid. The caller holds the invoice. */
  async partPaid(
    tx: Tx,
    invoice: InvoiceRecord,
    amount: Decimal,
    change: 'PAYMENT' | 'RECOVERY',
  ): Promise<void> {
    const held = await this.running(tx, invoice);
    if (held) await this.keep.change(tx, held, held, invoice, { change, amount });
  }

  /** The invoice was taken back: its charges were not right either. What was paid of them comes into the wallet, which the caller holds. */
  async takenBack(tx: Tx, invoice: InvoiceRecord): Promise<void> {
    const held = invoice.inDunning ? await findCaseOfInvoice(tx, invoice.tenant, invoice.id) : undefined;
    if (!held) return;
    const over = held.state === 'SETTLED' ? held : await this.over(tx, held, invoice);
    const [open, paid] = [chargesOpen(over), over.chargesPaid];
    if (open.plus(paid).gt('0')) await this.waive(tx, over, invoice, { open, paid });
  }

  private over(tx: Tx, held: CaseRecord, invoice: InvoiceRecord): Promise<CaseRecord> {
    return this.keep.change(tx, held, settle(held), invoice, { change: 'SETTLED', reason: 'taken back' });
  }

  /** Charges are owed no more; `paid` of them come into the wallet, which the caller holds then. */
  async waive(
    tx: Tx,
    held: CaseRecord,
    invoice: InvoiceRecord,
    { open, paid }: { readonly open: Decimal; readonly paid: Decimal },
    by?: { readonly by: string; readonly reason: string },
  ): Promise<CaseRecord> {
    const { tenant, accountId, currency, number } = held;
    const of = { accountId, currency, reference: `${number}/${held.version + 1}` };
    await insertPosting(tx, tenant, postChargesWaived(of, { open, paid }, this.key()));
    if (paid.gt('0')) await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
    const next: DunningCase = {
      ...held,
      chargesPaid: held.chargesPaid.minus(paid),
      chargesWaived: held.chargesWaived.plus(open).plus(paid),
    };
    const amount = open.plus(paid);
    return this.keep.change(tx, held, next, invoice, { change: 'CHARGES_WAIVED', amount, ...by });
  }

  /** Charges of an invoice that money came for. It is booked already. */
  async chargesPaid(
    tx: Tx,
    held: CaseRecord,
    invoice: InvoiceRecord,
    amount: Decimal,
    by?: string,
  ): Promise<void> {
    const next: DunningCase = { ...held, chargesPaid: held.chargesPaid.plus(amount) };
    await this.keep.change(tx, held, next, invoice, { change: 'CHARGES_PAID', amount, by });
  }

  /** Charges that the balance covers, oldest first, none past one that it does not. The caller holds the wallet and has paid invoices. */
  async fromWallet(tx: Tx, tenant: string, accountId: string, currency: string): Promise<void> {
    for (const held of await casesWithCharges(tx, tenant, accountId, currency)) {
      const amount = chargesOpen(held);
      if ((await walletBalance(tx, tenant, { accountId, currency })).lt(amount)) return;
      const movement = { accountId, amount, currency, reference: `${held.number}/${held.version + 1}` };
      await insertPosting(tx, tenant, postChargesFromWallet(movement, this.key()));
      await announceWallet(tx, tenant, { accountId, currency }, this.clock.now());
      const invoice = (await findInvoices(tx, tenant, [held.invoiceId]))[0]!;
      await this.chargesPaid(tx, held, invoice, amount);
    }
  }

  private async running(tx: Tx, invoice: InvoiceRecord): Promise<CaseRecord | undefined> {
    if (!invoice.inDunning) return undefined;
    const held = await findCaseOfInvoice(tx, invoice.tenant, invoice.id);
    return held?.state === 'SETTLED' ? undefined : held;
  }

  private key() {
    return { id: this.ids.newId(), postedAt: this.clock.now() };
  }
}
