import { describe, expect, it } from 'vitest';
import { alertText } from './alert-text.js';
import { moneyLowAlert, moneyUsedUpAlert, type SessionMoney } from './money-alert.js';

const AT = new Date('2026-05-01T12:00:00Z');
const MONEY: SessionMoney = {
  sessionId: 's1',
  accountId: 'a1',
  kind: 'PREPAID',
  amount: '5.00',
  currency: 'EUR',
  version: 1,
};
const SESSION = {
  sessionId: 's1',
  accountId: 'a1',
  stationId: 'st1',
  stationIdentity: 'CP-1',
  locationName: 'Harbour',
  timeZone: 'Europe/Amsterdam',
};

describe('the money of a session', () => {
  it('that is nearly used is told with the time at which it will be, and what to do', () => {
    const alert = moneyLowAlert(MONEY, new Date('2026-05-01T12:20:00Z'), SESSION, AT);
    expect(alert).toMatchObject({ recipient: 'a1', kind: 'MONEY_LOW', stationId: 'st1' });
    const english = alertText(alert.kind, alert.facts, 'en');
    expect(english.body).toMatch(/€5\.00.*Harbour.*lasts until about .*14:20.*topped up/);
    expect(alertText(alert.kind, alert.facts, 'nl').body).toMatch(/tot ongeveer .*14:20.*opwaarderen/);
  });

  it('that is used is told with why it stops, by how the account pays, also of a session nobody knows yet', () => {
    const text = (kind: string) => {
      const { facts, kind: about } = moneyUsedUpAlert({ ...MONEY, kind }, undefined, AT)!;
      return alertText(about, facts, 'en').body;
    };
    expect(text('PREPAID')).toMatch(/wallet/);
    expect(text('ACCOUNT')).toMatch(/credit limit/);
    expect(text('CARD')).toMatch(/card/);
  });

  it('that a declined card never gave is told with the card, and not once more', () => {
    for (const amount of ['0', '0.00', '']) {
      expect(moneyUsedUpAlert({ ...MONEY, kind: 'CARD', amount }, SESSION, AT)).toBeUndefined();
    }
    expect(moneyUsedUpAlert({ ...MONEY, amount: '0.00' }, SESSION, AT)).toBeDefined();
  });

  it('is another alert when it comes to an end once more', () => {
    const [first, again] = [1, 3].map((version) => moneyUsedUpAlert({ ...MONEY, version }, SESSION, AT));
    expect(first!.dedupeKey).not.toBe(again!.dedupeKey);
  });
});
