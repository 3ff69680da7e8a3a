// Real: Postgres (own role, row-level security), NATS JetStream, gRPC. Sessions and the gateway are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { aSessionSnapshot, ServiceRig, waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { meteringService } from '../src/metering.module.js';

const START = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000);
const minute = (n: number) => new Date(START.getTime() + n * 60_000);

let rig: ServiceRig;
beforeAll(async () => {
  // Nothing is closed for being late here.
  const env = { KW_LATE_WINDOW_SECONDS: '3600' };
  rig = await ServiceRig.start({ service: meteringService, shape: configShape, env });
});
afterAll(() => rig.close());

async function aSession() {
  const session = aSessionSnapshot({ startedAt: START, transactionRef: '7' });
  const { sessionId } = session;
  await rig.publish(events.sessionStarted, { aggregateId: sessionId, version: 1 }, { session });
  return session;
}
type Session = Awaited<ReturnType<typeof aSession>>;

function read(
  { stationId }: Session,
  transactionRef: string,
  at: Date,
  wh: number,
  context: string,
  evseNumber = 1,
) {
  const value = { value: String(wh), context, measurand: 'Energy.Active.Import.Register', unit: 'Wh' };
  const samples = [{ ...value, phase: '', location: 'Outlet', multiplier: 0, signedData: '' }];
  const set = metering.MeterValueSet.fromPartial({
    tenant: 'demo',
    stationId,
    evseNumber,
    transactionRef,
    measuredAt: at,
    receivedAt: at,
    samples,
  });
  return rig
    .grpc(metering.MeteringServiceClient)
    .recordReadings({ sets: [set] }, { tenant: tenantId('demo') });
}

function attached(session: Session, orphanTransactionRef: string, at: Date, eventId: string = randomUUID()) {
  const { sessionId, stationId, transactionRef, evseNumber } = session;
  return rig.publish(
    events.orphanAttached,
    { aggregateId: sessionId, version: 1, eventId },
    {
      orphanId: randomUUID(),
      stationId,
      sessionId,
      transactionRef,
      evseNumber,
      sessionStartedAt: START,
      orphanTransactionRef,
      occurredAt: at,
    },
  );
}

const ended = (session: Session, endedAt: Date) =>
  rig.publish(
    events.sessionEnded,
    { aggregateId: session.sessionId, version: 2 },
    { session: { ...session, status: 'ENDED', endedAt } },
  );

const metered = ({ sessionId }: Session) =>
  waitFor('the energy to be closed', async () =>
    (await rig.published(events.sessionMetered)).find((event) => event.sessionId === sessionId),
  );

describe('the readings of a message that a person attached', () => {
  it('are those of its session: the closing register of a stop under a wrong number is billed', async () => {
    const session = await aSession();
    await read(session, '7', minute(0), 1_000, 'Transaction.Begin');
    await read(session, '99', minute(20), 9_000, 'Transaction.End', 0);
    await attached(session, '99', minute(20));
    await ended(session, minute(20));
    expect(await metered(session)).toMatchObject({
      energyMwh: 8_000_000,
      verdict: metering.EnergyVerdict.ENERGY_VERDICT_MEASURED,
      endRegisterMwh: 9_000_000,
      deviations: ['attached'],
    });
  });

  it('close the energy when the session ended before they came', async () => {
    const session = await aSession();
    await read(session, '7', minute(0), 1_000, 'Transaction.Begin');
    await read(session, '0', minute(20), 4_000, 'Transaction.End', 0);
    await ended(session, minute(20));
    await attached(session, '', minute(20));
    expect(await metered(session)).toMatchObject({ energyMwh: 3_000_000 });
  });

  it('count once, however often it is told', async () => {
    const session = await aSession();
    const eventId = randomUUID();
    await read(session, '7', minute(0), 1_000, 'Transaction.Begin');
    await read(session, '99', minute(20), 3_000, 'Transaction.End');
    await attached(session, '99', minute(20), eventId);
    await attached(session, '99', minute(20), eventId);
    await attached(session, '99', minute(20));
    await ended(session, minute(20));
    expect(await metered(session)).toMatchObject({ energyMwh: 2_000_000 });
    const rows = await rig.sql('select 1 from reading where station_id = $1', [session.stationId]);
    expect(rows).toHaveLength(3);
  });

  it('are none of another EVSE, nor of another time under no number', async () => {
    const session = await aSession();
    await read(session, '7', minute(0), 1_000, 'Transaction.Begin');
    await read(session, '', minute(10), 700_000, 'Transaction.End', 0);
    await read(session, '', minute(20), 800_000, 'Transaction.End', 2);
    await read(session, '', minute(20), 5_000, 'Transaction.End', 0);
    await attached(session, '', minute(20));
    await ended(session, minute(20));
    expect(await metered(session)).toMatchObject({ energyMwh: 4_000_000 });
  });
});
