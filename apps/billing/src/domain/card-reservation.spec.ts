import { type Decimal, decimal, sumDecimals, ZERO } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  goalsOf,
  MOST_RESERVATIONS,
  mayReserveMore,
  reservedOf,
  type Reservation,
} from './card-reservation.js';
import { PAYMENT_STATES } from './payment.js';

const cents = fc.integer({ min: 0, max: 100_000 }).map((n) => decimal(String(n)).div('100'));
const one = (over: Partial<Reservation> = {}): Reservation => ({
  ...{ state: 'AUTHORISED', amount: decimal('50'), goal: null },
  ...over,
});

describe('what is reserved on a card for a session', () => {
  it('is what the card gave and nobody has decided about', () => {
    const all = [
      one(),
      one({ amount: decimal('20') }),
      one({ goal: ZERO }),
      ...PAYMENT_STATES.filter((state) => state !== 'AUTHORISED').map((state) => one({ state })),
    ];
    expect(reservedOf(all).toFixed()).toBe('70');
    expect(reservedOf([]).toFixed()).toBe('0');
  });

  it.each<[string, Reservation[], boolean]>([
    ['is asked for beside what there is', [one()], true],
    ['is asked for after one that was replaced', [one({ state: 'CANCELLED', goal: ZERO }), one()], true],
    ['is not asked for while an answer is out', [one(), one({ state: 'UNKNOWN' })], false],
    ['is not asked for before the first was asked', [one({ state: 'PENDING' })], false],
    ['is not asked of a card that declined', [one(), one({ state: 'DECLINED' })], false],
    ['is not asked for once it is billed', [one({ goal: decimal('3') })], false],
    ['is not asked of nobody', [], false],
    ['has an end', Array.from({ length: MOST_RESERVATIONS }, () => one()), false],
  ])('more %s', (_what, all, may) => {
    expect(mayReserveMore(all)).toBe(may);
  });
});

describe('a bill taken of reservations', () => {
  const plain = (goals: readonly Decimal[]) => goals.map((goal) => goal.toFixed());

  it('is taken of the first ones, the rest of the last, and what is not needed is let go', () => {
    const live = [one(), one(), one()];
    expect(plain(goalsOf(decimal('60'), live))).toEqual(['50', '10', '0']);
    expect(plain(goalsOf(decimal('170'), live))).toEqual(['50', '50', '70']);
    expect(plain(goalsOf(ZERO, live))).toEqual(['0', '0', '0']);
    expect(plain(goalsOf(decimal('-3'), live))).toEqual(['0', '0', '0']);
    expect(goalsOf(decimal('60'), [])).toEqual([]);
  });

  it('is asked for once, to the cent, and never of one more than it has but of the last', () => {
    fc.assert(
      fc.property(cents, fc.array(cents, { minLength: 1, maxLength: 5 }), (owed, amounts) => {
        const goals = goalsOf(
          owed,
          amounts.map((amount) => ({ amount })),
        );
        expect(sumDecimals(goals).eq(owed)).toBe(true);
        goals.forEach((goal, index) => {
          expect(goal.gte('0')).toBe(true);
          if (index < goals.length - 1) expect(goal.lte(amounts[index]!)).toBe(true);
        });
      }),
    );
  });
});
