import { describe, expect, it } from 'vitest';
import { isWorthWaiting } from './papers.js';
import { MOST_ATTEMPTS } from './delivery.js';

describe('a mail whose papers cannot be had', () => {
  it.each(['UNAVAILABLE', 'TIMEOUT', 'INTERNAL', 'RATE_LIMITED'] as const)(
    'waits after %s for some attempts, and leaves enough of them to the mail itself',
    (kind) => {
      const attempts = Array.from({ length: MOST_ATTEMPTS.LONG }, (_, index) => index + 1);
      const waiting = attempts.filter((attempt) => isWorthWaiting(kind, attempt));
      expect(waiting).toEqual([1, 2, 3, 4]);
    },
  );

  it.each(['INVALID', 'FORBIDDEN', 'NOT_FOUND', 'PRECONDITION'] as const)(
    'does not wait after %s: the answer stays the same',
    (kind) => expect(isWorthWaiting(kind, 1)).toBe(false),
  );
});
