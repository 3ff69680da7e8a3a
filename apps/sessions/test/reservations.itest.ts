// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway, behind real gRPC.
import { randomUUID } from 'node:crypto';
import { events, ocppGateway } from '@kilowatch/contracts';
import type { TestPrincipal } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ago,
  anna,
  bob,
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
afterEach(() => app.peers.reset());

const soon = (minutes = 30) => new Date(Date.now() + minutes * 60_000);

interface Made {
  readonly __typename: string;
  readonly reason?: string;
  readonly reservation?: { id: string; number: number; status: string };
}

async function reserve(who: TestPrincipal, station: ImportedStation, over: object = {}): Promise<Made> {
  const { data, errors } = await app.rig.graphql<{ reserveConnector: Made }>(
    who,
    `mutation($input: ReserveConnectorInput!) { reserveConnector(input: $input) { __typename
      ... on ReservationMade { reservation { id number status } } ... on ReservationRefused { reason } } }`,
    { input: { connectorId: connectorOf(station), expiresAt: soon().toISOString(), ...over } },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.reserveConnector;
}

async function cancel(who: TestPrincipal, reservationId: string) {
  const { data, errors } = await app.rig.graphql<{ cancelReservation: Made }>(
    who,
    `mutation($id: ID!) { cancelReservation(input: { reservationId: $id }) { __typename
      ... on ReservationCancelled { reservation { id status } } ... on CancellationRefused { reason } } }`,
    { id: reservationId },
  );
  return { result: data?.cancelReservation, code: errors?.[0]?.extensions.code };
}

async function start(who: TestPrincipal, station: ImportedStation) {
  const { data } = await app.rig.graphql<{ startSession: { __typename: string; reason?: string } }>(
    who,
    `mutation($id: ID!) { startSession(input: { connectorId: $id }) { __typename ... on StartRefused { reason } } }`,
    { id: connectorOf(station) },
  );
  return data!.startSession;
}

async function reservationsOf(
  station: ImportedStation,
): Promise<{ status: string; sessionId: string | null }[]> {
  const { data, errors } = await app.rig.graphql<{
    station: { reservations: { edges: { node: { status: string; sessionId: string | null } }[] } };
  }>(
    operator,
    'query($id: ID!) { station(id: $id) { reservations(first: 10) { edges { node { status sessionId } } } } }',
    { id: station.id },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.station.reservations.edges.map(({ node }) => node);
}

const statusOf = async (station: ImportedStation) =>
  (await reservationsOf(station)).map(({ status }) => status);

function tell(station: ImportedStation, reservationNumber: number, status: string) {
  return app.tell(station.id, { reservationUpdate: { reservationNumber, status } });
}

describe('reserving', () => {
  it("asks the station with the driver's own token, and is on record", async () => {
    const station = await app.anOnlineStation();
    const made = await reserve(anna, station);
    expect(made).toMatchObject({ __typename: 'ReservationMade', reservation: { status: 'ACTIVE' } });
    const [sent] = app.peers.commands;
    expect(sent?.reserveConnector).toMatchObject({
      reservationNumber: made.reservation!.number,
      evseNumber: 1,
      idToken: { value: 'app-anna' },
      groupId: 'fleet',
    });
    expect(made.reservation!.number).toBeGreaterThan(0);
    const published = (await app.rig.published(events.reservationChanged)).filter(
      ({ stationId }) => stationId === station.id,
    );
    expect(published.map(({ status }) => status)).toEqual(['REQUESTED', 'ACTIVE']);
  });

  it('tells what a bill needs: since when, the accepted price, that the station kept it, and who gave it back', async () => {
    const quoteId = randomUUID();
    const told = async (station: ImportedStation) =>
      (await app.rig.published(events.reservationChanged))
        .filter(({ stationId }) => stationId === station.id)
        .map(({ status, held, byHolder, quoteId: of }) => ({ status, held, byHolder, quoteId: of }));
    const station = await app.anOnlineStation();
    const made = await reserve(anna, station, { quoteId });
    await cancel(anna, made.reservation!.id);
    const common = { quoteId, byHolder: false };
    expect(await told(station)).toEqual([
      { ...common, status: 'REQUESTED', held: false },
      { ...common, status: 'ACTIVE', held: true },
      { ...common, status: 'CANCELLED', held: true, byHolder: true },
    ]);
    const [first] = (await app.rig.published(events.reservationChanged)).filter(
      ({ stationId }) => stationId === station.id,
    );
    expect(first!.requestedAt).toBeInstanceOf(Date);
    const other = await app.anOnlineStation();
    const theirs = await reserve(anna, other);
    await cancel(operator, theirs.reservation!.id);
    expect((await told(other)).at(-1)).toEqual({
      status: 'CANCELLED',
      held: true,
      byHolder: false,
      quoteId: '',
    });
  });

  it('given back at the moment the station shows the connector free was kept all the same, and is its holder’s to pay', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    await app.status(station.id, 'Reserved', new Date(Date.now() + 1_000));
    app.peers.whileSending = async () => {
      await app.status(station.id, 'Available', new Date(Date.now() + 2_000));
    };
    await cancel(anna, reservation!.id);
    const told = (await app.rig.published(events.reservationChanged))
      .filter(({ stationId }) => stationId === station.id)
      .map(({ status, held, byHolder }) => ({ status, held, byHolder }));
    expect(told.slice(-2)).toEqual([
      { status: 'REMOVED', held: true, byHolder: false },
      { status: 'CANCELLED', held: true, byHolder: true },
    ]);
  });

  it.each([
    ['Faulted', 'FAULTED'],
    ['Occupied', 'OCCUPIED'],
    ['Rejected', 'REJECTED'],
    ['Unavailable', 'UNAVAILABLE'],
  ])('answered %s is refused as %s', async (word, reason) => {
    const station = await app.anOnlineStation();
    app.peers.outcome = Outcome.COMMAND_OUTCOME_REJECTED;
    app.peers.status = word;
    expect(await reserve(anna, station)).toEqual({ __typename: 'ReservationRefused', reason });
    expect(await statusOf(station)).toEqual(['REFUSED']);
  });

  it('of a station that is away is refused without asking', async () => {
    const station = await app.aStation();
    expect(await reserve(anna, station)).toMatchObject({ reason: 'STATION_OFFLINE' });
    expect(app.peers.commands).toEqual([]);
  });

  it('with no answer in time stays on record, because the station may hold it', async () => {
    const station = await app.anOnlineStation();
    app.peers.outcome = Outcome.COMMAND_OUTCOME_UNKNOWN;
    expect(await reserve(anna, station)).toMatchObject({ reason: 'STATION_SILENT' });
    expect(await statusOf(station)).toEqual(['REQUESTED']);
    app.peers.outcome = Outcome.COMMAND_OUTCOME_ACCEPTED;
    expect(await reserve(bob, station)).toMatchObject({ reason: 'OCCUPIED' });
  });

  it('twice at once gives one reservation', async () => {
    const station = await app.anOnlineStation();
    const made = await Promise.all([reserve(anna, station), reserve(bob, station)]);
    expect(made.map(({ __typename }) => __typename).sort()).toEqual([
      'ReservationMade',
      'ReservationRefused',
    ]);
    expect(made.find(({ reason }) => reason)?.reason).toBe('OCCUPIED');
  });

  it('repeated with its key is the same reservation, asked for once', async () => {
    const station = await app.anOnlineStation();
    const over = { idempotencyKey: 'k1', expiresAt: soon().toISOString() };
    const [first, again] = [await reserve(anna, station, over), await reserve(anna, station, over)];
    expect(again).toEqual(first);
    expect(app.peers.commands).toHaveLength(1);
  });

  it('in the past, or for a week, is a mistake of the driver', async () => {
    const station = await app.anOnlineStation();
    for (const minutes of [-5, 7 * 24 * 60]) {
      await expect(reserve(anna, station, { expiresAt: soon(minutes).toISOString() })).rejects.toThrow(
        /BAD_USER_INPUT/,
      );
    }
  });

  it('is refused to an account that may not charge', async () => {
    const station = await app.anOnlineStation();
    app.peers.accountIsOff = true;
    expect(await reserve(anna, station)).toMatchObject({ reason: 'TOKEN_REFUSED' });
  });
});

describe('a reserved connector', () => {
  it('starts for its holder and nobody else', async () => {
    const station = await app.anOnlineStation();
    await reserve(anna, station);
    await app.status(station.id, 'Reserved', ago(0));
    expect(await start(bob, station)).toEqual({ __typename: 'StartRefused', reason: 'RESERVED' });
    expect(await start(anna, station)).toEqual({ __typename: 'SessionRequested' });
  });

  it('is free again after the driver cancelled', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    expect(await cancel(bob, reservation!.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await cancel(stranger, reservation!.id)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await cancel(anna, reservation!.id)).result).toMatchObject({
      reservation: { status: 'CANCELLED' },
    });
    expect(app.peers.commands.at(-1)?.cancelReservation).toEqual({ reservationNumber: reservation!.number });
    expect((await cancel(anna, reservation!.id)).result).toMatchObject({
      reservation: { status: 'CANCELLED' },
    });
    expect(await start(bob, station)).toEqual({ __typename: 'SessionRequested' });
  });

  it('is given up when the station knows no such reservation', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    app.peers.outcome = Outcome.COMMAND_OUTCOME_REJECTED;
    expect((await cancel(operator, reservation!.id)).result).toMatchObject({
      reservation: { status: 'CANCELLED' },
    });
  });

  it('stays reserved when the station is away', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    app.peers.outcome = Outcome.COMMAND_OUTCOME_OFFLINE;
    expect((await cancel(anna, reservation!.id)).result).toMatchObject({ reason: 'STATION_OFFLINE' });
    expect(await statusOf(station)).toEqual(['ACTIVE']);
  });
});

describe('the end of a reservation', () => {
  it('is told by a 2.x station, once and again', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    await tell(station, reservation!.number, 'Removed');
    await tell(station, reservation!.number, 'Removed');
    await tell(station, reservation!.number, 'Expired');
    await tell(station, 4711, 'Expired');
    expect(await statusOf(station)).toEqual(['REMOVED']);
  });

  it('is implied by a 1.6 connector that shows free', async () => {
    const station = await app.anOnlineStation();
    await reserve(anna, station);
    await app.status(station.id, 'Available', new Date());
    expect(await statusOf(station)).toEqual(['ACTIVE']);
    await app.status(station.id, 'Reserved', new Date(Date.now() + 1_000));
    await app.status(station.id, 'Available', new Date(Date.now() + 2_000));
    expect(await statusOf(station)).toEqual(['REMOVED']);
  });

  it('comes with its time, whether or not the station says so', async () => {
    const station = await app.anOnlineStation();
    await reserve(anna, station);
    await app.rig.sql(
      "UPDATE reservation SET due_at = to_timestamp(0) - interval '1 s' WHERE station_id = $1",
      [station.id],
    );
    await app.rig.running.background.jobs.get('expire-reservations')!.runDue();
    expect(await statusOf(station)).toEqual(['EXPIRED']);
  });
});

describe('an accepted start', () => {
  it('uses the reservation it names, in 1.6 and in 2.0.1', async () => {
    const [old, modern] = [await app.anOnlineStation(), await app.anOnlineStation()];
    const first = await reserve(anna, old);
    const second = await reserve(anna, modern);
    await app.start16(old.id, 'app-anna', new Date(), { reservationId: first.reservation!.number });
    await app.event(modern.id, {
      transactionRef: 'tx-1',
      idToken: { value: 'card-anna', type: 'ISO14443' },
      reservationId: second.reservation!.number,
    });
    for (const station of [old, modern]) {
      const [reservation] = await reservationsOf(station);
      expect(reservation).toMatchObject({ status: 'USED' });
      expect(reservation?.sessionId).toBeTruthy();
    }
  });

  it('citrineos-core#588: does so only when it is accepted', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    await app.start16(station.id, 'blocked-bob', new Date(), { reservationId: reservation!.number });
    expect(await statusOf(station)).toEqual(['ACTIVE']);
  });

  it('Q30: with the number 0 names none, and still uses that of its driver', async () => {
    const station = await app.anOnlineStation();
    await reserve(anna, station);
    await app.start16(station.id, 'card-bob', new Date(), { reservationId: 0 });
    expect(await statusOf(station)).toEqual(['ACTIVE']);
    await app.start16(station.id, 'app-anna', new Date(Date.now() + 1_000), { reservationId: 0 });
    expect(await statusOf(station)).toEqual(['USED']);
  });

  it('with another token of the same driver uses it too', async () => {
    const station = await app.anOnlineStation();
    await reserve(anna, station);
    await app.start16(station.id, 'card-anna', new Date(Date.now() + 1_000));
    expect(await statusOf(station)).toEqual(['USED']);
  });

  it('among those of many stations at the same moment uses the reservation of its own station only', async () => {
    const stations = await Promise.all([1, 2, 3, 4, 5].map(() => app.anOnlineStation()));
    for (const station of stations.slice(0, 4)) await reserve(anna, station);
    await Promise.all(
      stations.map((station, index) =>
        app.start16(station.id, index === 1 ? 'card-bob' : 'card-anna', new Date(Date.now() + 1_000)),
      ),
    );
    expect(await Promise.all(stations.map(statusOf))).toEqual([['USED'], ['ACTIVE'], ['USED'], ['USED'], []]);
    const used = await Promise.all([stations[0]!, stations[2]!, stations[3]!].map(reservationsOf));
    expect(new Set(used.map(([one]) => one?.sessionId)).size).toBe(3);
  });

  it('that comes late counts, although the time is over', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    await app.rig.sql(
      "UPDATE reservation SET due_at = to_timestamp(0) - interval '1 s' WHERE station_id = $1",
      [station.id],
    );
    await app.rig.running.background.jobs.get('expire-reservations')!.runDue();
    await app.start16(station.id, 'app-anna', new Date(), { reservationId: reservation!.number });
    expect(await statusOf(station)).toEqual(['USED']);
  });
});

describe('who sees what', () => {
  const LIST = 'edges { node { id } }';

  it('drivers their own, operators all of the tenant, strangers nothing', async () => {
    const station = await app.anOnlineStation();
    const { reservation } = await reserve(anna, station);
    const ids = async (who: TestPrincipal, query: string, field: string) => {
      const { data, errors } = await app.rig.graphql<Record<string, { edges: { node: { id: string } }[] }>>(
        who,
        query,
      );
      return data?.[field]?.edges.map(({ node }) => node.id) ?? errors?.[0]?.extensions.code;
    };
    const mine = `{ myReservations(first: 100) { ${LIST} } }`;
    const all = `{ reservations(first: 100) { ${LIST} } }`;
    expect(await ids(anna, mine, 'myReservations')).toContain(reservation!.id);
    expect(await ids(bob, mine, 'myReservations')).not.toContain(reservation!.id);
    expect(await ids(operator, all, 'reservations')).toContain(reservation!.id);
    expect(await ids(stranger, all, 'reservations')).toEqual([]);
    expect(await ids(anna, all, 'reservations')).toBe('FORBIDDEN');
  });
});
