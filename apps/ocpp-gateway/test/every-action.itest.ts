// Real: sockets, Postgres, NATS. Played over real gRPC: auth, sessions, metering.
// Every action that a station of a version may start gets the answer its schema asks for.
import * as ocpp16 from 'typed-ocpp/dist/ocpp16/schemas.js';
import * as ocpp20 from 'typed-ocpp/dist/ocpp20/schemas.js';
import * as ocpp21 from 'typed-ocpp/dist/ocpp21/schemas.js';
import {
  OCPP_VERSIONS,
  STATION_ACTIONS,
  SUBPROTOCOLS,
  TypedOcppSchemas,
  type JsonObject,
  type OcppVersion,
} from '@kilowatch/ocpp';
import { sessions } from '@kilowatch/contracts';
import { waitFor, type Frame, type OcppSocket } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig, recorder } from './gateway-rig.js';
import { leastOf } from './least-of-schema.js';

const SCHEMAS: Readonly<Record<OcppVersion, Readonly<Record<string, object>>>> = {
  '1.6': { ...ocpp16 },
  '2.0.1': { ...ocpp20 },
  '2.1': { ...ocpp21 },
};
/** What they ask for is not built, and a guess would be a decision about a driver or a certificate. */
const NOT_SUPPORTED: ReadonlySet<string> = new Set(['NotifyPeriodicEventStream']);

const schemas = new TypedOcppSchemas();
let rig: GatewayRig;
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());

describe.each(OCPP_VERSIONS)('stations of OCPP %s', (version) => {
  let socket: OcppSocket;
  let frames: Frame[];
  beforeAll(async () => {
    const record = recorder();
    frames = record.frames;
    socket = await rig.connect(rig.provision(), {
      subprotocols: [SUBPROTOCOLS[version]],
      onFrame: record.onFrame,
    });
  });
  afterAll(() => socket.close());

  it.each([...STATION_ACTIONS[version]])('get a valid answer to %s', async (action) => {
    const schema = SCHEMAS[version][`${action}Request`] ?? SCHEMAS[version][action];
    const payload = leastOf(schema!) as JsonObject;
    expect(schemas.validateOutbound(version, action, 'request', payload)).toEqual({ ok: true });
    socket.sendRaw(JSON.stringify([2, action, action, payload]));
    const answer = await waitFor('an answer', () => frames.find(([, id]) => id === action));
    if (NOT_SUPPORTED.has(action)) {
      expect(answer.slice(0, 3)).toEqual([4, action, 'NotSupported']);
      return;
    }
    expect(answer[0], JSON.stringify(answer)).toBe(3);
    expect(schemas.validateOutbound(version, action, 'response', answer[2] as JsonObject)).toEqual({
      ok: true,
    });
  });

  it('get NotSupported for what only we may ask, and NotImplemented for what nobody knows', async () => {
    for (const [action, code] of [
      ['ReserveNow', 'NotSupported'],
      ['Teleport', 'NotImplemented'],
    ]) {
      socket.sendRaw(JSON.stringify([2, `no-${action}`, action, {}]));
      const answer = await waitFor('an answer', () => frames.find(([, id]) => id === `no-${action}`));
      expect(answer.slice(0, 3)).toEqual([4, `no-${action}`, code]);
    }
  });
});

describe('OCPP 2.1', () => {
  it('takes a SEND in its turn and answers nothing', async () => {
    const station = rig.provision();
    const { frames, onFrame } = recorder();
    const socket = await rig.connect(station, { subprotocols: ['ocpp2.1'], onFrame });
    const stream = { id: 1, pending: 0, basetime: '2026-03-01T10:00:00Z', data: [{ t: 0, v: '230.1' }] };
    socket.sendRaw(JSON.stringify([6, 's1', 'NotifyPeriodicEventStream', stream]));
    socket.sendRaw(JSON.stringify([6, 's2', 'Nonsense', {}]));
    socket.sendRaw('[2,"h1","Heartbeat",{}]');
    await waitFor('the answer to the call behind it', () => frames.length > 0);
    expect(frames.map(([type, id]) => [type, id])).toEqual([[3, 'h1']]);
    const notices = await rig.rig.sql<{ action: string }>(
      'SELECT action FROM station_notice WHERE station_id = $1',
      [station.stationId],
    );
    expect(notices).toEqual([{ action: 'NotifyPeriodicEventStream' }]);
    socket.close();
  });

  it('is not disturbed by a CALLRESULTERROR', async () => {
    const socket = await rig.connect(rig.provision(), { subprotocols: ['ocpp2.1'] });
    socket.sendRaw('[5,"h0","FormatViolation","no currentTime",{}]');
    expect(await socket.call('Heartbeat', () => ({}))).toHaveProperty('currentTime');
    socket.close();
  });

  it('shows operators what no service acts on', async () => {
    const station = rig.provision();
    const socket = await rig.connect(station, { subprotocols: ['ocpp2.1'] });
    await socket.call('NotifyDERAlarm', () => ({
      controlType: 'EnterService',
      timestamp: '2026-03-01T10:00:00Z',
    }));
    const { entity } = await rig.rig.entity<{ notices: { edges: { node: { action: string } }[] } }>(
      { accountId: 'oper', tenant: 'demo', role: 'operator' },
      'Station',
      station.stationId,
      'notices(first: 5) { edges { node { action content truncated } } }',
    );
    expect(entity?.notices.edges.map(({ node }) => node.action)).toEqual(['NotifyDERAlarm']);
    socket.close();
  });
});

describe('what a station says of an operation', () => {
  const AT = '2026-03-01T10:00:00Z';
  it.each([
    [
      'ocpp1.6',
      'FirmwareStatusNotification',
      { status: 'Installed' },
      { firmwareStatus: { kind: 'INSTALL', status: 'Installed' } },
    ],
    [
      'ocpp1.6',
      'SignedFirmwareStatusNotification',
      { status: 'Installed', requestId: 7 },
      { firmwareStatus: { requestId: 7 } },
    ],
    [
      'ocpp1.6',
      'DiagnosticsStatusNotification',
      { status: 'UploadFailed' },
      { logStatus: { status: 'UploadFailure' } },
    ],
    [
      'ocpp1.6',
      'LogStatusNotification',
      { status: 'Uploading', requestId: 8 },
      { logStatus: { status: 'Uploading', requestId: 8 } },
    ],
    [
      'ocpp2.0.1',
      'PublishFirmwareStatusNotification',
      { status: 'Published', location: ['http://x/'], requestId: 9 },
      { firmwareStatus: { kind: 'PUBLISH', status: 'Published', requestId: 9 } },
    ],
    [
      'ocpp2.0.1',
      'ReservationStatusUpdate',
      { reservationId: 5, reservationUpdateStatus: 'Expired' },
      { reservationUpdate: { reservationNumber: 5, status: 'Expired' } },
    ],
    [
      'ocpp2.0.1',
      'NotifyDisplayMessages',
      {
        requestId: 3,
        tbc: true,
        messageInfo: [{ id: 1, priority: 'InFront', message: { format: 'UTF8', content: 'hi' } }],
      },
      { displayMessages: { requestId: 3, last: false, messages: [{ messageNumber: 1, content: 'hi' }] } },
    ],
    [
      'ocpp2.0.1',
      'NotifyCustomerInformation',
      { requestId: 4, seqNo: 0, generatedAt: AT, data: 'Dora' },
      { customerInformation: { requestId: 4, last: true, data: 'Dora' } },
    ],
  ])('%s %s reaches sessions', async (subprotocol, action, payload, told) => {
    const station = rig.provision();
    const socket = await rig.connect(station, { subprotocols: [subprotocol] });
    expect(await socket.call(action, () => payload)).toEqual({});
    expect(rig.peers.message.last).toMatchObject({ stationId: station.stationId, ...told });
    socket.close();
  });

  it('2.1: streams, dynamic schedules and VAT numbers are answered as sessions and billing say', async () => {
    const station = rig.provision();
    const socket = await rig.connect(station, { subprotocols: ['ocpp2.1'] });
    const { stationId } = station;
    const none = { eventStream: undefined, dynamicSchedule: undefined };
    const constantStreamData = { id: 3, variableMonitoringId: 7, params: { interval: 60 } };
    const open = () => socket.call('OpenPeriodicEventStream', () => ({ constantStreamData }));
    rig.peers.message.does(() => ({ ...none, eventStream: { accepted: true, reasonCode: '' } }));
    expect(await open()).toEqual({ status: 'Accepted' });
    expect(rig.peers.message.last).toMatchObject({
      stationId,
      eventStreamOpened: { streamId: 3, monitorId: 7, intervalSeconds: 60 },
    });
    rig.peers.message.does(() => ({
      ...none,
      eventStream: { accepted: false, reasonCode: 'UnknownMonitor' },
    }));
    expect(await open()).toEqual({ status: 'Rejected', statusInfo: { reasonCode: 'UnknownMonitor' } });

    const pull = () => socket.call('PullDynamicScheduleUpdate', () => ({ chargingProfileId: 5 }));
    rig.peers.message.does(() => none);
    expect(await pull()).toMatchObject({ status: 'Rejected' });
    const dynamicSchedule = sessions.ScheduleLimits.fromPartial({ limit: 16.5, dischargeLimitL3: -4 });
    rig.peers.message.does(() => ({ ...none, dynamicSchedule }));
    expect(await pull()).toEqual({
      status: 'Accepted',
      scheduleUpdate: { limit: 16.5, dischargeLimit_L3: -4 },
    });

    const company = {
      name: 'ACME',
      addressLine1: 'A 1',
      addressLine2: '',
      city: 'B',
      postalCode: '',
      country: 'NL',
    };
    rig.peers.vatNumber.does(() => ({ accepted: true, reasonCode: 'Registered', reason: 'known', company }));
    expect(await socket.call('VatNumberValidation', () => ({ vatNumber: 'NL1', evseId: 2 }))).toEqual({
      status: 'Accepted',
      vatNumber: 'NL1',
      evseId: 2,
      company: { name: 'ACME', address1: 'A 1', city: 'B', country: 'NL' },
      statusInfo: { reasonCode: 'Registered', additionalInfo: 'known' },
    });
    expect(rig.peers.vatNumber.last).toMatchObject({ stationId, evseNumber: 2, vatNumber: 'NL1' });
    rig.peers.reset();
    socket.close();
  });

  it.each([
    ['ocpp2.0.1', 'ACCEPTED', 'Accepted'],
    ['ocpp2.1', 'PROCESSING', 'Processing'],
    ['ocpp2.0.1', 'NO_SCHEDULE', 'Rejected'],
    ['ocpp2.1', 'NO_SCHEDULE', 'NoChargingProfile'],
    ['ocpp2.1', 'REJECTED', 'Rejected'],
  ])(
    '%s: needs of a car are answered as load management says: %s is %s',
    async (subprotocol, status, word) => {
      const station = rig.provision();
      const socket = await rig.connect(station, { subprotocols: [subprotocol] });
      rig.peers.needs.does(() => ({
        status,
        reasonCode: status === 'REJECTED' ? 'UnsupportedTransfer' : '',
      }));
      const chargingNeeds = {
        requestedEnergyTransfer: 'AC_three_phase',
        departureTime: AT,
        acChargingParameters: { energyAmount: 20_000, evMinCurrent: 6, evMaxCurrent: 32, evMaxVoltage: 400 },
      };
      const answer = await socket.call('NotifyEVChargingNeeds', () => ({ evseId: 1, chargingNeeds }));
      expect(answer).toMatchObject({ status: word });
      expect(rig.peers.needs.last).toMatchObject({
        stationId: station.stationId,
        evseNumber: 1,
        transfer: 'AC_three_phase',
        departureAt: new Date(AT),
        energyWh: 20_000,
        maxCurrentA: 32,
        maxPowerW: undefined,
      });
      rig.peers.carSchedule.does(() => ({ accepted: false, reasonCode: 'AboveLimit' }));
      const chargingSchedulePeriod = [{ startPeriod: 0, limit: 40 }];
      const chargingSchedule = { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod };
      const schedule = { evseId: 1, timeBase: AT, chargingSchedule };
      expect(await socket.call('NotifyEVChargingSchedule', () => schedule)).toEqual({
        status: 'Rejected',
        statusInfo: { reasonCode: 'AboveLimit' },
      });
      rig.peers.reset();
      socket.close();
    },
  );

  it('about a customer is not in the trace', async () => {
    const station = rig.provision();
    const socket = await rig.connect(station, { subprotocols: ['ocpp2.0.1'] });
    await socket.call('NotifyCustomerInformation', () => ({
      requestId: 4,
      seqNo: 0,
      generatedAt: AT,
      data: 'Dora Driver',
    }));
    await waitFor('the frame in the trace', async () => {
      const frames = await rig.traced(station.stationId);
      expect(JSON.stringify(frames)).not.toContain('Dora');
      return frames.some(({ text }) => text.includes('NotifyCustomerInformation'));
    });
    socket.close();
  });
});
