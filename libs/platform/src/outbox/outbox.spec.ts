import { describe, expect, it } from 'vitest';
import { lostData } from './stream-loss.js';
import { WakeUp } from './wake-up.js';

describe('whether a stream lost data', () => {
  const known = { created: '2026-01-01T00:00:00Z', lastSeq: 10 };

  it.each([
    ['nothing new', known, false],
    ['more than was stamped', { ...known, lastSeq: 11 }, false],
    ['made anew', { created: '2026-02-02T00:00:00Z', lastSeq: 10 }, true],
    ['its end went back', { ...known, lastSeq: 9 }, true],
  ])('%s', (_what, found, lost) => {
    expect(lostData(known, found)).toBe(lost);
  });
});

describe('waiting that can be cut short', () => {
  const LONG = 60_000;

  it('ends at once when woken during the wait', async () => {
    const wakeUp = new WakeUp();
    const waiting = wakeUp.wait(LONG);
    wakeUp.wake();
    await waiting;
  });

  it('does not lose a wake between two waits, and takes several as one', async () => {
    const wakeUp = new WakeUp();
    wakeUp.wake();
    wakeUp.wake();
    await wakeUp.wait(LONG);
    const second = await Promise.race([wakeUp.wait(LONG).then(() => 'woken'), Promise.resolve('waiting')]);
    expect(second).toBe('waiting');
    wakeUp.wake();
  });

  it('ends by itself', async () => {
    await new WakeUp().wait(1);
  });
});
