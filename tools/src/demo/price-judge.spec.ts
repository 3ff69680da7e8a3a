import { describe, expect, it } from 'vitest';
import { allDayTariff, demoTariff, expectedTotal } from './price-judge.js';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));

describe('the demo judge', () => {
  it('adds start fee, energy and VAT', () => {
    // 0.50 + 10 * 0.42 = 4.70 net, 5.687 gross
    const session = { energyMwh: 10_000_000, fullAt: undefined, endedAt: at(30) };
    expect(expectedTotal(session).toFixed(2)).toBe('5.69');
  });

  it('bills begun watt-hours and begun idle minutes after the grace time', () => {
    // 0.50 + 1.001 * 0.42 + 6 / 60 * 3.00 = 1.22042 net, 1.4767 gross
    const session = { energyMwh: 1_000_001, fullAt: at(0), endedAt: new Date(at(15).getTime() + 1) };
    expect(expectedTotal(session).toFixed(2)).toBe('1.48');
  });

  it('bills no idle time within the grace time', () => {
    const session = { energyMwh: 0, fullAt: at(0), endedAt: at(10) };
    expect(expectedTotal(session).toFixed(2)).toBe('0.61');
  });
});

describe('the demo tariff', () => {
  it('has a day price around now in the local time of the site', () => {
    const tariff = demoTariff(new Date('2026-03-01T11:20:00Z'), 'Europe/Amsterdam') as {
      definition: { elements: { restrictions?: { start_time: string; end_time: string } }[] };
    };
    expect(tariff.definition.elements[1]?.restrictions).toEqual({ start_time: '04:00', end_time: '20:00' });
  });

  it('has one energy price where the chargers run through the days', () => {
    const { definition } = allDayTariff() as { definition: { elements: Record<string, unknown>[] } };
    expect(definition.elements).toHaveLength(3);
    expect(definition.elements.filter((element) => 'restrictions' in element)).toEqual([]);
  });
});
