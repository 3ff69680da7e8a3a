/** What is told of card payments that banks take back: operators of each turn, drivers when they owe it again. */
import { decimal } from '@kilowatch/kernel';
import { OPERATORS, type AlertIntent } from './alert.js';
import { place, type SessionFacts } from './alert-for-event.js';

/** A change of a chargeback. */
export interface ChargebackNews {
  readonly chargebackId: string;
  readonly accountId: string;
  /** Empty: none. */
  readonly sessionId: string;
  readonly invoiceNumber: string;
  readonly change: string;
  readonly amount: string;
  readonly currency: string;
  /** What the driver owes because of it. */
  readonly owed: string;
  readonly evidenceDueAt: Date | undefined;
  /** Counts the changes. */
  readonly version: number;
}

const TOLD = ['OPENED', 'EVIDENCE_DUE', 'REOPENED', 'WON', 'LOST', 'CLOSED'];

/** None: nobody needs to know. */
export function chargebackAlerts(
  news: ChargebackNews,
  session: SessionFacts | undefined,
  raisedAt: Date,
): AlertIntent[] {
  const { chargebackId, accountId, sessionId, invoiceNumber, change, currency, version } = news;
  if (!TOLD.includes(change)) return [];
  const about = { sessionId, stationId: session?.stationId ?? '', raisedAt };
  const facts = { ...(session ? place(session) : {}), invoiceNumber, currency, cause: change };
  const due = news.evidenceDueAt ? { day: news.evidenceDueAt.toISOString().slice(0, 10) } : {};
  const operators: AlertIntent = {
    ...about,
    recipient: OPERATORS,
    kind: 'CHARGEBACK',
    dedupeKey: `chargeback:${chargebackId}:${version}`,
    facts: { ...facts, ...due, amount: news.amount },
  };
  if (change !== 'LOST' || accountId === '' || !decimal(news.owed || '0').gt('0')) return [operators];
  const driver: AlertIntent = {
    ...about,
    recipient: accountId,
    kind: 'PAYMENT_TAKEN_BACK',
    dedupeKey: `chargeback:${chargebackId}:${change}`,
    facts: { ...facts, amount: news.owed },
  };
  return [operators, driver];
}
