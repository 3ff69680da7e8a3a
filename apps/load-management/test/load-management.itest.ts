// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC. Sessions is played by the rig, the gateway and its
// chargers by a gRPC server of the test.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { loadManagementService } from '../src/load-management.module.js';
import { FakeGateway } from './fake-gateway.js';

const { Station } = sessions;
const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
const START = new Date(Date.now() - 60_000);

let rig: ServiceRig;
let chargers: FakeGateway;

beforeAll(async () => {
  const { gateway, url } = await FakeGateway.start();
  chargers = gateway;
  rig = await ServiceRig.start({
    service: loadManagementService,
    shape: configShape,
    env: { KW_OCPP_GATEWAY_GRPC_URL: url, KW_PROFILE_TIMEOUT_SECONDS: '1' },
  });
});
afterEach(() => chargers.release());
afterAll(async () => {
  await rig.close();
  await chargers.close();
});

interface Charging {
  readonly sessionId: string;
  readonly stationId: string;
  readonly locationId: string;
  readonly driver: TestPrincipal;
  version: number;
}

async function aLocation(tenant = 'demo'): Promise<string> {
  const locationId = randomUUID();
  const location: sessions.Location = {
    locationId, name: 'Garage', address: '', city: '', postalCode: '', country: 'NLD', latitude: 0, longitude: 0,
    timeZone: 'Europe/Amsterdam', published: true, stations: [], lastUpdated: START,
  }; // prettier-ignore
  await rig.publish(events.locationChanged, { aggregateId: locationId, version: 1, tenant }, { location });
  await waitFor(
    'the location',
    async () => (await rig.sql('select 1 from site where location_id = $1', [locationId], tenant)).length > 0,
  );
  return locationId;
}

function aSession(locationId: string): Charging {
  const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
  return { sessionId: randomUUID(), stationId: randomUUID(), locationId, driver, version: 0 };
}

function snapshot(session: Charging, over: Partial<sessions.SessionSnapshot> = {}): sessions.SessionSnapshot {
  const { sessionId, stationId, locationId, driver } = session;
  const { accountId } = driver;
  return aSessionSnapshot({ sessionId, stationId, locationId, accountId, startedAt: START, ...over });
}

const about = (session: Charging) => ({ aggregateId: session.sessionId, version: ++session.version });
const started = (session: Charging, over: Partial<sessions.SessionSnapshot> = {}) =>
  rig.publish(events.sessionStarted, about(session), { session: snapshot(session, over) });
const inState = (session: Charging, chargingState: string) =>
  rig.publish(events.sessionChargingStateChanged, about(session), {
    session: snapshot(session, { chargingState }),
    previousState: '',
  });
const ended = (session: Charging) =>
  rig.publish(events.sessionEnded, about(session), {
    session: snapshot(session, { status: 'ENDED', endedAt: new Date() }),
  });

function stationIs({ stationId, locationId }: Charging, online: boolean, version: number) {
  const station = Station.fromPartial({ stationId, locationId, online, lastUpdated: START });
  return rig.publish(
    events.stationChanged,
    { aggregateId: stationId, version },
    { station, locationName: 'Garage', timeZone: 'Europe/Amsterdam' },
  );
}

interface SiteLimit {
  limitA: number;
  allocatedA: number;
  activeSessions: number;
}
async function setLimit(locationId: string, limitA: number | null, by = operator) {
  const { data, codes } = await rig.graphql<{ setSiteLimit: { siteLimit: SiteLimit | null } }>(
    by,
    'mutation($input: SetSiteLimitInput!) { setSiteLimit(input: $input) { siteLimit { limitA allocatedA activeSessions location { id } } } }',
    { input: { locationId, limitA } },
  );
  return { siteLimit: data?.setSiteLimit?.siteLimit, codes };
}
async function limitOf(session: Charging, by: TestPrincipal | null = operator) {
  return (
    await rig.entity<{ currentLimitA: number | null; currentLimitState: string | null }>(
      by,
      'Session',
      session.sessionId,
      'currentLimitA currentLimitState',
    )
  ).entity;
}
const applied = (session: Charging, ampere: number) =>
  waitFor(`${ampere} A at the charger`, async () => {
    const limit = await limitOf(session);
    return (
      chargers.limits.get(session.stationId) === ampere * 10 &&
      limit?.currentLimitState === 'APPLIED' &&
      limit.currentLimitA === ampere
    );
  });
const known = (session: Charging) =>
  waitFor('the session to be known', async () => (await limitOf(session)) !== null);
const announced = async (session: Charging) =>
  (await rig.published(events.sessionLimitChanged))
    .filter((event) => event.sessionId === session.sessionId)
    .map((event) => [event.limitMa, event.outcome]);

describe('a site with a limit', () => {
  it.each([
    ['go-e', 'go-eCharger_V4', 2],
    ['V', 'M', 1],
  ])(
    'Q50: a %s %s is told its limit again when it resumes, or not: %d times',
    async (vendor, model, times) => {
      const locationId = await aLocation();
      const session = aSession(locationId);
      const { stationId } = session;
      const station = Station.fromPartial({ stationId, locationId, online: true, vendor, model });
      await rig.publish(
        events.stationChanged,
        { aggregateId: stationId, version: 1 },
        { station, locationName: 'Garage', timeZone: 'Europe/Amsterdam' },
      );
      await waitFor(
        'the station',
        async () => (await rig.sql('select 1 from station where station_id = $1', [stationId])).length > 0,
      );
      await setLimit(locationId, 10);
      await started(session);
      await applied(session, 10);
      await inState(session, 'SUSPENDED_EVSE');
      await inState(session, 'CHARGING');
      const sent = () => chargers.sentTo(stationId).map(({ setChargingProfile }) => setChargingProfile!);
      await waitFor('the limits to be sent', () => sent().length >= times);
      await applied(session, 10);
      expect(sent().map(({ limitDeciampere }) => limitDeciampere)).toEqual(Array(times).fill(100));
    },
  );

  it('shares its current among the sessions that charge, and again when one starts, pauses, resumes and ends', async () => {
    const locationId = await aLocation();
    const [a, b] = [aSession(locationId), aSession(locationId)];
    expect(await setLimit(locationId, 40)).toMatchObject({
      siteLimit: { limitA: 40, allocatedA: 0, activeSessions: 0 },
    });
    await started(a);
    await applied(a, 32);
    await started(b);
    await applied(a, 20);
    await applied(b, 20);
    await inState(b, 'SUSPENDED_EV');
    await applied(b, 6);
    await applied(a, 32);
    await inState(b, 'CHARGING');
    await applied(b, 20);
    await ended(b);
    await applied(a, 32);
    expect(await limitOf(b)).toEqual({ currentLimitA: null, currentLimitState: null });
    expect(await announced(a)).toEqual([
      [32_000, 'APPLIED'],
      [20_000, 'APPLIED'],
      [32_000, 'APPLIED'],
      [20_000, 'APPLIED'],
      [32_000, 'APPLIED'],
    ]);
  });

  it('sends each limit as a transaction profile that is a lease, once per version', async () => {
    const locationId = await aLocation();
    const session = aSession(locationId);
    await setLimit(locationId, 16.05);
    await started(session, { clockOffsetSeconds: 30, phases: 1, transactionRef: '77' });
    await applied(session, 16);
    const [request, ...more] = chargers.sentTo(session.stationId);
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      tenant: 'demo',
      idempotencyKey: expect.stringMatching(new RegExp(`^limit:${session.sessionId}:\\d+$`)),
      setChargingProfile: {
        purpose: 'TX_PROFILE',
        transactionRef: '77',
        evseNumber: 1,
        stackLevel: 0,
        limitDeciampere: 160,
        numberPhases: 1,
      },
    });
    // Relative to the start of the transaction, a minute ago on our clock and 30 s more on the charger's.
    expect(request!.setChargingProfile!.durationSeconds).toBeGreaterThanOrEqual(90 + 900);
    expect(request!.setChargingProfile!.durationSeconds).toBeLessThan(90 + 900 + 60);
  });

  it('waits for the EVSE of a session that a card began before the cable: nobody makes room for it until then', async () => {
    const locationId = await aLocation();
    const [a, b] = [aSession(locationId), aSession(locationId)];
    await setLimit(locationId, 40);
    await started(a);
    await applied(a, 32);
    const nowhere = {
      chargingState: 'EV_CONNECTED',
      evseNumber: 0,
      connectorNumber: 0,
      maxCurrentA: 0,
      phases: 0,
    };
    await started(b, nowhere);
    await known(b);
    expect(await limitOf(b)).toEqual({ currentLimitA: null, currentLimitState: null });
    await rig.publish(events.sessionChargingStateChanged, about(b), {
      session: snapshot(b, { evseNumber: 2, connectorNumber: 1 }),
      previousState: 'EV_CONNECTED',
    });
    await applied(a, 20);
    await applied(b, 20);
    expect(
      chargers.sentTo(b.stationId).map(({ setChargingProfile }) => setChargingProfile?.evseNumber),
    ).toEqual([2]);
    expect(chargers.sentTo(a.stationId)).toHaveLength(2);
  });

  it('tells a DC connector watts: amperes would be those of its cable', async () => {
    const locationId = await aLocation();
    const session = aSession(locationId);
    await setLimit(locationId, 100);
    await started(session, { phases: 0, powerType: 'DC', maxVoltageV: 1000, maxCurrentA: 200 });
    await applied(session, 100);
    expect(
      chargers.sentTo(session.stationId).map(({ setChargingProfile }) => setChargingProfile),
    ).toMatchObject([
      { unit: 'W', numberPhases: 0, periods: [{ startSeconds: 0, limitTenths: 100 * 3 * 230 * 10 }] },
    ]);
  });

  it('lowers the others before it raises one, so that the sum at the chargers stays below the limit', async () => {
    const locationId = await aLocation();
    const [a, b] = [aSession(locationId), aSession(locationId)];
    await setLimit(locationId, 40);
    await started(a);
    await applied(a, 32);
    await started(b, { chargingState: 'EV_CONNECTED' });
    await applied(b, 6);
    chargers.behave(a.stationId, 'HANG');
    await inState(b, 'CHARGING');
    await waitFor('the reduction to be under way', () => chargers.sentTo(a.stationId).length === 2);
    expect(chargers.sentTo(b.stationId)).toHaveLength(1);
    expect(await limitOf(b)).toEqual({ currentLimitA: 20, currentLimitState: 'PENDING' });
    chargers.release();
    await applied(a, 20);
    await applied(b, 20);
  });

  it('pauses the latest when there are fewer than 6 A a head until it is its turn, and follows a changed limit', async () => {
    const locationId = await aLocation();
    const [a, b] = [aSession(locationId), aSession(locationId)];
    await started(a);
    await started(b, { startedAt: new Date(START.getTime() + 1000) });
    await known(b);
    expect(await limitOf(a)).toEqual({ currentLimitA: null, currentLimitState: null });
    await setLimit(locationId, 11);
    await applied(a, 11);
    await applied(b, 0);
    await inState(b, 'SUSPENDED_EVSE');
    // A quarter of an hour later it is the other's turn.
    await rig.sql(
      `update session_limit set turned_at = turned_at - interval '15 min' where location_id = $1`,
      [locationId],
    );
    await rig.sql('update site set due_at = to_timestamp(0) where location_id = $1', [locationId]);
    await applied(b, 11);
    await applied(a, 0);
    await setLimit(locationId, 20);
    await applied(a, 10);
    await applied(b, 10);
  });

  it('takes the limits away from the chargers when it is lifted', async () => {
    const locationId = await aLocation();
    const session = aSession(locationId);
    await setLimit(locationId, 10);
    await started(session);
    await applied(session, 10);
    expect((await setLimit(locationId, null)).siteLimit).toBeNull();
    await waitFor('the profile to be gone', () => !chargers.limits.has(session.stationId));
    expect(await limitOf(session)).toEqual({ currentLimitA: null, currentLimitState: null });
    expect(chargers.sentTo(session.stationId).at(-1)!.clearChargingProfile).toMatchObject({ evseNumber: 1 });
    await waitFor('the news', async () => (await announced(session)).length === 2);
    expect(await announced(session)).toEqual([
      [10_000, 'APPLIED'],
      [32_000, 'LIFTED'],
    ]);
  });
});

describe('chargers that do not follow', () => {
  it('a charger that refuses counts with all it may draw, and gets its share when it accepts', async () => {
    const locationId = await aLocation();
    const [a, b] = [aSession(locationId), aSession(locationId)];
    chargers.behave(b.stationId, 'REJECT');
    await setLimit(locationId, 40);
    await started(a);
    await started(b, { startedAt: new Date(START.getTime() + 1000) });
    await applied(a, 8);
    expect(await limitOf(b)).toEqual({ currentLimitA: 20, currentLimitState: 'REFUSED' });
    expect(await announced(b)).toEqual([]);
    chargers.release();
    await applied(b, 20);
    await applied(a, 20);
  });

  it('an offline charger keeps the room it has, and is told as soon as it is back', async () => {
    const locationId = await aLocation();
    const [a, b] = [aSession(locationId), aSession(locationId)];
    const station = (online: boolean, version: number) => stationIs(b, online, version);
    await setLimit(locationId, 40);
    await started(a);
    await started(b);
    await applied(a, 20);
    await applied(b, 20);
    chargers.behave(b.stationId, 'OFFLINE');
    await setLimit(locationId, 30);
    await waitFor(
      'the charger to be found offline',
      async () => (await limitOf(b))?.currentLimitState === 'OFFLINE',
    );
    await applied(a, 10);
    const tried = chargers.sentTo(b.stationId).length;
    chargers.release();
    await station(true, 5);
    await applied(b, 15);
    await applied(a, 15);
    await station(false, 4);
    expect(chargers.sentTo(b.stationId)).toHaveLength(tried + 1);
  });

  it('a charger that was away for a moment is told its limit again: a restart may have lost it', async () => {
    const locationId = await aLocation();
    const [a, b] = [aSession(locationId), aSession(locationId)];
    await setLimit(locationId, 40);
    await started(a);
    await started(b);
    await applied(a, 20);
    await applied(b, 20);
    const before = chargers.sentTo(a.stationId).length;
    await stationIs(b, true, 1);
    await stationIs(b, false, 2);
    chargers.limits.delete(b.stationId);
    await stationIs(b, true, 3);
    await applied(b, 20);
    expect(chargers.sentTo(a.stationId)).toHaveLength(before);
  });

  it('a charger that may have got an increase is counted with it, whatever the gateway says of its key', async () => {
    const locationId = await aLocation();
    const session = aSession(locationId);
    await setLimit(locationId, 10);
    await started(session);
    await applied(session, 10);
    chargers.behave(session.stationId, 'KEY_REUSED');
    await setLimit(locationId, 16);
    const held = () =>
      rig.sql('select held_da, state from session_limit where session_id = $1 and attempt > 0', [
        session.sessionId,
      ]);
    await waitFor('the outcome', async () => (await held()).length > 0);
    expect(await held()).toEqual([{ held_da: 160, state: 'PENDING' }]);
    chargers.release();
    await applied(session, 16);
  });

  it('a command the gateway could not route is repeated under its own key and carried out once', async () => {
    const locationId = await aLocation();
    const session = aSession(locationId);
    chargers.behave(session.stationId, 'GATEWAY_AWAY');
    await setLimit(locationId, 16);
    await started(session);
    await waitFor('an attempt', () => chargers.sentTo(session.stationId).length > 0);
    expect(await limitOf(session)).toEqual({ currentLimitA: 16, currentLimitState: 'PENDING' });
    chargers.release();
    await rig.sql(
      `update session_limit set flight = flight || '{"until":"2020-01-01T00:00:00.000Z"}' where session_id = $1`,
      [session.sessionId],
    );
    await rig.sql('update site set due_at = to_timestamp(0) where location_id = $1', [locationId]);
    await applied(session, 16);
    expect(new Set(chargers.sentTo(session.stationId).map((request) => request.idempotencyKey)).size).toBe(1);
  });
});

describe('events from sessions', () => {
  it('take effect once and in the order of their versions', async () => {
    const locationId = await aLocation();
    const [session, other] = [aSession(locationId), aSession(locationId)];
    await setLimit(locationId, 20);
    const start = { session: snapshot(session) };
    await rig.publish(
      events.sessionEnded,
      { aggregateId: session.sessionId, version: 3 },
      { session: snapshot(session, { status: 'ENDED', endedAt: new Date() }) },
    );
    const eventId = await rig.publish(
      events.sessionStarted,
      { aggregateId: session.sessionId, version: 1 },
      start,
    );
    await rig.publish(events.sessionStarted, { aggregateId: session.sessionId, version: 1, eventId }, start);
    await rig.publish(
      events.sessionChargingStateChanged,
      { aggregateId: session.sessionId, version: 2 },
      { ...start, previousState: '' },
    );
    await started(other);
    await applied(other, 20);
    expect(chargers.sentTo(session.stationId)).toEqual([]);
    expect(await limitOf(session)).toEqual({ currentLimitA: null, currentLimitState: null });
  });
});

describe('who may see and set limits', () => {
  it('operators of the tenant set and see sites; drivers and other tenants do not', async () => {
    const locationId = await aLocation();
    await setLimit(locationId, 25);
    const foreign: TestPrincipal = { accountId: randomUUID(), tenant: 'other', role: 'operator' };
    const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
    const list =
      '{ siteLimits(first: 100) { edges { node { limitA location { id siteLimit { activeSessions } } } } } }';
    const see = async (by: TestPrincipal | null) => {
      const { data, codes } = await rig.graphql<{
        siteLimits: { edges: { node: { location: { id: string } } }[] };
      }>(by, list);
      return { ids: data?.siteLimits?.edges.map((edge) => edge.node.location.id) ?? [], codes };
    };
    expect((await see(operator)).ids).toContain(locationId);
    expect(await see(foreign)).toEqual({ ids: [], codes: [] });
    expect(await see(driver)).toEqual({ ids: [], codes: ['FORBIDDEN'] });
    expect(await see(null)).toEqual({ ids: [], codes: ['UNAUTHENTICATED'] });
    const site = async (by: TestPrincipal) =>
      (await rig.entity(by, 'Location', locationId, 'siteLimit { limitA }')).entity;
    expect(await site(operator)).toEqual({ siteLimit: { limitA: 25 } });
    expect(await site(driver)).toEqual({ siteLimit: null });
    expect(await site(foreign)).toEqual({ siteLimit: null });
    expect((await setLimit(locationId, 10, foreign)).codes).toEqual(['NOT_FOUND']);
    expect((await setLimit(locationId, 10, driver)).codes).toEqual(['FORBIDDEN']);
    expect((await setLimit(randomUUID(), 10)).codes).toEqual(['NOT_FOUND']);
    expect((await setLimit('nonsense', 10)).codes).toEqual(['NOT_FOUND']);
    expect((await setLimit(locationId, -1)).codes).toEqual(['BAD_USER_INPUT']);
    expect(await site(operator)).toEqual({ siteLimit: { limitA: 25 } });
  });

  it("a session's limit is for its driver and the tenant's operators", async () => {
    const locationId = await aLocation();
    const session = aSession(locationId);
    await setLimit(locationId, 12);
    await started(session);
    await applied(session, 12);
    expect(await limitOf(session, session.driver)).toEqual({
      currentLimitA: 12,
      currentLimitState: 'APPLIED',
    });
    for (const stranger of [
      { accountId: randomUUID(), tenant: 'demo', role: 'driver' },
      { accountId: session.driver.accountId, tenant: 'other', role: 'driver' },
      { accountId: randomUUID(), tenant: 'other', role: 'operator' },
    ] as const) {
      expect(await limitOf(session, stranger)).toBeNull();
    }
  });
});
