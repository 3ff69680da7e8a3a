import { setTimeout as delay } from 'node:timers/promises';
import type { Tx } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import type { ReadingRow } from '../persistence/reading.repository.js';
import { SessionIndex } from './session-index.js';

const AT = new Date('2026-03-01T10:00:00Z');
const SESSION = {
  tenant: 'demo',
  stationId: 'st-1',
  transactionRef: '17',
  sessionId: 's-1',
  evseNumber: 1,
  locationId: 'l-1',
  evseId: 'e-1',
  startedAt: AT,
  ownRef: undefined,
};
const OWNER = { sessionId: 's-1', locationId: 'l-1', evseId: 'e-1', transactionRef: '17', startedAt: AT };

/** A transaction in which `rows` are found; `asked` counts the looks, `commit` runs what waits for it. */
function aTransaction(rows: readonly object[] = []) {
  const waiting: (() => void | Promise<void>)[] = [];
  const asked: unknown[] = [];
  const tx = {
    afterCommit: (fn: () => void) => void waiting.push(fn),
    query: async (_sql: string, params: unknown[]) => {
      asked.push(params);
      return rows;
    },
  } as unknown as Tx;
  return { tx, asked, commit: () => waiting.forEach((fn) => void fn()) };
}

const aReading = (over: Partial<ReadingRow> = {}) =>
  ({
    tenant: 'demo',
    stationId: 'st-1',
    transactionRef: '17',
    evseNumber: 1,
    measuredAt: AT,
    ...over,
  }) as ReadingRow;

const rowOf = ({
  tenant,
  stationId,
  transactionRef,
  sessionId,
  evseNumber,
  locationId,
  evseId,
}: Omit<typeof SESSION, 'startedAt' | 'ownRef'>) => ({
  location_id: locationId,
  evse_id: evseId,
  tenant,
  station_id: stationId,
  transaction_ref: transactionRef,
  session_id: sessionId,
  evse_number: evseNumber,
});

describe('the session of a reading', () => {
  it('is known without a look once the session was taken over', async () => {
    const index = new SessionIndex();
    const taking = aTransaction();
    index.learn(taking.tx, SESSION);
    taking.commit();
    const recording = aTransaction();
    const reading = aReading();
    expect(await index.sessionsOf(recording.tx, [reading])).toEqual(new Map([[reading, OWNER]]));
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

  it('is looked for once in a while as long as nobody told of it, and known at once then', async () => {
    const index = new SessionIndex();
    const { tx, asked } = aTransaction();
    await index.sessionsOf(tx, [aReading()]);
    await index.sessionsOf(tx, [aReading()]);
    expect(asked).toHaveLength(1);
    await delay(300);
    await index.sessionsOf(tx, [aReading()]);
    expect(asked).toHaveLength(2);
    const taking = aTransaction();
    index.learn(taking.tx, SESSION);
    taking.commit();
    const reading = aReading();
    expect(await index.sessionsOf(tx, [reading])).toEqual(new Map([[reading, OWNER]]));
  });

  it('is the one in whose time it was measured when the station uses the id again, looked for when its numbers begin anew', async () => {
    const index = new SessionIndex();
    const taking = aTransaction();
    index.learn(taking.tx, SESSION);
    taking.commit();
    const later = (minutes: number) => new Date(AT.getTime() + minutes * 60_000);
    const first = aReading({ seqNo: 3, measuredAt: later(1) });
    const ordinary = aTransaction();
    await index.sessionsOf(ordinary.tx, [first, aReading({ seqNo: 2, measuredAt: AT })]);
    expect(ordinary.asked).toEqual([]);
    const use = (ref: string, sessionId: string, startedAt: Date) => ({
      ...rowOf({ ...SESSION, sessionId, transactionRef: ref }),
      ref: '17',
      started_at: startedAt,
    });
    const both = [use('17', 's-1', AT), use('17|again', 's-2', later(30))];
    const anew = aReading({ seqNo: 0, measuredAt: later(30) });
    const { tx, asked } = aTransaction(both);
    const owned = await index.sessionsOf(tx, [anew, first]);
    expect([owned.get(anew), owned.get(first)]).toMatchObject([
      { sessionId: 's-2', transactionRef: '17|again' },
      { sessionId: 's-1', transactionRef: '17' },
    ]);
    await index.sessionsOf(tx, [aReading({ seqNo: 1, measuredAt: later(31) })]);
    expect(asked).toHaveLength(1);
  });

  const running = { ...rowOf(SESSION), started_at: AT };
  const nameless = (over: Partial<ReadingRow> = {}) => aReading({ transactionRef: '', ...over });

  it('is that which runs on its EVSE when it names no transaction, looked for once in a while', async () => {
    const index = new SessionIndex();
    const { tx, asked } = aTransaction([running]);
    const reading = nameless();
    const owned = await index.sessionsOf(tx, [reading]);
    expect(owned.get(reading)).toMatchObject(OWNER);
    const later = nameless({ measuredAt: new Date(AT.getTime() + 60_000) });
    const earlier = nameless({ measuredAt: new Date(AT.getTime() - 1) });
    expect([...(await index.sessionsOf(tx, [later, earlier])).keys()]).toEqual([later]);
    expect(asked).toEqual([[['demo'], ['st-1'], [1]]]);
  });

  it('is looked for again once one has begun or ended there', async () => {
    const index = new SessionIndex();
    const nothing = aTransaction();
    const reading = nameless();
    expect(await index.sessionsOf(nothing.tx, [reading])).toEqual(new Map());
    expect(await index.sessionsOf(nothing.tx, [reading])).toEqual(new Map());
    expect(nothing.asked).toHaveLength(1);
    const taking = aTransaction();
    index.learn(taking.tx, SESSION);
    taking.commit();
    expect((await index.sessionsOf(aTransaction([running]).tx, [reading])).get(reading)).toMatchObject(OWNER);
  });

  it('is none for the meter of a whole station', async () => {
    const { tx, asked } = aTransaction([running]);
    expect(await new SessionIndex().sessionsOf(tx, [nameless({ evseNumber: 0 })])).toEqual(new Map());
    expect(asked).toEqual([]);
  });
});
