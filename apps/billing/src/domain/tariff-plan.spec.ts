import { describe, expect, it } from 'vitest';
import { beginOf, checkBegin, checkWithdrawal, stateOf } from './tariff-plan.js';

const NOW = new Date('2026-11-30T12:00:00Z');
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);

describe('from when a version is valid', () => {
  it.each([
    ['now when nothing is said', undefined, NOW],
    ['now when "now" was a moment ago', at(-1), NOW],
    ['a later moment', at(1), at(1)],
    ['two years ahead', at(2 * 366 * 1440), at(2 * 366 * 1440)],
  ])('%s', (_what, wanted, expected) => {
    expect(beginOf(wanted, NOW)).toEqual(expected);
  });

  it.each([
    ['the past', at(-2), 'BILLING_TARIFF_PAST'],
    ['beyond two years', at(2 * 366 * 1440 + 1), 'BILLING_TARIFF_FAR'],
    ['what is no time', new Date(Number.NaN), 'BILLING_TARIFF_FAR'],
  ])('not %s', (_what, wanted, code) => {
    expect(() => beginOf(wanted, NOW)).toThrow(expect.objectContaining({ kind: 'INVALID', code }));
  });

  it('not when another begins at that moment, which is named', () => {
    expect(() => checkBegin(NOW, undefined)).not.toThrow();
    expect(() => checkBegin(NOW, { version: 4 })).toThrow(/Version 4 begins at 2026-11-30T12:00:00/);
  });
});

describe('withdrawing a version', () => {
  const one = { version: 2, validFrom: at(1), withdrawnAt: undefined };

  it('is possible until it begins, once', () => {
    expect(() => checkWithdrawal(one, NOW)).not.toThrow();
    expect(() => checkWithdrawal(one, at(1))).toThrow('Version 2 is valid since');
    expect(() => checkWithdrawal({ ...one, withdrawnAt: NOW }, NOW)).toThrow('withdrawn before');
  });
});

describe('the state of a version', () => {
  it.each([
    ['PLANNED', at(1), undefined, undefined],
    ['VALID', NOW, undefined, undefined],
    ['VALID', at(-9), at(1), undefined],
    ['PAST', at(-9), NOW, undefined],
    ['WITHDRAWN', at(1), undefined, NOW],
  ] as const)('%s from %s until %s', (state, validFrom, validUntil, withdrawnAt) => {
    expect(stateOf({ validFrom, validUntil, withdrawnAt }, NOW)).toBe(state);
  });
});
