/**
 * A price that was stored must come out the same, byte for byte, whenever it is recomputed (docs/promises.md P4). These
 * are the hashes of what the engine of November 2026 made of the first cases; they change for no reason but a new version
 * of the document that keeps the old one readable.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aTariff } from './pricing.builders.js';
import { PRICE_CASES } from './pricing.cases.js';
import { priceSession } from './pricing.js';

const STORED: readonly (readonly [name: string, sha256: string])[] = [
  ['energy only: 12.345 kWh at 0.49, 21 % VAT', 'ab3a39417efa0b28'],
  ['night price from 23:00 local: half of 20 kWh each', '2a296717689a5d57'],
  ['the same in summer, an hour earlier in UTC', '93192f0a1a863aff'],
  ['weekend price from midnight of Friday to Saturday', '7f059a48bd53b6d7'],
  ['spring night: the hour from 02:00 to 03:00 does not exist and is not billed', '7bb3a9aff846b628'],
  ['autumn night: the hour from 02:00 to 03:00 happens twice and is billed twice', '356e7a00b9500809'],
  ['autumn night: a window that opens inside the doubled hour opens twice', 'a01e5e3ed1a5d868'],
  ['time held back by the station is not idle', 'a7524aa1526f04c3'],
  ['idle is billed after the grace', '67c8e6890100e4ec'],
  ['the first 10 kWh are cheaper', 'eec6b084898ec708'],
  ['the first hour is free', '3ea9bf4c2e22b828'],
  ['a minimum price lifts both figures', '9e3bb72acb1b63bd'],
  ['a maximum price before VAT caps the price with VAT in proportion', '05b5797530b83035'],
  ['a flat fee is due once per element, however often the element applies', '2e47a81c1cc1f98f'],
  ['the step of the last price rounds the whole time up, at the last price', 'eb9bf7d0415a1376'],
  ['yen have no minor unit', 'dbe36a2d3056ff7a'],
  ['dinars have three digits', 'af90b4ab8ef1d8bf'],
  ['the time of an expired reservation has its own price instead of the usual one', 'b660afd5aa82083a'],
  ['no energy: only the flat fee', 'dcba197aefb0c019'],
  ['an offer ends with the local year', '0999e302e1ec3ab6'],
  ['fast charging costs more while it is fast', '1657f81509c517ef'],
  ['a dimension nothing prices is free', '1545100508e7232b'],
];

describe('prices that were stored', () => {
  it.each(STORED)('are the same today: %s', (name, sha256) => {
    const one = PRICE_CASES.find((candidate) => candidate.name === name)!;
    const { exact: _, ...billed } = priceSession({
      tariffs: [aTariff(one.elements, one.tariff)],
      timeZone: one.timeZone ?? 'Europe/Amsterdam',
      periods: one.periods,
      reservation: one.reservation,
    });
    const hash = createHash('sha256').update(JSON.stringify(billed)).digest('hex');
    expect(hash.slice(0, 16)).toBe(sha256);
  });
});
