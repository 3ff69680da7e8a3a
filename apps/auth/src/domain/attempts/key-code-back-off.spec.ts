import { describe, expect, it } from 'vitest';
import { KeyCodeBackOff } from './key-code-back-off.js';

const LIMITS = { failures: 5, windowMs: 300_000 };
const at = (seconds: number) => new Date(Date.UTC(2026, 2, 2) + seconds * 1000);

function wrong(backOff: KeyCodeBackOff, times: readonly number[], keypad = 'k'): void {
  for (const time of times) backOff.failed(keypad, at(time), LIMITS);
}

describe('the back-off of a keypad (C04)', () => {
  it('begins with the fifth wrong code within five minutes, at that keypad alone', () => {
    const backOff = new KeyCodeBackOff();
    wrong(backOff, [0, 1, 2, 3]);
    expect(backOff.waitSeconds('k', at(3))).toBe(0);
    wrong(backOff, [299]);
    expect([backOff.waitSeconds('k', at(299)), backOff.waitSeconds('other', at(299))]).toEqual([30, 0]);
    expect([backOff.waitSeconds('k', at(328)), backOff.waitSeconds('k', at(329))]).toEqual([1, 0]);
  });

  it('does not begin when the first is five minutes old', () => {
    const backOff = new KeyCodeBackOff();
    wrong(backOff, [0, 1, 2, 3, 300]);
    expect(backOff.waitSeconds('k', at(300))).toBe(0);
  });

  it('is twice as long each time it goes on, up to an hour', () => {
    const backOff = new KeyCodeBackOff();
    wrong(backOff, [0, 0, 0, 0, 0]);
    const waits: number[] = [];
    let now = 0;
    for (let i = 0; i < 10; i++) {
      const wait = backOff.waitSeconds('k', at(now));
      waits.push(wait);
      now += wait;
      wrong(backOff, [now]);
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
  });

  it('ends with a right code, and is forgotten after a while without wrong ones', () => {
    const backOff = new KeyCodeBackOff();
    wrong(backOff, [0, 0, 0, 0, 0]);
    backOff.succeeded('k');
    expect(backOff.waitSeconds('k', at(1))).toBe(0);
    wrong(backOff, [10, 10, 10, 10, 10]);
    wrong(backOff, [400]);
    expect(backOff.waitSeconds('k', at(400))).toBe(0);
  });

  it('begins with the wrong codes of all pods together, once', () => {
    const backOff = new KeyCodeBackOff();
    backOff.heard('k', 9, at(0), LIMITS);
    expect([backOff.waitSeconds('k', at(0)), backOff.knows('k')]).toEqual([0, false]);
    wrong(backOff, [0]);
    backOff.heard('k', 4, at(0), LIMITS);
    expect(backOff.waitSeconds('k', at(0))).toBe(0);
    backOff.heard('k', 5, at(0), LIMITS);
    backOff.heard('k', 6, at(1), LIMITS);
    expect(backOff.waitSeconds('k', at(0))).toBe(30);
    backOff.succeeded('k');
    expect(backOff.knows('k')).toBe(false);
  });

  it('remembers so many keypads and forgets the one quiet for longest', () => {
    const backOff = new KeyCodeBackOff(2);
    for (const keypad of ['a', 'b']) wrong(backOff, [0, 0, 0, 0, 0], keypad);
    wrong(backOff, [1], 'c');
    expect([backOff.waitSeconds('a', at(1)), backOff.waitSeconds('b', at(1))]).toEqual([0, 29]);
  });
});
