import { describe, expect, it } from 'vitest';
import { refundStep, type RefundCase, type RefundHeard, type RefundState } from './refund.js';

const hour = (n: number) => new Date(Date.UTC(2026, 0, 15, n));
const refund = (state: RefundState, over: Partial<RefundCase> = {}): RefundCase => ({
  state,
  askedAt: hour(0),
  attempts: 2,
  ...over,
});
const step = (held: RefundCase, heard: RefundHeard, flight = held.attempts, now = hour(1)) =>
  refundStep(held, flight, heard, now);

describe('a refund', () => {
  it.each<RefundState>(['DONE', 'FAILED'])('that is %s is never changed by what is heard late', (state) => {
    for (const heard of ['FOUND', 'NOT_FOUND', 'NO', 'SILENCE'] as const) {
      expect(step(refund(state), heard)).toBe('NOTHING');
    }
  });

  it('is taken over when it is found, and given up on a final no', () => {
    expect(step(refund('UNKNOWN'), 'FOUND')).toBe('TAKE_OVER');
    expect(step(refund('UNKNOWN'), 'NO')).toBe('FAIL');
  });

  it('that the provider has does not fail by a refusal', () => {
    expect(step(refund('PENDING'), 'NO')).toBe('LATER');
    expect(step(refund('PENDING'), 'NOT_FOUND')).toBe('LATER');
  });

  it('is asked for again, under the same key, only after a look of the flight that is out found none', () => {
    expect(step(refund('UNKNOWN'), 'NOT_FOUND')).toBe('ASK');
    expect(step(refund('UNKNOWN'), 'NOT_FOUND', 1)).toBe('LATER');
    expect(step(refund('REQUESTED'), 'NOT_FOUND')).toBe('LATER');
    expect(step(refund('UNKNOWN'), 'SILENCE')).toBe('LATER');
  });

  it('is asked for beyond the life of its key, and given up after three days', () => {
    expect(step(refund('UNKNOWN'), 'NOT_FOUND', 2, hour(25))).toBe('ASK');
    expect(step(refund('UNKNOWN'), 'NOT_FOUND', 2, hour(72))).toBe('ASK');
    expect(step(refund('UNKNOWN'), 'NOT_FOUND', 2, hour(73))).toBe('GIVE_UP');
  });
});
