import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOperation } from '../../client/check-operation.js';
import { outputTo } from '../output.js';
import { feeds, feedsText, pricesText, type FeedRow } from './feeds.js';
import { groups, membersText } from './groups.js';
import { sourcePreviewText, sources, sourcesText, type SourceRow } from './sources.js';
import { subscriptions } from './subscriptions.js';
import { changes, terms, type TermsView } from './terms.js';

const feed: FeedRow = {
  source: 'NORD_POOL',
  area: 'NO1',
  currency: 'EUR',
  timeZone: 'Europe/Brussels',
  publishMinute: 780,
  alertMinute: 1080,
  answeredAt: null,
  dueAt: null,
  attempts: 0,
  failure: null,
};
const source: SourceRow = {
  tariffId: 'SPOT',
  kind: 'SPOT',
  name: 'Spot',
  settings: { margin: '0.05' },
  curve: { source: 'NORD_POOL', area: 'NO1' },
  fallbackTariffId: 'STD',
  baseTariffId: null,
  plan: null,
  madeAt: null,
  failure: null,
};
const held: TermsView = {
  kind: 'ACCOUNT',
  invoicing: 'MONTHLY',
  currency: 'EUR',
  floor: { amount: '0.00' },
  minimumToStart: { amount: '0.00' },
  creditLimit: { amount: '100.00' },
  daysToPay: 14,
  blocked: false,
  own: false,
};
const preview = {
  currency: 'EUR',
  schedule: [{ from: 'a', to: 'b', energyPricePerKwh: '0.3' }],
  gaps: [{ from: 'c', to: 'd' }],
  note: 'Prices by the curve.',
  findings: [{ country: 'DEU', severity: 'WARNING', reason: 'Time is billed.' }],
};
const subscription = {
  id: 'u-1',
  accountId: 'a-1',
  account: null,
  plan: 'plus',
  validFrom: 'f',
  validUntil: null,
};
const group = { id: 'g-1', name: 'Fleet', memberCount: 2 };
const member = {
  kind: 'DRIVER',
  ref: 'a-1',
  account: { email: 'ann@example.org' },
  station: null,
  location: null,
};

let folder: string;
let asked: (Record<string, unknown> | undefined)[];
let written: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kw-market-'));
  writeFileSync(join(folder, 'source.json'), '{"tariffId":"SPOT"}');
  writeFileSync(join(folder, 'curve.csv'), 'start,end,value\n2026-12-01T00:00:00Z,2026-12-01T01:00:00Z,40\n');
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  asked = [];
  written = '';
});

const context = {
  client: {
    request: (query: string, variables?: Record<string, unknown>) => {
      checkOperation(query);
      asked.push(variables);
      return Promise.resolve({
        priceFeeds: { edges: [{ node: feed }] },
        setPriceFeed: { feed },
        removePriceFeed: { removed: true },
        feedPrices: { stretches: [], gaps: [{ from: 'x', to: 'y' }] },
        recordCurve: { changed: 1 },
        tariffSources: { edges: [{ node: source }] },
        previewTariffSource: preview,
        setTariffSource: { source },
        removeTariffSource: { removed: true },
        accounts: { edges: [{ node: { id: 'a-1', email: 'Ann@example.org' } }] },
        stations: { edges: [{ node: { id: 's-1', identity: 'CP-1' } }] },
        subscriptions: { edges: [{ node: subscription }] },
        addSubscription: { subscription },
        endSubscription: { subscription },
        tariffGroups: { edges: [{ node: group }] },
        tariffGroupMembers: { edges: [{ node: member }], pageInfo: { hasNextPage: false, endCursor: null } },
        setTariffGroup: { group },
        paymentTerms: held,
        setPaymentTerms: { terms: held },
      });
    },
  } as never,
  output: outputTo((text) => (written += text), false),
  signal: new AbortController().signal,
};

describe('kw feeds', () => {
  it('adds a market with its hours, and asks it again as it is', async () => {
    await feeds(['add', 'nord_pool', 'NO1', 'eur', 'published=13:00', 'missed=18:30'], context);
    expect(asked.at(-1)).toEqual({
      input: { source: 'NORD_POOL', area: 'NO1', currency: 'EUR', publishMinute: 780, alertMinute: 1110 },
    });
    await feeds(['try', 'NORD_POOL', 'NO1'], context);
    expect(asked.at(-1)).toEqual({
      input: {
        source: 'NORD_POOL',
        area: 'NO1',
        currency: 'EUR',
        timeZone: 'Europe/Brussels',
        publishMinute: 780,
        alertMinute: 1080,
      },
    });
    await expect(feeds(['try', 'NORD_POOL', 'SE1'], context)).rejects.toThrow('is not asked');
  });

  it('lists what it says, from this hour on, with what is missing', async () => {
    await feeds(['prices', 'NORD_POOL', 'NO1', '48'], context);
    const { from, to } = asked.at(-1) as { from: string; to: string };
    expect(Date.parse(to) - Date.parse(from)).toBe(48 * 3_600_000);
    expect(from).toMatch(/:00:00\.000Z$/);
    expect(written).toBe('nothing is known from x to y\n');
    const stretches = [{ start: 's', end: 'e', value: '0.10', unit: 'EUR' }];
    expect(pricesText({ stretches, gaps: [] })).toMatch(/s +e +0\.10 +EUR/);
  });

  it('records a curve from a file', async () => {
    await feeds(['record', 'green', '%', join(folder, 'curve.csv')], context);
    expect(asked.at(-1)).toEqual({
      input: {
        name: 'green',
        unit: '%',
        stretches: [{ start: '2026-12-01T00:00:00.000Z', end: '2026-12-01T01:00:00.000Z', value: '40' }],
      },
    });
    expect(written).toBe('1 of 1 stretches are new or another\n');
  });

  it('says how each market goes', () => {
    expect(feedsText([])).toContain('kw feeds add');
    expect(feedsText([feed])).toContain('not answered yet');
    expect(feedsText([{ ...feed, answeredAt: 't' }])).toContain('complete');
    expect(feedsText([{ ...feed, answeredAt: 't', attempts: 2 }])).toContain('incomplete');
    expect(feedsText([{ ...feed, failure: 'X', attempts: 2 }])).toContain('fails (X, 2 times)');
  });

  it.each([
    [['add', 'X']],
    [['prices', 'X', 'Y', '0']],
    [['prices', 'X', 'Y', '745']],
    [['remove', 'X']],
    [['buy']],
  ])('says how it is used for %j', async (args) => {
    await expect(feeds(args, context)).rejects.toThrow(/^kw feeds list/);
  });
});

describe('kw sources', () => {
  it('lists, tries, sets and removes', async () => {
    await sources([], context);
    expect(written).toMatch(/SPOT +NORD_POOL NO1 +\{"margin":"0.05"\} +STD +being made/);
    await sources(['preview', join(folder, 'source.json')], context);
    await sources(['set', join(folder, 'source.json')], context);
    expect(asked.slice(-2)).toEqual([{ input: { tariffId: 'SPOT' } }, { input: { tariffId: 'SPOT' } }]);
    await sources(['remove', 'SPOT'], context);
    expect(asked.at(-1)).toEqual({ input: { tariffId: 'SPOT' } });
    expect(sourcesText([])).toContain('kw sources set');
    await expect(sources(['set'], context)).rejects.toThrow(/^kw sources list/);
  });

  it('shows the prices, what is missing and what the law says', () => {
    expect(sourcePreviewText(preview).split('\n').slice(2)).toEqual([
      'a     b   0.3',
      'the fallback counts from c to d',
      'warning in DEU: Time is billed.',
      'Prices by the curve.',
    ]);
  });
});

describe('kw subscriptions', () => {
  it('adds a person by the address, from and until times', async () => {
    await subscriptions(['add', 'ann@Example.org', 'plus', '2026-12-01', '2027-01-01'], context);
    expect(asked.at(-1)).toEqual({
      input: {
        accountId: 'a-1',
        plan: 'plus',
        validFrom: '2026-12-01T00:00:00.000Z',
        validUntil: '2027-01-01T00:00:00.000Z',
      },
    });
    await expect(subscriptions(['add', 'bob@example.org', 'plus'], context)).rejects.toThrow(
      'there is no account bob@example.org',
    );
  });

  it('lists all, or one person’s, and ends one', async () => {
    await subscriptions([], context);
    expect(asked.at(-1)).toEqual({ accountId: null });
    await subscriptions(['list', 'ann@example.org'], context);
    expect(asked.at(-1)).toEqual({ accountId: 'a-1' });
    expect(written).toMatch(/u-1 +a-1 +plus +f +-/);
    await subscriptions(['end', 'u-1'], context);
    expect(asked.at(-1)).toEqual({ input: { id: 'u-1' } });
    await expect(subscriptions(['end'], context)).rejects.toThrow(/^kw subscriptions list/);
  });
});

describe('kw groups', () => {
  it('puts in and takes out drivers by address, stations by identity', async () => {
    await groups(['put', 'Fleet', 'driver', 'ann@example.org'], context);
    expect(asked.at(-1)).toEqual({
      input: { id: 'g-1', name: 'Fleet', add: [{ kind: 'DRIVER', ref: 'a-1' }] },
    });
    await groups(['take', 'g-1', 'station', 'cp-1'], context);
    expect(asked.at(-1)).toEqual({
      input: { id: 'g-1', name: 'Fleet', remove: [{ kind: 'STATION', ref: 's-1' }] },
    });
    await expect(groups(['put', 'Fleet', 'car', 'x'], context)).rejects.toThrow(/^kw groups list/);
    await expect(groups(['show', 'Other'], context)).rejects.toThrow('there is no group Other');
  });

  it('shows who is in one', async () => {
    await groups(['show', 'Fleet'], context);
    expect(written).toMatch(/driver +ann@example\.org +a-1/);
    expect(membersText([])).toContain('kw groups put');
  });
});

describe('kw terms', () => {
  it('changes what is named and leaves the rest as it is', async () => {
    await terms(['set', 'all', 'New year', 'days=30', 'limit='], context);
    expect(asked.at(-1)).toEqual({
      input: {
        accountId: null,
        reason: 'New year',
        kind: 'ACCOUNT',
        invoicing: 'MONTHLY',
        currency: 'EUR',
        floor: '0.00',
        minimumToStart: '0.00',
        creditLimit: null,
        daysToPay: 30,
        blocked: false,
      },
    });
  });

  it('shows them, of all or of one', async () => {
    await terms([], context);
    expect(asked.at(-1)).toEqual({ accountId: null });
    await terms(['ann@example.org'], context);
    expect(asked.at(-1)).toEqual({ accountId: 'a-1' });
    expect(written).toMatch(/invoicing +month\n/);
  });

  it.each(['days=soon', 'blocked=yes', 'invoicing=year', 'colour=red', 'days'])(
    'refuses %s',
    (assignment) => {
      expect(() => changes([assignment])).toThrow(`${assignment} is no term`);
    },
  );
});
