import type { LedgerEntry } from '@kilowatch/testing';
import { describe, expect, it } from 'vitest';
import { audit, type BookedInvoice, type BookedSession, type Books } from './session-book.js';

const entry = (over: Partial<LedgerEntry> = {}): LedgerEntry => ({
  identity: 'CP-1',
  evse: 1,
  token: 'T',
  transactionId: 7,
  startedAt: new Date(0),
  endedAt: new Date(1),
  beginMwh: 0,
  endMwh: 5_000,
  energyMwh: 5_000,
  stopReason: 'Local',
  startAcknowledged: true,
  endAcknowledged: true,
  acknowledgedMessages: 3,
  acknowledgedReadings: 1,
  acknowledgedMwh: 5_000,
  lostMessages: [],
  ...over,
});
const booked = (over: Partial<BookedSession> = {}): BookedSession => ({
  id: 's',
  state: 'ENDED',
  transactionId: '7',
  startedAt: '',
  energyWh: 5,
  energyStatus: 'MEASURED',
  station: { identity: 'CP-1' },
  ...over,
});
/** 0.50 to start and 5 Wh at 0.42 a kWh are 0.5021, with 21 % VAT 0.61. */
const billed = (over: Partial<BookedInvoice> = {}): BookedInvoice => ({
  number: 'KW-1',
  kind: 'INVOICE',
  status: 'PAID',
  totalInclVat: { amount: '0.61' },
  session: { id: 's' },
  ...over,
});
const books = (sessions = [booked()], invoices = [billed()]): Books => ({ sessions, invoices });

describe('the audit after a fault', () => {
  it('finds nothing where charger and books agree', () => {
    expect(audit([entry()], books())).toEqual([]);
    expect(audit([], books([], []))).toEqual([]);
  });

  it('judges a corrected bill by what stands', () => {
    const takenBack = billed({ number: 'KW-1', status: 'CREDITED', totalInclVat: { amount: '6.10' } });
    const note = billed({ number: 'KWC-1', kind: 'CREDIT_NOTE', totalInclVat: { amount: '-6.10' } });
    expect(audit([entry()], books([booked()], [takenBack, note, billed({ number: 'KW-2' })]))).toEqual([]);
    expect(audit([entry()], books([booked()], [takenBack, note])).join()).toMatch(/0 invoices/);
  });

  const ghost = booked({ id: 't', transactionId: '8' });
  const billOfGhost = billed({ number: 'KW-2', session: { id: 't' } });
  const differences: [string, LedgerEntry[], Books, RegExp][] = [
    ['a lost session', [entry()], books([], []), /0 sessions/],
    ['a doubled session', [entry()], books([booked(), booked({ id: 't' })]), /2 sessions/],
    [
      'a session and an invoice of a transaction no charger knows',
      [entry()],
      books([booked(), ghost], [billed(), billOfGhost]),
      /session t of CP-1: the charger knows no transaction 8[^]*counted 1 transactions, Kilowatch 2 sessions and 2 invoices/,
    ],
    [
      'a session of a charger nobody has',
      [entry()],
      books([booked(), booked({ id: 't', station: { identity: 'CP-2' } })]),
      /session t of CP-2: the charger knows no transaction 7/,
    ],
    ['a session that never ended', [entry()], books([booked({ state: 'ACTIVE' })]), /is ACTIVE/],
    ['wrong energy', [entry()], books([booked({ energyWh: 6 })]), /counted 5 Wh, Kilowatch 6 Wh/],
    ['a missing invoice', [entry()], books([booked()], []), /transaction 7: 0 invoices/],
    [
      'a second invoice for one session',
      [entry()],
      books([booked()], [billed(), billed({ number: 'KW-2' })]),
      /transaction 7: 2 invoices/,
    ],
    [
      'an invoice of a session that is not there',
      [entry()],
      books([booked()], [billed(), billOfGhost]),
      /1 transactions, Kilowatch 1 sessions and 2 invoices/,
    ],
    [
      'a wrong amount',
      [entry()],
      books([booked()], [billed({ totalInclVat: { amount: '0.62' } })]),
      /meter and tariff say 0\.61, invoice KW-1 0\.62/,
    ],
    [
      'an amount that is right for other energy only',
      [entry({ energyMwh: 1_000_000 })],
      books([booked({ energyWh: 1_000 })]),
      /meter and tariff say 1\.11, invoice KW-1 0\.61/,
    ],
    [
      'lost messages',
      [entry({ lostMessages: [{ action: 'x', at: new Date(0), error: '' }] })],
      books(),
      /gave up 1/,
    ],
    [
      'a number given twice',
      [entry(), entry({ transactionId: 8 })],
      books([booked(), ghost], [billed(), billed({ session: { id: 't' } })]),
      /given twice/,
    ],
  ];
  it.each(differences)('finds %s', (_name, ledger, found, problem) => {
    expect(audit(ledger, found).join('\n')).toMatch(problem);
  });
});
