import type { Tx } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import type { ReadingRow } from '../persistence/reading.repository.js';
import { SessionIndex } from './session-index.js';

const SESSION = { tenant: 'demo', stationId: 'st-1', transactionRef: '17', sessionId: 's-1' };

/** A transaction in which nothing is found; `asked` counts the looks, `commit` runs what waits for it. */
function aTransaction() {
  const waiting: (() => void | Promise<void>)[] = [];
  const asked: unknown[] = [];
  const tx = {
    afterCommit: (fn: () => void) => void waiting.push(fn),
    query: async (_sql: string, params: unknown[]) => {
      asked.push(params);
      return [];
    },
  } as unknown as Tx;
  return { tx, asked, commit: () => waiting.forEach((fn) => void fn()) };
}

const aReading = (over: Partial<ReadingRow> = {}) =>
  ({ tenant: 'demo', stationId: 'st-1', transactionRef: '17', ...over }) as ReadingRow;

describe('the session of a reading', () => {
  it('is known without a look once the session was taken over', async () => {
    const index = new SessionIndex();
    const taking = aTransaction();
    index.learn(taking.tx, SESSION);
    taking.commit();
    const recording = aTransaction();
    const reading = aReading();
    expect(await index.sessionsOf(recording.tx, [reading])).toEqual(new Map([[reading, 's-1']]));
    expect(recording.asked).toEqual([]);
  });

  it('is looked for while the session is not committed, and of another station or tenant', async () => {
    const index = new SessionIndex();
    const taking = aTransaction();
    index.learn(taking.tx, SESSION);
    const before = aTransaction();
    expect(await index.sessionsOf(before.tx, [aReading()])).toEqual(new Map());
    expect(before.asked).toHaveLength(1);
    taking.commit();
    const after = aTransaction();
    const others = [aReading({ tenant: 'other' }), aReading({ stationId: 'st-2' })];
    expect(await index.sessionsOf(after.tx, others)).toEqual(new Map());
    expect(after.asked).toEqual([
      [
        ['other', 'demo'],
        ['st-1', 'st-2'],
        ['17', '17'],
      ],
    ]);
  });

  it('is never looked for when the reading names no transaction', async () => {
    const { tx, asked } = aTransaction();
    expect(await new SessionIndex().sessionsOf(tx, [aReading({ transactionRef: '' })])).toEqual(new Map());
    expect(asked).toEqual([]);
  });
});
