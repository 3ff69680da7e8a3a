import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InboundCalls, OutboundCalls } from './call-queue.js';

const call = (id: string, sendBefore = 10_000) => ({ id, subject: id, sendBefore, answerTimeoutMs: 30 });

describe('OutboundCalls', () => {
  it('Q25: has one call in flight and sends the next after its answer', () => {
    const calls = new OutboundCalls({ capacity: 5 });
    calls.enqueue(call('a'));
    calls.enqueue(call('b'));
    expect(calls.next(0)?.id).toBe('a');
    expect(calls.next(1)).toBeNull();
    expect(calls.settle('a')?.id).toBe('a');
    expect(calls.next(2)?.id).toBe('b');
  });

  it('Q25: is not disturbed by late, repeated and stray answers', () => {
    const calls = new OutboundCalls({ capacity: 5 });
    calls.enqueue(call('a'));
    calls.enqueue(call('b'));
    calls.next(0);
    expect(calls.settle('-1')).toBeNull();
    expect(calls.expire(30)).toEqual([{ call: call('a'), outcome: 'timeout' }]);
    calls.next(31);
    expect(calls.settle('a')).toBeNull();
    expect(calls.settle('b')?.id).toBe('b');
    expect(calls.settle('b')).toBeNull();
    expect(calls.strayAnswers).toBe(3);
  });

  it('tells a call that was never sent from one that got no answer', () => {
    const calls = new OutboundCalls({ capacity: 5 });
    calls.enqueue(call('a'));
    calls.enqueue(call('b', 20));
    calls.next(0);
    expect(calls.deadline()).toBe(20);
    expect(calls.expire(20).map(({ call: { id }, outcome }) => [id, outcome])).toEqual([['b', 'unsent']]);
    expect(calls.expire(30).map(({ call: { id }, outcome }) => [id, outcome])).toEqual([['a', 'timeout']]);
    expect(calls.deadline()).toBeNull();
  });

  it('never sends a call after its time', () => {
    const calls = new OutboundCalls({ capacity: 5 });
    calls.enqueue(call('a', 10));
    calls.enqueue(call('b'));
    expect(calls.next(10)?.id).toBe('b');
  });

  it('is bounded', () => {
    const calls = new OutboundCalls({ capacity: 1 });
    expect(calls.enqueue(call('a'))).toBe(true);
    expect(calls.enqueue(call('b'))).toBe(false);
  });

  it('gives everything back when the socket closes', () => {
    const calls = new OutboundCalls({ capacity: 5 });
    for (const id of ['a', 'b', 'c']) calls.enqueue(call(id));
    calls.next(0);
    expect(calls.close().map((left) => left.outcome)).toEqual(['timeout', 'unsent', 'unsent']);
    expect(calls.size).toBe(0);
  });

  it('ends each call exactly once in any order of events', () => {
    const step = fc.oneof(
      fc.constant('next' as const),
      fc.constant('expire' as const),
      fc.nat({ max: 9 }).map((n) => `settle ${n}` as const),
      fc.constant('enqueue' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const calls = new OutboundCalls<string>({ capacity: 4 });
        const ended: string[] = [];
        let taken = 0;
        steps.forEach((what, time) => {
          if (what === 'enqueue') {
            if (calls.enqueue({ ...call(String(taken), time + 15), answerTimeoutMs: 7 })) taken++;
          } else if (what === 'next') calls.next(time);
          else if (what === 'expire') ended.push(...calls.expire(time).map((one) => one.call.id));
          else {
            const settled = calls.settle(what.slice(7));
            if (settled) ended.push(settled.id);
          }
        });
        ended.push(...calls.close().map((one) => one.call.id));
        expect(ended.map(Number).sort((a, b) => a - b)).toEqual([...Array(taken).keys()]);
      }),
    );
  });
});

describe('InboundCalls', () => {
  it('works on pipelined calls one after another, in order', () => {
    const calls = new InboundCalls<string>({ capacity: 5 });
    expect(['a', 'b', 'c'].map((item) => calls.arrive(item))).toEqual(['start', 'queued', 'queued']);
    expect([calls.finish(), calls.finish(), calls.finish()]).toEqual(['b', 'c', null]);
    expect(calls.arrive('d')).toBe('start');
  });

  it('overflows when the charger floods', () => {
    const calls = new InboundCalls<string>({ capacity: 1 });
    expect(['a', 'b', 'c'].map((item) => calls.arrive(item))).toEqual(['start', 'queued', 'overflow']);
    expect(calls.size).toBe(2);
  });

  it('drops what waits when it is cleared, not what is being worked on', () => {
    const calls = new InboundCalls<string>({ capacity: 5 });
    for (const item of ['a', 'b', 'c']) calls.arrive(item);
    expect(calls.clear()).toBe(2);
    expect(calls.size).toBe(1);
    expect(calls.finish()).toBeNull();
  });
});
