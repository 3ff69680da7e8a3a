// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth, the gateway and the charger behind it.
import { events, ocppGateway } from '@kilowatch/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlayedCharger } from './played-charger.js';
import { anna, operator, SessionsRig } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

interface Shown {
  readonly variable: string;
  readonly value: string | null;
  readonly wanted: { readonly value: string; readonly standing: string } | null;
}

async function shown(stationId: string, who = operator): Promise<Shown[] | null> {
  const { data } = await app.rig.graphql<{ station: { authorizationSettings: Shown[] | null } }>(
    who,
    'query($id: ID!) { station(id: $id) { authorizationSettings { variable value wanted { value standing } } } }',
    { id: stationId },
  );
  return data!.station.authorizationSettings;
}

async function send(stationId: string, action: string, payload: object): Promise<void> {
  const { codes } = await app.rig.graphql(
    operator,
    'mutation($input: SendCommandInput!) { sendCommand(input: $input) { outcome } }',
    { input: { stationId, action, payload } },
  );
  expect(codes).toEqual([]);
}

describe('the settings of a station about authorisation', () => {
  it('are those it reported or somebody wants, each with whether they agree (L7), and no others', async () => {
    const charger = new PlayedCharger({
      HeartbeatInterval: '300',
      LocalAuthListEnabled: 'false',
      LocalPreAuthorize: 'true',
      ContractValidationOffline: 'true',
    });
    const { id } = await app.aStation();
    await app.boot(id);
    app.peers.answers = charger.answer;
    await send(id, 'GetConfiguration', {});
    const settings = [
      { name: 'LocalAuthListEnabled', value: 'true' },
      { name: 'HeartbeatInterval', value: '60' },
    ];
    app.peers.outcome = Outcome.COMMAND_OUTCOME_OFFLINE;
    app.peers.answers = () => ({});
    const { codes } = await app.rig.graphql(
      operator,
      'mutation($input: SetStationSettingsInput!) { setStationSettings(input: $input) { settings { variable } } }',
      { input: { stationId: id, settings } },
    );
    expect(codes).toEqual([]);
    expect(await shown(id)).toEqual([
      { variable: 'ContractValidationOffline', value: 'true', wanted: null },
      { variable: 'LocalAuthListEnabled', value: 'false', wanted: { value: 'true', standing: 'PENDING' } },
      { variable: 'LocalPreAuthorize', value: 'true', wanted: null },
    ]);
    expect(await shown(id, anna)).toBeNull();
  });
});

describe('a local list that an operator writes by hand', () => {
  const list = { listVersion: 7, updateType: 'Full' };
  const told = async (stationId: string) =>
    (await app.rig.published(events.localListOverwritten)).filter((event) => event.stationId === stationId)
      .length;

  it.each([
    ['taken', Outcome.COMMAND_OUTCOME_ACCEPTED, 1],
    ['perhaps taken', Outcome.COMMAND_OUTCOME_UNKNOWN, 1],
    ['refused', Outcome.COMMAND_OUTCOME_REJECTED, 0],
    ['never sent', Outcome.COMMAND_OUTCOME_OFFLINE, 0],
  ])('and that was %s is told to who keeps lists, or not', async (_how, outcome, times) => {
    const { id } = await app.aStation();
    app.peers.outcome = outcome;
    await send(id, 'SendLocalList', list);
    expect(await told(id)).toBe(times);
  });

  it('is the only command that is told of', async () => {
    const { id } = await app.aStation();
    await send(id, 'GetLocalListVersion', {});
    expect(await told(id)).toBe(0);
  });
});
