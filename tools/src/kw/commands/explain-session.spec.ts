import { describe, expect, it } from 'vitest';
import { explanation, type ExplainedSession } from './explain-session.js';

const money = (amount: string) => ({ amount, currency: 'EUR' });
const session: ExplainedSession = {
  id: 's-1',
  state: 'ENDED',
  startedAt: '2026-11-29T10:00:00.000Z',
  endedAt: '2026-11-29T11:00:00.000Z',
  station: { identity: 'CP-7', location: { name: 'Harbour Garage' } },
  token: { masked: '04…9F' },
  energyWh: 10_000,
  energyStatus: 'MEASURED',
  registers: { beginWh: 1_000, endWh: 11_000 },
  meterDeviations: ['register_rounding'],
  powerCurve: Array.from({ length: 12 }, (_, i) => ({
    at: new Date(Date.UTC(2026, 10, 29, 10, i * 5)).toISOString(),
    powerW: i < 6 ? 12_000 : 6_000,
  })),
  signedReadings: {
    verdict: 'VERIFIED',
    reasons: [],
    beginWh: 1_000,
    endWh: 11_000,
    records: [],
    transparencyXml: null,
  },
  quote: { id: 'q-1', tariffName: 'Day', tariffVersion: 3, summary: ['0.40 EUR per kWh'] },
  billingHold: null,
  cost: {
    final: true,
    totalExclVat: money('4.00'),
    totalVat: money('0.84'),
    totalInclVat: money('4.84'),
    lines: [{ explanation: '10 kWh at 0.4 EUR/kWh', inclVat: money('4.84') }],
  },
  invoice: { number: 'KW-2026-000001', status: 'PAID' },
};

describe('kw session explain', () => {
  it('tells registers, doubts, power, signatures, price lines and invoice on one page', () => {
    const text = explanation(session);
    for (const part of [
      'Harbour Garage, CP-7  04…9F',
      '10.000 kWh (measured), register 1.000 kWh to 11.000 kWh',
      'doubts: register_rounding',
      `10:00   12.0 kW ${'#'.repeat(40)}\n`,
      `10:30    6.0 kW ${'#'.repeat(20)}\n`,
      'VERIFIED: 1000 Wh to 11000 Wh, 10000 Wh',
      'Day, version 3, locked as q-1',
      '10 kWh at 0.4 EUR/kWh',
      'total 4.84 EUR (4.00 EUR and 0.84 EUR VAT)',
      'invoice KW-2026-000001 PAID',
    ])
      expect(text).toContain(part);
    expect(text.split('\n').length).toBeLessThan(50);
  });

  it('joins the steps of a long night, and says what is not there', () => {
    const text = explanation({
      ...session,
      endedAt: null,
      energyStatus: 'RUNNING',
      powerCurve: Array.from({ length: 200 }, (_, i) => ({
        at: new Date(Date.UTC(2026, 10, 29, 0, i * 5)).toISOString(),
        powerW: 7_000,
      })),
      signedReadings: null,
      quote: null,
      cost: null,
      invoice: null,
      billingHold: 'The energy of this session is in doubt.',
    });
    expect(text.match(/ kW #/g)!.length).toBeLessThanOrEqual(24);
    expect(text).toContain('no price is locked');
    expect(text).toContain('not billed yet: The energy of this session is in doubt.');
    expect(text).toContain('no invoice');
  });
});
