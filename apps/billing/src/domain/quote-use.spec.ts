import { describe, expect, it } from 'vitest';
import { givesWay, isUsable, validAt } from './quote-use.js';

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

describe('the price of a running session', () => {
  const nobody = { accountId: '', tokenId: '', tokenRefused: false };
  const roaming = { ...nobody, tokenId: 'token' };
  const driver = { ...roaming, accountId: 'driver' };
  const provisional = { accountId: '', lockedAt: undefined };
  const roamings = { accountId: '', lockedAt: at(1) };
  const drivers = { accountId: 'driver', lockedAt: at(1) };

  it.each([
    ['of nobody stays while nobody is told', provisional, nobody, false],
    ['of nobody stays when a refused token is told', provisional, { ...roaming, tokenRefused: true }, false],
    ['of nobody gives way to that of a token without an account', provisional, roaming, true],
    ['of nobody gives way to that of a driver', provisional, driver, true],
    ['of a token without an account stays its own', roamings, roaming, false],
    ['of a token without an account gives way to that of a driver', roamings, driver, true],
    ['of a driver stays', drivers, driver, false],
    ['of a driver stays though another is told', drivers, { ...driver, accountId: 'other' }, false],
    ['of a driver stays though nobody is told', drivers, nobody, false],
  ])('%s', (_what, held, told, expected) => {
    expect(givesWay(held, told)).toBe(expected);
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
