// Real: Postgres, NATS, GraphQL. Sessions and metering are played by publishing their events.
import { randomUUID } from 'node:crypto';
import { billing, events, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aCharge,
  aDriver,
  anOperator,
  BillingRig,
  elements,
  minute,
  OPERATOR,
  START,
  type Charge,
} from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD');
  await fleet.applyTariff('CHEAP', { definition: { elements: elements('0.10') } });
  await fleet.applyTariff('DEAR', { definition: { elements: elements('0.90') } });
});
afterAll(() => fleet.close());

const ASSIGNMENT = 'assignment { id tariff { id name } scope ref validFrom validUntil createdBy endedBy }';
async function assign(input: Record<string, unknown>, by = OPERATOR) {
  const { data, codes, errors } = await fleet.rig.graphql<{
    assignTariff: { assignment: { id: string; tariff: { id: string }; validUntil: string | null } };
  }>(by, `mutation($input: AssignTariffInput!) { assignTariff(input: $input) { ${ASSIGNMENT} } }`, { input });
  return { assignment: data?.assignTariff?.assignment, codes, message: errors?.[0]?.message };
}
async function end(id: string, by = OPERATOR) {
  const { data, codes } = await fleet.rig.graphql<{
    endTariffAssignment: { assignment: { validUntil: string; endedBy: string } };
  }>(
    by,
    `mutation($input: EndTariffAssignmentInput!) { endTariffAssignment(input: $input) { ${ASSIGNMENT} } }`,
    { input: { id } },
  );
  return { assignment: data?.endTariffAssignment?.assignment, codes };
}

/** A session that begins now, so that what was assigned before counts for it. */
async function tariffOf(charge: Charge, over: Partial<sessions.SessionSnapshot> = {}): Promise<string> {
  await fleet.started(charge, { startedAt: new Date(), ...over });
  return waitFor('the price to be locked', async () => {
    const seen = await fleet.see<{ quote: { tariffId: string } | null }>(charge, 'quote { tariffId }');
    return seen?.quote?.tariffId;
  });
}

describe('a tariff that is assigned', () => {
  it('to a token, a driver, a station or a location prices their sessions, the closest first', async () => {
    const charge = aCharge();
    const [tokenId, locationId] = [randomUUID(), randomUUID()];
    const at = { tokenId, locationId };
    const next = () => ({ ...aCharge(charge.driver), stationId: charge.stationId });
    expect(await tariffOf(charge, at)).toBe('STD');
    await assign({ tariffId: 'CHEAP', scope: 'LOCATION', ref: locationId });
    expect(await tariffOf(next(), at)).toBe('CHEAP');
    await assign({ tariffId: 'DEAR', scope: 'STATION', ref: charge.stationId });
    expect(await tariffOf(next(), at)).toBe('DEAR');
    await assign({ tariffId: 'CHEAP', scope: 'DRIVER', ref: charge.driver.accountId });
    expect(await tariffOf(next(), at)).toBe('CHEAP');
    await assign({ tariffId: 'DEAR', scope: 'TOKEN', ref: tokenId });
    expect(await tariffOf(next(), at)).toBe('DEAR');
    expect(await tariffOf(aCharge(), { locationId: randomUUID() })).toBe('STD');
  });

  it('leaves the price of a session that runs as it was', async () => {
    const charge = aCharge();
    expect(await tariffOf(charge)).toBe('STD');
    await assign({ tariffId: 'DEAR', scope: 'STATION', ref: charge.stationId });
    await fleet.ended(charge, { startedAt: START });
    await fleet.metered(charge);
    await fleet.billed(charge);
    const seen = await fleet.see<{ quote: { tariffId: string } }>(charge, 'quote { tariffId }');
    expect(seen!.quote.tariffId).toBe('STD');
  });

  it('is what a driver is told beforehand', async () => {
    const [stationId, locationId, connectorId] = [randomUUID(), randomUUID(), randomUUID()];
    await fleet.rig.publish(
      events.stationChanged,
      { aggregateId: stationId, version: 1 },
      sessions.StationChanged.fromPartial({
        timeZone: 'Europe/Amsterdam',
        station: { stationId, locationId, evses: [{ number: 1, connectors: [{ connectorId, number: 1 }] }] },
      }),
    );
    const driver = aDriver();
    const quoted = async () => {
      const { data } = await fleet.rig.graphql<{ createQuote: { quote: { tariffId: string } } }>(
        driver,
        'mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { tariffId } } }',
        { input: { connectorId } },
      );
      return data?.createQuote?.quote.tariffId;
    };
    await waitFor('the connector to be known', async () => (await quoted()) === 'STD');
    await assign({ tariffId: 'CHEAP', scope: 'STATION', ref: stationId });
    expect(await quoted()).toBe('CHEAP');
    await assign({ tariffId: 'DEAR', scope: 'DRIVER', ref: driver.accountId });
    expect(await quoted()).toBe('DEAR');
  });

  it('counts until it is ended, which is once', async () => {
    const charge = aCharge();
    const { assignment } = await assign({ tariffId: 'DEAR', scope: 'STATION', ref: charge.stationId });
    expect((await end(assignment!.id)).assignment).toMatchObject({ endedBy: OPERATOR.accountId });
    expect(await tariffOf(charge)).toBe('STD');
    expect((await end(assignment!.id)).codes).toEqual(['FAILED_PRECONDITION']);
  });

  it('is refused when it overlaps another, though both come at once, and says which', async () => {
    const ref = randomUUID();
    const answers = await Promise.all(
      ['CHEAP', 'DEAR', 'CHEAP', 'DEAR'].map((tariffId) => assign({ tariffId, scope: 'LOCATION', ref })),
    );
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
    expect(answers.filter(({ codes }) => codes[0] === 'CONFLICT')).toHaveLength(3);
    expect(answers.find(({ codes }) => codes[0] === 'CONFLICT')!.message).toMatch(
      /^Tariff (CHEAP|DEAR) is assigned/,
    );
    const later = new Date(Date.now() + 86_400_000).toISOString();
    expect((await assign({ tariffId: 'STD', scope: 'LOCATION', ref, validFrom: later })).codes).toEqual([
      'CONFLICT',
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a tariff that is not there', { tariffId: 'NONE' }, 'NOT_FOUND'],
    ['the past', { validFrom: minute(0).toISOString() }, 'BAD_USER_INPUT'],
    ['an end before its begin', { validUntil: new Date(Date.now() - 1_000).toISOString() }, 'BAD_USER_INPUT'],
    ['what is no id', { ref: 'Harbour Garage' }, 'BAD_USER_INPUT'],
  ])('is refused with %s', async (_what, over, code) => {
    const input = { tariffId: 'STD', scope: 'STATION', ref: randomUUID(), ...over };
    expect((await assign(input)).codes).toEqual([code]);
  });

  it('is an operator’s of the tenant', async () => {
    const ref = randomUUID();
    const input = { tariffId: 'STD', scope: 'STATION', ref };
    expect((await assign(input, aDriver())).codes).toEqual(['FORBIDDEN']);
    expect((await assign(input, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    const { assignment } = await assign(input);
    expect((await end(assignment!.id, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    const list = async (by = OPERATOR) => {
      const { data } = await fleet.rig.graphql<{ tariffAssignments: { edges: { node: { ref: string } }[] } }>(
        by,
        'query($ref: ID!) { tariffAssignments(first: 10, filter: { ref: $ref }) { edges { node { ref } } } }',
        { ref },
      );
      return data!.tariffAssignments.edges.length;
    };
    expect([await list(), await list(anOperator('other'))]).toEqual([1, 0]);
  });
});

describe('the preview of a tariff', () => {
  const PREVIEW = `query($input: PreviewTariffInput!) { previewTariff(input: $input) { sessions skipped cheaper dearer truncated
    billedInclVat { amount } previewInclVat { amount } examples { sessionId billedInclVat { amount } previewInclVat { amount } } } }`;
  const preview = (over: Record<string, unknown> = {}, by = anOperator('preview')) =>
    fleet.rig.graphql<{ previewTariff: Record<string, unknown> }>(by, PREVIEW, {
      input: {
        currency: 'EUR',
        definition: { elements: elements('0.80') },
        idleGraceMinutes: 10,
        from: new Date(Date.now() - 3_600_000).toISOString(),
        to: new Date(Date.now() + 60_000).toISOString(),
        ...over,
      },
    });

  // 10 kWh at 0.40 and 10 idle minutes at 6.00/h: 5.00 plus 21 % = 6.05. At 0.80: 9.00 plus 21 % = 10.89.
  it('is what the same sessions would have cost, and stores nothing', async () => {
    const operator = anOperator('preview');
    await fleet.applyTariff('STD', { idleGraceMinutes: 10 }, operator);
    const charges = [aCharge(aDriver('preview')), aCharge(aDriver('preview'))];
    for (const charge of charges) {
      const options = { tenant: 'preview' };
      await fleet.started(charge, {}, options);
      await fleet.ended(charge, {}, options);
      await fleet.metered(charge, {}, options);
      await fleet.billed(charge);
    }
    const { data } = await preview();
    expect(data!.previewTariff).toMatchObject({
      sessions: 2,
      skipped: 0,
      cheaper: 0,
      dearer: 2,
      truncated: false,
      billedInclVat: { amount: '12.10' },
      previewInclVat: { amount: '21.78' },
    });
    const same = await preview({ definition: { elements: elements('0.40') } });
    expect(same.data!.previewTariff).toMatchObject({
      dearer: 0,
      examples: [],
      previewInclVat: { amount: '12.10' },
    });
    expect((await preview({ currency: 'CHF' })).data!.previewTariff).toMatchObject({
      sessions: 0,
      skipped: 2,
    });
    expect((await preview({ locationId: randomUUID() })).data!.previewTariff).toMatchObject({
      sessions: 0,
      skipped: 0,
    });
    expect((await preview({}, OPERATOR)).data!.previewTariff).not.toMatchObject({
      sessions: 2,
      dearer: 2,
      previewInclVat: { amount: '21.78' },
    });
  });

  it('refuses a bad tariff and a range that is too long', async () => {
    expect((await preview({ definition: { elements: [] } })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await preview({ from: '2026-01-01T00:00:00Z' })).codes).toEqual(['BAD_USER_INPUT']);
    expect((await preview({}, aDriver('preview'))).codes).toEqual(['FORBIDDEN']);
  });
});

describe('for roaming', () => {
  const ask = (places: billing.TariffPlace[], tenant: string) =>
    fleet.rig.grpc(billing.BillingServiceClient).placeTariffs({ places }, { tenant: tenantId(tenant) });

  it('each place has the tariff that its sessions are priced by, and says when one of them changed', async () => {
    const by = anOperator('places');
    const [stationId, locationId, grouped] = [randomUUID(), randomUUID(), randomUUID()];
    const places = [
      { stationId, locationId },
      { stationId: randomUUID(), locationId },
      { stationId: randomUUID(), locationId: randomUUID() },
      { stationId: grouped, locationId: randomUUID() },
    ];
    expect(await ask(places, 'places')).toEqual({ tariffIds: ['', '', '', ''], changedAt: undefined });
    await fleet.applyTariff('STD', {}, by);
    for (const id of ['AT', 'NEAR', 'TEAM'])
      await fleet.applyTariff(id, { isDefault: false, definition: { elements: elements('0.10') } }, by);
    const usual = await ask(places, 'places');
    expect(usual.tariffIds).toEqual(['STD', 'STD', 'STD', 'STD']);
    const near = await assign({ tariffId: 'NEAR', scope: 'LOCATION', ref: locationId }, by);
    await assign({ tariffId: 'AT', scope: 'STATION', ref: stationId }, by);
    await assign({ tariffId: 'TEAM', scope: 'DRIVER', ref: randomUUID() }, by);
    const assigned = await ask(places, 'places');
    expect(assigned.tariffIds).toEqual(['AT', 'NEAR', 'STD', 'STD']);
    expect(assigned.changedAt!.getTime()).toBeGreaterThan(usual.changedAt!.getTime());
    const group = { name: 'Team', add: [{ kind: 'STATION', ref: grouped }] };
    const { data } = await fleet.rig.graphql<{ setTariffGroup: { group: { id: string } } }>(
      by,
      'mutation($input: SetTariffGroupInput!) { setTariffGroup(input: $input) { group { id } } }',
      { input: group },
    );
    const { id } = data!.setTariffGroup.group;
    await assign({ tariffId: 'TEAM', scope: 'GROUP', ref: id }, by);
    const joined = await ask(places, 'places');
    expect(joined.tariffIds).toEqual(['AT', 'NEAR', 'STD', 'TEAM']);
    await fleet.rig.graphql(
      by,
      'mutation($input: SetTariffGroupInput!) { setTariffGroup(input: $input) { group { id } } }',
      { input: { id, name: 'Team', remove: [{ kind: 'STATION', ref: grouped }] } },
    );
    await end(near.assignment!.id, by);
    const left = await ask(places, 'places');
    expect(left.tariffIds).toEqual(['AT', 'STD', 'STD', 'STD']);
    expect(left.changedAt!.getTime()).toBeGreaterThan(joined.changedAt!.getTime());
    expect((await ask([], 'nobody')).changedAt).toBeUndefined();
  });
});
