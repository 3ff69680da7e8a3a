import { describe, expect, it } from 'vitest';
import { aTariff, component, element } from './pricing.builders.js';
import { summarise } from './tariff-summary.js';

const sentence = (restrictions: Record<string, unknown>) =>
  summarise(aTariff([element([component('ENERGY', '0.5')], restrictions)]))[0];

describe('summarise', () => {
  it('says each component with and without VAT', () => {
    const components = [
      component('FLAT', '1', '21'),
      component('ENERGY', '0.4', '21'),
      component('TIME', '2', '0'),
      component('PARKING_TIME', '6'),
    ];
    expect(summarise(aTariff([element(components)]))).toEqual([
      'Each session costs 1.21 EUR including 21 % VAT (1.00 EUR without).',
      'Energy costs 0.484 EUR per kWh including 21 % VAT (0.40 EUR without).',
      'Charging time costs 2.00 EUR per hour.',
      'Idle time after the car is full costs 6.00 EUR per hour.',
    ]);
  });

  it('says prices with several taxes, and takes out those that are in them', () => {
    const taxes = [
      { name: 'GST', percentage: 5 },
      { name: 'QST', percentage: 9.975 },
    ];
    const both = { price_components: [{ type: 'ENERGY', price: '0.40', taxes }] };
    expect(summarise(aTariff([both as never]))).toEqual([
      'Energy costs 0.4599 EUR per kWh including 5 % GST and 9.975 % QST (0.40 EUR without).',
    ]);
    const included = aTariff([element([component('ENERGY', '0.60', '20')])], { tax_included: 'YES' });
    expect(summarise(included)).toEqual([
      'Energy costs 0.60 EUR per kWh including 20 % VAT (0.50 EUR without).',
    ]);
  });

  it.each([
    [{ start_time: '07:00', end_time: '00:00' }, 'from 07:00 to 24:00'],
    [{ day_of_week: ['SATURDAY', 'SUNDAY'] }, 'on Saturday, Sunday'],
    [{ start_date: '2026-01-01', end_date: '2026-02-01' }, 'from 2026-01-01 before 2026-02-01'],
    [{ min_kwh: 20 }, 'from 20 kWh'],
    [{ max_duration: 3600 }, 'during the first 60 min'],
    [{ min_power: 22, max_power: 50.5 }, 'from 22 kW below 50.5 kW'],
    [{ max_current: 16 }, 'below 16 A'],
  ])('names the condition %o', (restrictions, text) => {
    expect(sentence(restrictions)).toBe(`Energy costs 0.50 EUR per kWh, ${text}.`);
  });

  it('tells the grace only where idle costs something, and the limits of a session', () => {
    const limits = { min_price: { excl_vat: '1' }, max_price: { excl_vat: '25', incl_vat: '30.25' } };
    const idle = [element([component('PARKING_TIME', '6')])];
    expect(summarise(aTariff(idle, { idle_grace_minutes: 15, ...limits })).slice(1)).toEqual([
      'Idle time is free for the first 15 minutes after the car is full.',
      'A session costs at least 1.00 EUR before VAT.',
      'A session costs at most 30.25 EUR including VAT.',
    ]);
    const energy = [element([component('ENERGY', '1')])];
    expect(summarise(aTariff(energy, { idle_grace_minutes: 15 }))).toHaveLength(1);
  });

  it('tells reservations apart from charging', () => {
    const reserved = element([component('FLAT', '2'), component('TIME', '3')], {
      reservation: 'RESERVATION_EXPIRES',
    });
    expect(summarise(aTariff([reserved]))).toEqual([
      'A reservation costs 2.00 EUR, when the reservation is not used.',
      'Reserved time costs 3.00 EUR per hour, when the reservation is not used.',
    ]);
  });
});
