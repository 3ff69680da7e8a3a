// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth, the gateway and the charger behind it.
import { events, ocppGateway, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlayedCharger } from './played-charger.js';
import { anna, connectorOf, operator, SessionsRig } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
const Status = sessions.RegistrationStatus;
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start({
    KW_PROVISION_ON_BOOT: 'true',
    // Only what a test calls for happens.
    KW_PROVISION_DELAY_SECONDS: '3600',
    KW_PROVISION_SETTLE_SECONDS: '3600',
    KW_STATION_DEFAULTS: '{"*":{"sampledMeasurands":"Voltage,SoC","sampleInterval":null}}',
  });
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

async function connected(stationId: string, generation = 1) {
  await app.rig.publish(
    events.stationConnected,
    { aggregateId: stationId, version: generation },
    {
      stationId,
      connectionId: `c${generation}`,
      generation,
      protocol: 'ocpp1.6',
      remoteIp: '',
      securityProfile: 0,
    },
  );
  await waitFor('the station to be online', async () => {
    const [row] = await app.rig.sql<{ generation: string }>(
      'select connection_generation as generation from station where id = $1',
      [stationId],
    );
    return row?.generation === String(generation);
  });
}

const drift = async (id: string) => {
  const { data } = await app.rig.graphql<{ station: { settingsDrift: number } }>(
    operator,
    'query($id: ID!) { station(id: $id) { settingsDrift } }',
    { id },
  );
  return data!.station.settingsDrift;
};

const IN_STEP = {
  HeartbeatInterval: '300',
  WebSocketPingInterval: '60',
  MeterValuesSampledData: 'Voltage, SoC',
};
const KEYS = 'HeartbeatInterval MeterValuesSampledData WebSocketPingInterval';

describe('a 1.6 station after its first boot', () => {
  it('is read once and set to what all stations are set to', async () => {
    const charger = new PlayedCharger({ ...IN_STEP, HeartbeatInterval: '900', WebSocketPingInterval: '0' });
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    await app.boot(id);
    expect(charger.seen).toEqual([]);
    await app.provision(id);
    expect(charger.seen).toEqual([
      'GetConfiguration',
      'ChangeConfiguration HeartbeatInterval=300',
      'ChangeConfiguration WebSocketPingInterval=60',
    ]);
    expect(await drift(id)).toBe(0);
  });

  it('is asked for nothing more when all is as wanted, and looked at again after a boot', async () => {
    const charger = new PlayedCharger(IN_STEP);
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    await app.boot(id);
    await app.provision(id);
    await app.provision(id);
    expect(charger.seen).toEqual(['GetConfiguration']);
    await app.rig.sql(
      `update station_provision set checked_at = checked_at - interval '1 hour' where station_id = $1`,
      [id],
    );
    charger.settings.set('HeartbeatInterval', '14400');
    await app.boot(id);
    await app.provision(id);
    expect(charger.seen.slice(1)).toEqual([
      `GetConfiguration ${KEYS}`,
      'ChangeConfiguration HeartbeatInterval=300',
    ]);
    await app.boot(id, { firmwareVersion: '2.0' });
    await app.provision(id);
    expect(charger.seen.slice(3)).toEqual(['GetConfiguration']);
  });

  it('gets a shorter list of measurands when it refuses one', async () => {
    const charger = new PlayedCharger({ ...IN_STEP, MeterValuesSampledData: 'Power.Factor' });
    const { id } = await app.aStation();
    app.peers.answers = (request) => {
      const word = request.raw?.payloadJson.includes('SoC') ? 'Rejected' : 'Accepted';
      if (word === 'Rejected') charger.words.set('MeterValuesSampledData', word);
      else charger.words.delete('MeterValuesSampledData');
      return charger.answer(request);
    };
    await app.boot(id);
    await app.provision(id);
    expect(charger.seen.slice(1)).toEqual([
      'ChangeConfiguration MeterValuesSampledData=Voltage,SoC',
      'ChangeConfiguration MeterValuesSampledData=Voltage',
    ]);
    expect(await drift(id)).toBe(0);
    await app.provision(id);
    expect(charger.seen).toHaveLength(3);
  });

  it('keeps what an operator wants instead of a default', async () => {
    const charger = new PlayedCharger(IN_STEP);
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    const input = { stationId: id, settings: [{ name: 'heartbeatinterval', value: '60' }] };
    await app.rig.graphql(
      operator,
      'mutation($input: SetStationSettingsInput!) { setStationSettings(input: $input) { station { id } } }',
      { input },
    );
    await app.boot(id);
    await app.provision(id);
    expect(charger.settings.get('HeartbeatInterval')).toBe('60');
  });

  it('that knows none of it is left in peace', async () => {
    const { id } = await app.aStation();
    const charger = new PlayedCharger();
    charger.outcome = Outcome.COMMAND_OUTCOME_CHARGER_ERROR;
    app.peers.answers = (request) => ({ ...charger.answer(request), errorCode: 'NotImplemented' });
    await app.boot(id);
    await app.provision(id);
    const asked = charger.seen.length;
    await app.provision(id);
    expect(charger.seen).toHaveLength(asked);
    expect(await drift(id)).toBe(0);
  });

  it('is left alone while a driver waits for it to start', async () => {
    const charger = new PlayedCharger(IN_STEP);
    const station = await app.aStation();
    await app.boot(station.id);
    app.peers.answers = charger.answer;
    await app.rig.sql(
      `insert into remote_start (tenant, id, station_id, evse_number, connector_id, remote_start_id, token_hash,
         account_id, quote_id, requested_at, expires_at)
       values ('demo', gen_random_uuid(), $1, 1, $2, 7, '', 'anna', '', now(), now() + interval '1 minute')`,
      [station.id, connectorOf(station)],
    );
    await app.rig.sql('update station_provision set due_at = to_timestamp(0) where station_id = $1', [
      station.id,
    ]);
    await app.rig.running.background.jobs.get('provision-stations')!.runDue();
    expect(charger.seen).toEqual([]);
    await app.rig.sql('update remote_start set expires_at = to_timestamp(0) where station_id = $1', [
      station.id,
    ]);
    await app.provision(station.id);
    expect(charger.seen).toEqual(['GetConfiguration']);
  });
});

describe('a 2.x station after its first boot', () => {
  it('is asked for its inventory, and set once that came', async () => {
    const charger = new PlayedCharger({
      'OCPPCommCtrlr.HeartbeatInterval': '900',
      'OCPPCommCtrlr.RetryBackOffWaitMinimum': '1',
    });
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    await app.boot(id, { protocol: 'ocpp2.0.1' });
    await app.provision(id);
    expect(charger.seen).toEqual(['GetBaseReport']);
    const [asked] = app.peers.commands.map(
      ({ raw }) => JSON.parse(raw!.payloadJson) as { requestId: number },
    );
    await app.client.recordStationReport(
      sessions.RecordStationReportRequest.fromPartial({
        stationId: id,
        requestId: asked!.requestId,
        last: true,
        variables: [...charger.settings].map(([name, value]) => {
          const [component, variable] = name.split('.');
          return { component: component!, variable: variable!, value, mutability: 'ReadWrite' };
        }),
        receivedAt: new Date(),
      }),
      { tenant: tenantId('demo') },
    );
    await app.provision(id);
    const written = charger.seen.filter((line) => line.startsWith('SetVariables')).join(' ');
    expect(written).toContain('OCPPCommCtrlr.HeartbeatInterval=300');
    expect(written).toContain('OCPPCommCtrlr.RetryBackOffWaitMinimum=10');
    expect(charger.settings.get('OCPPCommCtrlr.HeartbeatInterval')).toBe('300');
    expect(await drift(id)).toBe(0);
    const reports = await app.rig.graphql<{ station: { reports: object[] } }>(
      operator,
      'query($id: ID!) { station(id: $id) { reports { kind missingPages completeAt } } }',
      { id },
    );
    expect(reports.data!.station.reports).toMatchObject([
      { kind: 'SETTINGS', missingPages: 0, completeAt: expect.any(String) as string },
    ]);
  });
});

describe('a station that never boots', () => {
  it('Q23: is asked once for a boot and for all statuses, and then works as it is', async () => {
    const charger = new PlayedCharger(IN_STEP);
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    await connected(id);
    await app.provision(id);
    expect(charger.seen).toEqual(['Trigger BootNotification', 'Trigger StatusNotification']);
    await app.provision(id);
    expect(charger.seen.slice(2)).toEqual(['GetConfiguration']);
    await connected(id, 2);
    await app.provision(id);
    expect(charger.seen).toHaveLength(3);
  });
});

describe('the registration of a station', () => {
  const REGISTER = `mutation($input: SetStationRegistrationInput!) { setStationRegistration(input: $input) {
    station { id registration } } }`;
  const register = async (stationId: string, registration: string) => {
    const { data, codes } = await app.rig.graphql<{
      setStationRegistration: { station: { registration: string } };
    }>(operator, REGISTER, { input: { stationId, registration } });
    expect(codes).toEqual([]);
    return data!.setStationRegistration.station.registration;
  };

  it('is pending when it is imported to be claimed, and stays what it is when it is imported again', async () => {
    const { id, identity } = await app.aStation({ claim: true });
    expect(await app.boot(id)).toEqual({ status: Status.REGISTRATION_STATUS_PENDING, intervalSeconds: 60 });
    expect(await register(id, 'ACCEPTED')).toBe('ACCEPTED');
    await app.aStation({ identity, claim: true });
    expect(await app.boot(id)).toEqual({ status: Status.REGISTRATION_STATUS_ACCEPTED, intervalSeconds: 300 });
  });

  it('is told to the station at once when it is there', async () => {
    const charger = new PlayedCharger(IN_STEP);
    const { id } = await app.aStation({ claim: true });
    app.peers.answers = charger.answer;
    await app.boot(id);
    expect(await register(id, 'REJECTED')).toBe('REJECTED');
    await app.provision(id);
    expect(charger.seen).toEqual(['Trigger BootNotification']);
    expect((await app.boot(id)).status).toBe(Status.REGISTRATION_STATUS_REJECTED);
    const told = (await app.rig.published(events.stationChanged)).filter(
      ({ station }) => station?.stationId === id,
    );
    expect(told.at(-1)?.station?.registration).toBe('REJECTED');
  });

  it('B02: sets nothing up before it is accepted', async () => {
    const charger = new PlayedCharger(IN_STEP);
    const { id } = await app.aStation({ claim: true });
    app.peers.answers = charger.answer;
    await app.boot(id);
    await app.provision(id);
    expect(charger.seen).toEqual([]);
  });

  it('does not keep a transaction from being stored', async () => {
    const { id } = await app.aStation({ claim: true });
    await app.boot(id);
    const { transactionRef } = await app.start16(id, 'card-anna', new Date());
    expect(transactionRef).not.toBe('');
  });

  it('cannot be what it cannot be', async () => {
    const { id } = await app.aStation();
    const { codes } = await app.rig.graphql(operator, REGISTER, {
      input: { stationId: id, registration: 'MAYBE' },
    });
    expect(codes).toEqual(['BAD_USER_INPUT']);
  });
});

describe('what is known of a model', () => {
  it('is shown with what the station says of itself', async () => {
    const charger = new PlayedCharger({ SupportedFeatureProfiles: 'Core, SmartCharging' });
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    await app.boot(id, { vendor: 'ABB', model: 'CDT_TACW22::NET_WIFI' });
    await app.provision(id);
    const { data } = await app.rig.graphql<{ station: { capabilities: object } }>(
      operator,
      `query($id: ID!) { station(id: $id) { capabilities { record featureProfiles unsafeToRead highestStackLevel
         resetKinds limitUnits } } }`,
      { id },
    );
    expect(data!.station.capabilities).toMatchObject({
      record: 'ABB Terra AC',
      featureProfiles: ['Core', 'SmartCharging'],
      highestStackLevel: 0,
      resetKinds: ['SOFT', 'HARD', 'ON_IDLE'],
    });
  });

  it('is nothing for drivers, who may ask for the station', async () => {
    const { id } = await app.aStation();
    const fields = 'registration settingsDrift reports { kind } capabilities { record }';
    const { entity, codes } = await app.rig.entity(anna, 'Station', id, fields);
    expect(codes).toEqual([]);
    expect(entity).toEqual({ registration: null, settingsDrift: null, reports: null, capabilities: null });
  });
});
