import { describe, expect, it } from 'vitest';
import { Flights, MOST_FLIGHTS, type Flight } from './flights.js';

const flight = (over: Partial<Flight> = {}): Flight => ({
  tenant: 'demo',
  name: 'one',
  fromStation: false,
  ...over,
});
const never = () => new Promise<string>(() => undefined);

describe('flights', () => {
  it('are one for each thing that is asked about, and gone when they have ended', async () => {
    const flights = new Flights<number>();
    let begun = 0;
    const begin = () => Promise.resolve((begun += 1));
    const [one, two] = [flights.join(flight(), begin), flights.join(flight(), begin)];
    expect(await Promise.all([one, two])).toEqual([1, 1]);
    expect(await flights.join(flight(), begin)).toBe(2);
  });

  it('to where a station chose are joined by stations only', () => {
    const flights = new Flights<string>();
    const chosen = flights.join(flight({ fromStation: true }), never);
    const own = flights.join(flight(), never);
    expect(own).not.toBe(chosen);
    expect(flights.join(flight(), never)).toBe(own);
    expect(flights.join(flight({ fromStation: true }), never)).toBe(own);
  });

  it('of one company do not use up the room of another', () => {
    const flights = new Flights<string>();
    const begin = (tenant: string, count: number, fromStation: boolean) =>
      Array.from({ length: count }, (_, index) =>
        flights.join(flight({ tenant, name: `${index}`, fromStation }), never),
      ).filter((one) => one !== undefined).length;
    expect(begin('flooding', 1_000, true)).toBe(MOST_FLIGHTS.fromStations);
    // What stations chose leaves room for chains, of that company too.
    expect(begin('flooding', 1_000, false)).toBe(MOST_FLIGHTS.tenant - MOST_FLIGHTS.fromStations);
    expect(begin('other', 10, true)).toBe(10);
    expect(begin('another', 10, false)).toBe(10);
  });

  it('that failed make room again', async () => {
    const flights = new Flights<string>();
    await expect(flights.join(flight(), () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await flights.join(flight(), () => Promise.resolve('back'))).toBe('back');
  });
});
