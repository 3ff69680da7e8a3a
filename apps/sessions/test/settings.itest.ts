// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth, the gateway and the charger behind it.
import { randomUUID } from 'node:crypto';
import { ocppGateway, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MOST_ATTEMPTS } from '../src/domain/settings-plan.js';
import { PlayedCharger } from './played-charger.js';
import { anna, operator, SessionsRig, stranger } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

interface Setting {
  readonly component: string | null;
  readonly variable: string;
  readonly value: string | null;
  readonly supported: boolean | null;
  readonly access: string | null;
  readonly wanted: {
    value: string | null;
    outcome: string;
    status: string | null;
    standing: string;
    secret: boolean;
  } | null;
}

const SETTING = `component variable value supported access
  wanted { value outcome status standing secret source attempts }`;
const SET = `mutation($input: SetStationSettingsInput!) { setStationSettings(input: $input) {
  station { id settingsDrift } settings { ${SETTING} } } }`;
const REFRESH =
  'mutation($input: RefreshStationSettingsInput!) { refreshStationSettings(input: $input) { outcome payload } }';

async function set(stationId: string, settings: readonly object[], over: object = {}) {
  const { data, codes } = await app.rig.graphql<{
    setStationSettings: { station: { settingsDrift: number }; settings: Setting[] };
  }>(operator, SET, { input: { stationId, settings, ...over } });
  expect(codes).toEqual([]);
  return data!.setStationSettings;
}

async function shown(stationId: string, args = '', who = operator): Promise<Setting[]> {
  const { data } = await app.rig.graphql<{ station: { settings: { edges: { node: Setting }[] } } }>(
    who,
    `query($id: ID!) { station(id: $id) { settings(first: 100${args}) { edges { node { ${SETTING} } } } } }`,
    { id: stationId },
  );
  return data!.station.settings.edges.map(({ node }) => node);
}

async function refresh(stationId: string) {
  const { data } = await app.rig.graphql<{ refreshStationSettings: { outcome: string } }>(operator, REFRESH, {
    input: { stationId },
  });
  return data!.refreshStationSettings;
}

async function online(charger: PlayedCharger, parts: Partial<sessions.RecordBootRequest> = {}) {
  const station = await app.aStation();
  await app.boot(station.id, parts);
  app.peers.answers = charger.answer;
  return station;
}

const due = (stationId: string) => app.provision(stationId);

describe('settings of a 1.6 station', () => {
  it('are what GetConfiguration answers, read-only and unknown ones included', async () => {
    const charger = new PlayedCharger({ HeartbeatInterval: '300', NumberOfConnectors: '2' });
    charger.readOnly.add('NumberOfConnectors');
    const { id } = await online(charger);
    expect(await refresh(id)).toMatchObject({ outcome: 'ACCEPTED', payload: null });
    expect(await shown(id)).toMatchObject([
      { component: null, variable: 'HeartbeatInterval', value: '300', access: 'READ_WRITE', supported: true },
      { variable: 'NumberOfConnectors', value: '2', access: 'READ_ONLY', wanted: null },
    ]);
    expect(await shown(id, ', search: "connectors"')).toHaveLength(1);
  });

  it('Q15: are the same in whatever case they are reported, in the newest spelling', async () => {
    const { id } = await online(new PlayedCharger({ heartbeatinterval: '300' }));
    await refresh(id);
    app.peers.answers = new PlayedCharger({ HeartbeatInterval: '60' }).answer;
    await refresh(id);
    expect(await shown(id)).toMatchObject([{ variable: 'HeartbeatInterval', value: '60' }]);
    const { settings } = await set(id, [{ name: 'HEARTBEATINTERVAL', value: '90' }]);
    expect(settings).toMatchObject([{ wanted: { outcome: 'ACCEPTED' } }]);
    expect(await shown(id)).toMatchObject([{ value: '90', wanted: { value: '90', standing: 'IN_STEP' } }]);
  });

  it('are learnt from a raw command too', async () => {
    const { id } = await online(new PlayedCharger({ WebSocketPingInterval: '30' }));
    const input = { stationId: id, action: 'GetConfiguration', payload: {} };
    await app.rig.graphql(
      operator,
      'mutation($input: SendCommandInput!) { sendCommand(input: $input) { outcome } }',
      {
        input,
      },
    );
    expect(await shown(id)).toMatchObject([{ variable: 'WebSocketPingInterval', value: '30' }]);
  });

  it('Q16: are never read back after they were written', async () => {
    const charger = new PlayedCharger({ MeterValuesSampledData: 'Voltage' });
    const { id } = await online(charger, { vendor: 'ABB', model: 'CDT_TACW22::NET_WIFI' });
    await set(id, [{ name: 'MeterValuesSampledData', value: 'SoC' }]);
    await due(id);
    expect(charger.seen).toEqual(['ChangeConfiguration MeterValuesSampledData=SoC']);
    await refresh(id);
    expect(charger.seen.at(-1)).toMatch(/^GetConfiguration ChargeProfileMaxStackLevel /);
    expect(charger.seen.at(-1)).not.toContain('MeterValuesSampledData');
  });
});

describe('setting what is wanted', () => {
  it('says of each setting what came of it', async () => {
    const charger = new PlayedCharger({ A: '1', B: '1', C: '1' });
    charger.words.set('B', 'RebootRequired').set('C', 'Rejected');
    const { id } = await online(charger);
    const { settings, station } = await set(
      id,
      ['A', 'B', 'C', 'D'].map((name) => ({ name, value: '2' })),
    );
    expect(settings.map(({ wanted }) => [wanted?.outcome, wanted?.standing])).toEqual([
      ['ACCEPTED', 'IN_STEP'],
      ['REBOOT_REQUIRED', 'PENDING'],
      ['REJECTED', 'REFUSED'],
      ['NOT_SUPPORTED', 'UNSUPPORTED'],
    ]);
    expect(station.settingsDrift).toBe(2);
    expect((await shown(id, ', driftOnly: true')).map(({ variable }) => variable)).toEqual(['B', 'C']);
  });

  it('does not ask a station for what it said can be read only', async () => {
    const charger = new PlayedCharger({ NumberOfConnectors: '2' });
    charger.readOnly.add('NumberOfConnectors');
    const { id } = await online(charger);
    await refresh(id);
    const { settings } = await set(id, [{ name: 'NumberOfConnectors', value: '3' }]);
    expect(settings).toMatchObject([{ value: '2', wanted: { outcome: 'REJECTED', status: 'ReadOnly' } }]);
    expect(charger.seen).toEqual(['GetConfiguration']);
  });

  it('waits for a station that is offline and tells it when it is back', async () => {
    const charger = new PlayedCharger({ A: '1' });
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    const first = await set(id, [{ name: 'A', value: '2' }]);
    expect(first.settings).toMatchObject([{ wanted: { outcome: 'OFFLINE', standing: 'PENDING' } }]);
    await due(id);
    expect(charger.seen).toEqual([]);
    await app.boot(id);
    await due(id);
    expect(await shown(id)).toMatchObject([{ value: '2', wanted: { outcome: 'ACCEPTED' } }]);
    expect(charger.seen).toEqual(['ChangeConfiguration A=2']);
  });

  it('keeps a wish whose command got no answer and tries again, a bounded number of times', async () => {
    const charger = new PlayedCharger({ A: '1' });
    const { id } = await online(charger);
    charger.outcome = Outcome.COMMAND_OUTCOME_UNKNOWN;
    const { settings } = await set(id, [{ name: 'A', value: '2' }]);
    expect(settings).toMatchObject([{ wanted: { outcome: 'PENDING', status: 'NoAnswer' } }]);
    for (let i = 0; i < 8; i++) await due(id);
    expect(charger.seen).toHaveLength(MOST_ATTEMPTS);
  });

  it('goes into one message for 2.x, as many as the station takes', async () => {
    const names = ['A', 'B', 'C'].map((name) => `Ctrlr.${name}`);
    const charger = new PlayedCharger(Object.fromEntries(names.map((name) => [name, '1'])));
    const { id } = await online(charger, { protocol: 'ocpp2.0.1' });
    const variable = {
      component: 'DeviceDataCtrlr',
      variable: 'ItemsPerMessage',
      variableInstance: 'SetVariables',
    };
    await app.client.recordStationReport(
      sessions.RecordStationReportRequest.fromPartial({
        stationId: id,
        requestId: 1,
        last: true,
        variables: [{ ...variable, value: '2' }],
      }),
      { tenant: tenantId('demo') },
    );
    const { settings } = await set(
      id,
      names.map((name) => ({ name, value: '2' })),
    );
    expect(settings.map(({ wanted }) => wanted?.outcome)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED']);
    expect(charger.seen).toEqual(['SetVariables Ctrlr.A=2 Ctrlr.B=2', 'SetVariables Ctrlr.C=2']);
  });

  it('takes a 1.6 key for the variable of a 2.x station that means the same', async () => {
    const charger = new PlayedCharger({ 'OCPPCommCtrlr.HeartbeatInterval': '300' });
    const { id } = await online(charger, { protocol: 'ocpp2.0.1' });
    const { settings } = await set(id, [{ name: 'HeartbeatInterval', value: '60' }]);
    expect(settings).toMatchObject([
      { component: 'OCPPCommCtrlr', value: '60', wanted: { outcome: 'ACCEPTED' } },
    ]);
  });

  it('is told once for a key, and not with other arguments', async () => {
    const charger = new PlayedCharger({ A: '1' });
    const { id } = await online(charger);
    const key = { idempotencyKey: 'once' };
    await set(id, [{ name: 'A', value: '2' }], key);
    expect((await set(id, [{ name: 'A', value: '2' }], key)).settings).toMatchObject([{ value: '2' }]);
    expect(charger.seen).toHaveLength(1);
    const input = { stationId: id, settings: [{ name: 'A', value: '3' }], ...key };
    expect((await app.rig.graphql(operator, SET, { input })).codes).toEqual(['CONFLICT']);
  });

  it('ends when nothing is wanted any more', async () => {
    const { id } = await online(new PlayedCharger({ A: '1' }));
    await set(id, [{ name: 'A', value: '2' }]);
    expect((await set(id, [{ name: 'A', value: null }])).settings).toEqual([]);
    expect(await shown(id)).toMatchObject([{ value: '2', wanted: null }]);
  });

  it.each([
    ['no settings', []],
    [
      'a setting twice',
      [
        { name: 'A', value: '1' },
        { name: 'a', value: '2' },
      ],
    ],
    ['a nameless one', [{ name: ' ', value: '1' }]],
    ['a value beyond measure', [{ name: 'A', value: 'x'.repeat(2_501) }]],
    ['an EVSE that cannot be', [{ name: 'C.V', evseNumber: -1, value: '1' }]],
  ])('refuses %s', async (_name, settings) => {
    const { id } = await app.aStation();
    expect((await app.rig.graphql(operator, SET, { input: { stationId: id, settings } })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  it('is for operators of the tenant', async () => {
    const { id } = await app.aStation();
    const input = { stationId: id, settings: [{ name: 'A', value: '1' }] };
    expect((await app.rig.graphql(anna, SET, { input })).codes).toEqual(['FORBIDDEN']);
    expect((await app.rig.graphql(stranger, SET, { input })).codes).toEqual(['NOT_FOUND']);
    const nowhere = { ...input, stationId: randomUUID() };
    expect((await app.rig.graphql(operator, SET, { input: nowhere })).codes).toEqual(['NOT_FOUND']);
  });
});

describe('a secret', () => {
  const SECRET = 'the-new-password-of-it';

  it('reaches the station and is shown nowhere, kept nowhere, and known to no audit', async () => {
    const charger = new PlayedCharger({ AuthorizationKey: 'leaked-by-the-charger' });
    const { id } = await online(charger);
    const { settings } = await set(id, [{ name: 'AuthorizationKey', value: SECRET }]);
    expect(settings).toMatchObject([
      { value: null, wanted: { value: null, secret: true, outcome: 'ACCEPTED' } },
    ]);
    expect(charger.settings.get('AuthorizationKey')).toBe(SECRET);
    await refresh(id);
    expect(await shown(id)).toMatchObject([{ variable: 'AuthorizationKey', value: null }]);
    for (const table of ['wanted_setting', 'station_variable', 'command_audit']) {
      const rows = await app.rig.sql(`select * from ${table} where station_id = $1`, [id]);
      expect(rows.length).toBeGreaterThan(0);
      const text = JSON.stringify(rows);
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('leaked-by-the-charger');
    }
  });

  it('waits sealed for a station that is offline', async () => {
    const charger = new PlayedCharger({ AuthorizationKey: 'old' });
    const { id } = await app.aStation();
    app.peers.answers = charger.answer;
    await set(id, [{ name: 'AuthorizationKey', value: SECRET }]);
    const sealed = async () =>
      (
        await app.rig.sql<{ sealed: Buffer | null }>(
          'select sealed from wanted_setting where station_id = $1',
          [id],
        )
      )[0]!.sealed;
    expect((await sealed())?.toString('latin1')).not.toContain(SECRET);
    await app.boot(id);
    await due(id);
    expect(charger.settings.get('AuthorizationKey')).toBe(SECRET);
    expect(await sealed()).toBeNull();
  });
});
