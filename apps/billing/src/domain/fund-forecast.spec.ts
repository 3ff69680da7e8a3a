import { decimal, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { forecast, LATEST_LOOK_MS, SOONEST_LOOK_MS, type Spending } from './fund-forecast.js';

const NOW = new Date('2026-05-01T12:00:00Z');
const seconds = (n: number) => new Date(NOW.getTime() + n * 1_000);
/** So much has been used, and so many cents come each second, or may. */
const spending = (used: string, perSecond: number, most = perSecond): Spending => {
  const at = (cents: number) => (time: Date) =>
    decimal(used).plus(decimal(Math.round((cents * (time.getTime() - NOW.getTime())) / 1_000)).div('100'));
  return { at: at(perSecond), atMost: at(most) };
};
const look = (room: string, ...running: Spending[]) =>
  forecast({ room: decimal(room), spent: ZERO, running, now: NOW });

describe('forecast', () => {
  it('tells when the money is used at the present power, and looks again in good time', () => {
    const view = look('10.00', spending('4.00', 1));
    expect(view).toMatchObject({ stop: false, low: false });
    expect(view.usedUpAt!.getTime()).toBeGreaterThan(seconds(598).getTime());
    expect(view.usedUpAt!.getTime()).toBeLessThanOrEqual(seconds(600).getTime());
    expect(view.lookAt).toEqual(new Date(NOW.getTime() + LATEST_LOOK_MS));
  });

  it('looks as soon as it could be used, should the car take all it may', () => {
    const { lookAt, stop } = look('10.00', spending('8.00', 1, 10));
    expect(stop).toBe(false);
    expect(lookAt.getTime()).toBeGreaterThan(seconds(8).getTime());
    expect(lookAt.getTime()).toBeLessThanOrEqual(seconds(10).getTime());
  });

  it('looks when most of it will be used', () => {
    const { lookAt, low } = look('10.00', spending('7.00', 1));
    expect(low).toBe(false);
    expect(lookAt.getTime()).toBeGreaterThan(seconds(98).getTime());
    expect(lookAt.getTime()).toBeLessThanOrEqual(seconds(100).getTime());
    expect(look('10.00', spending('8.00', 1)).low).toBe(true);
  });

  it('never looks all the time', () => {
    expect(look('10.00', spending('9.50', 1, 100)).lookAt).toEqual(new Date(NOW.getTime() + SOONEST_LOOK_MS));
  });

  it('stops when the rest is what a stop takes, for all who share it together', () => {
    expect(look('10.00', spending('9.89', 1)).stop).toBe(false);
    expect(look('10.00', spending('9.90', 1)).stop).toBe(true);
    expect(look('10.00', spending('4.90', 1), spending('4.90', 1)).stop).toBe(true);
    expect(look('10.00', spending('9.99', 0)).stop).toBe(false);
    expect(look('10.00', spending('10.00', 0))).toMatchObject({ stop: true, usedUpAt: NOW });
  });

  it('stops at once where there is nothing, or less', () => {
    expect(look('0', spending('0', 0))).toMatchObject({ stop: true, usedUpAt: NOW });
    expect(look('-5.00', spending('0', 0)).stop).toBe(true);
  });

  it('names no time that is half a day away', () => {
    expect(look('1000.00', spending('0', 1)).usedUpAt).toBeUndefined();
  });

  it('counts what sessions cost that ended and are not billed', () => {
    const input = { room: decimal('10'), spent: decimal('9.95'), running: [spending('0', 1)], now: NOW };
    expect(forecast(input).stop).toBe(true);
  });
});
