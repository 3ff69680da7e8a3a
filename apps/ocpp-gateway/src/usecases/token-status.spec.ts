import { auth } from '@kilowatch/contracts';
import { describe, expect, it } from 'vitest';
import { idTokenToWire, tokenStatus } from './token-status.js';

describe('tokenStatus', () => {
  it('says yes to nothing but Accepted, unknown numbers included', () => {
    for (let status = 0; status <= 20; status++) {
      const accepted = tokenStatus(status as auth.DecisionStatus) === 'Accepted';
      expect(accepted).toBe(status === (auth.DecisionStatus.DECISION_STATUS_ACCEPTED as number));
    }
  });
});

describe('idTokenToWire', () => {
  it.each([
    ['04A1B2C3', 'ISO14443'],
    ['04a1b2c3d4e5f6', 'ISO14443'],
    ['DEMO-APP-1', 'Unknown'],
  ])('gives the 1.6 idTag %s the type %s', (value, type) => {
    expect(idTokenToWire({ value, type: null })).toEqual({ value, type });
  });

  it.each([
    ['', null],
    ['', 'Central'],
    ['04A1B2C3', 'NoAuthorization'],
    ['04A1B2C3', 'noauthorization'],
  ])('takes "%s" of the type %s for the start button, whose value says nothing (C02)', (value, type) => {
    expect(idTokenToWire({ value, type })).toEqual({ value: '', type: 'NoAuthorization' });
  });

  it('keeps the type of a 2.0.1 token', () => {
    expect(idTokenToWire({ value: '04A1B2C3', type: 'Local' })).toEqual({ value: '04A1B2C3', type: 'Local' });
    expect(idTokenToWire(null)).toBeUndefined();
  });
});
