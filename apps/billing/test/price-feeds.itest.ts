// Real: Postgres, NATS, GraphQL, HTTP to a market on loopback that misbehaves on command.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryDay, MARKET_ZONE } from '../src/domain/feeds/price-feed.js';
import { aDriver, anOperator, BillingRig } from './billing-rig.js';
import { Market, type Behaviour } from './market.js';

let market: Market;
let fleet: BillingRig;
beforeAll(async () => {
  market = await Market.start();
  fleet = await BillingRig.start({
    KW_NORD_POOL_URL: `${market.url}/np`,
    KW_ENTSOE_URL: `${market.url}/entsoe`,
    KW_ENTSOE_TOKEN: 'a-token-of-ours',
    KW_EGRESS_ALLOW: '127.0.0.1',
  });
});
afterAll(async () => {
  await fleet.close();
  market.close();
});

interface Feed {
  attempts: number;
  failure: string | null;
  answeredAt: string | null;
  dueAt: string;
}

const aTenant = () => `feeds-${randomUUID().slice(0, 8)}`;
const NO_GAPS: unknown[] = [];

async function setFeed(tenant: string, area: string, over: Record<string, unknown> = {}) {
  const { codes } = await fleet.rig.graphql(
    anOperator(tenant),
    'mutation($input: SetPriceFeedInput!) { setPriceFeed(input: $input) { feed { area } } }',
    { input: { source: 'NORD_POOL', area, currency: 'EUR', publishMinute: 0, alertMinute: 0, ...over } },
  );
  return codes;
}
async function feedOf(tenant: string): Promise<Feed | undefined> {
  const { data } = await fleet.rig.graphql<{ priceFeeds: { edges: { node: Feed }[] } }>(
    anOperator(tenant),
    '{ priceFeeds(first: 5) { edges { node { attempts failure answeredAt dueAt } } } }',
  );
  return data!.priceFeeds.edges[0]?.node;
}
async function pricesOf(tenant: string, area: string, source = 'NORD_POOL', by = anOperator(tenant)) {
  const [from, to] = [deliveryDay(new Date(), MARKET_ZONE).from, deliveryDay(new Date(), MARKET_ZONE, 1).to];
  const { data, codes } = await fleet.rig.graphql<{
    feedPrices: { stretches: { value: string; unit: string }[]; gaps: unknown[] };
  }>(
    by,
    `query($source: CurveSource!, $area: String!, $from: DateTime!, $to: DateTime!) {
      feedPrices(source: $source, area: $area, from: $from, to: $to) { stretches { start value unit } gaps { from to } } }`,
    { source, area, from: from.toISOString(), to: to.toISOString() },
  );
  return {
    values: data?.feedPrices?.stretches.map(({ value }) => value),
    gaps: data?.feedPrices?.gaps,
    codes,
  };
}
const answered = (tenant: string) =>
  waitFor('an answer', async () => ((await feedOf(tenant))?.answeredAt ?? null) !== null);
const failed = (tenant: string) =>
  waitFor('a failure', async () => (await feedOf(tenant))?.failure ?? undefined);
/** What time brings: the next attempt is due. */
const dueNow = (tenant: string) =>
  fleet.rig.sql("update price_feed set due_at = now() - interval '1 s'", [], tenant);

describe('a price feed', () => {
  it('brings today and tomorrow per kWh, and the same again changes nothing', async () => {
    const tenant = aTenant();
    market.sells('NO1', (hour) => 50 + hour);
    expect(await setFeed(tenant, 'NO1')).toEqual([]);
    await answered(tenant);
    const { values, gaps } = await pricesOf(tenant, 'NO1');
    expect(values!.slice(0, 3)).toEqual(['0.05', '0.051', '0.052']);
    expect(gaps).toEqual(NO_GAPS);
    const before = market.askedFor('NO1').length;
    await dueNow(tenant);
    await waitFor('another look', () => market.askedFor('NO1').length >= before + 2);
    expect(market.askedFor('NO1').at(-1)!.etag).toMatch(/^"/);
    await waitFor('its record', async () => Date.parse((await feedOf(tenant))!.dueAt) > Date.now());
    expect(await fleet.rig.sql('select 1 from feed_price where revision > 1', [], tenant)).toEqual([]);
  });

  it('keeps what was said before a correction', async () => {
    const tenant = aTenant();
    market.sells('NO2', () => 60);
    await setFeed(tenant, 'NO2');
    await answered(tenant);
    market.sells('NO2', (hour) => (hour === 3 ? -5 : 60));
    await dueNow(tenant);
    await waitFor('the correction', async () => (await pricesOf(tenant, 'NO2')).values!.includes('-0.005'));
    const rows = await fleet.rig.sql<{ value: string; revision: number }>(
      `select value, revision from feed_price where starts_at in (select starts_at from feed_price where revision = 2)
        order by starts_at, revision`,
      [],
      tenant,
    );
    expect(rows.map(({ value, revision }) => [Number(value), revision])).toEqual([
      [0.06, 1],
      [-0.005, 2],
      [0.06, 1],
      [-0.005, 2],
    ]);
  });

  it('of ENTSO-E is asked with the token, which stands in no log and no answer', async () => {
    const tenant = aTenant();
    const area = '10YNL----------L';
    market.sells(area, () => 80);
    await setFeed(tenant, area, { source: 'ENTSOE' });
    await answered(tenant);
    const { values, gaps } = await pricesOf(tenant, area, 'ENTSOE');
    expect([new Set(values), gaps]).toEqual([new Set(['0.08']), NO_GAPS]);
  });

  const huge = 'x'.repeat(3 * 1024 * 1024);
  it.each<[string, Behaviour, string]>([
    ['a server that fails', (response) => response.writeHead(500).end(), 'BILLING_FEED_AWAY'],
    [
      'a server that wants to be left alone',
      (response) => response.writeHead(429).end(),
      'BILLING_FEED_TOO_OFTEN',
    ],
    ['a server that refuses us', (response) => response.writeHead(401).end(), 'BILLING_FEED_REFUSED'],
    [
      'an answer that breaks off',
      (response) => response.end('{"currency":"EUR","multiArea'),
      'EGRESS_NOT_JSON',
    ],
    [
      'a connection that breaks off',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{');
        response.destroy();
      },
      'EGRESS_UNREACHABLE',
    ],
    ['an answer without end', (response) => response.end(huge), 'EGRESS_TOO_LARGE'],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
      'EGRESS_REDIRECT',
    ],
    ['another document', (response) => response.end('{"error":"maintenance"}'), 'BILLING_FEED_UNREADABLE'],
    [
      'another currency',
      (response, _usual, { date }) =>
        response.end(
          JSON.stringify({
            currency: 'SEK',
            multiAreaEntries: [
              {
                deliveryStart: `${date}T10:00:00Z`,
                deliveryEnd: `${date}T11:00:00Z`,
                entryPerArea: { NO3: 1 },
              },
            ],
          }),
        ),
      'BILLING_FEED_CURRENCY',
    ],
  ])('says so of %s, and gets over it', async (_what, misbehave, code) => {
    const tenant = aTenant();
    market.sells('NO3', () => 70);
    market.misbehaves('NO3', misbehave, misbehave);
    await setFeed(tenant, 'NO3');
    expect(await failed(tenant)).toBe(code);
    const feed = await feedOf(tenant);
    expect(feed!.attempts).toBe(1);
    expect(Date.parse(feed!.dueAt)).toBeGreaterThan(Date.now() + 30_000);
    await dueNow(tenant);
    await waitFor('it to get over it', async () => (await feedOf(tenant))!.failure === null);
    expect(await feedOf(tenant)).toMatchObject({ attempts: 0 });
    expect((await pricesOf(tenant, 'NO3')).gaps).toEqual(NO_GAPS);
  });

  it('keeps what one day brought when the other failed', async () => {
    const tenant = aTenant();
    market.misbehaves(
      'NO4',
      (_response, usual) => usual(),
      (response) => response.writeHead(503).end(),
    );
    await setFeed(tenant, 'NO4');
    await failed(tenant);
    expect((await pricesOf(tenant, 'NO4')).gaps).toHaveLength(1);
    expect((await pricesOf(tenant, 'NO4')).values!.length).toBeGreaterThanOrEqual(23);
  });

  it('tells once that the day after is missing, though it is asked again and again', async () => {
    const tenant = aTenant();
    const nothing: Behaviour = (response) => response.writeHead(204).end();
    market.misbehaves('NO5', (_response, usual) => usual(), nothing, nothing, nothing);
    await setFeed(tenant, 'NO5');
    await answered(tenant);
    await dueNow(tenant);
    await waitFor('another attempt', async () => (await feedOf(tenant))!.attempts >= 2);
    const told = await fleet.rig.published(events.priceFeedMissing, tenant);
    expect(told).toMatchObject([
      { source: 'NORD_POOL', area: 'NO5', day: deliveryDay(new Date(), MARKET_ZONE, 1).date, failure: '' },
    ]);
    expect(told[0]!.missingMinutes).toBeGreaterThanOrEqual(23 * 60);
  });

  it('is removed with its prices left, and changed by setting it again', async () => {
    const tenant = aTenant();
    await setFeed(tenant, 'SE1');
    await answered(tenant);
    const remove = async (by = anOperator(tenant)) => {
      const { codes } = await fleet.rig.graphql(
        by,
        'mutation($input: RemovePriceFeedInput!) { removePriceFeed(input: $input) { removed } }',
        { input: { source: 'NORD_POOL', area: 'SE1' } },
      );
      return codes;
    };
    expect(await remove(anOperator('other'))).toEqual(['NOT_FOUND']);
    expect(await remove()).toEqual([]);
    expect(await feedOf(tenant)).toBeUndefined();
    expect((await pricesOf(tenant, 'SE1')).gaps).toEqual(NO_GAPS);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an area that is none', { area: 'no 1' }],
    ['another currency than it has', { source: 'AWATTAR', area: 'DE', currency: 'GBP' }],
    ['what is no currency', { currency: 'EURO' }],
    ['what is no zone', { timeZone: 'Europe/Atlantis' }],
    ['an hour that is none', { publishMinute: 1_440 }],
    ['prices that are missed before they are published', { publishMinute: 600, alertMinute: 500 }],
  ])('is refused with %s', async (_what, over) => {
    expect(await setFeed(aTenant(), 'NO1', over)).toEqual(['BAD_USER_INPUT']);
  });

  it('is an operator’s of the tenant', async () => {
    const tenant = aTenant();
    await setFeed(tenant, 'SE2');
    await answered(tenant);
    expect((await pricesOf(tenant, 'SE2', 'NORD_POOL', anOperator('other'))).values).toEqual([]);
    expect((await pricesOf(tenant, 'SE2', 'NORD_POOL', aDriver(tenant))).codes).toEqual(['FORBIDDEN']);
  });
});

describe('a curve that is recorded', () => {
  const record = async (tenant: string, stretches: unknown[], over: Record<string, unknown> = {}) => {
    const { data, codes } = await fleet.rig.graphql<{ recordCurve: { changed: number } }>(
      anOperator(tenant),
      'mutation($input: RecordCurveInput!) { recordCurve(input: $input) { changed } }',
      { input: { name: 'wind', unit: '%', stretches, ...over } },
    );
    return codes[0] ?? data!.recordCurve.changed;
  };
  const { from } = deliveryDay(new Date(), MARKET_ZONE);
  const hour = (n: number) => new Date(from.getTime() + n * 3_600_000).toISOString();
  const stretch = (start: number, end: number, value: string) => ({
    start: hour(start),
    end: hour(end),
    value,
  });

  it('is read as it was said last, finer or coarser', async () => {
    const tenant = aTenant();
    expect(await record(tenant, [stretch(0, 12, '40'), stretch(12, 24, '60')])).toBe(2);
    expect(await record(tenant, [stretch(0, 12, '40.0')])).toBe(0);
    expect(await record(tenant, [stretch(3, 4, '90')])).toBe(1);
    expect((await pricesOf(tenant, 'wind', 'OWN')).values!.slice(0, 4)).toEqual(['40', '90', '40', '60']);
    expect(await record(tenant, [stretch(0, 24, '10')])).toBe(1);
    expect((await pricesOf(tenant, 'wind', 'OWN')).values).toEqual(['10']);
  });

  it.each<[string, unknown[], Record<string, unknown>]>([
    ['nothing', [], {}],
    ['what overlaps', [stretch(0, 2, '1'), stretch(1, 3, '2')], {}],
    ['what runs backwards', [stretch(2, 1, '1')], {}],
    ['what is no unit', [stretch(0, 1, '1')], { unit: 'W' }],
    ['what is no name', [stretch(0, 1, '1')], { name: 'a b' }],
  ])('refuses %s', async (_what, stretches, over) => {
    expect(await record(aTenant(), stretches, over)).toBe('BAD_USER_INPUT');
  });
});
