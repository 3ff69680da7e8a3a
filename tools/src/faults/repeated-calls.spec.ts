import { describe, expect, it } from 'vitest';
import { RepeatedCalls } from './repeated-calls.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

function repeating() {
  const sent: unknown[] = [];
  const calls = new RepeatedCalls(
    'CP-1',
    (text) => sent.push(JSON.parse(text)),
    () => 'new',
  );
  return { calls, sent };
}

describe('a charger that says everything three times', () => {
  it('repeats a transaction message under its id and under a new one, once it is answered', async () => {
    const { calls, sent } = repeating();
    calls.onFrame('sent', [2, '1', 'StopTransaction', { transactionId: 7 }]);
    await settled();
    expect(sent).toEqual([]);
    calls.onFrame('received', [3, '1', {}]);
    await settled();
    expect(sent).toEqual([
      [2, '1', 'StopTransaction', { transactionId: 7 }],
      [2, 'new', 'StopTransaction', { transactionId: 7 }],
    ]);
    calls.onFrame('received', [3, '1', {}]);
    calls.onFrame('received', [3, 'new', {}]);
    await settled();
    expect(sent).toHaveLength(2);
    expect([calls.repeated, calls.answered, calls.differences]).toEqual([2, 2, []]);
  });

  it('says which repetition was answered otherwise', async () => {
    const { calls } = repeating();
    calls.onFrame('sent', [2, '1', 'StartTransaction', {}]);
    calls.onFrame('received', [3, '1', { transactionId: 7 }]);
    calls.onFrame('received', [3, '1', { transactionId: 8 }]);
    calls.onFrame('received', [4, 'new', 'InternalError', '', {}]);
    await settled();
    expect(calls.differences).toEqual([
      'CP-1: StartTransaction was answered {"transactionId":7}, its repetition {"transactionId":8}',
      'CP-1: StartTransaction was answered {"transactionId":7}, its repetition CALLERROR InternalError',
    ]);
  });

  it('repeats nothing else', async () => {
    const { calls, sent } = repeating();
    calls.onFrame('sent', [2, '1', 'Heartbeat', {}]);
    calls.onFrame('received', [3, '1', {}]);
    await settled();
    expect(sent).toEqual([]);
  });
});
