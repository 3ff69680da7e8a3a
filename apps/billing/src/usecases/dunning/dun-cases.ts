import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { collect, heldToday, nextStep, planned, resume, sendLetter } from '../../domain/dunning.js';
import { postCharges } from '../../domain/dunning-ledger.js';
import type { DunningSettings } from '../../domain/dunning-settings.js';
import { dateOf } from '../../domain/local-date.js';
import {
  dueCases,
  findCaseOfInvoice,
  lookLater,
  type CaseRecord,
  type DueCase,
} from '../../persistence/dunning.repository.js';
import { findInvoices, owedOf, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { isHeldBack } from '../../persistence/invoice-debt.repository.js';
import { insertPosting } from '../../persistence/ledger.repository.js';
import { FindDunning } from './find-dunning.js';
import { KeepCase } from './keep-case.js';
import { WriteOff } from './write-off.js';

const AGAIN_MS = 10 * 60_000;

/** Who asked for a letter before its day. */
export interface ByHand {
  readonly by: string;
  readonly reason: string;
}

/** Looks at the cases whose day has come: the next letter, or what follows the last one. */
@Injectable()
export class DunCases implements DueWorkDefinition<DueCase> {
  readonly name = 'dun-cases';
  readonly intervalMs = 1_000;
  readonly limit = 50;

  constructor(
    private readonly settings: FindDunning,
    private readonly keep: KeepCase,
    private readonly writeOff: WriteOff,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<DueCase[]> {
    return dueCases(tx, now, limit);
  }

  async run(tx: Tx, { tenant, invoiceId }: DueCase, now: Date): Promise<void> {
    const held = await findCaseOfInvoice(tx, tenant, invoiceId);
    // Somebody else has been here between the look for it and now.
    if (!held?.lookAt || held.lookAt > now) return;
    const settings = await this.settings.of(tx, tenant);
    const invoice = (await findInvoices(tx, tenant, [invoiceId]))[0]!;
    if (held.state === 'PAUSED') {
      const reason = 'the pause is over';
      await this.keep.change(tx, held, resume(held, settings, now), invoice, { change: 'RESUMED', reason });
      return;
    }
    if (!settings.enabled) return this.keep.postpone(tx, held, { ...held, lookAt: undefined });
    const step = nextStep(held, settings);
    const today = dateOf(now, settings.timeZone);
    // Other settings than it was planned by, or the days of a pause.
    const plan = planned(held, settings);
    if (!step || step.on > today || (plan.lookAt && plan.lookAt > now)) {
      return this.keep.postpone(tx, held, plan);
    }
    if (await this.waits(tx, settings, invoice)) {
      return this.keep.postpone(tx, held, heldToday(held, now, settings));
    }
    if (step.kind === 'LETTER') await this.letter(tx, held, settings, invoice, now);
    else if (step.end === 'COLLECTION')
      await this.keep.change(tx, held, collect(held), invoice, { change: 'COLLECTION' });
    else await this.writeOff.run(tx, held, invoice, { reason: 'no letter was answered' });
  }

  failed(tx: Tx, due: DueCase, _error: unknown, now: Date): Promise<void> {
    return lookLater(tx, due, new Date(now.getTime() + AGAIN_MS));
  }

  /** The next letter, with its fee and interest. The caller holds the invoice and has made sure that there is a next one. */
  async letter(
    tx: Tx,
    held: CaseRecord,
    settings: DunningSettings,
    invoice: InvoiceRecord,
    now: Date,
    byHand?: ByHand,
  ): Promise<CaseRecord> {
    const { tenant, accountId, currency, number } = held;
    const { next, charges } = sendLetter(held, settings, { owed: owedOf(invoice), currency }, now);
    if (charges.fee.plus(charges.interest).gt('0')) {
      const key = { id: this.ids.newId(), postedAt: this.clock.now() };
      const reference = `${number}/${next.level}`;
      await insertPosting(tx, tenant, postCharges({ accountId, currency, reference }, charges, key));
    }
    return this.keep.change(tx, held, next, invoice, { change: 'LETTER', charges, ...byHand });
  }

  /** Nothing is asked for today: it is disputed, a card is being asked, or it is too little. */
  private async waits(tx: Tx, settings: DunningSettings, invoice: InvoiceRecord): Promise<boolean> {
    if (invoice.currency === settings.currency && owedOf(invoice).lt(settings.smallest)) return true;
    return isHeldBack(tx, invoice.tenant, invoice.id);
  }
}
