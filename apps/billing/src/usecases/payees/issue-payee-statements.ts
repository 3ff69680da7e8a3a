import { Inject, Injectable } from '@nestjs/common';
import type { Clock, IdSource } from '@kilowatch/kernel';
import { CLOCK, counter, IDS, type DueWorkDefinition, type Tx } from '@kilowatch/platform';
import { addToMonth } from '../../domain/calendar-month.js';
import { invoiceNumber, invoiceYear } from '../../domain/invoice-number.js';
import { postStatement } from '../../domain/payee-statement.js';
import { stored } from '../../domain/stored.js';
import { nextInvoiceSequence } from '../../persistence/invoice.repository.js';
import { insertPosting } from '../../persistence/ledger.repository.js';
import { insertStatement } from '../../persistence/payee-statement.repository.js';
import { duePayees, setPayeeDue, type Payee } from '../../persistence/payee.repository.js';
import { SELLER, type Seller } from '../seller.js';
import { statedMonth, statementDueAt } from './state-month.js';

const AGAIN_MS = 10 * 60_000;
/** No series of invoices has small letters: their numbers are counted apart. */
const SERIES = 'payee-statements';

/** States the months that are over, each payee's in a transaction of its own: number, statement and booking, or none of it. */
@Injectable()
export class IssuePayeeStatements implements DueWorkDefinition<Payee> {
  readonly name = 'issue-payee-statements';
  readonly intervalMs = 5_000;
  readonly limit = 1;

  constructor(
    @Inject(SELLER) private readonly seller: Seller,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<Payee[]> {
    return duePayees(tx, now, limit);
  }

  async run(tx: Tx, payee: Payee): Promise<void> {
    const { tenant, id: payeeId, currency, month, name, address, vatId } = payee;
    const { timeZone, series } = this.seller;
    const next = addToMonth(month, 1);
    await setPayeeDue(tx, payee, next, statementDueAt(next, timeZone));
    const figures = await statedMonth(tx, payee, timeZone);
    if (!figures) return;
    const [id, issuedAt] = [this.ids.newId(), this.clock.now()];
    const year = invoiceYear(issuedAt, timeZone);
    const wanted = { series: SERIES, year, cdrId: id };
    const sequence = (await nextInvoiceSequence(tx, tenant, wanted))!;
    const number = invoiceNumber(`${series.slice(0, 11)}P`, year, sequence);
    await insertStatement(tx, {
      ...{ tenant, id, payeeId, number, month, currency, issuedAt },
      document: stored({ payee: { name, address, vatId }, ...figures }),
      due: figures.due,
      carriedOut: figures.carriedOut,
      state: 'ISSUED',
      ...{ paidReference: undefined, paidBy: undefined, paidAt: undefined },
    });
    const money = { payeeId, currency, reference: number };
    const key = { id: this.ids.newId(), postedAt: issuedAt };
    await insertPosting(tx, tenant, postStatement(money, figures.earned, key));
    tx.afterCommit(() => counter('kw_payee_statements_total').inc());
  }

  failed(tx: Tx, payee: Payee, _error: unknown, now: Date): Promise<void> {
    return setPayeeDue(tx, payee, payee.month, new Date(now.getTime() + AGAIN_MS));
  }
}
