import { describe, expect, it } from 'vitest';
import type { Station } from '../domain/station.js';
import { clockAtStart, forgetClock, noteAsked, noteClock, notesOf } from './connection-notes.js';

const CONNECTED = Date.parse('2026-03-01T10:00:00Z');
const after = (seconds: number) => new Date(CONNECTED + seconds * 1000);

/** Messages of one connection as [received after, happened after] in seconds; the offset that is known then. */
function offsetAfter(...messages: readonly (readonly [number, number])[]): number | undefined {
  const station = {} as Station;
  notesOf(station, after(0));
  for (const [received, happened] of messages) noteClock(station, after(happened), after(received));
  return notesOf(station, after(0)).clock?.offsetSeconds;
}

describe("a charger's clock", () => {
  it('is not known from what may have waited', () => {
    expect(offsetAfter([5, -3_600], [59, -3_600])).toBeUndefined();
  });

  it('is known from the message that came fastest', () => {
    expect(offsetAfter([100, -3_500], [200, -3_390], [300, -3_400])).toBe(-3_590);
    expect(offsetAfter([100, 101])).toBe(1);
  });

  it('may be set', () => {
    expect(offsetAfter([100, 7_300], [1_200, 1_200])).toBe(0);
  });

  const begun = { value: '04-a1-b2-c3', deviceTime: after(-3_600) };
  const asked = (seconds: number) => {
    const station = {} as Station;
    notesOf(station, after(0));
    noteAsked(station, '04A1B2C3', after(seconds));
    return station;
  };

  it('is shown by a start that it has just asked about, and by no other', () => {
    const station = asked(90);
    expect(clockAtStart(station, begun, after(100))).toBe(-3_700);
    expect(clockAtStart(station, { ...begun, value: '04FFFFFF' }, after(100))).toBeUndefined();
    expect(clockAtStart(station, { ...begun, deviceTime: null }, after(100))).toBeUndefined();
    expect(clockAtStart(station, begun, after(700))).toBeUndefined();
    noteClock(station, after(80), after(100));
    expect(clockAtStart(station, begun, after(700))).toBe(-20);
  });

  it('is shown by it in the first minute, too, where the clock has written nothing else', () => {
    const station = asked(30);
    expect(clockAtStart(station, begun, after(40))).toBe(-3_640);
    // By what it tells when it connects it is right: so the start has waited.
    noteClock(station, after(4), after(5));
    expect(clockAtStart(station, begun, after(40))).toBe(-1);
  });

  it('is another one after a boot was answered', () => {
    const station = asked(90);
    // Local time as UTC, told before the answer, as vcp does.
    noteClock(station, after(7_205), after(5));
    expect(clockAtStart(station, { ...begun, deviceTime: after(100) }, after(100))).toBe(7_200);
    forgetClock(notesOf(station, after(6)));
    expect(clockAtStart(station, { ...begun, deviceTime: after(100) }, after(100))).toBe(0);
  });

  it('is not shown by a start that is older than what its clock has written since, even into a queue', () => {
    const station = asked(90);
    noteClock(station, after(-5), after(5));
    expect(clockAtStart(station, begun, after(100))).toBe(-10);
    expect(clockAtStart(station, { ...begun, deviceTime: after(60) }, after(100))).toBe(-40);
    // An hour behind, and so is what it told when it connected.
    const behind = asked(90);
    noteClock(behind, after(-3_595), after(5));
    expect(clockAtStart(behind, { ...begun, deviceTime: after(-3_505) }, after(100))).toBe(-3_605);
  });
});
