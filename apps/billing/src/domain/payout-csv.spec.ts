import { decimal } from '@kilowatch/kernel';
import { expect, it } from 'vitest';
import { payoutsCsv } from './payout-csv.js';

const line = {
  ...{ ref: 'po_1', state: 'PAID', currency: 'EUR', transactions: 3 },
  toldAt: new Date('2026-03-31T22:30:00Z'),
  payments: decimal('12.1'),
  refunds: decimal('-2'),
  chargebacks: decimal('-1.5'),
  other: decimal('0'),
  fees: decimal('0.43'),
  amount: decimal('9.67'),
  payoutAmount: decimal('109.67'),
};

it('tells each payout on the day it was on the clock of the seller, below zero as a number', () => {
  expect(payoutsCsv([line], 'Europe/Amsterdam').split('\r\n')).toEqual([
    'day,reference,state,currency,payments,refunds,chargebacks,other,fees,amount,bank_received,transactions',
    '2026-04-01,po_1,PAID,EUR,12.10,-2.00,-1.50,0.00,0.43,9.67,109.67,3',
    '',
  ]);
  expect(payoutsCsv([{ ...line, currency: 'JPY' }], 'UTC')).toContain('2026-03-31,po_1,PAID,JPY,12,-2,');
});

it('is a header alone where nothing was paid out', () => {
  expect(payoutsCsv([], 'UTC').trim().split('\r\n')).toHaveLength(1);
});
