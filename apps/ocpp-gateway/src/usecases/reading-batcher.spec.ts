import { internal, unavailable } from '@kilowatch/kernel';
import { metering } from '@kilowatch/contracts';
import { describe, expect, it } from 'vitest';
import { BATCH_LIMITS, ReadingBatcher, type BatchLimits } from './reading-batcher.js';

const reading = (stationId: string, signedData = '') =>
  metering.MeterValueSet.fromPartial({ stationId, samples: [{ value: '1', signedData }] });

/** Time and the metering service under the test's control. */
function setup(limits: Partial<BatchLimits> = {}) {
  let now = 0;
  const timers: { at: number; run: () => void }[] = [];
  const calls: { stations: string[]; answer: (error?: unknown) => Promise<void> }[] = [];
  const batcher = new ReadingBatcher(
    {
      now: () => now,
      schedule: (run, ms) => void timers.push({ at: now + ms, run }),
      record: (sets) =>
        new Promise((resolve, reject) => {
          calls.push({
            stations: sets.map((set) => set.stationId),
            answer: async (error) => {
              if (error === undefined) resolve();
              else reject(error as Error);
              await settle();
            },
          });
        }),
    },
    { ...BATCH_LIMITS, lingerMs: 5, ...limits },
  );
  const advance = (ms: number) => {
    now += ms;
    for (const timer of timers.splice(0)) {
      if (timer.at <= now) timer.run();
      else timers.push(timer);
    }
  };
  return { batcher, calls, advance };
}

async function settle() {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

/** 'waiting', 'stored' or the error's code. */
function watch(promise: Promise<void>) {
  const state = { is: 'waiting' };
  promise.then(
    () => (state.is = 'stored'),
    (error: { code: string }) => (state.is = error.code),
  );
  return state;
}

describe('ReadingBatcher', () => {
  it('gathers the readings of all sockets for 5 ms into one call and answers each when it is stored', async () => {
    const { batcher, calls, advance } = setup();
    const a = watch(batcher.add([reading('a')]));
    advance(3);
    const b = watch(batcher.add([reading('b')]));
    advance(1);
    expect(calls).toHaveLength(0);
    advance(1);
    expect(calls.map((call) => call.stations)).toEqual([['a', 'b']]);
    expect([a.is, b.is]).toEqual(['waiting', 'waiting']);
    await calls[0]!.answer();
    expect([a.is, b.is]).toEqual(['stored', 'stored']);
  });

  it('does not wait when a batch is full', () => {
    const { batcher, calls } = setup({ maxSets: 2 });
    void batcher.add([reading('a')]);
    expect(calls).toHaveLength(0);
    void batcher.add([reading('b')]);
    expect(calls).toHaveLength(1);
  });

  it('keeps one call in flight and lets the next batch gather meanwhile', async () => {
    const { batcher, calls, advance } = setup();
    void batcher.add([reading('a')]);
    advance(5);
    void batcher.add([reading('b')]);
    advance(50);
    void batcher.add([reading('c')]);
    advance(50);
    expect(calls).toHaveLength(1);
    await calls[0]!.answer();
    expect(calls[1]!.stations).toEqual(['b', 'c']);
  });

  it('splits by bytes, never within one message', async () => {
    const { batcher, calls, advance } = setup({ maxBytes: 3000 });
    void batcher.add([reading('a', 'x'.repeat(1200)), reading('a', 'x'.repeat(1200))]);
    void batcher.add([reading('b', 'x'.repeat(1200))]);
    advance(5);
    expect(calls[0]!.stations).toEqual(['a', 'a']);
    await calls[0]!.answer();
    advance(5);
    expect(calls[1]!.stations).toEqual(['b']);
  });

  it('fails all of a batch when the service is away', async () => {
    const { batcher, calls, advance } = setup();
    const states = ['a', 'b'].map((id) => watch(batcher.add([reading(id)])));
    advance(5);
    await calls[0]!.answer(unavailable('AWAY', 'x'));
    expect(states.map(({ is }) => is)).toEqual(['AWAY', 'AWAY']);
    expect(calls).toHaveLength(1);
  });

  it('fails only the message that cannot be stored', async () => {
    const { batcher, calls, advance } = setup();
    const states = ['a', 'bad', 'c', 'd'].map((id) => watch(batcher.add([reading(id)])));
    advance(5);
    for (let i = 0; i < calls.length; i++) {
      const poisoned = calls[i]!.stations.includes('bad');
      await calls[i]!.answer(poisoned ? internal('BROKEN', 'x') : undefined);
    }
    expect(states.map(({ is }) => is)).toEqual(['stored', 'BROKEN', 'stored', 'stored']);
  });

  it('refuses more when too much waits, without losing what waits', async () => {
    const { batcher, calls, advance } = setup({ maxWaitingBytes: 500 });
    const first = watch(batcher.add([reading('a')]));
    const second = watch(batcher.add([reading('b'), reading('b')]));
    await settle();
    expect(second.is).toBe('READINGS_OVERLOAD');
    advance(5);
    await calls[0]!.answer();
    expect(first.is).toBe('stored');
  });

  it('drains everything that waits', async () => {
    const { batcher, calls } = setup({ maxSets: 1 });
    for (const id of ['a', 'b', 'c']) void batcher.add([reading(id)]);
    let done = false;
    void batcher.drain().then(() => (done = true));
    for (let i = 0; i < 3; i++) {
      expect(done).toBe(false);
      await calls[i]!.answer();
    }
    await settle();
    expect(done).toBe(true);
  });
});
