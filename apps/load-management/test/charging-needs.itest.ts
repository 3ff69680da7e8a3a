// Real: Postgres (own role, row-level security), NATS JetStream, gRPC, HTTP. Sessions is played by the rig, the gateway and its chargers
// by a gRPC server of the test.
import { randomUUID } from 'node:crypto';
import { events, loadManagement, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { loadManagementService } from '../src/load-management.module.js';
import { FakeGateway } from './fake-gateway.js';

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
afterAll(async () => {
  await rig.close();
  await chargers.close();
});

interface Place {
  readonly locationId: string;
  readonly stationId: string;
  stationVersion: number;
}

async function aPlace(): Promise<Place> {
  const place = { locationId: randomUUID(), stationId: randomUUID(), stationVersion: 0 };
  const { locationId } = place;
  const location = sessions.Location.fromPartial({ locationId, name: 'Garage', lastUpdated: START });
  await rig.publish(events.locationChanged, { aggregateId: locationId, version: 1 }, { location });
  await online(place, true);
  await waitFor(
    'the place',
    async () =>
      (
        await rig.sql(
          'select 1 from site s join station t using (tenant, location_id) where t.station_id = $1',
          [place.stationId],
        )
      ).length > 0,
  );
  return place;
}

function online(place: Place, isOnline: boolean): Promise<unknown> {
  const { stationId, locationId } = place;
  const station = sessions.Station.fromPartial({ stationId, locationId, online: isOnline });
  return rig.publish(
    events.stationChanged,
    { aggregateId: stationId, version: ++place.stationVersion },
    { station, locationName: 'Garage', timeZone: 'Europe/Amsterdam' },
  );
}

interface Charging {
  readonly sessionId: string;
  readonly driver: TestPrincipal;
}

async function aSession(place: Place, over: Partial<sessions.SessionSnapshot> = {}): Promise<Charging> {
  const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
  const sessionId = randomUUID();
  const { stationId, locationId } = place;
  const session = aSessionSnapshot({
    sessionId,
    stationId,
    locationId,
    accountId: driver.accountId,
    startedAt: START,
    chargingState: 'EV_CONNECTED',
    ...over,
  });
  await rig.publish(events.sessionStarted, { aggregateId: sessionId, version: 1 }, { session });
  await waitFor(
    'the session',
    async () =>
      (await rig.sql('select 1 from managed_session where session_id = $1', [sessionId])).length > 0,
  );
  return { sessionId, driver };
}

const service = () => rig.grpc(loadManagement.LoadManagementServiceClient);

function tellNeeds(
  place: Place,
  over: Partial<loadManagement.RecordChargingNeedsRequest> = {},
  tenant = 'demo',
) {
  const request = loadManagement.RecordChargingNeedsRequest.fromPartial({
    stationId: place.stationId,
    evseNumber: 1,
    receivedAt: new Date(),
    transfer: 'AC_three_phase',
    departureAt: new Date(Date.now() + 4 * 3_600_000),
    energyWh: 20_000,
    minCurrentA: 6,
    maxCurrentA: 16,
    ...over,
  });
  return service().recordChargingNeeds(request, { tenant: tenantId(tenant) });
}

function tellSchedule(place: Place, limit: number) {
  const request = loadManagement.RecordChargingScheduleRequest.fromPartial({
    stationId: place.stationId,
    evseNumber: 1,
    receivedAt: new Date(),
    timeBase: new Date(),
    unit: 'A',
    durationSeconds: 3_600,
    periods: [{ startSeconds: 0, limit }],
  });
  return service().recordChargingSchedule(request, { tenant: tenantId('demo') });
}

const sent = ({ stationId }: Place) =>
  chargers.sentTo(stationId).flatMap(({ setChargingProfile }) => setChargingProfile ?? []);
const tenths = (place: Place) =>
  sent(place).map(({ periods }) => periods.map(({ limitTenths }) => limitTenths));
const schedules = (place: Place, count: number) =>
  waitFor(`${count} schedules`, () => tenths(place).length >= count);

async function limitSite({ locationId }: Place, limitA: number): Promise<void> {
  const { codes } = await rig.graphql(
    operator,
    'mutation($input: SetSiteLimitInput!) { setSiteLimit(input: $input) { siteLimit { limitA } } }',
    { input: { locationId, limitA } },
  );
  expect(codes).toEqual([]);
}

interface Shown {
  readonly currentLimitA: number | null;
  readonly currentLimitState: string | null;
  readonly chargingNeeds: {
    readonly energyWh: number;
    readonly isEnough: boolean;
    readonly schedule: { readonly unit: string; readonly periods: { limit: number }[] } | null;
    readonly carScheduleFits: boolean | null;
  } | null;
}

async function shown(
  { sessionId }: Charging,
  by: TestPrincipal = operator,
): Promise<Shown | null | undefined> {
  const { entity } = await rig.entity<Shown>(
    by,
    'Session',
    sessionId,
    `currentLimitA currentLimitState chargingNeeds { energyWh isEnough schedule { unit periods { limit } }
       carSchedule { periods { limit } } carScheduleFits }`,
  );
  return entity;
}
const accepted = (session: Charging) =>
  waitFor('the schedule to be taken', async () => (await shown(session))?.currentLimitState === 'APPLIED');

describe('a car that says what it needs', () => {
  it('gets a schedule until it leaves, where its site has no limit, in one lease', async () => {
    const place = await aPlace();
    const session = await aSession(place);
    expect(await tellNeeds(place)).toEqual({ status: 'ACCEPTED', reasonCode: '' });
    await accepted(session);
    const [profile, ...more] = sent(place);
    expect(more).toEqual([]);
    expect(profile).toMatchObject({
      purpose: 'TX_PROFILE',
      evseNumber: 1,
      unit: 'A',
      numberPhases: 3,
      limitDeciampere: 320,
      periods: [{ startSeconds: 0, limitTenths: 160 }, { limitTenths: 60 }],
    });
    expect(profile!.durationSeconds).toBeGreaterThan(4 * 3_600);
    expect(await shown(session)).toMatchObject({
      currentLimitA: 32,
      chargingNeeds: {
        energyWh: 20_000,
        isEnough: true,
        schedule: { unit: 'A', periods: [{ limit: 16 }, { limit: 6 }] },
      },
    });
  });

  it('is shown to its driver and to operators, and to nobody else', async () => {
    const place = await aPlace();
    const session = await aSession(place);
    await tellNeeds(place);
    await accepted(session);
    expect((await shown(session, session.driver))?.chargingNeeds?.energyWh).toBe(20_000);
    expect(await shown(session, { ...session.driver, accountId: randomUUID() })).toBeNull();
    expect(await shown(session, { ...operator, tenant: 'other' })).toBeNull();
    expect((await tellNeeds(place, {}, 'other')).status).toBe('NO_SCHEDULE');
  });

  it('shares the current of its site from then on, and gets another schedule whenever its share changes', async () => {
    const place = await aPlace();
    await limitSite(place, 20);
    await aSession(place, { evseNumber: 2, chargingState: 'CHARGING' });
    const session = await aSession(place);
    await waitFor('the reserve', () => sent(place).some(({ evseNumber }) => evseNumber === 1));
    await tellNeeds(place);
    const ofCar = () =>
      sent(place).filter(({ evseNumber, periods }) => evseNumber === 1 && periods.length > 0);
    await waitFor('its share', () => ofCar().at(-1)?.periods[0]?.limitTenths === 100);
    await limitSite(place, 14);
    await waitFor('the smaller one', () => ofCar().at(-1)?.periods[0]?.limitTenths === 70);
    for (const { limitDeciampere, periods } of ofCar())
      for (const { limitTenths } of periods) expect(limitTenths).toBeLessThanOrEqual(limitDeciampere);
    await accepted(session);
  });

  it('that says it again gets its schedule again', async () => {
    const place = await aPlace();
    const session = await aSession(place);
    await tellNeeds(place);
    await accepted(session);
    await tellNeeds(place, { maxCurrentA: 10 });
    await schedules(place, 2);
    expect(tenths(place)).toEqual([
      [160, 60],
      [100, 60],
    ]);
  });

  it('before its session is known is told to wait, and gets it when the session begins', async () => {
    const place = await aPlace();
    expect(await tellNeeds(place)).toEqual({ status: 'PROCESSING', reasonCode: '' });
    const session = await aSession(place, { startedAt: new Date() });
    await accepted(session);
    expect(tenths(place)).toEqual([[160, 60]]);
  });

  it('is sent away when more wait at its station than that can have', async () => {
    const place = await aPlace();
    for (let evseNumber = 1; evseNumber <= 50; evseNumber++)
      expect((await tellNeeds(place, { evseNumber })).status).toBe('PROCESSING');
    expect(await tellNeeds(place, { evseNumber: 51 })).toEqual({
      status: 'NO_SCHEDULE',
      reasonCode: 'TooManyWaiting',
    });
  });

  it('that went with its session leaves nothing for the next one', async () => {
    const place = await aPlace();
    const first = await aSession(place);
    await tellNeeds(place);
    await accepted(first);
    const session = aSessionSnapshot({
      sessionId: first.sessionId,
      stationId: place.stationId,
      locationId: place.locationId,
      startedAt: START,
      status: 'ENDED',
      endedAt: new Date(),
    });
    await rig.publish(events.sessionEnded, { aggregateId: first.sessionId, version: 2 }, { session });
    await waitFor('its needs to go', async () => {
      const rows = await rig.sql('select 1 from car_needs where station_id = $1', [place.stationId]);
      return rows.length === 0;
    });
    await aSession(place, { startedAt: new Date() });
    expect(sent(place)).toHaveLength(1);
  });

  it('is told its schedule again by a station that was away: it may have forgotten it', async () => {
    const place = await aPlace();
    const session = await aSession(place);
    await tellNeeds(place);
    await accepted(session);
    await online(place, false);
    await online(place, true);
    await schedules(place, 2);
    await accepted(session);
  });

  it.each([
    ['AC_BPT', {}, 'REJECTED', 'UnsupportedTransfer'],
    ['AC_three_phase', { maxCurrentA: undefined }, 'NO_SCHEDULE', 'NoFigures'],
  ])('by %s with %j is answered %s', async (transfer, over, status, reasonCode) => {
    const place = await aPlace();
    await aSession(place);
    expect(await tellNeeds(place, { transfer, ...over })).toEqual({ status, reasonCode });
    expect(sent(place)).toEqual([]);
  });
});

describe('what a car made of its schedule', () => {
  it('is taken when it fits, refused when it does not, and shown', async () => {
    const place = await aPlace();
    const session = await aSession(place);
    await tellNeeds(place);
    await accepted(session);
    expect(await tellSchedule(place, 16)).toEqual({ accepted: true, reasonCode: '' });
    expect(await tellSchedule(place, 20)).toEqual({ accepted: false, reasonCode: 'AboveLimit' });
    expect((await shown(session))?.chargingNeeds).toMatchObject({
      carScheduleFits: false,
      carSchedule: { periods: [{ limit: 20 }] },
    });
    // K15.FR.13
    await schedules(place, 2);
    expect(tenths(place)[1]).toEqual([160, 60]);
  });

  it('that never fits is not answered with its schedule without end', async () => {
    const place = await aPlace();
    const session = await aSession(place);
    await tellNeeds(place);
    await accepted(session);
    for (let times = 1; times <= 5; times++) {
      expect((await tellSchedule(place, 20)).accepted).toBe(false);
      if (times <= 3) await schedules(place, times + 1);
      await accepted(session);
    }
    expect(tenths(place)).toHaveLength(4);
    expect((await tellSchedule(place, 16)).accepted).toBe(true);
    expect((await tellSchedule(place, 20)).accepted).toBe(false);
    await schedules(place, 5);
  });

  it('is taken of a car that was given nothing', async () => {
    const place = await aPlace();
    expect((await tellSchedule(place, 99)).accepted).toBe(true);
    const session = await aSession(place);
    expect((await tellSchedule(place, 99)).accepted).toBe(true);
    expect((await shown(session))?.chargingNeeds).toMatchObject({ carScheduleFits: true });
  });
});
