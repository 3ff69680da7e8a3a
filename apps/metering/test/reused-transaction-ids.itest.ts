// Charges that a station tells under one transaction id. Real: Postgres, NATS JetStream, gRPC. Sessions and the gateway are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { aSessionSnapshot, ServiceRig, waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { meteringService } from '../src/metering.module.js';

const START = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 120 * 60_000);
const minute = (n: number) => new Date(START.getTime() + n * 60_000);
const CALL = { tenant: tenantId('demo') };
const { ENERGY_VERDICT_MEASURED: MEASURED } = metering.EnergyVerdict;

let rig: ServiceRig;
beforeAll(async () => {
  // Nothing is closed for being late here.
  const env = { KW_LATE_WINDOW_SECONDS: '3600' };
  rig = await ServiceRig.start({ service: meteringService, shape: configShape, env });
});
afterAll(() => rig.close());

const service = () => rig.grpc(metering.MeteringServiceClient);

/** Sessions of one station under the id "7": minute of the start, and whether it has a reference of its own. */
function charges(...starts: readonly (readonly [minute: number, again: boolean])[]) {
  const stationId = randomUUID();
  return starts.map(([start, again]) =>
    aSessionSnapshot({
      stationId,
      startedAt: minute(start),
      protocol: 'ocpp2.0.1',
      transactionRef: '7',
      ownTransactionRef: again ? `7|${minute(start).toISOString()}` : '',
    }),
  );
}
type Session = ReturnType<typeof charges>[number];

const started = (session: Session) =>
  rig.publish(events.sessionStarted, { aggregateId: session.sessionId, version: 1 }, { session });
const ended = (session: Session, end: number) =>
  rig.publish(
    events.sessionEnded,
    { aggregateId: session.sessionId, version: 2 },
    { session: { ...session, status: 'ENDED', endedAt: minute(end) } },
  );

function read({ stationId }: Session, at: number | Date, wh: number, context: string, seqNo?: number) {
  const measuredAt = at instanceof Date ? at : minute(at);
  const value = { value: String(wh), context, measurand: 'Energy.Active.Import.Register', unit: 'Wh' };
  const set = metering.MeterValueSet.fromPartial({
    tenant: 'demo',
    stationId,
    evseNumber: 1,
    transactionRef: '7',
    measuredAt,
    receivedAt: measuredAt,
    seqNo,
    samples: [{ ...value, phase: '', location: 'Outlet', multiplier: 0, signedData: '' }],
  });
  return service().recordReadings({ sets: [set] }, CALL);
}

const metered = ({ sessionId }: Session) =>
  waitFor('the energy to be closed', async () =>
    (await rig.published(events.sessionMetered)).find((event) => event.sessionId === sessionId),
  );
const known = ({ sessionId }: Session, version: number) =>
  waitFor('the session to be taken over', async () => {
    const [row] = await rig.sql<{ at: string }>(
      'select sessions_version as at from metered_session where session_id = $1',
      [sessionId],
    );
    return Number(row?.at) === version ? true : undefined;
  });
const soFar = async (...sessions: Session[]) => {
  const told = await service().tellEnergySoFar(
    { sessionIds: sessions.map(({ sessionId }) => sessionId) },
    CALL,
  );
  return sessions.map(
    ({ sessionId }) => told.sessions.find((other) => other.sessionId === sessionId)?.energyMwh,
  );
};

describe('the energy of charges under one transaction id', () => {
  it('is that of its own registers, though the whole queue came before anybody heard of the second one', async () => {
    const [first, second] = charges([0, false], [60, true]);
    await read(first!, 0, 1_000, 'Transaction.Begin');
    await read(first!, 20, 3_000, 'Transaction.End');
    await read(first!, 60, 3_000, 'Transaction.Begin');
    await read(first!, 70, 6_000, 'Sample.Periodic');
    await read(first!, 80, 8_000, 'Transaction.End');
    await started(first!);
    await ended(first!, 20);
    expect(await metered(first!)).toMatchObject({ energyMwh: 2_000_000, verdict: MEASURED });
    await started(second!);
    await ended(second!, 80);
    expect(await metered(second!)).toMatchObject({
      energyMwh: 5_000_000,
      beginRegisterMwh: 3_000_000,
      verdict: MEASURED,
    });
  });

  it('is that of its own time when the second one is told first, and when only samples tell it', async () => {
    const [second, first] = charges([60, false], [0, true]);
    await started(second!);
    await started(first!);
    await ended(first!, 60);
    await known(first!, 2);
    await known(second!, 1);
    for (const [at, wh] of [
      [0, 1_000],
      [30, 2_000],
      [59, 4_000],
      [60, 4_000],
      [90, 9_000],
    ] as const)
      await read(first!, at, wh, 'Sample.Periodic');
    expect(await soFar(first!, second!)).toEqual([3_000_000, 5_000_000]);
  });

  it('is told apart in the second in which one ends and the next begins', async () => {
    const [first, second, third] = charges([0, false], [20, true], [40, true]);
    for (const session of [third!, first!, second!]) await started(session);
    for (const session of [first!, second!, third!]) await known(session, 1);
    await read(first!, 0, 1_000, 'Transaction.Begin');
    await read(first!, 20, 3_000, 'Transaction.End');
    // The meter was replaced.
    await read(first!, 20, 70_000, 'Transaction.Begin');
    await read(first!, 40, 74_000, 'Transaction.End');
    await read(first!, new Date(minute(40).getTime() - 1_000), 74_000, 'Transaction.Begin');
    await read(first!, 50, 77_000, 'Transaction.End');
    await ended(third!, 50);
    await ended(second!, 40);
    await ended(first!, 20);
    const all = await Promise.all([first!, second!, third!].map(metered));
    expect(all.map(({ energyMwh, verdict }) => [energyMwh, verdict])).toEqual([
      [2_000_000, MEASURED],
      [4_000_000, MEASURED],
      [3_000_000, MEASURED],
    ]);
  });
});

describe('a reading', () => {
  it('is told as that of the session in whose time it was measured', async () => {
    const [first, second] = charges([0, false], [60, true]);
    await started(first!);
    await known(first!, 1);
    await read(first!, 1, 1_000, 'Sample.Periodic', 5);
    await started(second!);
    await known(second!, 1);
    await read(first!, 61, 2_000, 'Sample.Periodic', 1);
    const told = await waitFor('both to be told', async () => {
      const readings = (await rig.published(events.readingsRecorded)).flatMap((event) => event.readings);
      const own = readings.filter(({ stationId }) => stationId === first!.stationId);
      return own.length === 2 ? own : undefined;
    });
    expect(told.map(({ sessionId, transactionRef }) => [sessionId, transactionRef])).toEqual([
      [first!.sessionId, '7'],
      [second!.sessionId, second!.ownTransactionRef],
    ]);
  });
});
