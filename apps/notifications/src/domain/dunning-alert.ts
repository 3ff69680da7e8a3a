/** What is told of invoices that are overdue: the letters, that it is over, and that a person must take it on. */
import { decimal } from '@kilowatch/kernel';
import { OPERATORS, type AlertIntent } from './alert.js';

/** A change of the case of an overdue invoice. */
export interface DunningNews {
  readonly caseId: string;
  readonly accountId: string;
  readonly invoiceNumber: string;
  readonly change: string;
  /** Letters that are out. */
  readonly level: number;
  /** Of the invoice. */
  readonly owed: string;
  /** Fees and interest besides. */
  readonly charges: string;
  readonly currency: string;
  readonly blocks: boolean;
  readonly lastDay: string;
  readonly instructions: string;
  /** Counts the changes of the case. */
  readonly version: number;
}

const LETTERS = ['REMINDER', 'FIRST_NOTICE', 'SECOND_NOTICE'];

/** Undefined: nobody needs to know. That it is settled is told to who had a letter about it. */
export function dunningAlert(news: DunningNews, raisedAt: Date): AlertIntent | undefined {
  const { change, level, accountId, caseId, version } = news;
  const total = decimal(news.owed).plus(news.charges);
  const charges = decimal(news.charges).gt('0') ? { charges: news.charges } : {};
  const facts = { invoiceNumber: news.invoiceNumber, currency: news.currency, ...charges };
  const about = { sessionId: '', stationId: '', raisedAt };
  if (change === 'LETTER') {
    return {
      ...about,
      recipient: accountId,
      kind: 'INVOICE_OVERDUE',
      dedupeKey: `dunning:${caseId}:${level}`,
      facts: {
        ...facts,
        cause: LETTERS[level - 1] ?? '',
        amount: total.toFixed(),
        day: news.lastDay,
        blocked: news.blocks,
        instructions: news.instructions.replace(/[.\s]+$/, ''),
      },
    };
  }
  if (change === 'SETTLED' && level > 0)
    return {
      ...about,
      recipient: accountId,
      kind: 'INVOICE_SETTLED',
      dedupeKey: `dunning-settled:${caseId}`,
      facts,
    };
  if (change !== 'COLLECTION') return undefined;
  const kind = 'DEBT_COLLECTION' as const;
  return {
    ...{ ...about, recipient: OPERATORS, kind, dedupeKey: `dunning-collection:${caseId}:${version}` },
    facts: { ...facts, amount: total.toFixed() },
  };
}
