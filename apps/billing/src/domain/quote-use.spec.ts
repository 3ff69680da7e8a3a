import { describe, expect, it } from 'vitest';
import { isUsable, validAt } from './quote-use.js';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 15, 9, minute));
const place = { connectorId: 'left', timeZone: 'Europe/Amsterdam' };
const quote = { ...place, accountId: 'driver', sessionId: undefined, expiresAt: at(15) };
const start = (minute: number, accountId = 'driver') => ({ ...place, accountId, startedAt: at(minute) });

describe('an accepted quote', () => {
  it('holds for its driver until a quarter of an hour after it expired', () => {
    expect(isUsable(quote, start(0))).toBe(true);
    expect(isUsable(quote, start(29))).toBe(true);
    expect(isUsable(quote, start(30))).toBe(false);
  });

  it('is nobody else’s and prices one session', () => {
    expect(isUsable(quote, start(0, 'other'))).toBe(false);
    expect(isUsable({ ...quote, accountId: '' }, start(0, ''))).toBe(false);
    expect(isUsable({ ...quote, sessionId: 'S' }, start(0))).toBe(false);
  });

  it.each([
    ['its connector', {}, true],
    [
      'its connector, though the zone of the place was corrected meanwhile',
      { timeZone: 'Europe/Paris' },
      true,
    ],
    ['another connector', { connectorId: 'right' }, false],
    ['a connector the station does not name, by the same clock', { connectorId: '' }, true],
    ['a connector the station does not name, by another clock', { connectorId: '', timeZone: 'UTC' }, false],
  ])('prices a session at %s: %#', (_where, session, usable) => {
    expect(isUsable(quote, { ...start(0), ...session })).toBe(usable);
  });
});

describe('validAt', () => {
  const history = [
    { from: at(10), value: 1 },
    { from: at(20), value: 2 },
  ];

  it.each([
    [5, 1],
    [10, 1],
    [19, 1],
    [20, 2],
    [59, 2],
  ])('at minute %i is version %i', (minute, version) => {
    expect(validAt(history, at(minute))).toBe(version);
  });

  it('is nothing without a history', () => {
    expect(validAt([], at(0))).toBeUndefined();
  });
});
