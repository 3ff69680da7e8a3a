import { waitFor } from '@kilowatch/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../system/interruption.js';
import { outputTo } from '../output.js';
import type { SessionRow } from './session-row.js';
import { SessionWatch, watchSession } from './watch-session.js';

const row = (over: Partial<SessionRow> = {}): SessionRow => ({
  id: 's',
  state: 'ACTIVE',
  chargingState: 'CHARGING',
  startedAt: '2026-01-01T10:00:00Z',
  station: { identity: 'CP-1' },
  energyWh: 1_500,
  livePowerW: 11_000,
  cost: { final: false, totalInclVat: { amount: '1.00', currency: 'EUR' }, lines: [] },
  billingHold: null,
  invoice: null,
  ...over,
});
const billed = (over: Partial<SessionRow> = {}) =>
  row({
    state: 'ENDED',
    chargingState: 'IDLE',
    livePowerW: null,
    cost: { final: true, totalInclVat: { amount: '1.37', currency: 'EUR' }, lines: [] },
    ...over,
  });

/** Stands for the API's client: pushes what a test wants and answers queries from `stored`. */
class FakeApi {
  next: (session: SessionRow | null) => void = () => undefined;
  over: (failure: Error | undefined) => void = () => undefined;
  stored: SessionRow | undefined;
  asked = 0;
  closed = false;
  subscribed = true;

  subscribe<T>(
    _query: string,
    _variables: Record<string, unknown>,
    next: (data: T) => void,
    over: (failure: Error | undefined) => void = () => undefined,
  ): () => void {
    this.next = (session) => next({ sessionUpdated: session } as T);
    this.over = over;
    return () => (this.subscribed = false);
  }

  async request<T>(): Promise<T> {
    this.asked += 1;
    if (!this.stored) throw new Error('away');
    return { session: this.stored } as T;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

let api: FakeApi;
let written: string[];
let interrupt: AbortController;
beforeEach(() => {
  api = new FakeApi();
  written = [];
  interrupt = new AbortController();
});

const run = (json = false) =>
  watchSession(['s'], {
    client: api as never,
    output: outputTo((text) => written.push(text), json),
    signal: interrupt.signal,
  });

describe('kw sessions watch', () => {
  it('prints one line for each change and ends when the bill is settled', async () => {
    const exit = run();
    api.next(row());
    api.next(row({ state: 'ENDED', chargingState: 'IDLE' }));
    api.next(billed({ invoice: { number: 'KW-1', status: 'PAID' } }));
    expect(await exit).toBe(0);
    expect(written).toEqual([
      'CHARGING       11000 W  1.500 kWh  1.00 EUR\n',
      'ENDED          11000 W  1.500 kWh  1.00 EUR\n',
      'ENDED                -  1.500 kWh  1.37 EUR  invoice KW-1 PAID\n',
    ]);
    expect(api).toMatchObject({ closed: true, subscribed: false });
  });

  it('prints one JSON document a line with --json', async () => {
    const exit = run(true);
    api.next(row());
    api.next(billed());
    await exit;
    expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([row(), billed()]);
    expect(written.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  it.each([
    ['that is free or somebody else pays', billed(), 'no invoice'],
    [
      'that billing cannot settle',
      row({ state: 'ENDED', cost: null, billingHold: 'There is no tariff.' }),
      'not billed: There is no tariff.',
    ],
  ])('ends with a session %s, though it gets no invoice', async (_what, last, text) => {
    const exit = run();
    api.next(last);
    expect(await exit).toBe(0);
    expect(written[0]).toContain(text);
  });

  it('goes on while a running session is held back by billing', async () => {
    const exit = run();
    api.next(row({ billingHold: 'There is no tariff.' }));
    api.next(null);
    expect(written).toHaveLength(1);
    interrupt.abort(new Interrupted());
    expect(await exit).toBe(0);
    expect(api.closed).toBe(true);
  });

  it('fails with the reason when the server refuses or ends it', async () => {
    const refused = run();
    api.over(new Error('There is no such session.'));
    await expect(refused).rejects.toThrow('There is no such session.');
    const ended = run();
    api.over(undefined);
    await expect(ended).rejects.toThrow('the server tells no more of the session');
  });

  it('asks for an id', async () => {
    await expect(watchSession([], {} as never)).rejects.toThrow('which session? kw sessions watch ID');
  });
});

describe('the watch of a session that ended', () => {
  it('looks again by itself until it is billed: the live message may be lost', async () => {
    const shown: SessionRow[] = [];
    const watch = new SessionWatch(api, 's', (session) => shown.push(session), 1);
    api.next(row({ state: 'ENDED' }));
    await waitFor('two looks that find nothing', () => api.asked >= 2);
    api.stored = row({ state: 'ENDED' });
    await waitFor('a look that finds no bill', () => api.asked >= 4);
    api.stored = billed();
    await watch.over;
    watch.stop();
    expect(shown.map((session) => session.cost?.final)).toEqual([false, true]);
  });
});
