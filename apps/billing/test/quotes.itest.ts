// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCharge, aDriver, BillingRig, elements, OPERATOR, snapshot } from './billing-rig.js';

let fleet: BillingRig;
const CONNECTOR = randomUUID();

beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD');
});
afterAll(() => fleet.close());

interface QuoteNode {
  id: string;
  tariffVersion: number;
  validUntil: string | null;
  lockedAt: string | null;
  hash: string;
  summary: string[];
  schedule: { energyPricePerKwh: string }[];
}
const QUOTE =
  'id tariffId tariffVersion hash summary validUntil lockedAt schedule { from to energyPricePerKwh currency }';

const createQuote = (principal: TestPrincipal | null, connectorId = CONNECTOR) =>
  fleet.rig.graphql<{ createQuote: { quote: QuoteNode } }>(
    principal,
    `mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { ${QUOTE} } } }`,
    { input: { connectorId } },
  );

async function assign(input: Record<string, unknown>): Promise<void> {
  const { codes } = await fleet.rig.graphql(
    OPERATOR,
    'mutation($input: AssignTariffInput!) { assignTariff(input: $input) { assignment { id } } }',
    { input },
  );
  expect(codes).toEqual([]);
}

async function aPlace(): Promise<void> {
  const station = sessions.Station.fromPartial({
    stationId: randomUUID(),
    locationId: randomUUID(),
    evses: [{ evseId: randomUUID(), number: 1, connectors: [{ connectorId: CONNECTOR, number: 1 }] }],
  });
  await fleet.rig.publish(
    events.stationChanged,
    { aggregateId: station.stationId, version: 1 },
    { station, locationName: 'Garage', timeZone: 'Europe/Amsterdam' },
  );
  await waitFor('the connector to be known', async () => (await createQuote(aDriver())).codes.length === 0);
}

describe('a quote', () => {
  beforeAll(aPlace);

  it('is the price of the session that accepts it, though the tariff changed meanwhile', async () => {
    const [charge, later] = [aCharge(), aCharge()];
    const quote = (await createQuote(charge.driver)).data!.createQuote.quote;
    expect(quote).toMatchObject({ tariffVersion: 1, lockedAt: null, schedule: [] });
    expect(new Date(quote.validUntil!).getTime()).toBeGreaterThan(Date.now() + 14 * 60_000);
    await fleet.applyTariff('STD', { definition: { elements: elements('0.99') } });
    const startedAt = new Date();
    const now = { startedAt, endedAt: startedAt, statePeriods: [], connectorId: CONNECTOR };
    await fleet.whole(charge, { ...now, quoteId: quote.id });
    await fleet.whole(later, now);
    const fields = `quote { ${QUOTE} } cost { totalExclVat { amount } }`;
    expect(await fleet.see(charge, fields)).toMatchObject({
      quote: {
        id: quote.id,
        hash: quote.hash,
        tariffVersion: 1,
        validUntil: null,
        lockedAt: expect.any(String),
      },
      cost: { totalExclVat: { amount: '4.00' } },
    });
    expect(await fleet.see(later, fields)).toMatchObject({
      quote: { tariffVersion: 2 },
      cost: { totalExclVat: { amount: '9.90' } },
    });
  });

  it('is the price also of a session that began with the cable, before anybody had accepted it', async () => {
    const charge = aCharge();
    await fleet.applyTariff('STD', { definition: { elements: elements('0.99') } });
    const quote = (await createQuote(charge.driver)).data!.createQuote.quote;
    await fleet.applyTariff('STD', { definition: { elements: elements('1.11') } });
    const startedAt = new Date();
    await fleet.started(charge, { startedAt, accountId: '', tokenId: '', connectorId: CONNECTOR });
    await waitFor('the price of the start to be fixed', async () =>
      fleet.see(charge, 'quote { id }', OPERATOR).then((seen) => seen?.['quote']),
    );
    const ended = { startedAt, endedAt: startedAt, statePeriods: [] };
    const accepted = { ...ended, connectorId: CONNECTOR, quoteId: quote.id };
    await fleet.ended(charge, accepted);
    await fleet.metered(charge);
    await fleet.billed(charge);
    expect(await fleet.see(charge, 'quote { id } cost { totalExclVat { amount } }')).toEqual({
      quote: { id: quote.id },
      cost: { totalExclVat: { amount: '9.90' } },
    });
  });

  it('of a session that began with the cable is its driver’s own from when they are told, and then stays', async () => {
    const charge = aCharge();
    await fleet.applyTariff('STD', { definition: { elements: elements() } });
    await fleet.applyTariff('OWN', { definition: { elements: elements('0.10') } });
    await assign({ tariffId: 'OWN', scope: 'DRIVER', ref: charge.driver.accountId });
    const startedAt = new Date();
    const nobody = { startedAt, accountId: '', tokenId: '', connectorId: CONNECTOR };
    const told = (version: number, over: Partial<sessions.SessionSnapshot>) =>
      fleet.rig.publish(
        events.sessionChargingStateChanged,
        { aggregateId: charge.sessionId, version },
        { session: snapshot(charge, { startedAt, connectorId: CONNECTOR, ...over }), previousState: 'IDLE' },
      );
    const seen = async () =>
      (await fleet.see<{ quote: QuoteNode & { tariffId: string }; cost: unknown }>(
        charge,
        `quote { ${QUOTE} } cost { totalExclVat { amount } }`,
        OPERATOR,
      )) ?? undefined;
    const underTariff = (tariffId: string) =>
      waitFor(`the price to be ${tariffId}`, async () => {
        const found = await seen();
        return found?.quote?.tariffId === tariffId ? found : undefined;
      });
    fleet.reading(charge, startedAt, 0);
    fleet.reading(charge, new Date(startedAt.getTime() + 1), 10_000_000);

    await fleet.started(charge, nobody);
    expect(await underTariff('STD')).toMatchObject({
      quote: { lockedAt: null, validUntil: null },
      cost: { totalExclVat: { amount: '4.00' } },
    });
    await told(2, { tokenId: randomUUID(), accountId: '', tokenRefused: true });
    await told(3, {});
    const own = await underTariff('OWN');
    expect(own).toMatchObject({
      quote: { lockedAt: expect.any(String), validUntil: null },
      cost: { totalExclVat: { amount: '1.00' } },
    });

    await told(4, { accountId: aDriver().accountId });
    await fleet.caughtUp();
    expect((await seen())!.quote.id).toBe(own.quote.id);
    const locked = (await fleet.rig.published(events.quoteLocked)).filter(
      ({ sessionId }) => sessionId === charge.sessionId,
    );
    expect(locked).toMatchObject([{ quoteId: own.quote.id, tariffId: 'OWN' }]);
    const left = await fleet.rig.sql('select 1 from quote where account_id = $1 and session_id is null', [
      '',
    ]);
    expect(left).toEqual([]);
  });

  it('of another driver, of another session, or long past is not used', async () => {
    const [thief, owner, again] = [aCharge(), aCharge(), aCharge()];
    const quoteId = (await createQuote(owner.driver)).data!.createQuote.quote.id;
    const other = { ...again, driver: owner.driver };
    const here = { quoteId, startedAt: new Date(), connectorId: CONNECTOR };
    await fleet.started(thief, here);
    await fleet.started(owner, here);
    await fleet.started(other, here);
    const stale = { ...aCharge(), driver: aDriver() };
    const old = (await createQuote(stale.driver)).data!.createQuote.quote.id;
    const late = new Date(Date.now() + 31 * 60_000);
    await fleet.started(stale, { quoteId: old, startedAt: late, connectorId: CONNECTOR });
    await fleet.caughtUp();
    const idOf = async (charge: typeof thief) =>
      (await fleet.see<{ quote: QuoteNode }>(charge, 'quote { id }'))!.quote.id;
    expect(await idOf(owner)).toBe(quoteId);
    expect(await idOf(thief)).not.toBe(quoteId);
    expect(await idOf(other)).not.toBe(quoteId);
    expect(await idOf(stale)).not.toBe(old);
  });

  it('for another connector does not price the session, and stays good for its own', async () => {
    const charge = aCharge();
    const { accountId } = charge.driver;
    await fleet.applyTariff('STD', { definition: { elements: elements('0.25') } });
    const quote = (await createQuote(charge.driver)).data!.createQuote.quote;
    await fleet.applyTariff('STD', { definition: { elements: elements('0.75') } });
    const startedAt = new Date();
    const now = { startedAt, endedAt: startedAt, statePeriods: [], accountId, quoteId: quote.id };
    await fleet.whole(charge, { ...now, connectorId: randomUUID() });
    const seen = await fleet.see<{ quote: QuoteNode }>(
      charge,
      'quote { id } cost { totalExclVat { amount } }',
    );
    expect(seen).toMatchObject({ cost: { totalExclVat: { amount: '7.50' } } });
    expect(seen!.quote.id).not.toBe(quote.id);

    const there = { ...aCharge(), driver: charge.driver };
    await fleet.whole(there, { ...now, connectorId: CONNECTOR });
    expect(await fleet.see(there, 'quote { id } cost { totalExclVat { amount } }')).toEqual({
      quote: { id: quote.id },
      cost: { totalExclVat: { amount: '2.50' } },
    });
  });

  it('holds when the station never says at which connector of the place it was', async () => {
    const charge = aCharge();
    const quote = (await createQuote(charge.driver)).data!.createQuote.quote;
    await fleet.started(charge, { quoteId: quote.id, startedAt: new Date(), connectorId: '' });
    await waitFor('the quote to be taken', async () =>
      fleet
        .see<{ quote: QuoteNode | null }>(charge, 'quote { id }')
        .then((seen) => seen?.quote?.id === quote.id),
    );
  });

  it('shows the steps of a price that changes by the clock', async () => {
    const price = (value: string) => [{ type: 'ENERGY', price: value, vat: '20' }];
    const night = { start_time: '22:00', end_time: '06:00' };
    const definition = {
      elements: [
        { price_components: price('0.20'), restrictions: night },
        { price_components: price('0.50') },
      ],
    };
    await fleet.applyTariff('NIGHT', { definition, isDefault: true });
    const { quote } = (await createQuote(aDriver())).data!.createQuote;
    expect(new Set(quote.schedule.map((step) => step.energyPricePerKwh))).toEqual(new Set(['0.24', '0.6']));
    expect(quote.summary[0]).toBe(
      'Energy costs 0.24 EUR per kWh including 20 % VAT (0.20 EUR without), from 22:00 to 06:00.',
    );
    await fleet.applyTariff('STD', { definition: { elements: elements() }, isDefault: true });
  });

  it('needs a connector we know, a tariff, and somebody who asks', async () => {
    expect((await createQuote(aDriver(), randomUUID())).codes).toEqual(['NOT_FOUND']);
    expect((await createQuote(aDriver('other'))).codes).toEqual(['NOT_FOUND']);
    expect((await createQuote(null)).codes).toEqual(['UNAUTHENTICATED']);
  });
});
