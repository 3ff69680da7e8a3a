import { decimal } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { applyStepSizes } from './step-size.js';
import type { BilledDimension, Use } from './uses.js';

const MIN = 60_000;

function aUse(dimension: BilledDimension, quantity: number, price: string, stepSize: number): Use {
  const plain = dimension === 'RESERVATION_TIME' ? 'TIME' : dimension;
  return {
    dimension,
    tariffIndex: 0,
    elementIndex: 0,
    component: {
      dimension: plain as 'TIME',
      price: decimal(price),
      taxIncluded: false,
      taxes: [],
      vatPercent: null,
      stepSize,
    },
    start: 0,
    end: 0,
    quantity,
    surplus: 0,
    interpolatedStart: false,
    interpolatedEnd: false,
  };
}

const surpluses = (...uses: Use[]) => applyStepSizes(uses).map((use) => use.surplus);

describe('applyStepSizes', () => {
  it('rounds the pooled energy once, at the last price', () => {
    const uses = [aUse('ENERGY', 4_300_000, '0.20', 500), aUse('ENERGY', 1_100_000, '0.27', 500)];
    expect(surpluses(...uses)).toEqual([0, 100_000]);
  });

  it('leaves a quantity on the step as it is', () => {
    expect(surpluses(aUse('ENERGY', 5_000_000, '0.20', 500))).toEqual([0]);
  });

  it('takes the step of the last price, not the largest', () => {
    expect(surpluses(aUse('TIME', 5 * MIN, '1', 1800), aUse('TIME', 5 * MIN, '2', 900))).toEqual([
      0,
      5 * MIN,
    ]);
  });

  it('rounds only the parking when there is billable parking', () => {
    expect(surpluses(aUse('TIME', 21 * MIN, '1', 600), aUse('PARKING_TIME', 16 * MIN, '2', 600))).toEqual([
      0,
      4 * MIN,
    ]);
  });

  it('rounds the charging time when parking is free', () => {
    expect(surpluses(aUse('TIME', 21 * MIN, '1', 600), aUse('PARKING_TIME', 16 * MIN, '0', 600))).toEqual([
      9 * MIN,
      0,
    ]);
  });

  it('gives no surplus to a free last stretch', () => {
    expect(surpluses(aUse('TIME', 21 * MIN, '1', 600), aUse('TIME', 5 * MIN, '0', 900))).toEqual([
      9 * MIN,
      0,
    ]);
  });

  it('rounds a reservation by itself', () => {
    expect(surpluses(aUse('RESERVATION_TIME', 13 * MIN, '5', 300), aUse('TIME', 21 * MIN, '1', 600))).toEqual(
      [2 * MIN, 9 * MIN],
    );
  });

  it('bills the exact quantity when the step is 0', () => {
    expect(surpluses(aUse('ENERGY', 115_201, '0.25', 0))).toEqual([0]);
  });

  it('rounds to whole watt-hours and seconds when the step is 1', () => {
    expect(surpluses(aUse('ENERGY', 115_200, '0.25', 1))).toEqual([800]);
    expect(surpluses(aUse('TIME', 1_001, '1', 1))).toEqual([999]);
  });

  it('never touches a flat fee', () => {
    expect(surpluses(aUse('FLAT', 1, '1', 1))).toEqual([0]);
    expect(surpluses()).toEqual([]);
  });
});
