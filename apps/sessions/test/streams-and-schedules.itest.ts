// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway with its charger.
import { randomUUID } from 'node:crypto';
import { ocppGateway } from '@kilowatch/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ago, operator, SessionsRig, stranger } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

const MONITOR = {
  component: 'EVSE',
  evseNumber: 1,
  variable: 'Voltage',
  kind: 'PERIODIC',
  value: 5,
  severity: 8,
};

async function station21(protocol = 'ocpp2.1'): Promise<string> {
  const { id } = await app.aStation();
  await app.boot(id, { protocol });
  return id;
}

function answer(payload: object, outcome = Outcome.COMMAND_OUTCOME_ACCEPTED): void {
  app.peers.answers = () => ({ outcome, payloadJson: JSON.stringify(payload) });
}

function mutate(mutation: string, input: object, selection = '{ outcome }', by = operator) {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const text = `mutation($input: ${type}!) { ${mutation}(input: $input) ${selection} }`;
  return app.rig.graphql<Record<string, { outcome: string }>>(by, text, { input });
}

async function shown<T>(stationId: string, selection: string): Promise<T[]> {
  const { data, errors } = await app.rig.graphql<{ station: Record<string, { edges: { node: T }[] }> }>(
    operator,
    `query($id: ID!) { station(id: $id) { ${selection} } }`,
    { id: stationId },
  );
  expect(errors).toEqual([]);
  return Object.values(data!.station)[0]!.edges.map(({ node }) => node);
}

describe('streams of events', () => {
  const SET = '{ command { outcome } results { monitorId status } }';
  const STREAMS = `eventStreams(first: 5) { edges { node { streamId monitorId variable intervalSeconds values closedAt received
    latest(first: 5) { edges { node { value } } } } } }`;

  async function monitored(stationId: string): Promise<void> {
    answer({ setMonitoringResult: [{ id: 7, status: 'Accepted' }] });
    const monitors = [{ ...MONITOR, stream: { intervalSeconds: 60, values: 10 } }];
    expect((await mutate('setVariableMonitoring', { stationId, monitors }, SET)).codes).toEqual([]);
  }
  const open = (stationId: string, monitorId = 7) =>
    app.tell(stationId, {
      eventStreamOpened: { streamId: 3, monitorId, intervalSeconds: 60, values: undefined },
    });
  const tell = (stationId: string, values: { at: Date; value: string }[]) =>
    app.tell(stationId, { eventStreamData: { streamId: 3, pending: 0, values } });

  it('are asked for with their monitor', async () => {
    const stationId = await station21();
    await monitored(stationId);
    const sent = JSON.parse(app.peers.commands[0]!.raw!.payloadJson) as { setMonitoringData: object[] };
    expect(sent.setMonitoringData[0]).toMatchObject({ periodicEventStream: { interval: 60, values: 10 } });
  });

  it.each([
    ['of a station that has none', 'ocpp2.0.1', { values: 10 }, 'FAILED_PRECONDITION'],
    ['that never come', 'ocpp2.1', {}, 'BAD_USER_INPUT'],
    ['that come without end', 'ocpp2.1', { intervalSeconds: 0 }, 'BAD_USER_INPUT'],
  ])('%s are refused', async (_name, protocol, stream, code) => {
    const input = { stationId: await station21(protocol), monitors: [{ ...MONITOR, stream }] };
    expect((await mutate('setVariableMonitoring', input, SET)).codes).toEqual([code]);
    expect(app.peers.commands).toEqual([]);
  });

  it('are taken of monitors that are known, and of no others', async () => {
    const stationId = await station21();
    expect((await open(stationId)).eventStream).toEqual({ accepted: false, reasonCode: 'UnknownMonitor' });
    await monitored(stationId);
    expect((await open(stationId)).eventStream).toMatchObject({ accepted: true });
    expect((await open(stationId, 8)).eventStream).toMatchObject({ accepted: false });
    await expect(open(randomUUID())).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  it('keep each value once, however often it is told, and show the latest as the value of the variable', async () => {
    const stationId = await station21();
    await monitored(stationId);
    await open(stationId);
    const values = [
      { at: ago(2), value: '229' },
      { at: ago(1), value: '231' },
    ];
    await tell(stationId, values);
    expect((await tell(stationId, values)).eventStream).toMatchObject({ accepted: true });
    const streams = await shown<object>(stationId, STREAMS);
    const latest = { edges: [{ node: { value: '231' } }, { node: { value: '229' } }] };
    expect(streams).toEqual([
      {
        streamId: 3,
        monitorId: 7,
        variable: 'Voltage',
        intervalSeconds: 60,
        values: null,
        closedAt: null,
        received: 4,
        latest,
      },
    ]);
    expect(await shown(stationId, 'variables(first: 5) { edges { node { variable value } } }')).toEqual([
      { variable: 'Voltage', value: '231' },
    ]);
  });

  it('that are closed, or were never opened, keep nothing', async () => {
    const stationId = await station21();
    const values = [{ at: ago(1), value: '1' }];
    expect((await tell(stationId, values)).eventStream).toMatchObject({ accepted: false });
    await monitored(stationId);
    await open(stationId);
    const close = () => app.tell(stationId, { eventStreamClosed: { streamId: 3 } });
    expect((await close()).eventStream).toMatchObject({ accepted: true });
    expect((await close()).eventStream).toMatchObject({ accepted: false });
    expect((await tell(stationId, values)).eventStream).toMatchObject({ accepted: false });
    expect(await shown(stationId, STREAMS)).toMatchObject([{ closedAt: expect.any(String), received: 0 }]);
  });

  it('keep no more than the newest thousand of one message', async () => {
    const stationId = await station21();
    await monitored(stationId);
    await open(stationId);
    const now = Date.now();
    const values = Array.from({ length: 1_200 }, (_, i) => ({
      at: new Date(now - i * 1000),
      value: String(i),
    }));
    await tell(stationId, values);
    expect(await shown(stationId, STREAMS)).toMatchObject([{ received: 1_000 }]);
    const [{ kept } = {}] = await app.rig.sql<{ kept: string }>(
      'SELECT count(*) AS kept FROM event_stream_value WHERE station_id = $1',
      [stationId],
    );
    expect(kept).toBe('1000');
  });
});

describe('dynamic schedules', () => {
  const SCHEDULE = {
    profileId: 5,
    evseNumber: 0,
    purpose: 'STATION_MAX',
    unit: 'A',
    intervalSeconds: 30,
    limits: { limit: 32, limitL2: 30 },
  };
  const SHOWN =
    'dynamicSchedules(first: 5) { edges { node { profileId purpose limits { limit limitL2 } toldAt askedAt } } }';
  const pull = async (stationId: string, tenant?: string) =>
    (await app.tell(stationId, { dynamicScheduleAsked: { profileId: 5 } }, tenant)).dynamicSchedule;

  async function scheduled(protocol?: string) {
    const stationId = await station21(protocol);
    answer({ status: 'Accepted' });
    return { stationId, set: await mutate('setDynamicSchedule', { stationId, ...SCHEDULE }) };
  }

  it('are kept when the station took them, and told to the station that asks', async () => {
    const { stationId, set } = await scheduled();
    expect(set.data?.['setDynamicSchedule']).toEqual({ outcome: 'ACCEPTED' });
    expect(await pull(stationId)).toMatchObject({ limit: 32, limitL2: 30, limitL3: undefined });
    expect(await shown(stationId, SHOWN)).toEqual([
      {
        profileId: 5,
        purpose: 'ChargingStationMaxProfile',
        limits: { limit: 32, limitL2: 30 },
        toldAt: expect.any(String),
        askedAt: expect.any(String),
      },
    ]);
  });

  it('of another tenant are not told', async () => {
    const { stationId } = await scheduled();
    expect(await pull(stationId, 'other')).toBeUndefined();
    expect((await mutate('updateDynamicSchedule', { stationId, profileId: 5, limits: { limit: 1 } }, '{ outcome }', stranger)).codes).toEqual(['NOT_FOUND']); // prettier-ignore
  });

  it('move by what is named, for a station that is away too', async () => {
    const { stationId } = await scheduled();
    answer({}, Outcome.COMMAND_OUTCOME_OFFLINE);
    const limits = { limit: 16 };
    const { data } = await mutate('updateDynamicSchedule', { stationId, profileId: 5, limits });
    expect(data?.['updateDynamicSchedule']).toEqual({ outcome: 'OFFLINE' });
    expect(await shown(stationId, SHOWN)).toMatchObject([
      { limits: { limit: 16, limitL2: 30 }, toldAt: null },
    ]);
    expect(await pull(stationId)).toMatchObject({ limit: 16, limitL2: 30 });
    expect(await shown(stationId, SHOWN)).toMatchObject([{ toldAt: expect.any(String) }]);
  });

  it('are learned from whatever command set, moved or cleared them', async () => {
    const stationId = await station21();
    answer({ status: 'Accepted' });
    const chargingProfile = {
      id: 5,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Dynamic',
      chargingSchedule: [
        { id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 9 }] },
      ],
    };
    const send = (action: string, payload: object) => mutate('sendCommand', { stationId, action, payload });
    await send('SetChargingProfile', { evseId: 1, chargingProfile });
    expect(await pull(stationId)).toMatchObject({ limit: 9 });
    await send('UpdateDynamicSchedule', { chargingProfileId: 5, scheduleUpdate: { limit: 8 } });
    expect(await pull(stationId)).toMatchObject({ limit: 8 });
    await send('ClearChargingProfile', { chargingProfileCriteria: { evseId: 1 } });
    expect(await pull(stationId)).toBeUndefined();
  });

  it('are for stations of 2.1 only', async () => {
    const { set } = await scheduled('ocpp2.0.1');
    expect(set.codes).toEqual(['FAILED_PRECONDITION']);
    expect(app.peers.commands).toEqual([]);
  });
});
