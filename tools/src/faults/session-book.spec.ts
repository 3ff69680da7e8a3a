import type { LedgerEntry } from '@kilowatch/testing';
import { describe, expect, it } from 'vitest';
import { audit, type BookedSession } from './session-book.js';

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
  invoice: { number: 'KW-1', totalInclVat: { amount: '1.00' } },
  ...over,
});

describe('the audit after a fault', () => {
  it('finds nothing where charger and books agree', () => {
    expect(audit([entry()], [booked()])).toEqual([]);
  });

  const differences: [string, LedgerEntry[], BookedSession[], RegExp][] = [
    ['a lost session', [entry()], [], /0 sessions/],
    ['a doubled session', [entry()], [booked(), booked({ id: 't', invoice: null })], /2 sessions/],
    ['a session that never ended', [entry()], [booked({ state: 'ACTIVE' })], /is ACTIVE/],
    ['wrong energy', [entry()], [booked({ energyWh: 6 })], /counted 5 Wh, Kilowatch 6 Wh/],
    ['a missing invoice', [entry()], [booked({ invoice: null })], /no invoice/],
    [
      'lost messages',
      [entry({ lostMessages: [{ action: 'x', at: new Date(0), error: '' }] })],
      [booked()],
      /gave up 1/,
    ],
    ['a number given twice', [entry()], [booked(), booked({ id: 't', transactionId: '8' })], /given twice/],
  ];
  it.each(differences)('finds %s', (_name, ledger, sessions, problem) => {
    expect(audit(ledger, sessions).join('\n')).toMatch(problem);
  });
});
