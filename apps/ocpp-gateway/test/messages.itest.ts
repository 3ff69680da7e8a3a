// Real: sockets, Postgres, NATS. Played over real gRPC: auth, sessions, metering.
import { events, sessions } from '@kilowatch/contracts';
import { internal, invalid, unavailable } from '@kilowatch/kernel';
import { CallRefused, waitFor, type OcppSocket, type Payload } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GatewayRig, recorder } from './gateway-rig.js';

let rig: GatewayRig;
const open: OcppSocket[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(() => {
  rig.peers.reset();
  for (const socket of open.splice(0)) socket.close();
});

const AT = '2026-03-01T10:00:00Z';
const START = { connectorId: 1, idTag: '04A1B2C3', meterStart: 1000, timestamp: AT };
const STOP = { transactionId: 4711, meterStop: 2500, timestamp: '2026-03-01T11:00:00Z' };
const METER = {
  connectorId: 1,
  transactionId: 4711,
  meterValue: [{ timestamp: AT, sampledValue: [{ value: '1234', unit: 'Wh' }] }],
};
const event201 = (over: Payload): Payload => ({
  eventType: 'Updated',
  timestamp: AT,
  triggerReason: 'MeterValuePeriodic',
  seqNo: 3,
  transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging' },
  meterValue: [{ timestamp: AT, sampledValue: [{ value: 12.5 }] }],
  ...over,
});

async function charger(subprotocol: 'ocpp1.6' | 'ocpp2.0.1' = 'ocpp1.6') {
  const station = rig.provision();
  const { frames, onFrame } = recorder();
  const socket = await rig.connect(station, { subprotocols: [subprotocol], onFrame });
  open.push(socket);
  const say = (action: string, payload: Payload = {}) => socket.call(action, () => payload);
  const raw = async (text: string) => {
    const before = frames.length;
    socket.sendRaw(text);
    return waitFor('an answer', () => frames[before]);
  };
  return { station, socket, frames, say, raw };
}

const quarantined = (stationId: string) =>
  rig.rig.sql<{
    action: string;
    error_code: string;
    frame: Buffer;
    repeats: number;
    transaction_ref: string | null;
  }>('SELECT * FROM quarantined_frame WHERE station_id = $1', [stationId]);

describe('boot, status, authorisation', () => {
  it('answers BootNotification with what sessions decided, the interval spread', async () => {
    const { station, say } = await charger();
    const answer = await say('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    expect(answer['status']).toBe('Accepted');
    expect(answer['interval']).toBeGreaterThanOrEqual(270);
    expect(answer['interval']).toBeLessThanOrEqual(330);
    expect(rig.peers.boot.last).toMatchObject({
      stationId: station.stationId,
      vendor: 'V',
      generation: 1,
      protocol: 'ocpp1.6',
    });
  });

  it('answers an offline sessions with a CALLERROR where nothing can be lost', async () => {
    rig.peers.status.fails(unavailable('DOWN', 'x'));
    const { say, socket } = await charger();
    const status = { connectorId: 1, errorCode: 'NoError', status: 'Available' };
    await expect(say('StatusNotification', status)).rejects.toThrow(new CallRefused('InternalError', 'x'));
    expect(socket.isOpen).toBe(true);
  });

  it('asks auth about a token and passes its group on', async () => {
    const { say } = await charger();
    expect(await say('Authorize', { idTag: '04A1B2C3' })).toEqual({
      idTagInfo: { status: 'Accepted', parentIdTag: 'GROUP' },
    });
    expect(rig.peers.decide.last?.idToken).toEqual({ value: '04A1B2C3', type: 'ISO14443' });
  });

  it('hands a report of variables to sessions', async () => {
    const { say } = await charger('ocpp2.0.1');
    const variable = {
      component: { name: 'C' },
      variable: { name: 'V' },
      variableAttribute: [{ value: '1' }],
    };
    await say('NotifyReport', { requestId: 1, generatedAt: AT, seqNo: 0, reportData: [variable] });
    expect(rig.peers.report.last).toMatchObject({
      requestId: 1,
      last: true,
      variables: [{ component: 'C', value: '1' }],
    });
  });
});

describe('a station that is not accepted', () => {
  const answers = (name: 'PENDING' | 'REJECTED') => () => ({
    status: sessions.RegistrationStatus[`REGISTRATION_STATUS_${name}`],
    intervalSeconds: 0,
  });
  const bootOf16 = { chargePointVendor: 'V', chargePointModel: 'M' };

  it.each(['PENDING', 'REJECTED'] as const)('and was told %s gets no card authorised', async (name) => {
    rig.peers.boot.does(answers(name));
    const { say } = await charger();
    const answer = await say('BootNotification', bootOf16);
    expect(answer['status']).toBe(name === 'PENDING' ? 'Pending' : 'Rejected');
    expect(answer['interval']).toBeGreaterThan(0);
    const refused = say('Authorize', { idTag: '04A1B2C3' });
    await expect(refused).rejects.toMatchObject({ code: 'SecurityError' });
    expect(rig.peers.decide.requests).toEqual([]);
  });

  it('loses no energy: its transactions and readings are taken', async () => {
    rig.peers.boot.does(answers('REJECTED'));
    const { say } = await charger();
    await say('BootNotification', bootOf16);
    expect(await say('StartTransaction', START)).toMatchObject({ transactionId: 4711 });
    expect(await say('MeterValues', METER)).toEqual({});
    expect(await say('StopTransaction', STOP)).toBeDefined();
  });

  it('may tell what we may ask it for while it is pending, nothing when it is rejected, all once accepted', async () => {
    const { say } = await charger();
    const heartbeat = () => say('Heartbeat');
    rig.peers.boot.does(answers('PENDING'));
    await say('BootNotification', bootOf16);
    expect(await heartbeat()).toHaveProperty('currentTime');
    rig.peers.boot.does(answers('REJECTED'));
    await say('BootNotification', bootOf16);
    await expect(heartbeat()).rejects.toMatchObject({ code: 'SecurityError' });
    rig.peers.boot.reset();
    await say('BootNotification', bootOf16);
    expect(await say('Authorize', { idTag: '04A1B2C3' })).toHaveProperty('idTagInfo');
  });

  it('Q23: is let through on a connection on which it was told nothing', async () => {
    rig.peers.boot.does(answers('REJECTED'));
    const { say } = await charger();
    expect(await say('Authorize', { idTag: '04A1B2C3' })).toHaveProperty('idTagInfo');
  });
});

describe('the device model', () => {
  const place = {
    component: { name: 'Connector', evse: { id: 1, connectorId: 1 } },
    variable: { name: 'Problem' },
  };

  it('hands events to sessions', async () => {
    const { say } = await charger('ocpp2.0.1');
    const event = {
      eventId: 4,
      timestamp: AT,
      trigger: 'Alerting',
      actualValue: 'true',
      techCode: 'E1',
      eventNotificationType: 'CustomMonitor',
      variableMonitoringId: 9,
    };
    const eventData = [{ ...event, ...place }];
    expect(await say('NotifyEvent', { generatedAt: AT, seqNo: 0, eventData })).toEqual({});
    expect(rig.peers.message.last?.deviceEvents?.events).toMatchObject([
      {
        place: { component: 'Connector', evseNumber: 1, connectorNumber: 1, variable: 'Problem' },
        eventId: 4,
        techCode: 'E1',
        monitorId: 9,
        severity: undefined,
      },
    ]);
  });

  it('hands each page of a report of monitors to sessions', async () => {
    const { say } = await charger('ocpp2.0.1');
    const variableMonitoring = [
      { id: 9, transaction: false, value: 80, type: 'UpperThreshold', severity: 3 },
    ];
    const page = { requestId: 2, seqNo: 1, tbc: true, generatedAt: AT };
    const monitor = [{ ...place, variableMonitoring }];
    expect(await say('NotifyMonitoringReport', { ...page, monitor })).toEqual({});
    expect(rig.peers.message.last?.monitoringReport).toMatchObject({
      requestId: 2,
      seqNo: 1,
      last: false,
      monitors: [{ monitorId: 9, kind: 'UpperThreshold', value: '80', severity: 3 }],
    });
  });
});

describe('transactions', () => {
  it('lets sessions name a 1.6 transaction, then stores its first register, then answers', async () => {
    const { say } = await charger();
    expect(await say('StartTransaction', START)).toEqual({
      transactionId: 4711,
      idTagInfo: { status: 'Accepted' },
    });
    expect(rig.peers.transaction.last).toMatchObject({
      transactionRef: '',
      registerMwh: 1_000_000,
      evseNumber: 1,
    });
    const [set] = rig.peers.readings.last?.sets ?? [];
    expect(set).toMatchObject({
      transactionRef: '4711',
      samples: [{ value: '1000', context: 'Transaction.Begin' }],
    });
  });

  it.each([
    ['missing', undefined, 'missing_property'],
    ['unreadable', 'yesterday', 'timestamp_unreadable'],
  ])(
    'Q18: makes up no time for a start whose time is %s, and records that',
    async (_, timestamp, deviation) => {
      const { say } = await charger();
      expect(await say('StartTransaction', { ...START, timestamp })).toMatchObject({ transactionId: 4711 });
      const told = rig.peers.transaction.last!;
      expect(told.occurredAt).toBeUndefined();
      const [set] = rig.peers.readings.last?.sets ?? [];
      expect(set).toMatchObject({ measuredAt: told.receivedAt, deviations: [deviation] });
    },
  );

  it('stores the last register before it tells sessions of the stop', async () => {
    const { say } = await charger();
    const order: string[] = [];
    rig.peers.readings.does(({ sets }) => {
      order.push('readings');
      return { stored: sets.length, duplicates: 0 };
    });
    rig.peers.transaction.does(async (request) => {
      order.push('session');
      return {
        sessionId: 's',
        transactionRef: request.transactionRef,
        groupId: '',
        duplicate: false,
        orphan: false,
        cacheExpiry: undefined,
        costDisplay: undefined,
        tokenLanguage: '',
        maxCost: undefined,
      };
    });
    expect(await say('StopTransaction', STOP)).toEqual({});
    expect(order).toEqual(['readings', 'session']);
  });

  it.each([0, -1])(
    'stores the last register of a stop of transaction %s under the one that sessions found',
    async (transactionId) => {
      const { say } = await charger();
      expect(await say('StopTransaction', { ...STOP, transactionId })).toEqual({});
      expect(rig.peers.transaction.last?.transactionRef).toBe('');
      expect(rig.peers.readings.requests.flatMap(({ sets }) => sets)).toMatchObject([
        { transactionRef: '4711', samples: [{ value: '2500', context: 'Transaction.End' }] },
      ]);
    },
  );

  it('answers MeterValues only when they are stored', async () => {
    const { say } = await charger();
    let stored = () => {};
    const gate = new Promise<void>((resolve) => (stored = resolve));
    rig.peers.readings.does(async ({ sets }) => {
      await gate;
      return { stored: sets.length, duplicates: 0 };
    });
    let answered = false;
    const answer = say('MeterValues', METER).then(() => (answered = true));
    await waitFor('metering to be asked', () => rig.peers.readings.last);
    expect(answered).toBe(false);
    stored();
    await answer;
  });

  it('gathers the readings of many chargers into few calls', async () => {
    const chargers = await Promise.all(Array.from({ length: 20 }, () => charger()));
    await Promise.all(chargers.map(({ say }) => say('MeterValues', METER)));
    const stations = rig.peers.readings.requests.flatMap(({ sets }) =>
      sets.map(({ stationId }) => stationId),
    );
    expect(new Set(stations).size).toBe(20);
    expect(rig.peers.readings.requests.length).toBeLessThan(20);
  });

  it('bothers sessions with a periodic 2.0.1 reading only when the charging state is news', async () => {
    const { say } = await charger('ocpp2.0.1');
    await say('TransactionEvent', event201({}));
    await say('TransactionEvent', event201({ seqNo: 4 }));
    const suspended = { transactionId: 'tx-1', chargingState: 'SuspendedEV' };
    await say('TransactionEvent', event201({ seqNo: 5, transactionInfo: suspended }));
    expect(rig.peers.transaction.requests.map(({ seqNo }) => seqNo)).toEqual([3, 5]);
    expect(rig.peers.readings.requests).toHaveLength(3);
  });

  it.each([
    ['sessions', () => rig.peers.transaction.fails(unavailable('DOWN', 'x'))],
    ['metering', () => rig.peers.readings.fails(unavailable('DOWN', 'x'))],
  ])(
    'closes the socket without an answer while %s is away, so that the charger keeps its message',
    async (_, fail) => {
      const { say, socket, frames } = await charger();
      fail();
      await expect(say('StopTransaction', STOP)).rejects.toThrow('closed');
      expect((await socket.closed).code).toBe(1013);
      expect(frames).toEqual([]);
    },
  );
});

describe('what cannot be processed', () => {
  it('keeps a StartTransaction that sessions refuse, answers it, and answers its repetition the same', async () => {
    const { say, station } = await charger();
    rig.peers.transaction.fails(invalid('NO_WAY', 'x'));
    const first = await say('StartTransaction', START);
    expect(first['idTagInfo']).toEqual({ status: 'Accepted', parentIdTag: 'GROUP' });
    expect(first['transactionId']).toBeGreaterThan(0);
    expect(await say('StartTransaction', START)).toEqual(first);
    const [row] = await quarantined(station.stationId);
    expect(row).toMatchObject({ action: 'StartTransaction', error_code: 'NO_WAY', repeats: 1 });
    expect(row?.transaction_ref).toBe(String(first['transactionId']));
    const told = await rig.rig.published(events.frameQuarantined);
    expect(told.filter(({ stationId }) => stationId === station.stationId)).toHaveLength(1);
  });

  it('keeps a StopTransaction that violates the schema and answers it', async () => {
    const { raw, station } = await charger();
    const frame =
      '[2,"m1","StopTransaction",{"transactionId":{"a":1},"meterStop":5,"timestamp":"2026-03-01T10:00:00Z"}]';
    expect(await raw(frame)).toEqual([3, 'm1', {}]);
    const [row] = await quarantined(station.stationId);
    expect(row?.frame.toString()).toBe(frame);
    expect(row?.error_code).toMatch(/^SCHEMA_/);
  });

  it('keeps a StopTransaction that is no JSON and answers it', async () => {
    const { raw, station } = await charger();
    expect(await raw('[2,"m1","StopTransaction",{"transactionId":1,,}]')).toEqual([3, 'm1', {}]);
    expect(await quarantined(station.stationId)).toMatchObject([
      { action: 'StopTransaction', error_code: 'FRAME_BROKEN' },
    ]);
  });

  it('keeps a TransactionEvent on which sessions breaks', async () => {
    const { say, station } = await charger('ocpp2.0.1');
    rig.peers.transaction.fails(internal('BUG', 'x'));
    expect(
      await say('TransactionEvent', event201({ eventType: 'Ended', triggerReason: 'StopAuthorized' })),
    ).toEqual({});
    expect(await quarantined(station.stationId)).toMatchObject([{ action: 'TransactionEvent' }]);
  });

  it.each([
    ['ocpp1.6', 'malformed JSON', '[2,"m1","Heartbeat",{]', 'FormationViolation'],
    ['ocpp2.0.1', 'malformed JSON', '[2,"m1","Heartbeat",{]', 'FormatViolation'],
    ['ocpp1.6', 'an unknown action', '[2,"m1","MakeCoffee",{}]', 'NotImplemented'],
    ['ocpp1.6', 'an action of ours', '[2,"m1","Reset",{"type":"Soft"}]', 'NotSupported'],
    ['ocpp1.6', 'a schema violation', '[2,"m1","Authorize",{"idTag":["x"]}]', 'TypeConstraintViolation'],
    [
      'ocpp2.0.1',
      'a missing field',
      '[2,"m1","StatusNotification",{"timestamp":"2026-03-01T10:00:00Z"}]',
      'OccurrenceConstraintViolation',
    ],
  ] as const)('answers %s %s with %s', async (protocol, _, text, code) => {
    const { raw, socket } = await charger(protocol);
    expect((await raw(text)).slice(0, 3)).toEqual([4, 'm1', code]);
    expect(socket.isOpen).toBe(true);
  });

  it('refuses a frame that is too large for its action', async () => {
    const { raw, say } = await charger();
    const text = `[2,"m1","DataTransfer",{"vendorId":"v","data":"${'x'.repeat(300 * 1024)}"}]`;
    expect((await raw(text)).slice(0, 2)).toEqual([4, 'm1']);
    expect(await say('Heartbeat')).toHaveProperty('currentTime');
  });

  it('closes the socket of a frame that is larger than any may be with 1009', async () => {
    const { socket } = await charger();
    socket.sendRaw(`[2,"m1","StopTransaction",{"transactionId":"${'x'.repeat(2_100 * 1024)}"}]`);
    expect((await socket.closed).code).toBe(1009);
  });

  it('takes the end of a transaction with the samples of a whole night, and what is sent behind it', async () => {
    const { socket, frames } = await charger();
    const sampledValue = ['L1', 'L2', 'L3'].flatMap((phase) => [
      { value: '16.0', measurand: 'Current.Import', unit: 'A', phase },
      { value: '230.4', measurand: 'Voltage', unit: 'V', phase },
    ]);
    const transactionData = Array.from({ length: 800 }, (_, minute) => ({
      timestamp: new Date(Date.parse('2026-03-01T00:00:00Z') + minute * 60_000).toISOString(),
      sampledValue: [{ value: String(minute * 100) }, ...sampledValue],
    }));
    const stop = JSON.stringify([2, 'night', 'StopTransaction', { ...STOP, transactionData }]);
    expect(stop.length).toBeGreaterThan(300 * 1024);
    socket.sendRaw(stop);
    for (let i = 0; i < 3; i++) socket.sendRaw(`[2,"p${i}","Heartbeat",{}]`);
    await waitFor('all answers', () => frames.length === 4);
    expect(frames.map((frame) => frame.slice(0, 2))).toEqual([
      [3, 'night'],
      [3, 'p0'],
      [3, 'p1'],
      [3, 'p2'],
    ]);
  });

  it('does not mind an answer to nothing', async () => {
    const { socket, say } = await charger();
    socket.sendRaw('[3,"never-asked",{}]');
    socket.sendRaw('[4,"-1","GenericError","",{}]');
    expect(await say('Heartbeat')).toHaveProperty('currentTime');
  });

  it('works on pipelined calls one after another', async () => {
    const { socket, frames } = await charger();
    for (let i = 0; i < 40; i++) socket.sendRaw(`[2,"p${i}","Heartbeat",{}]`);
    await waitFor('all answers', () => frames.length === 40);
    expect(frames.map(([, id]) => id)).toEqual(Array.from({ length: 40 }, (_, i) => `p${i}`));
  });

  it.each(['ocpp1.6', 'ocpp2.0.1'] as const)(
    'keeps a DataTransfer of %s and says that the vendor is unknown',
    async (protocol) => {
      const { say, station } = await charger(protocol);
      const answer = await say('DataTransfer', {
        vendorId: 'com.example',
        messageId: 'm',
        data: `a\u0000b${'x'.repeat(20_000)}`,
      });
      expect(answer).toEqual({ status: 'UnknownVendorId' });
      const [row] = await rig.rig.sql<{ content: string; truncated: boolean }>(
        'SELECT * FROM station_notice WHERE station_id = $1',
        [station.stationId],
      );
      expect(row).toMatchObject({ vendor_id: 'com.example', truncated: true });
      expect(row?.content).toHaveLength(16_384);
    },
  );

  it('keeps of a DataTransfer no token, password or certificate, as JSON in a text or not', async () => {
    const { say, station } = await charger('ocpp2.0.1');
    const told = {
      idToken: { idToken: '04A1B2C3D4E5F6' },
      password: '04A1B2C3D4E5F6',
      certificate: '04A1B2C3D4E5F6',
    };
    for (const data of [JSON.stringify(told), told, `${JSON.stringify(told).slice(0, -5)}`])
      await say('DataTransfer', { vendorId: 'com.example', data });
    const rows = await rig.rig.sql<{ content: string }>(
      'SELECT content FROM station_notice WHERE station_id = $1',
      [station.stationId],
    );
    expect(rows).toHaveLength(3);
    expect(JSON.stringify(rows)).toContain('****E5F6');
    expect(JSON.stringify(rows)).not.toContain('04A1B2C3');
  });

  it('keeps and acknowledges what has no handler of its own', async () => {
    const { say, station } = await charger('ocpp2.0.1');
    const schedule = { evseId: 1, chargingLimit: { chargingLimitSource: 'EMS' } };
    expect(await say('NotifyChargingLimit', schedule)).toEqual({});
    expect(
      await rig.rig.sql('SELECT action FROM station_notice WHERE station_id = $1', [station.stationId]),
    ).toEqual([{ action: 'NotifyChargingLimit' }]);
  });

  it('forgets what it kept after 90 days', async () => {
    const { say, station } = await charger();
    await say('DataTransfer', { vendorId: 'old' });
    await rig.rig.sql(
      `UPDATE station_notice SET received_at = now() - interval '90 days 1 minute' WHERE station_id = $1`,
      [station.stationId],
    );
    await say('DataTransfer', { vendorId: 'new' });
    expect(await rig.rig.running.background.jobs.get('forget-notices')?.runDue()).toBe(1);
    expect(
      await rig.rig.sql('SELECT vendor_id FROM station_notice WHERE station_id = $1', [station.stationId]),
    ).toEqual([{ vendor_id: 'new' }]);
  });
});
