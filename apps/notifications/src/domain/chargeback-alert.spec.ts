import { describe, expect, it } from 'vitest';
import { OPERATORS } from './alert.js';
import { alertText } from './alert-text.js';
import { chargebackAlerts, type ChargebackNews } from './chargeback-alert.js';

const AT = new Date('2026-05-01T12:00:00Z');
const NEWS: ChargebackNews = {
  ...{ chargebackId: 'c1', accountId: 'a1', sessionId: 's1', invoiceNumber: 'KW-2026-000007', version: 1 },
  ...{ change: 'OPENED', amount: '6.05', currency: 'EUR', owed: '6.05' },
  evidenceDueAt: new Date('2026-05-10T23:59:59Z'),
};
const SESSION = {
  ...{ sessionId: 's1', accountId: 'a1', stationId: 'st1', stationIdentity: 'CP-1' },
  ...{ locationName: 'Harbour', timeZone: 'Europe/Amsterdam' },
};
const alerts = (over: Partial<ChargebackNews> = {}) => chargebackAlerts({ ...NEWS, ...over }, SESSION, AT);
const texts = (over: Partial<ChargebackNews>, locale = 'en') =>
  alerts(over).map(({ kind, facts }) => alertText(kind, facts, locale));

describe('a chargeback', () => {
  it('is told to operators with the day for evidence, the bill and the place', () => {
    expect(alerts()).toMatchObject([{ recipient: OPERATORS, kind: 'CHARGEBACK', stationId: 'st1' }]);
    const [told] = texts({});
    expect(told!.title).toBe('A bank takes a payment back: €6.05');
    expect(told!.body).toMatch(/KW-2026-000007 at Harbour \(CP-1\).*until 10 May 2026/);
    expect(texts({}, 'de')[0]!.body).toMatch(/Rechnung KW-2026-000007.*bis zum 10\. Mai 2026/);
    expect(texts({}, 'nl')[0]!.body).toMatch(/factuur KW-2026-000007.*tot 10 mei 2026/);
    expect(texts({ evidenceDueAt: undefined, invoiceNumber: '' })[0]!.body).not.toMatch(
      /undefined|until \w+ \d/,
    );
  });

  it('is told again when evidence is due, and when it is decided', () => {
    for (const change of ['EVIDENCE_DUE', 'WON', 'CLOSED', 'REOPENED']) {
      const [one, ...more] = texts({ change, version: 2 });
      expect(more).toEqual([]);
      expect(one!.title).not.toBe(texts({})[0]!.title);
      expect(texts({ change }, 'nl')[0]!.title).not.toBe(one!.title);
    }
    for (const change of ['UPDATED', 'WITHDRAWN', 'REINSTATED']) expect(alerts({ change })).toEqual([]);
  });

  it('that is lost is told to the driver, too, with what is owed again', () => {
    const [, driver] = texts({ change: 'LOST', owed: '4.05' });
    expect(driver!.title).toBe('Open again: invoice KW-2026-000007');
    expect(driver!.body).toMatch(/pay €4\.05 from your wallet/);
    expect(texts({ change: 'LOST' }, 'nl')[1]!.title).toBe('Weer open: factuur KW-2026-000007');
    expect(texts({ change: 'LOST' }, 'de')[1]!.title).toBe('Wieder offen: Rechnung KW-2026-000007');
    expect(texts({ change: 'LOST', invoiceNumber: '' })[1]!.title).toBe('A payment was taken back');
    expect(alerts({ change: 'LOST', owed: '0.00' })).toHaveLength(1);
    expect(alerts({ change: 'LOST', accountId: '' })).toHaveLength(1);
  });

  it('is one alert for each of its turns, whatever is told how often', () => {
    const keys = [1, 2, 2].map((version) => alerts({ version })[0]!.dedupeKey);
    expect(keys[1]).toBe(keys[2]);
    expect(keys[0]).not.toBe(keys[1]);
  });
});
