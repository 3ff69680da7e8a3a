import { describe, expect, it } from 'vitest';
import { minutes, NOON } from '../../test/transaction-builders.js';
import { clockOffsetSeconds, effectiveTime, isLive } from './device-time.js';

describe('effective time', () => {
  it('Q18: believes the device within reason, days late included', () => {
    expect(effectiveTime(minutes(-3000), NOON)).toEqual(minutes(-3000));
    expect(effectiveTime(minutes(4), NOON)).toEqual(minutes(4));
  });

  it.each([
    ['1970', new Date('1970-01-01T00:00:03Z')],
    ['the far future', new Date('2036-02-07T06:28:16Z')],
    ['no time at all', new Date(NaN)],
    ['nothing', undefined],
  ])('Q18: uses our clock for %s', (_name, deviceTime) => {
    expect(effectiveTime(deviceTime, NOON)).toBe(NOON);
  });
});

describe('liveness of a message', () => {
  it('is refused to queued messages and to older ones', () => {
    expect(isLive({ at: NOON, offline: true }, undefined)).toBe(false);
    expect(isLive({ at: minutes(-1), offline: false }, NOON)).toBe(false);
    expect(isLive({ at: NOON, offline: false }, NOON)).toBe(true);
  });
});

it('measures the charger clock against ours', () => {
  expect(clockOffsetSeconds(minutes(-2), NOON)).toBe(-120);
  expect(clockOffsetSeconds(undefined, NOON)).toBe(0);
});
