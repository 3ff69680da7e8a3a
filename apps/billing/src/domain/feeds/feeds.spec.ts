import { describe, expect, it } from 'vitest';
import { awattarPrices } from './awattar.js';
import { gapsIn } from './curve.js';
import { entsoePrices } from './entsoe.js';
import {
  aNordPoolDocument,
  anAwattarDocument,
  anEntsoeDocument,
  asText,
  entsoeHasNothing,
  type EntsoeSeries,
} from './feeds.builders.js';
import { nordPoolPrices } from './nord-pool.js';
import { octopusPrices } from './octopus.js';

const unreadable = expect.objectContaining({ kind: 'INVALID', code: 'BILLING_FEED_UNREADABLE' }) as Error;
const hours: EntsoeSeries = {
  start: '2026-06-01T22:00Z',
  end: '2026-06-02T02:00Z',
  resolution: 'PT60M',
  points: [
    [1, '80.00'],
    [2, '75.5'],
    [3, '-12.34'],
    [4, '0'],
  ],
};

describe('ENTSO-E', () => {
  // 80 EUR/MWh are 0.08 EUR/kWh; prices below zero stay below zero.
  it('has prices per MWh, negative ones too', () => {
    expect(asText(entsoePrices(anEntsoeDocument(hours)))).toEqual([
      '22:00-23:00 0.08',
      '23:00-00:00 0.0755',
      '00:00-01:00 -0.01234',
      '01:00-02:00 0',
    ]);
  });

  it('repeats the last point where points are left out, to the end of the period', () => {
    const points: EntsoeSeries['points'] = [
      [1, '80'],
      [3, '90'],
    ];
    expect(asText(entsoePrices(anEntsoeDocument({ ...hours, points })))).toEqual([
      '22:00-23:00 0.08',
      '23:00-00:00 0.08',
      '00:00-01:00 0.09',
      '01:00-02:00 0.09',
    ]);
  });

  it('repeats nothing where each point must be there, or before the first', () => {
    const points: EntsoeSeries['points'] = [
      [2, '80'],
      [4, '90'],
    ];
    const sequential = anEntsoeDocument({ ...hours, points, curveType: 'A01' });
    expect(asText(entsoePrices(sequential))).toEqual(['23:00-00:00 0.08', '01:00-02:00 0.09']);
    const blocks = entsoePrices(anEntsoeDocument({ ...hours, points }));
    expect(asText(blocks)[0]).toBe('23:00-00:00 0.08');
    expect(gapsIn(blocks, new Date('2026-06-01T22:00Z'), new Date('2026-06-02T02:00Z'))).toHaveLength(1);
  });

  it('takes the series that comes first in the classification, whatever the order', () => {
    const dearer: EntsoeSeries = { ...hours, points: [[1, '999']], classification: 2 };
    const first: EntsoeSeries = { ...hours, classification: 1 };
    for (const series of [
      [first, dearer],
      [dearer, first],
    ])
      expect(asText(entsoePrices(anEntsoeDocument(...series)))[0]).toBe('22:00-23:00 0.08');
  });

  it('takes the later series where the first says nothing', () => {
    const short: EntsoeSeries = {
      ...hours,
      end: '2026-06-02T00:00Z',
      points: [[1, '10']],
      classification: 1,
    };
    const whole: EntsoeSeries = { ...hours, points: [[1, '50']], classification: 2 };
    expect(asText(entsoePrices(anEntsoeDocument(whole, short)))).toEqual([
      '22:00-23:00 0.01',
      '23:00-00:00 0.01',
      '00:00-01:00 0.05',
      '01:00-02:00 0.05',
    ]);
  });

  it('takes quarters of an hour before hours when neither has a place in the classification', () => {
    const quarters: EntsoeSeries = {
      ...hours,
      end: '2026-06-01T23:00Z',
      resolution: 'PT15M',
      points: [
        [1, '1'],
        [2, '2'],
        [4, '4'],
      ],
    };
    expect(asText(entsoePrices(anEntsoeDocument(hours, quarters))).slice(0, 5)).toEqual([
      '22:00-22:15 0.001',
      '22:15-22:30 0.002',
      '22:30-22:45 0.002',
      '22:45-23:00 0.004',
      '23:00-00:00 0.0755',
    ]);
  });

  // 2026-03-29 has 23 hours in Amsterdam, 2026-10-25 has 25; in UTC neither skips nor repeats one.
  it.each([
    ['23', '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
    ['25', '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
  ])('has days of %s hours', (count, start, end) => {
    const points = Array.from({ length: Number(count) }, (_, i): [number, string] => [i + 1, String(i)]);
    const curve = entsoePrices(anEntsoeDocument({ start, end, resolution: 'PT60M', points }));
    expect(curve).toHaveLength(Number(count));
    expect(gapsIn(curve, new Date(start), new Date(end))).toEqual([]);
  });

  it('has nothing yet, which is no failure', () => {
    expect(entsoePrices(entsoeHasNothing())).toEqual([]);
    expect(() => entsoePrices(entsoeHasNothing('401', 'Unauthorized'))).toThrow(unreadable);
  });

  const good = anEntsoeDocument(hours);
  it.each<[string, string]>([
    ['no text at all', ''],
    ['a page of a proxy', '<html><body>503</body></html>'],
    ['JSON', '{}'],
    ['half a document', good.slice(0, good.length / 2)],
    ['another measure', good.replace('MWH', 'KWH')],
    ['a price that is none', good.replace('80.00', 'dear')],
    ['a price beyond sense', good.replace('80.00', '99999999')],
    ['another resolution', good.replace('PT60M', 'P1D')],
    ['a position beyond its period', good.replace('<position>4<', '<position>5<')],
    ['a position that is none', good.replace('<position>4<', '<position>-1<')],
    ['an interval that runs backwards', good.replace('2026-06-02T02:00Z', '2026-05-02T02:00Z')],
    ['an interval of years', good.replace('2026-06-02T02:00Z', '2036-06-02T02:00Z')],
    ['a currency that is none', good.replace('>EUR<', '>€<')],
  ])('refuses %s', (_what, xml) => {
    expect(() => entsoePrices(xml)).toThrow(unreadable);
  });

  it('expands no entities: neither its own nor those of the document', () => {
    const bomb = good.replace(
      '<Publication_',
      '<!DOCTYPE x [<!ENTITY a "80"><!ENTITY b "&a;&a;&a;&a;">]><Publication_',
    );
    expect(() => entsoePrices(bomb.replace('80.00', '&b;'))).toThrow(unreadable);
    expect(() => entsoePrices(good.replace('80.00', '&#56;0'))).toThrow(unreadable);
    expect(() => entsoePrices(good.replace('80.00', '&b;'))).toThrow(unreadable);
  });
});

describe('aWATTar', () => {
  const from = new Date('2026-06-01T22:00Z');

  it('has EUR per MWh, in milliseconds', () => {
    expect(asText(awattarPrices(anAwattarDocument(from, [94.09, -0.05, 1e-7])))).toEqual([
      '22:00-23:00 0.09409',
      '23:00-00:00 -0.00005',
      '00:00-01:00 0.0000000001',
    ]);
    expect(awattarPrices({ object: 'list', data: [] })).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no list', { data: 'none' }],
    ['a list of nothing', { data: [null] }],
    ['no document', []],
    ['another unit', { data: [{ ...anAwattarDocument(from, [1]).data[0], unit: 'Ct/kWh' }] }],
    ['a price that is none', anAwattarDocument(from, ['12,5'])],
    ['a price that is missing', { data: [{ start_timestamp: 0, end_timestamp: 1, unit: 'Eur/MWh' }] }],
    ['times as text', { data: [{ ...anAwattarDocument(from, [1]).data[0], start_timestamp: 'now' }] }],
    ['more than was asked for', anAwattarDocument(from, Array<number>(3_001).fill(1))],
  ])('refuses %s', (_what, json) => {
    expect(() => awattarPrices(json)).toThrow(unreadable);
  });
});

describe('Octopus Agile', () => {
  const entry = (from: string, to: string | null, exc: number, method: string | null = null) => ({
    value_exc_vat: exc,
    value_inc_vat: exc * 1.05,
    valid_from: from,
    valid_to: to,
    payment_method: method,
  });

  // Newest first, as they come; 24.5 pence are 0.245 GBP.
  it('has pence before VAT, in order of time', () => {
    const results = [
      entry('2026-06-01T23:00:00Z', '2026-06-01T23:30:00Z', -1.5),
      entry('2026-06-01T22:30:00Z', '2026-06-01T23:00:00Z', 24.5),
    ];
    expect(asText(octopusPrices({ count: 2, next: null, previous: null, results }))).toEqual([
      '22:30-23:00 0.245',
      '23:00-23:30 -0.015',
    ]);
  });

  it('takes what has no end for its half hour', () => {
    expect(asText(octopusPrices({ results: [entry('2026-06-01T22:30:00Z', null, 10)] }))).toEqual([
      '22:30-23:00 0.1',
    ]);
  });

  it('takes the price of those who pay by direct debit where there are two', () => {
    const results = [
      entry('2026-06-01T22:30:00Z', '2026-06-01T23:00:00Z', 12, 'NON_DIRECT_DEBIT'),
      entry('2026-06-01T22:30:00Z', '2026-06-01T23:00:00Z', 10, 'DIRECT_DEBIT'),
    ];
    expect(asText(octopusPrices({ results }))).toEqual(['22:30-23:00 0.1']);
  });

  it.each<[string, unknown]>([
    ['an error', { detail: 'Not found.' }],
    ['a time that is none', { results: [entry('tomorrow', null, 1)] }],
    [
      'a price that is none',
      { results: [{ ...entry('2026-06-01T22:30:00Z', null, 1), value_exc_vat: null }] },
    ],
  ])('refuses %s', (_what, json) => {
    expect(() => octopusPrices(json)).toThrow(unreadable);
  });
});

describe('Nord Pool', () => {
  const from = new Date('2026-10-24T22:00Z');

  it('has quarters of an hour, and a price for each area', () => {
    const document = aNordPoolDocument(from, 15, [
      { NO1: 1006.88, SE3: 900 },
      { NO1: -3.2, SE3: 800 },
    ]);
    expect(asText(nordPoolPrices(document, 'NO1'))).toEqual(['22:00-22:15 1.00688', '22:15-22:30 -0.0032']);
    expect(asText(nordPoolPrices(document, 'SE3'))).toEqual(['22:00-22:15 0.9', '22:15-22:30 0.8']);
    expect(nordPoolPrices(document, 'NO1')[0]!.unit).toBe('NOK');
  });

  it('has a gap where the area has no price, and no area of that name in the prototype', () => {
    const document = aNordPoolDocument(from, 60, [{ NO1: 10 }, { SE3: 20 }, { NO1: 30 }]);
    expect(asText(nordPoolPrices(document, 'NO1'))).toEqual(['22:00-23:00 0.01', '00:00-01:00 0.03']);
    expect(nordPoolPrices(document, 'constructor')).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no entries', { currency: 'EUR' }],
    ['no currency', { ...aNordPoolDocument(from, 60, []), currency: 'kroner' }],
    ['an entry without areas', { currency: 'EUR', multiAreaEntries: [{ deliveryStart: 'x' }] }],
    [
      'times that are none',
      { currency: 'EUR', multiAreaEntries: [{ deliveryStart: 'x', entryPerArea: { NO1: 1 } }] },
    ],
  ])('refuses %s', (_what, json) => {
    expect(() => nordPoolPrices(json, 'NO1')).toThrow(unreadable);
  });
});
