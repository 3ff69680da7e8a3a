import { describe, expect, it } from 'vitest';
import { explainChoices } from './choices.js';
import { aPeriod, aTariff, component, element } from './pricing.builders.js';
import { priceSession } from './pricing.js';
import { PRICE_CASES } from './pricing.cases.js';

const energy = (price: string, restrictions?: Record<string, unknown>) =>
  element([component('ENERGY', price)], restrictions);
const chosen = (elements: ReturnType<typeof element>[], periods: ReturnType<typeof aPeriod>[]) =>
  explainChoices({ tariffs: [aTariff(elements)], timeZone: 'Europe/Amsterdam', periods })
    .filter((choice) => choice.dimension === 'ENERGY')
    .map(({ start, end, elementIndex, passedOver }) => [
      `${start.toISOString().slice(11, 16)}-${end.toISOString().slice(11, 16)}`,
      elementIndex,
      passedOver.map(({ because }) => because).join('; '),
    ]);
const anHour = (more = {}) => [aPeriod('CHARGING', '2026-01-15T09:00Z', '10:00', '20', more)];

describe('explainChoices', () => {
  it('tells the element of each stretch, and why those before it were passed over', () => {
    const elements = [energy('0.1', { max_kwh: 10 }), energy('0.2', { start_time: '12:00' }), energy('0.3')];
    expect(chosen(elements, anHour())).toEqual([
      ['09:00-09:30', 0, ''],
      ['09:30-10:00', 2, 'not after 10 kWh; only from 12:00 to 24:00'],
    ]);
  });

  it.each([
    [{ min_kwh: 30 }, 'not before 30 kWh'],
    [{ min_duration: 7200 }, 'not before 7200 s'],
    [{ min_power: 50 }, 'not below 50 kW: it was 20 kW'],
    [{ max_power: 11 }, 'not from 11 kW on: it was 20 kW'],
    [{ min_current: 16 }, 'not below 16 A: it was 10 A'],
    [{ max_current: 10 }, 'not from 10 A on: it was 10 A'],
    [{ start_date: '2026-02-01' }, 'not before 2026-02-01'],
    [{ end_date: '2026-01-15' }, 'not from 2026-01-15 on'],
    [{ day_of_week: ['MONDAY'] }, 'not on THURSDAY'],
    [{ start_time: '23:00', end_time: '07:00' }, 'only from 23:00 to 07:00'],
    [{ booking: 'BOOKING' }, 'only for bookings'],
  ])('%o: %s', (restrictions, because) => {
    const periods = anHour({ currentMa: { min: 10_000, max: 10_000 } });
    expect(chosen([energy('0.1', restrictions), energy('0.3')], periods)).toEqual([
      ['09:00-10:00', 1, because],
    ]);
  });

  it('says when no element prices a dimension', () => {
    expect(chosen([energy('0.1', { min_kwh: 30 })], anHour())).toEqual([
      ['09:00-10:00', null, 'not before 30 kWh'],
    ]);
  });

  it('asks the price for expiry first', () => {
    const elements = [
      element([component('TIME', '3')], { reservation: 'RESERVATION' }),
      element([component('TIME', '6')], { reservation: 'RESERVATION_EXPIRES' }),
    ];
    const choices = explainChoices({
      tariffs: [aTariff(elements)],
      timeZone: 'UTC',
      periods: [aPeriod('RESERVED', '2026-01-15T09:00Z', '10:00')],
      reservation: 'EXPIRED',
    });
    expect(choices.map(({ dimension, elementIndex }) => [dimension, elementIndex])).toEqual([
      ['RESERVATION_FLAT', null],
      ['RESERVATION_TIME', 1],
    ]);
  });

  it('names the elements that the lines of the price name', () => {
    for (const one of PRICE_CASES) {
      const input = {
        tariffs: [aTariff(one.elements, one.tariff)],
        timeZone: one.timeZone ?? 'Europe/Amsterdam',
        periods: one.periods,
        reservation: one.reservation,
      };
      const choices = explainChoices(input);
      for (const line of priceSession(input).lines) {
        const same = choices.some(
          (choice) =>
            choice.dimension === line.dimension &&
            choice.elementIndex === line.elementIndex &&
            choice.start <= line.start &&
            line.start <= choice.end,
        );
        expect(same, `${one.name}: ${line.explanation}`).toBe(true);
      }
    }
  });
});
