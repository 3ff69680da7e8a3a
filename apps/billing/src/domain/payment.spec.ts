import { ZERO, decimal } from '@kilowatch/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueAfter,
  neverArrived,
  nextStep,
  NOT_ASKED,
  observe,
  PAYMENT_MOVES,
  type Observation,
  type PaymentCase,
  type PaymentProgress,
} from './payment.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const inMinutes = (n: number) => new Date(NOW.getTime() + n * 60_000);

const aPayment = (over: Partial<PaymentCase> = {}): PaymentCase => ({
  ...NOT_ASKED,
  purpose: 'SESSION',
  amount: decimal('50'),
  goal: null,
  operation: null,
  askedAt: null,
  authorisedUntil: null,
  providerRef: null,
  renewed: false,
  feeKnown: false,
  createdAt: NOW,
  ...over,
});

describe('what is asked next of a payment', () => {
  it.each<[string, Partial<PaymentCase>, ReturnType<typeof nextStep>]>([
    ['reserves the amount of a session', {}, { kind: 'ASK', operation: 'AUTHORISE', amount: decimal('50') }],
    ['takes an invoice at once', { purpose: 'INVOICE' }, { kind: 'ASK', operation: 'CHARGE', amount: decimal('50') }],
    ['asks for nothing once there is nothing to pay', { goal: ZERO }, { kind: 'DROP' }],
    ['asks what is true when no answer was heard', { state: 'UNKNOWN' }, { kind: 'READ' }],
    ['takes what is to be paid', { state: 'AUTHORISED', goal: decimal('12.34') }, { kind: 'ASK', operation: 'CAPTURE', amount: decimal('12.34') }],
    ['takes no more than was reserved', { state: 'AUTHORISED', goal: decimal('61') }, { kind: 'ASK', operation: 'CAPTURE', amount: decimal('50') }],
    ['gives back what is not needed', { state: 'AUTHORISED', goal: ZERO }, { kind: 'ASK', operation: 'CANCEL', amount: decimal('50') }],
    ['waits while the session runs', { state: 'AUTHORISED', authorisedUntil: inMinutes(10_080) }, { kind: 'WAIT', until: inMinutes(10_080 - 720) }],
    ['reserves anew before it runs out', { state: 'AUTHORISED', authorisedUntil: inMinutes(719), createdAt: inMinutes(-9_361) }, { kind: 'RENEW' }],
    ['reserves anew in good time where a card gives hours', { state: 'AUTHORISED', authorisedUntil: inMinutes(120) }, { kind: 'WAIT', until: inMinutes(90) }],
    ['reserves anew once', { state: 'AUTHORISED', authorisedUntil: inMinutes(9), renewed: true }, { kind: 'WAIT', until: inMinutes(9) }],
    ['takes what is to be paid, however near its end', { state: 'AUTHORISED', authorisedUntil: inMinutes(1), goal: decimal('5') }, { kind: 'ASK', operation: 'CAPTURE', amount: decimal('5') }],
    ['looks when the reservation ran out', { state: 'AUTHORISED', authorisedUntil: inMinutes(-1) }, { kind: 'READ' }],
    ['closes what was declined', { state: 'DECLINED', providerRef: 'pi' }, { kind: 'ASK', operation: 'CANCEL', amount: decimal('50') }],
    ['leaves alone what is closed', { state: 'DECLINED', providerRef: 'pi', closed: true }, { kind: 'WAIT', until: null }],
    ['gives the holder an hour', { state: 'REQUIRES_ACTION', purpose: 'TOP_UP' }, { kind: 'WAIT', until: inMinutes(60) }],
    ['and no longer', { state: 'REQUIRES_ACTION', createdAt: inMinutes(-61) }, { kind: 'ASK', operation: 'CANCEL', amount: decimal('50') }],
    ['asks for the fee', { state: 'CAPTURED' }, { kind: 'READ' }],
    ['rests', { state: 'CAPTURED', feeKnown: true }, { kind: 'WAIT', until: null }],
  ])('%s', (_what, over, step) => {
    expect(nextStep(aPayment(over), NOW)).toEqual(step);
  }); // prettier-ignore

  it('asks less and less often where nothing is heard, of a reservation without an end too, and for the fee a few times only', () => {
    const lost = aPayment({ state: 'UNKNOWN' });
    const pauses = [1, 2, 3, 4, 5, 6, 60].map(
      (n) => (dueAfter(lost, n, NOW)!.getTime() - NOW.getTime()) / 1000,
    );
    expect(pauses).toEqual([5, 15, 60, 300, 900, 3_600, 3_600]);
    const reserved = aPayment({ state: 'AUTHORISED' });
    expect(nextStep(reserved, NOW)).toEqual({ kind: 'READ' });
    const looks = [1, 3, 4].map((n) => (dueAfter(reserved, n, NOW)!.getTime() - NOW.getTime()) / 1000);
    expect(looks).toEqual([5, 60, 3_600]);
    const taken = aPayment({ state: 'CAPTURED' });
    expect([dueAfter(taken, 0, NOW), dueAfter(taken, 4, NOW)]).toEqual([inMinutes(0.25), null]);
  });

  it('repeats a question under its key only while the provider remembers the key', () => {
    expect(neverArrived(aPayment({ askedAt: inMinutes(-60) }), NOW)).toBe('AGAIN');
    expect(neverArrived(aPayment({ askedAt: inMinutes(-21 * 60) }), NOW)).toBe('OVER');
  });
});

/** What a provider says of one payment as it goes on: any life that Stripe allows. */
const lives = fc
  .record({
    asksHolder: fc.boolean(),
    end: fc.constantFrom('CAPTURED', 'CANCELLED', 'EXPIRED', 'DECLINED', 'AUTHORISED'),
    cents: fc.integer({ min: 1, max: 5_000 }),
    refunds: fc.array(fc.integer({ min: 1, max: 5_000 }), { maxLength: 3 }),
  })
  .map(({ asksHolder, end, cents, refunds }): Observation[] => {
    const at = (state: Observation['state'], captured = 0, refunded = 0, closed = false): Observation => ({
      state,
      captured: decimal(String(captured)),
      refunded: decimal(String(refunded)),
      closed,
    });
    const life = asksHolder ? [at('REQUIRES_ACTION')] : [];
    if (end === 'DECLINED') return [...life, at('DECLINED'), at('CANCELLED', 0, 0, true)];
    life.push(at('AUTHORISED'));
    if (end === 'CANCELLED' || end === 'EXPIRED') return [...life, at(end, 0, 0, true)];
    if (end === 'AUTHORISED') return life;
    life.push(at('CAPTURED', cents, 0, true));
    let refunded = 0;
    for (const refund of refunds) {
      refunded = Math.min(cents, refunded + refund);
      life.push(at('CAPTURED', cents, refunded, true));
    }
    return life;
  });

const shape = ({ state, captured, refunded, closed }: PaymentProgress) =>
  `${state} ${captured.toFixed()} ${refunded.toFixed()} ${closed}`;
const lived = (life: readonly Observation[]) => life.reduce(observe, NOT_ASKED);

describe('what is known of a payment', () => {
  it('is the same in whatever order and however often it is told, with questions left open in between', () => {
    const told = lives.chain((life) =>
      fc.record({
        life: fc.constant(life),
        order: fc.shuffledSubarray([...life, ...life], { minLength: life.length * 2 }),
        forgotten: fc.integer({ min: 0, max: 12 }),
      }),
    );
    fc.assert(
      fc.property(told, ({ life, order, forgotten }) => {
        let known: PaymentProgress = NOT_ASKED;
        order.forEach((seen, index) => {
          if (index === forgotten && PAYMENT_MOVES.canMove(known.state, 'UNKNOWN')) {
            known = { ...known, state: 'UNKNOWN' };
          }
          known = observe(known, seen);
        });
        // A question that was left open after the last news is closed by asking.
        known = observe(known, life[life.length - 1]!);
        expect(shape(known)).toBe(shape(lived(life)));
      }),
      { numRuns: 500 },
    );
  });

  it('never makes a move that is not in the table, nor loses money that was seen', () => {
    fc.assert(
      fc.property(fc.array(lives, { minLength: 1, maxLength: 3 }), (several) => {
        let known: PaymentProgress = NOT_ASKED;
        for (const seen of several.flat()) {
          const next = observe(known, seen);
          if (next.state !== known.state) PAYMENT_MOVES.assertMove(known.state, next.state);
          expect(next.captured.gte(known.captured) && next.refunded.gte(known.refunded)).toBe(true);
          known = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('believes money: what was taken after all is taken', () => {
    const gone = observe(NOT_ASKED, { state: 'CANCELLED', captured: ZERO, refunded: ZERO, closed: true });
    const seen = { state: 'CAPTURED', captured: decimal('9'), refunded: ZERO, closed: true } as const;
    expect(observe(gone, seen).state).toBe('CAPTURED');
  });
});
