// Real: every service as a process, Postgres, NATS, WebSockets. Two cars charge at one site, over OCPP 1.6 and 2.0.1.
import { aVehicle, VirtualCharger, waitFor } from '@kilowatch/testing';
import { DEMO_STATION_PASSWORD, DEMO_TOKENS } from '@kilowatch/tools/seed/demo-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEDERATED_SESSION } from './support/federated-session.js';
import { SystemUnderTest } from './support/system-under-test.js';

const FULL_POWER_W = 11_000;
const WATTS_PER_AMPERE = 3 * 230;

let sut: SystemUnderTest;
let chargers: VirtualCharger[];
let locationId: string;

beforeAll(async () => {
  sut = await SystemUnderTest.start();
  chargers = (['1.6', '2.0.1'] as const).map(
    (version, index) =>
      new VirtualCharger({
        url: sut.system.ocppUrl,
        identity: version === '1.6' ? 'KW-DEMO-16' : 'KW-DEMO-201',
        password: DEMO_STATION_PASSWORD,
        version,
        meterIntervalMs: 500,
        registerMwh: 1_000_000 * (index + 1),
      }),
  );
  await Promise.all(
    chargers.map(async (charger, index) => {
      await charger.start();
      charger.plugIn(1, aVehicle({ maxPowerW: FULL_POWER_W }));
      charger.begin(DEMO_TOKENS[index]!.value, 1);
    }),
  );
  const { locations } = await sut.people.operator.request<{
    locations: { edges: { node: { id: string; name: string } }[] };
  }>('{ locations(first: 10) { edges { node { id name } } } }');
  locationId = locations.edges.find(({ node }) => node.name === 'Harbour Garage')!.node.id;
});
afterAll(async () => {
  for (const charger of chargers ?? []) await charger.shutdown();
  await sut?.stop();
});

const drawnW = () => chargers.map((charger) => charger.evses[0]!.meter.powerW);

async function limitSite(limitA: number | null): Promise<void> {
  await sut.people.operator.request(
    'mutation($input: SetSiteLimitInput!) { setSiteLimit(input: $input) { siteLimit { limitA } } }',
    { input: { locationId, limitA } },
  );
}

describe("a site's limit", () => {
  it('lowers what the cars draw, by charging profiles of each version, and gives it back when it is lifted', async () => {
    await waitFor('both cars at full power', () => drawnW().every((watts) => watts === FULL_POWER_W));
    await limitSite(20);
    await waitFor('both cars within their half', () =>
      drawnW().every((watts) => watts > 0 && watts <= 10 * WATTS_PER_AMPERE),
    );
    for (const charger of chargers) {
      expect(charger.commands.map(({ action }) => action)).toContain('SetChargingProfile');
    }
    await limitSite(null);
    await waitFor('both cars at full power again', () => drawnW().every((watts) => watts === FULL_POWER_W));
  });
});

describe('whoever watches the power of a site', () => {
  it('sees it fall and rise with the limit, and 0 W at a place where nobody charged yet', async () => {
    const { operator } = sut.people;
    const seen: number[] = [];
    const refused: unknown[] = [];
    const stop = operator.subscribe<{ livePowerChanged: { powerW: number } }>(
      'subscription($id: ID!) { livePowerChanged(id: $id) { powerW activeSessions } }',
      { id: locationId },
      ({ livePowerChanged }) => seen.push(livePowerChanged.powerW),
      (error) => refused.push(error),
    );
    try {
      await waitFor('the power of both cars', () => seen.includes(2 * FULL_POWER_W));
      await limitSite(20);
      await waitFor('less', () => seen.some((watts) => watts > 0 && watts <= 20 * WATTS_PER_AMPERE));
      const before = seen.length;
      await limitSite(null);
      await waitFor('all of it again', () => seen.slice(before).includes(2 * FULL_POWER_W));
    } finally {
      stop();
    }
    expect(refused).toEqual([]);
    const { livePowerAt } = await operator.request<{ livePowerAt: object }>(
      'query($id: ID!) { livePowerAt(id: $id) { powerW activeSessions } }',
      { id: 'a-new-place' },
    );
    expect(livePowerAt).toEqual({ powerW: 0, activeSessions: 0 });
  });
});

describe('one federated query in mid-session', () => {
  it('tells its driver power, energy, price and place, and no invoice yet', async () => {
    const { driver } = sut.people;
    const { sessions } = await driver.request<{ sessions: { edges: { node: { id: string } }[] } }>(
      '{ sessions(first: 1) { edges { node { id } } } }',
    );
    const { id } = sessions.edges[0]!.node;
    const session = await waitFor('live energy and cost', async () => {
      const { session: seen } = await driver.request<{
        session: { energyWh: number | null; livePowerW: number | null; cost: object | null };
      }>(FEDERATED_SESSION, { id });
      // The last reading may be from before the limit was lifted.
      const isFull = seen.livePowerW === FULL_POWER_W;
      return (seen.energyWh ?? 0) > 0 && isFull && seen.cost !== null ? seen : undefined;
    });
    expect(session).toMatchObject({
      state: 'ACTIVE',
      station: { identity: 'KW-DEMO-16', location: { name: 'Harbour Garage', city: 'Amsterdam' } },
      driver: { displayName: 'Dora Driver' },
      token: { masked: '****E5F6' },
      livePowerW: FULL_POWER_W,
      quote: { tariffName: 'Day and night' },
      cost: { final: false },
      invoice: null,
      rating: null,
    });
  });
});
