// Real: Postgres (own role, row-level security), NATS, HTTP, gRPC. Played: auth, the gateway and the charger; time is moved in the rows.
import { events, ocppGateway } from '@kilowatch/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecoverConnectors } from '../src/usecases/recover-connectors.js';
import {
  ago,
  anna,
  connectorOf,
  operator,
  SessionsRig,
  stranger,
  type ImportedStation,
} from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

const job = (name: string) => app.rig.running.background.jobs.get(name)!;
const find = () => job('find-connector-troubles').runDue();

/** The next move, as if its time had come. */
async function step(station: ImportedStation): Promise<void> {
  await app.rig.sql(
    `update connector_recovery set due_at = to_timestamp(0), tries = (select coalesce(jsonb_agg(t || jsonb_build_object('at',
       (t->>'at')::timestamptz - interval '5 minutes')), '[]') from jsonb_array_elements(tries) t)
     where station_id = $1 and ended_at is null`,
    [station.id],
  );
  await job('recover-connectors').runDue();
  await app.rig.running.get(RecoverConnectors).beforeApplicationShutdown();
}

interface RecoveryView {
  readonly connectorId: string;
  readonly trouble: string;
  readonly state: string;
  readonly tries: { step: string; outcome: string | null }[];
}

async function recoveries(station: ImportedStation, who = operator): Promise<RecoveryView[]> {
  const { data, codes } = await app.rig.graphql<{
    station: { recoveries: { edges: { node: RecoveryView }[] } } | null;
  }>(
    who,
    `query($id: ID!) { station(id: $id) { recoveries(first: 10) { edges { node {
      connectorId trouble state tries { step outcome } } } } } }`,
    { id: station.id },
  );
  if (codes.length > 0) throw new Error(codes.join());
  return data?.station?.recoveries.edges.map(({ node }) => node) ?? [];
}

const told = (station: ImportedStation) =>
  app.peers.commands
    .filter(({ stationId }) => stationId === station.id)
    .map(({ triggerMessage, changeAvailability, unlockConnector }) =>
      triggerMessage
        ? `ask ${triggerMessage.requestedMessage}`
        : changeAvailability
          ? `operative ${changeAvailability.operative}`
          : `unlock ${unlockConnector?.evseNumber}`,
    );

async function faulted(): Promise<ImportedStation> {
  const station = await app.anOnlineStation();
  await app.status(station.id, 'Faulted', ago(20), { errorCode: 'GroundFailure' });
  return station;
}

describe('a connector that misbehaves without a session', () => {
  it('Q47: is asked for its status, restarted, and then a person is called; each step once, each on record', async () => {
    const station = await faulted();
    await find();
    expect(await recoveries(station)).toMatchObject([
      { connectorId: connectorOf(station), trouble: 'STUCK_FAULTED', state: 'TRYING', tries: [] },
    ]);
    await step(station);
    await step(station);
    await step(station);
    await step(station);
    expect(told(station)).toEqual(['ask StatusNotification', 'operative false', 'operative true']);
    expect(await recoveries(station)).toMatchObject([
      {
        state: 'PERSON',
        tries: [
          { step: 'TRIGGER_STATUS', outcome: 'ACCEPTED' },
          { step: 'AVAILABILITY_CYCLE', outcome: 'ACCEPTED' },
        ],
      },
    ]);
    const audits = await app.rig.sql<{ action: string; requested_by: string }>(
      'select action, requested_by from command_audit where station_id = $1 order by requested_at',
      [station.id],
    );
    expect(audits).toEqual(
      ['TriggerMessage', 'ChangeAvailability', 'ChangeAvailability'].map((action) => ({
        action,
        requested_by: 'sessions',
      })),
    );
  });

  it('Q47: that nothing helped is told once and shown to operators until it is well again', async () => {
    const station = await faulted();
    await find();
    const calls = async () =>
      (await app.rig.published(events.connectorNeedsPerson)).filter(
        (event) => event.stationId === station.id,
      );
    const stuck = async (who = operator) => {
      const { data, codes } = await app.rig.graphql<{
        stuckConnectors: {
          edges: { node: { connectorId: string; state: string; station: { id: string } } }[];
        };
      }>(who, '{ stuckConnectors(first: 50) { edges { node { connectorId state station { id } } } } }');
      if (codes.length > 0) throw new Error(codes.join());
      return data!.stuckConnectors.edges
        .map(({ node }) => node)
        .filter((one) => one.station.id === station.id);
    };
    for (let i = 0; i < 2; i++) await step(station);
    expect(await calls()).toEqual([]);
    expect(await stuck()).toEqual([]);
    for (let i = 0; i < 3; i++) await step(station);
    expect(await calls()).toMatchObject([
      {
        connectorId: connectorOf(station),
        evseNumber: 1,
        connectorNumber: 1,
        trouble: 'STUCK_FAULTED',
        tried: ['TRIGGER_STATUS', 'AVAILABILITY_CYCLE'],
      },
    ]);
    const [{ stationIdentity, locationName, timeZone } = {} as never] = await calls();
    for (const word of [stationIdentity, locationName, timeZone]) expect(word).not.toBe('');
    expect(await stuck()).toEqual([
      { connectorId: connectorOf(station), state: 'PERSON', station: { id: station.id } },
    ]);
    expect(await stuck(stranger)).toEqual([]);
    await expect(stuck(anna)).rejects.toThrow('FORBIDDEN');
    await app.status(station.id, 'Available', ago(0));
    await step(station);
    expect(await stuck()).toEqual([]);
    expect(await calls()).toHaveLength(1);
  });

  it('Q47: is unlocked when it stays Finishing for half a day', async () => {
    const station = await app.anOnlineStation();
    await app.status(station.id, 'Finishing', ago(13 * 60));
    await find();
    for (let i = 0; i < 4; i++) await step(station);
    expect(told(station).at(-1)).toBe('unlock 1');
    expect((await recoveries(station))[0]?.state).toBe('PERSON');
  });

  it('Q47: is one whose plug comes and goes with nobody there', async () => {
    const station = await app.anOnlineStation();
    for (let i = 0; i < 4; i++) {
      await app.status(station.id, 'Preparing', ago(9 - i * 2));
      await app.status(station.id, 'Available', ago(8 - i * 2));
    }
    await find();
    expect(await recoveries(station)).toMatchObject([{ trouble: 'PHANTOM_PLUG', state: 'TRYING' }]);
  });

  it('Q47: is left alone once it is well again, and for hours afterwards', async () => {
    const station = await faulted();
    await find();
    await step(station);
    await app.status(station.id, 'Available', ago(0));
    await step(station);
    expect(await recoveries(station)).toMatchObject([{ state: 'RECOVERED', tries: [{}] }]);
    await app.rig.sql(
      "update connector set status = 'FAULTED', status_since = now() - interval '1 hour' where station_id = $1 and evse_number = 1",
      [station.id],
    );
    await find();
    expect(await recoveries(station)).toHaveLength(1);
    expect(told(station)).toEqual(['ask StatusNotification']);
  });

  it('Q47: is not touched while somebody charges there', async () => {
    const station = await faulted();
    await find();
    await app.start16(station.id, 'card-anna', ago(0));
    await step(station);
    expect(await recoveries(station)).toMatchObject([{ state: 'DROPPED' }]);
    const charging = await app.anOnlineStation();
    await app.start16(charging.id, 'card-bob', ago(40));
    await app.status(charging.id, 'Faulted', ago(30));
    await find();
    expect(await recoveries(charging)).toEqual([]);
    expect(told(station)).toEqual([]);
  });

  it('Q47: is not brought back by us when an operator took it out of service, nor touched while its station is away', async () => {
    const out = await faulted();
    const away = await faulted();
    await find();
    const { codes } = await app.rig.graphql(
      operator,
      'mutation($input: ChangeAvailabilityInput!) { changeAvailability(input: $input) { outcome } }',
      { input: { stationId: out.id, operative: false } },
    );
    expect(codes).toEqual([]);
    app.peers.commands = [];
    await app.rig.sql('update station set online = false where id = $1', [away.id]);
    await step(out);
    await step(away);
    expect((await recoveries(out))[0]?.state).toBe('DROPPED');
    expect(await recoveries(away)).toMatchObject([{ state: 'TRYING', tries: [] }]);
    expect(app.peers.commands).toEqual([]);
  });

  it('Q47: is brought back into service though the answer to that got lost', async () => {
    const station = await faulted();
    await find();
    await step(station);
    app.peers.answers = ({ changeAvailability }) =>
      changeAvailability?.operative ? { outcome: Outcome.COMMAND_OUTCOME_UNKNOWN } : {};
    await step(station);
    expect((await recoveries(station))[0]?.tries.at(-1)).toEqual({
      step: 'AVAILABILITY_CYCLE',
      outcome: null,
    });
    app.peers.answers = () => ({});
    await step(station);
    expect(told(station).slice(-3)).toEqual(['operative false', 'operative true', 'operative true']);
    expect((await recoveries(station))[0]?.tries.at(-1)).toMatchObject({ outcome: 'ACCEPTED' });
  });

  it('is shown to operators of its tenant', async () => {
    const station = await faulted();
    await find();
    await expect(recoveries(station, anna)).rejects.toThrow('FORBIDDEN');
    await expect(recoveries(station, stranger)).rejects.toThrow('NOT_FOUND');
  });
});

describe('helping connectors', () => {
  it('Q47: is switched off by its setting', async () => {
    const quiet = await SessionsRig.start({ KW_RECOVER_CONNECTORS: 'false' });
    const station = await quiet.anOnlineStation();
    await quiet.status(station.id, 'Faulted', ago(20));
    await quiet.rig.running.background.jobs.get('find-connector-troubles')!.runDue();
    expect(await quiet.rig.sql('select 1 from connector_recovery')).toEqual([]);
    await quiet.close();
  });
});
