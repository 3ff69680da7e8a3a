// Real: Postgres, NATS, GraphQL, HTTP to a market on loopback. Sessions and metering are played by publishing their events.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { decimal, ZERO } from '@kilowatch/kernel';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryDay, MARKET_ZONE } from '../src/domain/feeds/price-feed.js';
import { aCharge, aDriver, anOperator, BillingRig, elements } from './billing-rig.js';
import { Market } from './market.js';

let market: Market;
let fleet: BillingRig;
beforeAll(async () => {
  market = await Market.start();
  fleet = await BillingRig.start({ KW_NORD_POOL_URL: `${market.url}/np`, KW_EGRESS_ALLOW: '127.0.0.1' });
});
afterAll(async () => {
  await fleet.close();
  market.close();
});

const definition = {
  elements: [{ price_components: [{ type: 'ENERGY', price: '0', vat: '21', step_size: 1 }] }],
};
const aTenant = () => `src-${randomUUID().slice(0, 8)}`;
const later = (seconds: number) => new Date(Date.now() + seconds * 1000);

async function call<T>(by: TestPrincipal, field: string, type: string, input: unknown, selection: string) {
  const { data, codes, errors } = await fleet.rig.graphql<Record<string, T>>(
    by,
    `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} } }`,
    { input },
  );
  return { answer: data?.[field], codes, message: errors?.[0]?.message };
}
const setSource = (tenant: string, over: Record<string, unknown>, by = anOperator(tenant)) =>
  call(
    by,
    'setTariffSource',
    'SetTariffSourceInput',
    {
      tariffId: 'MADE',
      name: 'Made',
      currency: 'EUR',
      definition,
      timeZone: MARKET_ZONE,
      curve: { source: 'OWN', area: 'level' },
      fallbackTariffId: 'STD',
      ...over,
    },
    'source { tariffId }',
  );
const record = (
  tenant: string,
  stretches: readonly { start: Date; end: Date; value: string }[],
  unit = '%',
) =>
  call(anOperator(tenant), 'recordCurve', 'RecordCurveInput', { name: 'level', unit, stretches }, 'changed');
const steps = [{ below: '50', price: '0.60' }, { price: '0.30' }];

interface Version {
  version: number;
  state: string;
  validFrom: string;
  note: string;
  definition: { elements: { price_components: { price: string }[]; restrictions?: unknown }[] };
}
async function versions(tenant: string, tariffId = 'MADE'): Promise<Version[]> {
  const { data } = await fleet.rig.graphql<{ tariffVersions: { edges: { node: Version }[] } }>(
    anOperator(tenant),
    `query($id: ID!) { tariffVersions(tariffId: $id, first: 50) { edges { node { version state validFrom note definition } } } }`,
    { id: tariffId },
  );
  return data!.tariffVersions.edges.map(({ node }) => node);
}
async function sourceOf(tenant: string) {
  const { data } = await fleet.rig.graphql<{
    tariffSources: { edges: { node: { failure: string | null; madeAt: string | null } }[] };
  }>(anOperator(tenant), '{ tariffSources(first: 5) { edges { node { failure madeAt } } } }');
  return data!.tariffSources.edges[0]?.node;
}
const made = (tenant: string, version: number, tariffId = 'MADE') =>
  waitFor(`version ${version} of ${tariffId}`, async () =>
    (await versions(tenant, tariffId)).find((one) => one.version === version),
  );

/** The tariff and version that a session of now is priced by. */
async function priceOf(
  tenant: string,
  driver = aDriver(tenant),
  over: Partial<sessions.SessionSnapshot> = {},
) {
  const charge = aCharge(driver);
  await fleet.started(charge, { startedAt: new Date(), ...over }, { tenant });
  const seen = await waitFor('the price to be locked', async () => {
    const found = await fleet.see<{ quote: { tariffId: string; tariffVersion: number } | null }>(
      charge,
      'quote { tariffId tariffVersion }',
    );
    return found?.quote;
  });
  return `${seen.tariffId} ${seen.tariffVersion}`;
}

describe('a tariff by the market', () => {
  it('goes from the feed to the invoice: version, quote, session, bill', async () => {
    const tenant = aTenant();
    const operator = anOperator(tenant);
    // 100.00 per MWh in even hours, 200.00 in odd ones: 0.10 and 0.20 a kWh, and 0.05 on top of each.
    market.sells('NO1', (hour) => (hour % 2 === 0 ? 100 : 200));
    await fleet.applyTariff('STD', {}, operator);
    await setSource(tenant, {
      tariffId: 'SPOT',
      curve: { source: 'NORD_POOL', area: 'NO1' },
      spot: { margin: '0.05', floor: '0' },
    });
    const before = await made(tenant, 1, 'SPOT');
    expect(before.note).toContain('nothing is known from');
    await call(
      operator,
      'setPriceFeed',
      'SetPriceFeedInput',
      { source: 'NORD_POOL', area: 'NO1', currency: 'EUR', publishMinute: 0, alertMinute: 0 },
      'feed { area }',
    );
    const version = await made(tenant, 2, 'SPOT');
    expect(version.note).not.toContain('nothing is known from');
    expect(
      new Set(version.definition.elements.slice(0, -1).map((one) => one.price_components[0]!.price)),
    ).toEqual(new Set(['0.15', '0.25']));
    await call(
      operator,
      'applyTariff',
      'ApplyTariffInput',
      {
        id: 'STD',
        name: 'Tariff STD',
        currency: 'EUR',
        isDefault: true,
        definition: { elements: elements() },
      },
      'changed',
    );
    const [stationId, locationId, connectorId] = [randomUUID(), randomUUID(), randomUUID()];
    await call(
      operator,
      'assignTariff',
      'AssignTariffInput',
      { tariffId: 'SPOT', scope: 'LOCATION', ref: locationId },
      'assignment { id }',
    );
    await fleet.rig.publish(
      events.stationChanged,
      { aggregateId: stationId, version: 1, tenant },
      sessions.StationChanged.fromPartial({
        timeZone: MARKET_ZONE,
        station: { stationId, locationId, evses: [{ number: 1, connectors: [{ connectorId, number: 1 }] }] },
      }),
    );
    const driver = aDriver(tenant);
    const quote = await waitFor('a quote', async () => {
      const { answer } = await call<{
        quote: {
          id: string;
          tariffId: string;
          schedule: { from: string; to: string; energyPricePerKwh: string }[];
        };
      }>(
        driver,
        'createQuote',
        'CreateQuoteInput',
        { connectorId },
        'quote { id tariffId schedule { from to energyPricePerKwh } }',
      );
      return answer?.quote;
    });
    expect(quote.tariffId).toBe('SPOT');
    expect(quote.schedule.length).toBeGreaterThanOrEqual(24);
    // Two hours and a half from now on, 10 kWh spread evenly over each.
    const charge = { ...aCharge(driver), stationId };
    const start = new Date();
    const end = new Date(start.getTime() + 150 * 60_000);
    const at = { startedAt: start, quoteId: quote.id, locationId, connectorId, timeZone: MARKET_ZONE };
    await fleet.started(charge, at, { tenant });
    await fleet.ended(
      charge,
      { ...at, endedAt: end, statePeriods: [{ state: 'CHARGING', from: start, to: end }] },
      { tenant },
    );
    await fleet.metered(charge, { intervals: [{ from: start, to: end, energyMwh: 10_000_000 }] }, { tenant });
    await fleet.billed(charge);
    // By hand: each step of the schedule has its share of the energy by time, 10 kWh in 9,000,000 ms.
    let expected = ZERO;
    for (const step of quote.schedule) {
      const from = Math.max(Date.parse(step.from), start.getTime());
      const ms = Math.min(Date.parse(step.to), end.getTime()) - from;
      if (ms > 0)
        expected = expected.plus(
          decimal(step.energyPricePerKwh).times(decimal(ms)).times('10').div('9000000'),
        );
    }
    const seen = await fleet.see<{
      invoice: { totalInclVat: { amount: string } };
      cdr: { lines: { explanation: string }[] };
    }>(charge, 'invoice { totalInclVat { amount } } cdr { lines { explanation } }');
    const billed = decimal(seen!.invoice.totalInclVat.amount);
    expect(billed.minus(expected).abs().lte('0.01')).toBe(true);
    expect(seen!.cdr.lines.every(({ explanation }) => /at 0.[12]5 EUR\/kWh/.test(explanation))).toBe(true);
  });

  it('makes no version when nothing changes from now on, and one when a price to come is corrected', async () => {
    const tenant = aTenant();
    const hour = (n: number) => new Date(deliveryDay(new Date(), MARKET_ZONE).from.getTime() + n * 3_600_000);
    const tomorrow = (value: string) => [{ start: hour(30), end: hour(31), value }];
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    await record(tenant, [{ start: hour(0), end: hour(30), value: '0.10' }, ...tomorrow('0.20')], 'EUR');
    await setSource(tenant, { spot: { floor: '0' } });
    await made(tenant, 1);
    const madeAt = (await sourceOf(tenant))!.madeAt!;
    // The hour that is over: its correction touches nobody who begins from now on.
    await record(tenant, [{ start: hour(-1), end: hour(0), value: '0.99' }], 'EUR');
    await waitFor('another look', async () => (await sourceOf(tenant))!.madeAt! > madeAt);
    expect(await versions(tenant)).toHaveLength(1);
    await record(tenant, tomorrow('0.30'), 'EUR');
    const version = await made(tenant, 2);
    expect(JSON.stringify(version.definition)).toContain('"0.3"');
  });

  it('says on the bill that the market had no price, and whose price was taken', async () => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    await setSource(tenant, { spot: { floor: '0' } });
    await made(tenant, 1);
    await call(
      anOperator(tenant),
      'applyTariff',
      'ApplyTariffInput',
      { id: 'OTHER', name: 'Other', currency: 'EUR', definition: { elements: elements() } },
      'changed',
    );
    const charge = aCharge(aDriver(tenant));
    await call(
      anOperator(tenant),
      'assignTariff',
      'AssignTariffInput',
      { tariffId: 'MADE', scope: 'STATION', ref: charge.stationId },
      'assignment { id }',
    );
    const start = new Date();
    const end = later(3_600);
    await fleet.started(charge, { startedAt: start }, { tenant });
    await fleet.ended(
      charge,
      { startedAt: start, endedAt: end, statePeriods: [{ state: 'CHARGING', from: start, to: end }] },
      { tenant },
    );
    await fleet.metered(charge, { intervals: [{ from: start, to: end, energyMwh: 10_000_000 }] }, { tenant });
    await fleet.billed(charge);
    // 10 kWh at the 0.40 of STD plus 21 %.
    const seen = await fleet.see<{
      cost: { totalInclVat: { amount: string }; lines: { explanation: string }[] };
    }>(charge, 'cost { totalInclVat { amount } lines { explanation } }');
    expect(seen!.cost.totalInclVat.amount).toBe('4.84');
    expect(seen!.cost.lines[0]!.explanation).toContain('that of tariff STD, version 1');
  });
});

describe('a tariff by steps of a curve', () => {
  it('follows what is recorded: load, CO2, share of renewable energy', async () => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    await record(tenant, [{ start: later(-3_600), end: later(7_200), value: '80' }]);
    await setSource(tenant, { steps });
    await made(tenant, 1);
    await record(tenant, [{ start: later(-60), end: later(7_200), value: '20' }]);
    const version = await made(tenant, 2);
    // Of the time from now on; what was 80 until a minute ago stands before it.
    const prices = version.definition.elements.map((one) => one.price_components[0]!.price);
    expect(prices.slice(-2)).toEqual(['0.6', '0.40']);
    await record(tenant, [{ start: later(-60), end: later(7_200), value: '25' }]);
    await waitFor('a look', async () => (await sourceOf(tenant))!.failure === null);
    expect(await versions(tenant)).toHaveLength(2);
  });

  it('shows what it would make before it is set, where the curve has gaps, and makes nothing', async () => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    const [start, end] = [later(1_800), later(5_400)];
    await record(tenant, [{ start, end, value: '80' }]);
    const input = {
      tariffId: 'MADE',
      name: 'Made',
      currency: 'EUR',
      definition,
      timeZone: MARKET_ZONE,
      curve: { source: 'OWN', area: 'level' },
      fallbackTariffId: 'STD',
      steps,
    };
    const preview = async (given: unknown, by = anOperator(tenant)) =>
      fleet.rig.graphql<{
        previewTariffSource: {
          currency: string;
          schedule: { from: string; to: string; energyPricePerKwh: string }[];
          gaps: { from: string; to: string }[];
        };
      }>(
        by,
        `query($input: SetTariffSourceInput!) { previewTariffSource(input: $input) {
          currency schedule { from to energyPricePerKwh } gaps { from to } note findings { rule } } }`,
        { input: given },
      );
    const { data } = await preview(input);
    const { schedule, gaps } = data!.previewTariffSource;
    // Above the first step: 0.30, with 21 %; STD has 0.40 around it.
    const known = schedule.find(({ from }) => from === start.toISOString());
    expect(known).toEqual({
      from: start.toISOString(),
      to: end.toISOString(),
      energyPricePerKwh: '0.363',
    });
    expect(new Set(schedule.map(({ energyPricePerKwh }) => energyPricePerKwh))).toEqual(
      new Set(['0.363', '0.484']),
    );
    expect(gaps[0]!.to).toBe(start.toISOString());
    expect(await sourceOf(tenant)).toBeUndefined();
    const discount = {
      tariffId: 'PLUS',
      name: 'Plus',
      discount: { baseTariffId: 'STD', plan: 'p', percent: '50' },
    };
    const half = (await preview(discount)).data!.previewTariffSource;
    expect(half.schedule.map(({ energyPricePerKwh }) => energyPricePerKwh)).toEqual(['0.242']);
    expect((await preview({ ...input, fallbackTariffId: 'NONE' })).codes).toEqual(['NOT_FOUND']);
    expect((await preview({ ...input, steps: null })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await preview(input, aDriver(tenant))).codes).toEqual(['FORBIDDEN']);
  });

  it('makes nothing that breaks a law on prices where the tenant refuses that, and says so', async () => {
    const tenant = aTenant();
    const operator = anOperator(tenant);
    const locationId = randomUUID();
    await fleet.applyTariff('STD', {}, operator);
    await setSource(tenant, { steps });
    await made(tenant, 1);
    await call(
      operator,
      'assignTariff',
      'AssignTariffInput',
      { tariffId: 'MADE', scope: 'LOCATION', ref: locationId },
      'assignment { id }',
    );
    await call(
      operator,
      'setTariffPolicy',
      'SetTariffPolicyInput',
      { refusesViolations: true },
      'policy { refusesViolations }',
    );
    const connector = {
      connectorId: randomUUID(),
      number: 1,
      powerType: 'DC',
      maxVoltageV: 500,
      maxCurrentA: 300,
    };
    const stationId = randomUUID();
    await fleet.rig.publish(
      events.locationChanged,
      { aggregateId: locationId, version: 1, tenant },
      sessions.LocationChanged.fromPartial({
        location: {
          locationId,
          country: 'NLD',
          timeZone: MARKET_ZONE,
          stations: [{ stationId, locationId, evses: [{ number: 1, connectors: [connector] }] }],
        },
      }),
    );
    await waitFor('the place', async () => {
      const rows = await fleet.rig.sql(
        'select 1 from connector_place where connector_id = $1',
        [connector.connectorId],
        tenant,
      );
      return rows.length > 0;
    });
    // AFIR art. 5(4): from 50 kW a price per session is none that may be asked for.
    const [element] = definition.elements;
    const fee = { type: 'FLAT', price: '1.00', vat: '21', step_size: 1 };
    await setSource(tenant, {
      steps,
      definition: { elements: [{ price_components: [...element!.price_components, fee] }] },
    });
    await waitFor('the refusal', async () => (await sourceOf(tenant))!.failure === 'BILLING_TARIFF_UNLAWFUL');
    expect(await versions(tenant)).toHaveLength(1);
    await setSource(tenant, { steps: [{ below: '50', price: '0.70' }, { price: '0.30' }] });
    await record(tenant, [{ start: later(-60), end: later(7_200), value: '20' }]);
    await made(tenant, 2);
    expect((await sourceOf(tenant))!.failure).toBeNull();
  });

  it('has another version when its fallback has one', async () => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    await setSource(tenant, { steps });
    await made(tenant, 1);
    await fleet.applyTariff('STD', { definition: { elements: elements('0.44') } }, anOperator(tenant));
    expect(JSON.stringify((await made(tenant, 2)).definition)).toContain('0.44');
  });

  it('says why it cannot be made, and is made when that is over', async () => {
    const tenant = aTenant();
    await fleet.applyTariff(
      'STD',
      { definition: { elements: elements(), tax_included: 'YES' } },
      anOperator(tenant),
    );
    await setSource(tenant, { steps });
    await waitFor('the failure', async () => (await sourceOf(tenant))!.failure === 'BILLING_SOURCE_FALLBACK');
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    await made(tenant, 1);
    expect((await sourceOf(tenant))!.failure).toBeNull();
  });

  it('is not applied by hand until its source is removed', async () => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    await setSource(tenant, { steps });
    await made(tenant, 1);
    expect((await fleet.applyTariff('MADE', {}, anOperator(tenant))).codes).toEqual(['FAILED_PRECONDITION']);
    const remove = () =>
      call(
        anOperator(tenant),
        'removeTariffSource',
        'RemoveTariffSourceInput',
        { tariffId: 'MADE' },
        'removed',
      );
    expect((await remove()).codes).toEqual([]);
    expect((await remove()).codes).toEqual(['NOT_FOUND']);
    expect((await fleet.applyTariff('MADE', {}, anOperator(tenant))).codes).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['two rules', { steps, spot: { floor: '0' } }, 'BAD_USER_INPUT'],
    ['no rule', {}, 'BAD_USER_INPUT'],
    ['no fallback', { steps, fallbackTariffId: null }, 'BAD_USER_INPUT'],
    ['itself to fall back to', { steps, fallbackTariffId: 'MADE' }, 'BAD_USER_INPUT'],
    ['a fallback that is not there', { steps, fallbackTariffId: 'NONE' }, 'NOT_FOUND'],
    ['no zone', { steps, timeZone: 'Nowhere' }, 'BAD_USER_INPUT'],
    ['prices that may fall below zero', { spot: { margin: '0.1' } }, 'BAD_USER_INPUT'],
    ['a discount of nothing', { discount: { baseTariffId: 'STD', plan: 'plus' } }, 'BAD_USER_INPUT'],
  ])('is refused with %s', async (_what, over, code) => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    expect((await setSource(tenant, over)).codes).toEqual([code]);
  });

  it('is an operator’s of the tenant', async () => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    expect((await setSource(tenant, { steps }, aDriver(tenant))).codes).toEqual(['FORBIDDEN']);
    expect((await setSource(aTenant(), { steps })).codes).toEqual(['NOT_FOUND']);
  });
});

describe('a subscription', () => {
  const subscribe = (tenant: string, accountId: string, over: Record<string, unknown> = {}) =>
    call<{ subscription: { id: string } }>(
      anOperator(tenant),
      'addSubscription',
      'AddSubscriptionInput',
      { accountId, plan: 'plus', ...over },
      'subscription { id validUntil endedBy }',
    );
  const plus = {
    tariffId: 'PLUS',
    name: 'Plus',
    discount: { baseTariffId: 'STD', plan: 'plus', percent: '25' },
  };

  it('gives its driver the discounted version of the tariff he would have, while it lasts', async () => {
    const tenant = aTenant();
    const driver = aDriver(tenant);
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    await setSource(tenant, plus);
    const version = await made(tenant, 1, 'PLUS');
    expect(version.note).toBe('Plan plus: 25 % off tariff STD, version 1.');
    // 0.40 less a quarter is 0.30, 6.00 is 4.50.
    expect(version.definition.elements[0]!.price_components.map(({ price }) => price)).toEqual([
      '0.3',
      '4.5',
    ]);
    expect(await priceOf(tenant, driver)).toBe('STD 1');
    const { answer } = await subscribe(tenant, driver.accountId);
    expect(await priceOf(tenant, driver)).toBe('PLUS 1');
    expect(await priceOf(tenant)).toBe('STD 1');
    await call(
      anOperator(tenant),
      'endSubscription',
      'EndSubscriptionInput',
      { id: answer!.subscription.id },
      'subscription { id }',
    );
    expect(await priceOf(tenant, driver)).toBe('STD 1');
  });

  it('follows its base: versions of now, those that are planned and those that are withdrawn', async () => {
    const tenant = aTenant();
    const operator = anOperator(tenant);
    await fleet.applyTariff('STD', {}, operator);
    await setSource(tenant, plus);
    await made(tenant, 1, 'PLUS');
    const validFrom = later(86_400).toISOString();
    await fleet.applyTariff('STD', { definition: { elements: elements('0.80') }, validFrom }, operator);
    const planned = await made(tenant, 2, 'PLUS');
    expect([
      planned.state,
      planned.validFrom,
      planned.definition.elements[0]!.price_components[0]!.price,
    ]).toEqual(['PLANNED', validFrom, '0.6']);
    await call(
      operator,
      'withdrawTariffVersion',
      'WithdrawTariffVersionInput',
      { tariffId: 'STD', version: 2 },
      'version { version }',
    );
    await waitFor(
      'its withdrawal',
      async () =>
        (await versions(tenant, 'PLUS')).find(({ version }) => version === 2)?.state === 'WITHDRAWN',
    );
    await fleet.applyTariff('STD', { definition: { elements: elements('0.48') } }, operator);
    expect((await made(tenant, 3, 'PLUS')).definition.elements[0]!.price_components[0]!.price).toBe('0.36');
  });

  it('is one at a time for a person, and never of the past', async () => {
    const tenant = aTenant();
    const { accountId } = aDriver(tenant);
    await subscribe(tenant, accountId, { validUntil: later(3_600).toISOString() });
    expect((await subscribe(tenant, accountId, { plan: 'gold' })).codes).toEqual(['CONFLICT']);
    expect((await subscribe(tenant, accountId, { validFrom: later(3_600).toISOString() })).codes).toEqual([]);
    const other = aDriver(tenant).accountId;
    expect((await subscribe(tenant, other, { validFrom: later(-3_600).toISOString() })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await subscribe(tenant, other, { validUntil: later(-1).toISOString() })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await subscribe(tenant, 'somebody')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await subscribe(tenant, other, { plan: 'a b' })).codes).toEqual(['BAD_USER_INPUT']);
  });
});

describe('a tariff group', () => {
  const setGroup = (tenant: string, input: Record<string, unknown>) =>
    call<{ group: { id: string; memberCount: number } }>(
      anOperator(tenant),
      'setTariffGroup',
      'SetTariffGroupInput',
      input,
      'group { id memberCount }',
    );
  const assign = (tenant: string, tariffId: string, ref: string, scope = 'GROUP') =>
    call(
      anOperator(tenant),
      'assignTariff',
      'AssignTariffInput',
      { tariffId, scope, ref },
      'assignment { id }',
    );

  it('has a price for its drivers, stations and locations, after what is assigned to one itself', async () => {
    const tenant = aTenant();
    const operator = anOperator(tenant);
    for (const id of ['STD', 'GROUP', 'OWN']) await fleet.applyTariff(id, {}, operator);
    const [driver, locationId] = [aDriver(tenant), randomUUID()];
    const { answer } = await setGroup(tenant, {
      name: 'Fleet',
      add: [
        { kind: 'DRIVER', ref: driver.accountId },
        { kind: 'LOCATION', ref: locationId },
      ],
    });
    const { id } = answer!.group;
    expect(await priceOf(tenant, driver)).toBe('STD 1');
    await assign(tenant, 'GROUP', id);
    expect(await priceOf(tenant, driver)).toBe('GROUP 1');
    expect(await priceOf(tenant, aDriver(tenant), { locationId })).toBe('GROUP 1');
    expect(await priceOf(tenant)).toBe('STD 1');
    await assign(tenant, 'OWN', driver.accountId, 'DRIVER');
    expect(await priceOf(tenant, driver)).toBe('OWN 1');
    await setGroup(tenant, { id, name: 'Fleet', remove: [{ kind: 'LOCATION', ref: locationId }] });
    expect(await priceOf(tenant, aDriver(tenant), { locationId })).toBe('STD 1');
  });

  it('says who and what is in it, page by page, to operators of its tenant', async () => {
    const tenant = aTenant();
    const [accountId, locationId, stationId] = [aDriver(tenant).accountId, randomUUID(), randomUUID()];
    const { answer } = await setGroup(tenant, {
      name: 'Mixed',
      add: [
        { kind: 'STATION', ref: stationId },
        { kind: 'DRIVER', ref: accountId },
        { kind: 'LOCATION', ref: locationId },
      ],
    });
    const members = async (after: string | null, by = anOperator(tenant)) => {
      const { data, codes } = await fleet.rig.graphql<{
        tariffGroupMembers: {
          edges: { node: Record<string, unknown> }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      }>(
        by,
        `query($id: ID!, $after: String) { tariffGroupMembers(groupId: $id, first: 2, after: $after) {
          edges { node { kind ref account { id } station { id } location { id } } } pageInfo { hasNextPage endCursor } } }`,
        { id: answer!.group.id, after },
      );
      return { codes, ...data?.tariffGroupMembers };
    };
    const first = await members(null);
    const nobody = { account: null, station: null, location: null };
    expect(first.edges!.map(({ node }) => node)).toEqual([
      { ...nobody, kind: 'DRIVER', ref: accountId, account: { id: accountId } },
      { ...nobody, kind: 'LOCATION', ref: locationId, location: { id: locationId } },
    ]);
    const rest = await members(first.pageInfo!.endCursor);
    expect(rest.edges!.map(({ node }) => node)).toEqual([
      { ...nobody, kind: 'STATION', ref: stationId, station: { id: stationId } },
    ]);
    expect(rest.pageInfo!.hasNextPage).toBe(false);
    expect((await members(null, anOperator(aTenant()))).codes).toEqual(['NOT_FOUND']);
    expect((await members(null, aDriver(tenant))).codes).toEqual(['FORBIDDEN']);
  });

  it('shares no member with another that has a tariff at the same time', async () => {
    const tenant = aTenant();
    await fleet.applyTariff('STD', {}, anOperator(tenant));
    const member = { kind: 'STATION', ref: randomUUID() };
    const one = (await setGroup(tenant, { name: 'One', add: [member] })).answer!.group.id;
    const two = (await setGroup(tenant, { name: 'Two', add: [member] })).answer!.group.id;
    expect((await assign(tenant, 'STD', one)).codes).toEqual([]);
    expect((await assign(tenant, 'STD', two)).codes).toEqual(['CONFLICT']);
    await setGroup(tenant, { id: two, name: 'Two', remove: [member] });
    expect((await assign(tenant, 'STD', two)).codes).toEqual([]);
    expect((await setGroup(tenant, { id: two, name: 'Two', add: [member] })).message).toContain(
      'in group One too',
    );
    expect((await setGroup(tenant, { name: 'One' })).codes).toEqual(['CONFLICT']);
    expect((await setGroup(tenant, { name: 'Bad', add: [{ kind: 'STATION', ref: 'x' }] })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
    expect((await setGroup(tenant, { id: randomUUID(), name: 'Gone' })).codes).toEqual(['NOT_FOUND']);
    expect((await assign(tenant, 'STD', randomUUID())).codes).toEqual(['NOT_FOUND']);
  });
});
