import { decimal } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { isLimited, refusalOf, type AccountFunds } from './account-funds.js';

const funds = (available: string | undefined, over: Partial<AccountFunds> = {}): AccountFunds => ({
  currency: 'EUR',
  available: available === undefined ? undefined : decimal(available),
  minimumToStart: decimal('0'),
  blocked: false,
  ...over,
});

describe('a start', () => {
  it.each<[string, AccountFunds | undefined, ReturnType<typeof refusalOf>]>([
    ['of which nothing was told', undefined, undefined],
    ['without a limit', funds(undefined), undefined],
    ['with a cent', funds('0.01'), undefined],
    ['with nothing', funds('0'), 'no_credit'],
    ['with less than nothing', funds('-3'), 'no_credit'],
    ['with less than agreed', funds('4.99', { minimumToStart: decimal('5') }), 'below_minimum_to_start'],
    ['with what was agreed', funds('5.00', { minimumToStart: decimal('5') }), undefined],
    ['of an account that is blocked', funds('50', { blocked: true }), 'account_blocked'],
    ['of one without a limit that is', funds(undefined, { blocked: true }), 'account_blocked'],
  ])('%s', (_what, told, refusal) => {
    expect(refusalOf(told)).toBe(refusal);
  });
});

it('an account without a limit is asked about no more often than others', () => {
  expect([isLimited(undefined), isLimited(funds(undefined)), isLimited(funds('0'))]).toEqual([
    false,
    false,
    true,
  ]);
});
