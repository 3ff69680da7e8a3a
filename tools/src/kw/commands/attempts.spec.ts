import { beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { Interrupted } from '../../system/interruption.js';
import { outputTo } from '../output.js';
import { incidentText, watchAttempts, type IncidentRow } from './attempts.js';

const row = (over: Partial<IncidentRow> = {}): IncidentRow => ({
  id: 'i-1',
  rule: 'TOKEN_GUESSING',
  severity: 'MEDIUM',
  status: 'OPEN',
  firstSeen: '2026-03-02T10:00:00.000Z',
  lastSeen: '2026-03-02T10:04:00.000Z',
  count: 5,
  tokenMasked: null,
  identity: null,
  address: null,
  station: { identity: 'CP-1' },
  suggestedAction: 'Send somebody.',
  closeReason: null,
  ...over,
});

/** Stands for the API's client: pages of open incidents, and changes when a test wants them. */
class FakeApi {
  next: (incident: IncidentRow | null) => void = () => undefined;
  over: (failure: Error | undefined) => void = () => undefined;
  pages: IncidentRow[][] = [[]];
  asked: unknown[] = [];
  whileListing: () => void = () => undefined;
  closed = false;
  subscribed = true;

  subscribe<T>(
    _query: string,
    _variables: Record<string, unknown>,
    next: (data: T) => void,
    over: (failure: Error | undefined) => void = () => undefined,
  ): () => void {
    this.next = (incident) => next({ incidentChanged: incident } as T);
    this.over = over;
    return () => (this.subscribed = false);
  }

  async request<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    checkOperation(query);
    const page = this.asked.length;
    this.asked.push(variables['after']);
    this.whileListing();
    const edges = (this.pages[page] ?? []).map((node) => ({ node }));
    return {
      incidents: { edges, pageInfo: { hasNextPage: page + 1 < this.pages.length, endCursor: `c${page}` } },
    } as T;
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

const run = () =>
  watchAttempts([], {
    client: api as never,
    output: outputTo((text) => written.push(text), true),
    signal: interrupt.signal,
  });
const counts = () => written.map((line) => (JSON.parse(line) as IncidentRow).count);
const listed = () => new Promise((resolve) => setImmediate(resolve));

describe('kw attempts watch', () => {
  it('prints what is open, all pages of it, the oldest first, and then each change until Ctrl-C', async () => {
    api.pages = [[row({ id: 'c', count: 3 }), row({ id: 'b', count: 2 })], [row({ id: 'a', count: 1 })]];
    const exit = run();
    await listed();
    expect([counts(), api.asked]).toEqual([
      [1, 2, 3],
      [null, 'c0'],
    ]);
    api.next(row({ id: 'b', count: 7 }));
    api.next(null);
    interrupt.abort(new Interrupted());
    expect(await exit).toBe(0);
    expect(counts()).toEqual([1, 2, 3, 7]);
    expect(api).toMatchObject({ closed: true, subscribed: false });
  });

  it('says nothing twice, and loses nothing that changes while it lists', async () => {
    api.pages = [[row({ count: 5 })]];
    api.whileListing = () => {
      api.next(row({ count: 5 }));
      api.next(row({ count: 6 }));
    };
    const exit = run();
    await listed();
    api.next(row({ count: 6 }));
    api.next(row({ count: 6, severity: 'HIGH' }));
    api.next(row({ count: 6, severity: 'HIGH', status: 'CLOSED' }));
    interrupt.abort(new Interrupted());
    await exit;
    expect(counts()).toEqual([5, 6, 6, 6]);
  });

  it('fails with the reason when the server refuses or ends it', async () => {
    const refused = run();
    api.over(new Error('You may not see this.'));
    await expect(refused).rejects.toThrow('You may not see this.');
    const ended = run();
    api.over(undefined);
    await expect(ended).rejects.toThrow('the server tells no more of attempts');
  });
});

describe('an incident in words', () => {
  it('says what, who, where and how often, and what to do while it is open', () => {
    expect(incidentText(row())).toBe(
      '2026-03-02T10:04:00.000Z  medium    token guessing  at CP-1  5 seen  i-1\n    Send somebody.',
    );
    const clone = row({ rule: 'IMPOSSIBLE_TRAVEL', severity: 'HIGH', tokenMasked: '****B2C3', count: 2 });
    expect(incidentText(clone)).toContain('high      impossible travel  ****B2C3 at CP-1  2 seen');
  });

  it('names a station once, with the address of whoever claims to be it', () => {
    const claimed = row({ rule: 'STATION_CREDENTIAL', identity: 'cp-1', address: '203.0.113.5' });
    expect(incidentText(claimed)).toContain('station credential  cp-1 from 203.0.113.5  5 seen');
  });

  it('says why a closed one was closed', () => {
    expect(incidentText(row({ status: 'CLOSED', closeReason: 'QUIET', station: null }))).toBe(
      '2026-03-02T10:04:00.000Z  closed (quiet)  token guessing  5 seen  i-1',
    );
  });
});
