// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway with its charger.
import { ocppGateway } from '@kilowatch/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { operator, SessionsRig, stranger } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

const RESULTS = '{ command { outcome } results { monitorId status } }';
const SET = `mutation($input: SetVariableMonitoringInput!) { setVariableMonitoring(input: $input) ${RESULTS} }`;
const CLEAR = `mutation($input: ClearVariableMonitoringInput!) { clearVariableMonitoring(input: $input) ${RESULTS} }`;
const MONITOR = {
  component: 'EVSE',
  evseNumber: 1,
  variable: 'Power',
  kind: 'UPPER_THRESHOLD',
  value: 22000.5,
  severity: 3,
};

async function station2x(protocol = 'ocpp2.0.1') {
  const { id } = await app.aStation();
  await app.boot(id, { protocol });
  return id;
}

function answer(payload: object, outcome = Outcome.COMMAND_OUTCOME_ACCEPTED) {
  app.peers.answers = () => ({ outcome, payloadJson: JSON.stringify(payload) });
}

const result = (status: string, id?: number) => ({
  status,
  ...(id === undefined ? {} : { id }),
  type: 'UpperThreshold',
  severity: 3,
  component: { name: 'EVSE' },
  variable: { name: 'Power' },
});

async function monitors(id: string): Promise<object[]> {
  const { data } = await app.rig.graphql<{ station: { monitors: { edges: { node: object }[] } } }>(
    operator,
    `query($id: ID!) { station(id: $id) { monitors(first: 10) { edges { node {
       monitorId component evseNumber variable kind value severity notificationType } } } } }`,
    { id },
  );
  return data!.station.monitors.edges.map(({ node }) => node);
}

describe('setting monitors', () => {
  it('keeps those the station took, by the number it gave them', async () => {
    const stationId = await station2x();
    answer(
      { setMonitoringResult: [result('Accepted', 7), result('UnknownVariable')] },
      Outcome.COMMAND_OUTCOME_REJECTED,
    );
    const input = { stationId, monitors: [MONITOR, { ...MONITOR, variable: 'Nothing' }] };
    const { data } = await app.rig.graphql<{ setVariableMonitoring: { results: object[] } }>(operator, SET, {
      input,
    });
    expect(data!.setVariableMonitoring.results).toEqual([
      { monitorId: 7, status: 'Accepted' },
      { monitorId: null, status: 'UnknownVariable' },
    ]);
    expect(await monitors(stationId)).toEqual([
      {
        monitorId: 7,
        component: 'EVSE',
        evseNumber: 1,
        variable: 'Power',
        kind: 'UpperThreshold',
        value: '22000.5',
        severity: 3,
        notificationType: 'CustomMonitor',
      },
    ]);
    const sent = JSON.parse(app.peers.commands[0]!.raw!.payloadJson) as { setMonitoringData: object[] };
    expect(sent.setMonitoringData[0]).toEqual({
      component: { name: 'EVSE', evse: { id: 1 } },
      variable: { name: 'Power' },
      type: 'UpperThreshold',
      value: 22000.5,
      severity: 3,
    });
  });

  it('forgets those the station cleared or no longer has', async () => {
    const stationId = await station2x();
    answer({ setMonitoringResult: [result('Accepted', 7), result('Accepted', 8), result('Accepted', 9)] });
    await app.rig.graphql(operator, SET, { input: { stationId, monitors: [MONITOR, MONITOR, MONITOR] } });
    const clearMonitoringResult = [
      { id: 7, status: 'Accepted' },
      { id: 8, status: 'NotFound' },
      { id: 9, status: 'Rejected' },
    ];
    answer({ clearMonitoringResult });
    await app.rig.graphql(operator, CLEAR, { input: { stationId, monitorIds: [7, 8, 9] } });
    expect(await monitors(stationId)).toMatchObject([{ monitorId: 9 }]);
  });

  it.each([
    ['ALL', 1],
    ['FACTORY_DEFAULT', 0],
    ['HARD_WIRED_ONLY', 0],
  ])('N03: base %s leaves %d of ours', async (base, left) => {
    const stationId = await station2x();
    answer({ setMonitoringResult: [result('Accepted', 7)] });
    await app.rig.graphql(operator, SET, { input: { stationId, monitors: [MONITOR] } });
    answer({ status: 'Accepted' });
    const mutation =
      'mutation($input: SetMonitoringBaseInput!) { setMonitoringBase(input: $input) { outcome } }';
    await app.rig.graphql(operator, mutation, { input: { stationId, base } });
    expect(await monitors(stationId)).toHaveLength(left);
  });

  it('sends level and report as the specification has them', async () => {
    const stationId = await station2x('ocpp2.1');
    const level =
      'mutation($input: SetMonitoringLevelInput!) { setMonitoringLevel(input: $input) { outcome } }';
    const report =
      'mutation($input: RefreshStationMonitorsInput!) { refreshStationMonitors(input: $input) { outcome } }';
    await app.rig.graphql(operator, level, { input: { stationId, severity: 4 } });
    await app.rig.graphql(operator, report, { input: { stationId } });
    expect(app.peers.commands.map(({ raw }) => [raw?.action, JSON.parse(raw!.payloadJson)])).toEqual([
      ['SetMonitoringLevel', { severity: 4 }],
      ['GetMonitoringReport', { requestId: expect.any(Number) as number }],
    ]);
  });

  it.each([
    ['a station of 1.6', 'ocpp1.6', { monitors: [MONITOR] }, 'FAILED_PRECONDITION'],
    ['no monitors', 'ocpp2.0.1', { monitors: [] }, 'BAD_USER_INPUT'],
    ['a severity that is none', 'ocpp2.0.1', { monitors: [{ ...MONITOR, severity: 10 }] }, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_name, protocol, input, code) => {
    const stationId = await station2x(protocol);
    expect((await app.rig.graphql(operator, SET, { input: { stationId, ...input } })).codes).toEqual([code]);
    expect(app.peers.commands).toEqual([]);
  });

  it('knows no station of another tenant', async () => {
    const input = { stationId: await station2x(), monitors: [MONITOR] };
    expect((await app.rig.graphql(stranger, SET, { input })).codes).toEqual(['NOT_FOUND']);
  });
});
