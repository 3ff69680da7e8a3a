import type { Reading, TransactionMessage } from '@kilowatch/ocpp';
import { describe, expect, it } from 'vitest';
import { concernsSessions } from './transaction-road.js';

const periodic = {
  type: 'transaction',
  kind: 'UPDATED',
  transactionRef: 'tx',
  trigger: 'MeterValuePeriodic',
  chargingState: 'Charging',
  idToken: null,
  readings: [{} as Reading],
} as unknown as TransactionMessage;
const KNOWN = new Map([['tx', 'Charging']]);

describe('concernsSessions', () => {
  it('spares sessions a periodic reading with a charging state they know', () => {
    expect(concernsSessions(periodic, KNOWN)).toBe(false);
    expect(
      concernsSessions({ ...periodic, trigger: 'MeterValueClock', chargingState: null }, new Map()),
    ).toBe(false);
  });

  it('spares sessions a token without value in between', () => {
    const button = { ...periodic, idToken: { value: '', type: 'NoAuthorization' } };
    expect(concernsSessions(button, KNOWN)).toBe(false);
  });

  it.each([
    ['a start', { kind: 'STARTED' }],
    ['an end', { kind: 'ENDED' }],
    ['a new charging state', { chargingState: 'SuspendedEV' }],
    ['a token', { idToken: { value: 'T', type: null } }],
    ['another trigger', { trigger: 'ChargingStateChanged' }],
    ['no trigger', { trigger: null }],
    ['no readings', { readings: [] }],
    ['no transaction', { transactionRef: null }],
  ] as const)('tells them of %s', (_, change) => {
    expect(concernsSessions({ ...periodic, ...change } as TransactionMessage, KNOWN)).toBe(true);
  });

  it('tells them of a state that another transaction had', () => {
    expect(concernsSessions(periodic, new Map([['other', 'Charging']]))).toBe(true);
  });
});
