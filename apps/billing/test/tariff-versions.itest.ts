// Real: Postgres, NATS, GraphQL. Sessions are played by publishing their events.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCharge, aDriver, anOperator, BillingRig, elements, OPERATOR } from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start();
});
afterAll(() => fleet.close());

const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const priced = (perKwh: string) => ({ definition: { elements: elements(perKwh) } });

interface Version {
  version: number;
  state: string;
  validFrom: string;
  validUntil: string | null;
  publishedBy: string;
  withdrawnBy: string | null;
  changes: string[];
}
const FIELDS = 'version state validFrom validUntil publishedBy withdrawnBy changes';

async function apply(id: string, over: Record<string, unknown>, by = OPERATOR) {
  const { data, codes } = await fleet.rig.graphql<{
    applyTariff: { changed: boolean; version: number; validFrom: string; tariff: { version: number } };
  }>(
    by,
    'mutation($input: ApplyTariffInput!) { applyTariff(input: $input) { changed version validFrom tariff { version } } }',
    { input: { id, name: `Tariff ${id}`, currency: 'EUR', ...priced('0.40'), ...over } },
  );
  return { ...data?.applyTariff, codes };
}
async function history(tariffId: string, by = OPERATOR, page = 'first: 50') {
  const { data, codes } = await fleet.rig.graphql<{
    tariffVersions: { edges: { node: Version }[]; pageInfo: { endCursor: string } };
  }>(
    by,
    `query($id: ID!) { tariffVersions(tariffId: $id, ${page}) { edges { node { ${FIELDS} } } pageInfo { endCursor } } }`,
    { id: tariffId },
  );
  return {
    versions: data?.tariffVersions?.edges.map(({ node }) => node) ?? [],
    endCursor: data?.tariffVersions?.pageInfo.endCursor,
    codes,
  };
}
async function withdraw(tariffId: string, version: number, by = OPERATOR) {
  const { data, codes } = await fleet.rig.graphql<{ withdrawTariffVersion: { version: Version } }>(
    by,
    `mutation($input: WithdrawTariffVersionInput!) { withdrawTariffVersion(input: $input) { version { ${FIELDS} } } }`,
    { input: { tariffId, version } },
  );
  return { version: data?.withdrawTariffVersion?.version, codes };
}
/** The version that a session of now is priced by. */
async function versionOf(tenant: string, startedAt = new Date()): Promise<number> {
  const charge = aCharge(aDriver(tenant));
  await fleet.started(charge, { startedAt }, { tenant });
  return waitFor('the price to be locked', async () => {
    const seen = await fleet.see<{ quote: { tariffVersion: number } | null }>(
      charge,
      'quote { tariffVersion }',
    );
    return seen?.quote?.tariffVersion;
  });
}

describe('a version that is planned', () => {
  it('is published with who, when and what it changes, and prices nothing before its time', async () => {
    const operator = anOperator('ahead');
    await apply('T', {}, operator);
    const validFrom = later(86_400);
    expect(await apply('T', { ...priced('0.50'), validFrom }, operator)).toMatchObject({
      changed: true,
      version: 2,
      validFrom,
      tariff: { version: 1 },
    });
    const { versions } = await history('T', operator);
    expect(versions).toMatchObject([
      { version: 2, state: 'PLANNED', validFrom, validUntil: null, publishedBy: operator.accountId },
      { version: 1, state: 'VALID', validUntil: validFrom, changes: ['The first version.'] },
    ]);
    expect(versions[0]!.changes).toEqual([
      expect.stringMatching(/^Energy costs 0.605 EUR .* Before: 0.484 EUR per kWh/),
    ]);
    expect(await versionOf('ahead')).toBe(1);
  });

  it('takes over when its moment comes, and partners are told then', async () => {
    const operator = anOperator('turn');
    await apply('T', {}, operator);
    await apply('T', { ...priced('0.50'), validFrom: later(2) }, operator);
    const told = async () =>
      (await fleet.rig.published(events.tariffChanged, 'turn')).map(({ tariff }) => tariff!.version);
    expect(await told()).toEqual([1]);
    await waitFor('the version to take over', async () => (await told()).includes(2));
    expect(await versionOf('turn')).toBe(2);
    expect((await history('T', operator)).versions.map(({ state }) => state)).toEqual(['VALID', 'PAST']);
  });

  it('of a new tariff leaves sessions waiting until it is valid, then prices them', async () => {
    const operator = anOperator('first');
    const validFrom = later(3);
    await apply('T', { validFrom }, operator);
    const charge = aCharge(aDriver('first'));
    await fleet.started(charge, { startedAt: new Date() }, { tenant: 'first' });
    const seen = () => fleet.see<{ quote: { lockedAt: string } | null }>(charge, 'quote { lockedAt }');
    const lockedAt = await waitFor('the price', async () => (await seen())?.quote?.lockedAt);
    expect(Date.parse(lockedAt)).toBeGreaterThanOrEqual(Date.parse(validFrom));
  });

  it('is what a quote of its time holds', async () => {
    const operator = anOperator('quoted');
    await apply('T', {}, operator);
    const [stationId, locationId, connectorId] = [randomUUID(), randomUUID(), randomUUID()];
    await fleet.rig.publish(
      events.stationChanged,
      { aggregateId: stationId, version: 1, tenant: 'quoted' },
      sessions.StationChanged.fromPartial({
        timeZone: 'Europe/Amsterdam',
        station: { stationId, locationId, evses: [{ number: 1, connectors: [{ connectorId, number: 1 }] }] },
      }),
    );
    const quoted = async () => {
      const { data } = await fleet.rig.graphql<{ createQuote: { quote: { tariffVersion: number } } }>(
        aDriver('quoted'),
        'mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { tariffVersion } } }',
        { input: { connectorId } },
      );
      return data?.createQuote?.quote.tariffVersion;
    };
    await waitFor('the connector to be known', async () => (await quoted()) === 1);
    await apply('T', { ...priced('0.50'), validFrom: later(1) }, operator);
    await waitFor('the next version', async () => (await quoted()) === 2);
  });
});

describe('publishing again', () => {
  it('changes nothing when the prices are those of that moment, and is refused when another begins then', async () => {
    const operator = anOperator('again');
    await apply('T', {}, operator);
    const validFrom = later(3_600);
    await apply('T', { ...priced('0.50'), validFrom }, operator);
    expect(await apply('T', { ...priced('0.50'), validFrom }, operator)).toMatchObject({
      changed: false,
      version: 2,
    });
    expect(await apply('T', { ...priced('0.50'), validFrom: later(7_200) }, operator)).toMatchObject({
      changed: false,
    });
    expect(await apply('T', {}, operator)).toMatchObject({ changed: false, version: 1 });
    expect((await apply('T', { ...priced('0.60'), validFrom }, operator)).codes).toEqual(['CONFLICT']);
    // What is applied now counts until the planned one begins.
    expect(await apply('T', priced('0.45'), operator)).toMatchObject({ changed: true, version: 3 });
    expect((await history('T', operator)).versions).toMatchObject([
      { version: 3, state: 'VALID', validUntil: validFrom },
      { version: 2, state: 'PLANNED' },
      { version: 1, state: 'PAST' },
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['from the past', { validFrom: later(-3_600) }, 'BAD_USER_INPUT'],
    ['from the far future', { validFrom: later(3 * 366 * 86_400) }, 'BAD_USER_INPUT'],
    ['as the default of later', { validFrom: later(60), isDefault: true }, 'BAD_USER_INPUT'],
  ])('is refused %s', async (_what, over, code) => {
    expect((await apply('REFUSED', over)).codes).toEqual([code]);
  });

  it('of several at one moment leaves one', async () => {
    const operator = anOperator('race');
    await apply('T', {}, operator);
    const validFrom = later(3_600);
    const answers = await Promise.all(
      ['0.51', '0.52', '0.53'].map((price) => apply('T', { ...priced(price), validFrom }, operator)),
    );
    expect(answers.map(({ codes }) => codes[0]).sort()).toEqual(['CONFLICT', 'CONFLICT', undefined]);
  });
});

describe('withdrawing', () => {
  it('takes back what has not begun, once, and leaves it in the history', async () => {
    const operator = anOperator('back');
    await apply('T', {}, operator);
    await apply('T', { ...priced('0.50'), validFrom: later(3_600) }, operator);
    expect((await withdraw('T', 1, operator)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await withdraw('T', 9, operator)).codes).toEqual(['NOT_FOUND']);
    expect((await withdraw('T', 2, operator)).version).toMatchObject({
      state: 'WITHDRAWN',
      withdrawnBy: operator.accountId,
    });
    expect((await withdraw('T', 2, operator)).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await history('T', operator)).versions).toMatchObject([
      { version: 2, state: 'WITHDRAWN', validUntil: null },
      { version: 1, state: 'VALID', validUntil: null },
    ]);
    expect(await apply('T', priced('0.50'), operator)).toMatchObject({ changed: true, version: 3 });
  });

  it('of the only version leaves no tariff, and its id can be used again', async () => {
    const operator = anOperator('gone');
    await apply('T', { validFrom: later(3_600) }, operator);
    const listed = async () => {
      const { data } = await fleet.rig.graphql<{ tariffs: { totalCount: number } }>(
        operator,
        '{ tariffs(first: 10) { totalCount } }',
      );
      return data!.tariffs.totalCount;
    };
    expect(await listed()).toBe(1);
    await withdraw('T', 1, operator);
    expect(await listed()).toBe(0);
    expect(await apply('T', priced('0.50'), operator)).toMatchObject({ changed: true, version: 2 });
    expect(await listed()).toBe(1);
  });

  it('keeps a version that has begun from being changed by anybody', async () => {
    await apply('KEPT', {});
    await expect(
      fleet.rig.sql("update tariff_version set note = 'x' where tariff_id = 'KEPT' returning version"),
    ).rejects.toThrow('append only');
  });
});

describe('the history of a tariff', () => {
  it('comes in pages, to operators of the tenant', async () => {
    const operator = anOperator('pages');
    for (const price of ['0.41', '0.42', '0.43']) await apply('T', priced(price), operator);
    const first = await history('T', operator, 'first: 2');
    expect(first.versions.map(({ version }) => version)).toEqual([3, 2]);
    const rest = await history('T', operator, `first: 2, after: "${first.endCursor}"`);
    expect(rest.versions.map(({ version }) => version)).toEqual([1]);
    expect((await history('T', anOperator('other'))).versions).toEqual([]);
    expect((await history('T', aDriver('pages'))).codes).toEqual(['FORBIDDEN']);
    expect((await withdraw('T', 1, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
  });
});
