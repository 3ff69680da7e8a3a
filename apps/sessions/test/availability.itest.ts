// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway, behind real gRPC.
import { ocppGateway } from '@kilowatch/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ReapplyAvailability } from '../src/usecases/reapply-availability.js';
import { operator, SessionsRig, type ImportedStation } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
afterEach(() => app.peers.reset());

async function change(station: ImportedStation, operative: boolean, place: object = {}): Promise<string> {
  const { data, errors } = await app.rig.graphql<{ changeAvailability: { outcome: string } }>(
    operator,
    'mutation($input: ChangeAvailabilityInput!) { changeAvailability(input: $input) { outcome } }',
    { input: { stationId: station.id, operative, ...place } },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.changeAvailability.outcome;
}

async function wanted(station: ImportedStation): Promise<[boolean, boolean][]> {
  const { data } = await app.rig.graphql<{
    station: { evses: { wantedOperative: boolean; connectors: { wantedOperative: boolean }[] }[] };
  }>(
    operator,
    'query($id: ID!) { station(id: $id) { evses { wantedOperative connectors { wantedOperative } } } }',
    { id: station.id },
  );
  return data!.station.evses.map((evse) => [evse.wantedOperative, evse.connectors[0]!.wantedOperative]);
}

async function boots(station: ImportedStation): Promise<void> {
  await app.boot(station.id, { generation: 2 });
}

/** The minute in which a station settles is over. */
async function settles(station: ImportedStation): Promise<void> {
  await app.rig.sql(
    "UPDATE wanted_availability SET due_at = to_timestamp(0) - interval '1 s' WHERE station_id = $1 AND due_at IS NOT NULL",
    [station.id],
  );
  await app.rig.running.background.jobs.get('reapply-availability')!.runDue();
  await app.rig.running.get(ReapplyAvailability).idle();
}

const toldOf = (station: ImportedStation) =>
  app.peers.commands
    .filter(({ stationId, changeAvailability }) => stationId === station.id && changeAvailability)
    .map(({ changeAvailability }) => changeAvailability);

describe('the wish of an operator', () => {
  it('is shown for what it covers', async () => {
    const station = await app.anOnlineStation();
    expect(await wanted(station)).toEqual([
      [true, true],
      [true, true],
    ]);
    await change(station, false, { evseNumber: 1 });
    expect(await wanted(station)).toEqual([
      [false, false],
      [true, true],
    ]);
    await change(station, false);
    expect(await wanted(station)).toEqual([
      [false, false],
      [false, false],
    ]);
    await change(station, true);
    expect(await wanted(station)).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('Q49: is done when the station says Scheduled', async () => {
    const station = await app.anOnlineStation();
    app.peers.status = 'Scheduled';
    expect(await change(station, false, { evseNumber: 2 })).toBe('ACCEPTED');
    expect((await wanted(station))[1]).toEqual([false, false]);
  });

  it('is no wish when the station refuses it', async () => {
    const station = await app.anOnlineStation();
    app.peers.outcome = Outcome.COMMAND_OUTCOME_REJECTED;
    await change(station, false);
    expect((await wanted(station))[0]).toEqual([true, true]);
  });
});

describe('after a boot', () => {
  it('a station that forgot is told again, once', async () => {
    const station = await app.anOnlineStation();
    await change(station, false, { evseNumber: 1 });
    await boots(station);
    await app.status(station.id, 'Available', new Date());
    await settles(station);
    expect(toldOf(station)).toHaveLength(2);
    expect(toldOf(station)[1]).toMatchObject({ operative: false, evseNumber: 1 });
    await settles(station);
    expect(toldOf(station)).toHaveLength(2);
  });

  it('a station that remembers is left alone', async () => {
    const station = await app.anOnlineStation();
    await change(station, false, { evseNumber: 1 });
    await boots(station);
    await app.status(station.id, 'Unavailable', new Date());
    await settles(station);
    expect(toldOf(station)).toHaveLength(1);
  });

  it('a station that was away is told what it missed, back in service too', async () => {
    const station = await app.anOnlineStation();
    app.peers.outcome = Outcome.COMMAND_OUTCOME_OFFLINE;
    await change(station, true, { evseNumber: 2 });
    app.peers.outcome = Outcome.COMMAND_OUTCOME_ACCEPTED;
    await boots(station);
    await settles(station);
    expect(toldOf(station)).toHaveLength(2);
    expect(toldOf(station)[1]).toMatchObject({ operative: true, evseNumber: 2 });
  });

  it('a silent station is asked again under another key, later', async () => {
    const station = await app.anOnlineStation();
    await change(station, false, { evseNumber: 1 });
    await boots(station);
    app.peers.outcome = Outcome.COMMAND_OUTCOME_UNKNOWN;
    for (const times of [2, 3]) {
      await settles(station);
      expect(toldOf(station)).toHaveLength(times);
    }
    const keys = app.peers.commands.filter(({ stationId }) => stationId === station.id);
    expect(new Set(keys.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
  });
});
