import { describe, expect, it } from 'vitest';
import { carFullAt, fullTime, wasFull, type ToldState } from './car-full.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 15, 9) + seconds * 1000);
const told = (...states: [string, number][]): ToldState[] =>
  states.map(([state, from], i) => ({ state, from: at(from), to: states[i + 1] && at(states[i + 1]![1]) }));

describe('a full car', () => {
  it('asks for no more power after it has charged, the first time', () => {
    const periods = told(
      ['EV_CONNECTED', 0],
      ['CHARGING', 10],
      ['SUSPENDED_EVSE', 600],
      ['SUSPENDED_EV', 700],
      ['CHARGING', 800],
      ['SUSPENDED_EV', 900],
    );
    expect(carFullAt(periods)).toEqual(at(700));
    expect(carFullAt([...periods].reverse())).toEqual(at(700));
  });

  it('is not one that waits for its departure and charges then, until it has', () => {
    expect(carFullAt(told(['SUSPENDED_EV', 0]))).toBeUndefined();
    expect(carFullAt(told(['SUSPENDED_EV', 0], ['CHARGING', 7200]))).toBeUndefined();
    expect(carFullAt(told(['SUSPENDED_EV', 0], ['CHARGING', 7200], ['SUSPENDED_EV', 9000]))).toEqual(
      at(9000),
    );
  });

  it('is not one that tried the station for a moment, or that a 1.6 station was taken to charge before it said', () => {
    const waits = told(['CHARGING', 0], ['SUSPENDED_EV', 59]);
    expect(carFullAt(waits)).toBeUndefined();
    expect(carFullAt(told(['CHARGING', 0], ['SUSPENDED_EV', 60]))).toEqual(at(60));
    // Moments add up.
    const tries = told(['CHARGING', 0], ['SUSPENDED_EV', 40], ['CHARGING', 100], ['SUSPENDED_EV', 130]);
    expect(carFullAt(tries)).toEqual(at(130));
  });

  it('is none of which no time is known', () => {
    expect(carFullAt([{ state: 'CHARGING' }, { state: 'SUSPENDED_EV' }])).toBeUndefined();
    expect(carFullAt([])).toBeUndefined();
  });
});

describe('while a car is full', () => {
  const of = (...states: [string, number][]) => fullTime(told(...states));
  const ms = (seconds: number) => at(seconds).getTime();

  it('it asks for no power, the last time that counts, in whatever order that is told', () => {
    const full = told(['CHARGING', 0], ['SUSPENDED_EV', 600], ['CHARGING', 700], ['SUSPENDED_EV', 800]);
    expect(fullTime(full)).toEqual({ since: ms(800) });
    expect(fullTime([...full].reverse())).toEqual({ since: ms(800) });
    expect(of(['CHARGING', 0], ['SUSPENDED_EV', 600], ['CHARGING', 700])).toBeUndefined();
    expect(of(['CHARGING', 0], ['SUSPENDED_EVSE', 600])).toBeUndefined();
    expect(of(['SUSPENDED_EV', 0])).toBeUndefined();
    expect(of()).toBeUndefined();
  });

  it.each(['SUSPENDED_EVSE', 'EV_CONNECTED'])(
    'a fault or the plug (%s) loses nothing, unless it had been so for less than a minute',
    (state) => {
      expect(wasFull(of(['CHARGING', 0], ['SUSPENDED_EV', 600], [state, 6_000]), ms(6_000))).toBe(true);
      expect(wasFull(of(['CHARGING', 0], ['SUSPENDED_EV', 600], [state, 659]), ms(6_000))).toBe(false);
      expect(wasFull(of(['CHARGING', 0], ['SUSPENDED_EV', 600]), ms(659))).toBe(false);
      expect(wasFull(of(['CHARGING', 0], ['SUSPENDED_EV', 600]), ms(660))).toBe(true);
      expect(wasFull(undefined, ms(660))).toBe(false);
    },
  );
});
