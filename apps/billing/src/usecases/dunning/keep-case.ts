import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { toWire, ZERO, type Clock, type Decimal } from '@kilowatch/kernel';
import { CLOCK, counter, type Tx } from '@kilowatch/platform';
import { chargesOpen, isBlocking, type Charges, type DunningCase } from '../../domain/dunning.js';
import { lastDayToPay } from '../../domain/due-date.js';
import { dateOf } from '../../domain/local-date.js';
import { nudgeFunds } from '../../persistence/account-funds.repository.js';
import {
  insertCase,
  insertEntry,
  updateCase,
  type CaseRecord,
  type DunningChange,
} from '../../persistence/dunning.repository.js';
import { owedOf, type InvoiceRecord } from '../../persistence/invoice.repository.js';
import { FindDunning } from './find-dunning.js';

/** What happened to a case. */
export interface CaseNote {
  readonly change: DunningChange;
  readonly charges?: Charges;
  /** Paid, recovered, waived or given up. */
  readonly amount?: Decimal;
  /** Absent: it came by itself. */
  readonly by?: string | undefined;
  readonly reason?: string;
}

const NO_CHARGES: Charges = { fee: ZERO, interest: ZERO };

/** Cases with their history and event, in the caller's transaction. The caller holds the invoice. */
@Injectable()
export class KeepCase {
  constructor(
    private readonly settings: FindDunning,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async open(tx: Tx, record: CaseRecord, invoice: InvoiceRecord): Promise<void> {
    await insertCase(tx, record);
    await this.tell(tx, record, invoice, { change: 'OPENED' });
  }

  /** The case as it is from now on. `invoice` as it is from now on, too. */
  async change(
    tx: Tx,
    held: CaseRecord,
    next: DunningCase,
    invoice: InvoiceRecord,
    note: CaseNote,
  ): Promise<CaseRecord> {
    const record = { ...held, ...next, version: held.version + 1, updatedAt: this.clock.now() };
    await updateCase(tx, record);
    if (isBlocking(held) !== isBlocking(record)) await nudgeFunds(tx, held.tenant, held.accountId);
    await this.tell(tx, record, invoice, note);
    return record;
  }

  /** Looked at, and nothing happened. */
  postpone(tx: Tx, held: CaseRecord, next: DunningCase): Promise<void> {
    return updateCase(tx, { ...held, ...next });
  }

  private async tell(tx: Tx, record: CaseRecord, invoice: InvoiceRecord, note: CaseNote): Promise<void> {
    const { tenant, id, state, level, currency, version, updatedAt: at } = record;
    const { change, charges = NO_CHARGES, amount = ZERO, by, reason = '' } = note;
    const owed = invoice.status === 'OPEN' ? owedOf(invoice) : ZERO;
    const entry = { version, at, change, state, level, owed, ...charges, amount, by, reason };
    await insertEntry(tx, tenant, id, entry);
    const { instructions, timeZone } = await this.settings.of(tx, tenant);
    tx.publish(events.dunningCaseChanged, {
      aggregateId: id,
      aggregateVersion: version,
      occurredAt: at,
      payload: {
        caseId: id,
        invoiceId: record.invoiceId,
        invoiceNumber: record.number,
        accountId: record.accountId,
        change,
        state,
        level,
        owed: toWire({ amount: owed, currency }),
        charges: toWire({ amount: chargesOpen(record), currency }),
        blocks: isBlocking(record),
        dueAt: invoice.dueAt,
        lastDay: invoice.dueAt ? dateOf(lastDayToPay(invoice.dueAt), timeZone) : '',
        instructions,
      },
    });
    if (invoice.sessionId !== undefined) tx.live('session', invoice.sessionId, undefined, tenant);
    tx.afterCommit(() => counter('kw_dunning_total').inc({ change }));
  }
}
