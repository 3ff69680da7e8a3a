import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FrameNumbers,
  frameNumberFrom,
  MAX_TRACE_HOURS,
  slotsToForget,
  timeOfFrame,
  traceSlot,
} from './trace-slot.js';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 28, 18, 30);
const nows = fc.integer({ min: NOW, max: 4_000_000_000_000 });
const keeps = fc.integer({ min: 1, max: MAX_TRACE_HOURS });

describe('the ring of slots', () => {
  it('never forgets an hour that is to be kept, the present one, or the next', () => {
    fc.assert(
      fc.property(nows, keeps, (now, hours) => {
        const forgotten = new Set(slotsToForget(now, hours));
        for (let back = -1; back <= hours; back++) {
          expect(forgotten.has(traceSlot(now - back * HOUR_MS))).toBe(false);
        }
      }),
    );
  });

  it('has emptied the slot of the hour after next before it comes', () => {
    fc.assert(
      fc.property(nows, keeps, (now, hours) => {
        expect(slotsToForget(now, hours)).toContain(traceSlot(now + 2 * HOUR_MS));
      }),
    );
  });
});

describe('numbers of frames', () => {
  it('grow with every frame, also when the clock steps back', () => {
    const numbers = new FrameNumbers();
    const given = [NOW, NOW, NOW - 5_000, NOW + 1].map((at) => numbers.next(at));
    expect(given).toEqual([...given].sort((a, b) => a - b));
    expect(new Set(given).size).toBe(4);
  });

  it('tell the millisecond', () => {
    expect(timeOfFrame(new FrameNumbers().next(NOW))).toEqual(new Date(NOW));
    expect(new FrameNumbers().next(NOW)).toBeGreaterThanOrEqual(frameNumberFrom(new Date(NOW)));
  });

  it('stay exact integers for centuries', () => {
    expect(Number.isSafeInteger(new FrameNumbers().next(Date.UTC(2400, 0, 1)))).toBe(true);
  });
});
