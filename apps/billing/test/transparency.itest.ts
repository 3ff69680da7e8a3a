// Real: Postgres, NATS, GraphQL. Places are played by publishing what sessions says of them.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDriver, anOperator, BillingRig, elements } from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start();
});
afterAll(() => fleet.close());

const aTenant = () => `law-${randomUUID().slice(0, 8)}`;
const withFee = [
  {
    price_components: [
      { type: 'FLAT', price: '1.00', vat: '21', step_size: 1 },
      { type: 'PARKING_TIME', price: '6.00', vat: '21', step_size: 60 },
      { type: 'ENERGY', price: '0.40', vat: '21', step_size: 1 },
    ],
  },
];
const FINDINGS = 'findings { rule severity country reason }';

interface Judged {
  findings: { rule: string; severity: string; country: string }[];
}

async function call(tenant: string, field: string, type: string, input: unknown, selection: string) {
  const { data, codes, errors } = await fleet.rig.graphql<Record<string, Judged>>(
    anOperator(tenant),
    `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} } }`,
    { input },
  );
  const findings = data?.[field]?.findings?.map(
    ({ rule, severity, country }) => `${rule} ${severity} ${country}`,
  );
  return { findings, codes, message: errors?.[0]?.message };
}
const apply = (tenant: string, id: string, list: unknown = elements()) =>
  call(
    tenant,
    'applyTariff',
    'ApplyTariffInput',
    { id, name: id, currency: 'EUR', definition: { elements: list } },
    FINDINGS,
  );
const assign = (tenant: string, tariffId: string, ref: string) =>
  call(tenant, 'assignTariff', 'AssignTariffInput', { tariffId, scope: 'LOCATION', ref }, FINDINGS);

/** A location with one connector, known when a quote for it can be made. */
async function aPlace(tenant: string, country: string, maxCurrentA: number) {
  const [stationId, locationId, connectorId] = [randomUUID(), randomUUID(), randomUUID()];
  await fleet.rig.publish(
    events.locationChanged,
    { aggregateId: locationId, version: 1, tenant },
    sessions.LocationChanged.fromPartial({
      location: {
        locationId,
        country,
        timeZone: 'Europe/Berlin',
        stations: [
          {
            stationId,
            locationId,
            evses: [
              {
                number: 1,
                connectors: [{ connectorId, number: 1, powerType: 'DC', maxVoltageV: 500, maxCurrentA }],
              },
            ],
          },
        ],
      },
    }),
  );
  const known = () =>
    fleet.rig.sql('select 1 from connector_place where connector_id = $1', [connectorId], tenant);
  await waitFor('the place to be known', async () => (await known()).length > 0);
  return { locationId, connectorId };
}

describe('the laws on prices', () => {
  it('are told of when a tariff is assigned or applied to a place, and asked for', async () => {
    const tenant = aTenant();
    await apply(tenant, 'STD');
    await apply(tenant, 'FEE', withFee);
    const { locationId } = await aPlace(tenant, 'DEU', 300);
    const expected = ['AFIR_50_KW VIOLATION DEU', 'MESSEG_TIME WARNING DEU'];
    expect((await assign(tenant, 'FEE', locationId)).findings).toEqual(expected);
    expect((await apply(tenant, 'FEE', withFee)).findings).toEqual(expected);
    const { data } = await fleet.rig.graphql<{ tariffFindings: { rule: string }[] }>(
      anOperator(tenant),
      '{ tariffFindings(tariffId: "FEE") { rule } }',
    );
    expect(data!.tariffFindings.map(({ rule }) => rule)).toEqual(['AFIR_50_KW', 'MESSEG_TIME']);
    // The default is for every place of the tenant.
    expect((await apply(tenant, 'STD')).findings).toEqual(['MESSEG_TIME WARNING DEU']);
  });

  it('say nothing of a session fee at a weak charger', async () => {
    const tenant = aTenant();
    await apply(tenant, 'FEE', withFee);
    const { locationId } = await aPlace(tenant, 'NLD', 44);
    expect((await assign(tenant, 'FEE', locationId)).findings).toEqual([]);
  });

  it('are kept where the tenant wants it: what breaks one is neither assigned nor applied', async () => {
    const tenant = aTenant();
    await apply(tenant, 'STD');
    await apply(tenant, 'FEE', withFee);
    const { locationId } = await aPlace(tenant, 'NLD', 300);
    await call(
      tenant,
      'setTariffPolicy',
      'SetTariffPolicyInput',
      { refusesViolations: true },
      'policy { refusesViolations }',
    );
    const refused = await assign(tenant, 'FEE', locationId);
    expect(refused.codes).toEqual(['FAILED_PRECONDITION']);
    expect(refused.message).toContain('AFIR art. 5(4)');
    expect((await assign(tenant, 'STD', locationId)).codes).toEqual([]);
    expect((await apply(tenant, 'STD', withFee)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await apply(tenant, 'STD', elements('0.44'))).codes).toEqual([]);
    await call(
      tenant,
      'setTariffPolicy',
      'SetTariffPolicyInput',
      { refusesViolations: false },
      'policy { refusesViolations }',
    );
    expect((await apply(tenant, 'STD', withFee)).findings).toEqual(['AFIR_50_KW VIOLATION NLD']);
  });

  it('order what a driver is shown: per kWh, per minute, per session', async () => {
    const tenant = aTenant();
    await apply(tenant, 'FEE', withFee);
    const { connectorId } = await aPlace(tenant, 'NLD', 44);
    const { data } = await fleet.rig.graphql<{
      createQuote: { quote: { prices: { per: string; price: string }[] } };
    }>(
      aDriver(tenant),
      'mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { prices { per price } } } }',
      { input: { connectorId } },
    );
    // 0.40, 0.10 and 1.00, each with 21 %.
    expect(data!.createQuote.quote.prices.map(({ per, price }) => `${per} ${price}`)).toEqual([
      'KWH 0.484',
      'IDLE_MINUTE 0.121',
      'SESSION 1.21',
    ]);
  });
});
