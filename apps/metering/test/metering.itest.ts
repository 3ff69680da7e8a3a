// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC. Sessions and the gateway are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, metering, type sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { connect } from '@nats-io/transport-node';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { meteringService } from '../src/metering.module.js';

const DEMO = { tenant: tenantId('demo') };
const START = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 30 * 60_000);
const minute = (n: number) => new Date(START.getTime() + n * 60_000);

let rig: ServiceRig;
let service: ReturnType<typeof client>;
const client = () => rig.grpc(metering.MeteringServiceClient);

beforeAll(async () => {
  rig = await ServiceRig.start({
    service: meteringService,
    shape: configShape,
    env: { KW_LATE_WINDOW_SECONDS: '1' },
  });
  service = client();
});
afterAll(async () => {
  await rig.close();
});

interface Transaction {
  readonly sessionId: string;
  readonly stationId: string;
  readonly ref: string;
  readonly driver: TestPrincipal;
}

function aTransaction(): Transaction {
  const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
  return {
    sessionId: randomUUID(),
    stationId: randomUUID(),
    ref: String(Math.floor(Math.random() * 1e9)),
    driver,
  };
}

function snapshot(tx: Transaction, over: Partial<sessions.SessionSnapshot> = {}): sessions.SessionSnapshot {
  const { sessionId, stationId, ref: transactionRef, driver } = tx;
  const { accountId } = driver;
  return aSessionSnapshot({ sessionId, stationId, transactionRef, accountId, startedAt: START, ...over });
}

const started = (tx: Transaction) =>
  rig.publish(events.sessionStarted, { aggregateId: tx.sessionId, version: 1 }, { session: snapshot(tx) });
const ended = (tx: Transaction, at: Date) =>
  rig.publish(
    events.sessionEnded,
    { aggregateId: tx.sessionId, version: 2 },
    { session: snapshot(tx, { status: 'ENDED', endedAt: at }) },
  );

function set(
  tx: Transaction,
  at: Date,
  wh: number,
  over: Partial<metering.MeterValueSet> = {},
  context = 'Sample.Periodic',
) {
  const sample = (measurand: string, value: string, unit: string) => ({
    value,
    context,
    measurand,
    phase: '',
    location: 'Outlet',
    unit,
    multiplier: 0,
    signedData: '',
  });
  return metering.MeterValueSet.fromPartial({
    tenant: 'demo',
    stationId: tx.stationId,
    evseNumber: 1,
    connectorNumber: 1,
    transactionRef: tx.ref,
    measuredAt: at,
    receivedAt: at,
    samples: [
      sample('Energy.Active.Import.Register', String(wh), 'Wh'),
      sample('Power.Active.Import', '7200', 'W'),
      sample('SoC', String(40 + Math.round((at.getTime() - START.getTime()) / 60_000)), 'Percent'),
    ],
    ...over,
  });
}

const record = (...sets: metering.MeterValueSet[]) => service.recordReadings({ sets }, DEMO);
const metered = async (tx: Transaction) =>
  (await rig.published(events.sessionMetered)).filter((event) => event.sessionId === tx.sessionId);
const FIELDS =
  'energyWh energyStatus livePowerW estimatedFullAt registers { beginWh endWh } powerCurve(resolutionSeconds: 60) { powerW energyWh }';

async function aMeteredSession(): Promise<Transaction> {
  const tx = aTransaction();
  await started(tx);
  await record(
    set(tx, minute(0), 10_000, {}, 'Transaction.Begin'),
    set(tx, minute(10), 11_200),
    set(tx, minute(20), 12_400),
    set(tx, minute(25), 13_000, {}, 'Transaction.End'),
  );
  await ended(tx, minute(25));
  await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
  return tx;
}

describe('readings', () => {
  it('are stored once however often they are sent', async () => {
    const tx = aTransaction();
    const sets = [set(tx, minute(0), 1_000), set(tx, minute(1), 1_100)];
    expect(await record(...sets)).toEqual({ stored: 2, duplicates: 0 });
    expect(await record(...sets)).toEqual({ stored: 0, duplicates: 2 });
    expect(await record(sets[0]!, sets[0]!, set(tx, minute(2), 1_200))).toEqual({ stored: 1, duplicates: 2 });
  });

  it('of several tenants in one batch stay apart', async () => {
    const tx = aTransaction();
    await record(set(tx, minute(0), 1), set(tx, minute(0), 1, { tenant: 'other' }));
    const count = async (tenant: string) =>
      (
        await rig.sql<{ n: string }>(
          'select count(*) as n from reading where station_id = $1',
          [tx.stationId],
          tenant,
        )
      )[0]!.n;
    expect([await count('demo'), await count('other'), await count('third')]).toEqual(['1', '1', '0']);
    const recorded = await rig.published(events.readingsRecorded, 'other');
    expect(recorded.flatMap((event) => event.readings.map((reading) => reading.stationId))).toContain(
      tx.stationId,
    );
  });

  it('belong to sessions of their own tenant only, whatever was looked up for another', async () => {
    const tx = aTransaction();
    await started(tx);
    const known = () => rig.sql('select 1 from metered_session where session_id = $1', [tx.sessionId]);
    await waitFor('the session to be known', async () => (await known()).length > 0);
    await record(set(tx, minute(0), 1));
    await record(set(tx, minute(1), 2, { tenant: 'other' }), set(tx, minute(1), 2));
    const sessionsIn = async (tenant: string) =>
      (await rig.published(events.readingsRecorded, tenant))
        .flatMap((event) => event.readings)
        .filter((reading) => reading.stationId === tx.stationId)
        .map((reading) => reading.sessionId);
    expect(await sessionsIn('demo')).toEqual([tx.sessionId, tx.sessionId]);
    expect(await sessionsIn('other')).toEqual(['']);
  });

  it('that are new are announced, each of them, beside repeated ones with the same values', async () => {
    const tx = aTransaction();
    const idle = (n: number) => set(tx, minute(n), 1_000, { samples: set(tx, minute(0), 1_000).samples });
    await record(idle(0));
    expect(await record(idle(0), idle(1), idle(2))).toEqual({ stored: 2, duplicates: 1 });
    const announced = (await rig.published(events.readingsRecorded))
      .flatMap((event) => event.readings)
      .filter((reading) => reading.stationId === tx.stationId);
    expect(announced.map((reading) => reading.measuredAt)).toEqual([minute(0), minute(1), minute(2)]);
  });

  it('keep what the station said of each sample, and nothing it did not say', async () => {
    const tx = aTransaction();
    const [register] = set(tx, minute(0), 1_000).samples;
    const samples = [register!, { ...register!, value: '1.0', context: '', location: '', multiplier: 3, signedData: 'c2ln' }]; // prettier-ignore
    await record(set(tx, minute(0), 0, { samples }));
    const stored = await rig.sql<{ raw: unknown }>(
      `select raw_samples(reading) as raw from metering.reading where station_id = '${tx.stationId}' order by context`,
    );
    const common = { measurand: 'Energy.Active.Import.Register', unit: 'Wh' };
    expect(stored.flatMap((row) => row.raw)).toEqual([
      { ...common, value: '1000', context: 'Sample.Periodic', location: 'Outlet' },
      { ...common, value: '1.0', multiplier: 3, signedData: 'c2ln' },
    ]);
  });

  it('with figures that no meter can show are stored nevertheless', async () => {
    const tx = aTransaction();
    const samples = set(tx, minute(0), 1_000).samples.map((sample) =>
      sample.measurand === 'Power.Active.Import' ? { ...sample, value: '4294967295' } : sample,
    );
    expect(await record(set(tx, minute(0), 0, { samples }))).toEqual({ stored: 1, duplicates: 0 });
  });

  it('of a stop that brings a whole night are announced in parts that can be published', async () => {
    const tx = aTransaction();
    const ref = 'r'.repeat(255);
    const night = Array.from({ length: 3_000 }, (_, i) => {
      const at = new Date(minute(0).getTime() + i * 100);
      return set(tx, at, i, { transactionRef: ref, samples: [{ ...set(tx, at, i).samples[0]! }] });
    });
    expect(await record(...night)).toEqual({ stored: 3_000, duplicates: 0 });
  });

  it('of an invalid tenant are refused as a whole, nothing is stored', async () => {
    const tx = aTransaction();
    await expect(record(set(tx, minute(0), 1), set(tx, minute(0), 1, { tenant: '*' }))).rejects.toMatchObject(
      { kind: 'INVALID' },
    );
    expect(await rig.sql('select 1 from reading where station_id = $1', [tx.stationId])).toEqual([]);
  });
});

describe('session energy', () => {
  it('is closed with the end when begin and end registers are there, once', async () => {
    const tx = await aMeteredSession();
    await ended(tx, minute(25));
    const [event, ...more] = await metered(tx);
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      energyMwh: 3_000_000,
      verdict: metering.EnergyVerdict.ENERGY_VERDICT_MEASURED,
      beginRegisterMwh: 10_000_000,
      endRegisterMwh: 13_000_000,
    });
    expect(event!.intervals.reduce((sum, interval) => sum + interval.energyMwh, 0)).toBe(3_000_000);
  });

  it('waits for a late closing reading, then goes by what is there', async () => {
    const late = aTransaction();
    await started(late);
    await record(set(late, minute(0), 5_000, {}, 'Transaction.Begin'), set(late, minute(10), 6_000));
    await ended(late, minute(20));
    await record(set(late, minute(20), 7_000, {}, 'Transaction.End'));
    await waitFor('the late window to pass', async () => (await metered(late)).length > 0);
    expect((await metered(late))[0]).toMatchObject({ energyMwh: 2_000_000 });
  });

  it('Q29: counts readings without a transaction by EVSE and time', async () => {
    const tx = aTransaction();
    await started(tx);
    await record(
      set(tx, minute(0), 100, { transactionRef: '-1' }, 'Transaction.Begin'),
      set(tx, minute(5), 400, { transactionRef: '0' }, 'Transaction.End'),
      set(tx, minute(-60), 1, { transactionRef: '' }),
      set(tx, minute(6), 9_999, { transactionRef: '', evseNumber: 2 }),
    );
    await ended(tx, minute(5));
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({ energyMwh: 300_000 });
  });

  it('counts readings without a transaction though its EVSE was told only after the start', async () => {
    const tx = aTransaction();
    await rig.publish(
      events.sessionStarted,
      { aggregateId: tx.sessionId, version: 1 },
      { session: snapshot(tx, { evseNumber: 0, maxCurrentA: 0 }) },
    );
    await record(
      set(tx, minute(0), 100, { transactionRef: '' }, 'Transaction.Begin'),
      set(tx, minute(5), 400, { transactionRef: '' }, 'Transaction.End'),
    );
    await waitFor('the start to be known', async () => {
      const sql = 'select 1 from metered_session where session_id = $1';
      return (await rig.sql(sql, [tx.sessionId])).length > 0;
    });
    await ended(tx, minute(5));
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({ energyMwh: 300_000 });
  });

  it('Q41: does not take the meter of the whole station for the one of an EVSE that is not known', async () => {
    const tx = aTransaction();
    await record(
      set(tx, minute(0), 100, {}, 'Transaction.Begin'),
      set(tx, minute(1), 90_000_000, { transactionRef: '', evseNumber: 0 }),
      set(tx, minute(5), 400, {}, 'Transaction.End'),
    );
    await rig.publish(
      events.sessionEnded,
      { aggregateId: tx.sessionId, version: 2 },
      { session: snapshot(tx, { status: 'ENDED', endedAt: minute(5), evseNumber: 0 }) },
    );
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({
      energyMwh: 300_000,
      verdict: metering.EnergyVerdict.ENERGY_VERDICT_MEASURED,
    });
  });

  it('counts the closing register of a session with more readings than are looked at', async () => {
    const tx = aTransaction();
    await record(
      set(tx, minute(0), 1_000, {}, 'Transaction.Begin'),
      set(tx, new Date(minute(0).getTime() + 44_000), 46_000, {}, 'Transaction.End'),
    );
    // A reading each millisecond.
    await rig.sql(
      `insert into reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at,
          connector_number, offline, energy_import_mwh, samples)
        select 'demo', $1, $2, 1, $3::timestamptz + n * interval '1 millisecond', n, 'PERIODIC', $3, 1, false,
          1000000 + n * 1000, '[]' from generate_series(1, 43500) n`,
      [tx.stationId, tx.ref, minute(0)],
    );
    await rig.publish(
      events.sessionEnded,
      { aggregateId: tx.sessionId, version: 2 },
      { session: snapshot(tx, { status: 'ENDED', endedAt: minute(1), maxCurrentA: 0 }) },
    );
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({ energyMwh: 45_000_000, endRegisterMwh: 46_000_000 });
  });

  it('Q33: counts a closing register without a transaction that was measured a moment after the end', async () => {
    const tx = aTransaction();
    const after = (seconds: number) => new Date(minute(5).getTime() + seconds * 1000);
    await record(
      set(tx, minute(0), 100, {}, 'Transaction.Begin'),
      set(tx, after(1), 400, { transactionRef: '' }, 'Transaction.End'),
      set(tx, after(2), 500, { transactionRef: '' }),
      set(tx, after(60), 700, { transactionRef: '' }, 'Transaction.End'),
    );
    await ended(tx, minute(5));
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({ energyMwh: 300_000 });
  });

  it('Q33: counts a closing register of the transaction that came after its end, which stays as it was', async () => {
    const tx = aTransaction();
    await record(set(tx, minute(0), 100, {}, 'Transaction.Begin'));
    await ended(tx, minute(5));
    await record(set(tx, minute(5), 400, {}, 'Transaction.End'));
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({ energyMwh: 300_000, endRegisterMwh: 400_000 });
  });

  it('Q41: never adds the meter of connector 0 to that of a connector', async () => {
    const tx = aTransaction();
    await started(tx);
    await record(
      set(tx, minute(0), 100, {}, 'Transaction.Begin'),
      set(tx, minute(1), 5_000_000, { transactionRef: '', evseNumber: 0, connectorNumber: 0 }),
      set(tx, minute(2), 200),
      set(tx, minute(3), 5_000_900, { transactionRef: '', evseNumber: 0, connectorNumber: 0 }),
      set(tx, minute(5), 400, {}, 'Transaction.End'),
    );
    await ended(tx, minute(5));
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({ energyMwh: 300_000 });
  });

  it('wire: MeterValues in a transaction: those of shiv3 (2.x) name none and are counted all the same', async () => {
    const tx = aTransaction();
    const outside = { transactionRef: '', connectorNumber: 0 };
    const session = snapshot(tx, { protocol: 'ocpp2.0.1' });
    await rig.publish(events.sessionStarted, { aggregateId: tx.sessionId, version: 1 }, { session });
    await record(
      set(tx, minute(0), 100, outside),
      set(tx, minute(2), 250, outside),
      set(tx, minute(5), 400, outside),
    );
    await rig.publish(
      events.sessionEnded,
      { aggregateId: tx.sessionId, version: 2 },
      { session: { ...session, status: 'ENDED', endedAt: minute(5) } },
    );
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx))[0]).toMatchObject({ energyMwh: 300_000 });
  });

  it('of sessions that start and end together is that of each alone', async () => {
    const transactions = [2, 5, 3].map((kwh) => ({ tx: aTransaction(), kwh }));
    const open = aTransaction();
    await Promise.all([...transactions.map(({ tx }) => started(tx)), started(open)]);
    await record(
      ...transactions.flatMap(({ tx, kwh }) => [
        set(tx, minute(0), 1_000, {}, 'Transaction.Begin'),
        set(tx, minute(25), 1_000 + kwh * 1_000, {}, 'Transaction.End'),
      ]),
      set(open, minute(0), 1_000, {}, 'Transaction.Begin'),
      set(open, minute(25), 1_400),
    );
    await Promise.all([
      // What comes late must neither reopen a session nor move its end.
      ...transactions.flatMap(({ tx }) => [ended(tx, minute(25)), started(tx), ended(tx, minute(30))]),
      ended(open, minute(25)),
    ]);
    for (const { tx, kwh } of transactions) {
      const closed = await waitFor('the energy to be closed', async () => {
        const found = await metered(tx);
        return found.length > 0 ? found : undefined;
      });
      expect(closed).toMatchObject([
        {
          energyMwh: kwh * 1_000_000,
          beginRegisterMwh: 1_000_000,
          endRegisterMwh: 1_000_000 + kwh * 1_000_000,
        },
      ]);
      expect(
        await rig.sql(
          'select status, ended_at, due_at, energy_mwh from metered_session where session_id = $1',
          [tx.sessionId],
        ),
      ).toEqual([
        { status: 'ENDED', ended_at: minute(25), due_at: null, energy_mwh: String(kwh * 1_000_000) },
      ]);
    }
    await waitFor('the late window to pass', async () => (await metered(open)).length > 0);
    expect(await metered(open)).toMatchObject([{ energyMwh: 400_000 }]);
  });

  it('is the same when the end arrives before the start', async () => {
    const tx = aTransaction();
    await record(
      set(tx, minute(0), 0, {}, 'Transaction.Begin'),
      set(tx, minute(5), 500, {}, 'Transaction.End'),
    );
    await ended(tx, minute(5));
    await started(tx);
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    expect((await metered(tx)).map((event) => event.energyMwh)).toEqual([500_000]);
  });
});

describe('the energy so far', () => {
  const soFar = async (sessionIds: string[], tenant = 'demo') =>
    (await service.tellEnergySoFar({ sessionIds }, { tenant: tenantId(tenant) })).sessions;

  it('is what is told when the session closes with nothing more on its meter', async () => {
    const tx = aTransaction();
    await started(tx);
    await waitFor('the session', async () => (await soFar([tx.sessionId])).length > 0);
    await record(
      set(tx, minute(0), 10_000, {}, 'Transaction.Begin'),
      set(tx, minute(10), 11_200),
      set(tx, minute(20), 12_400),
    );
    const [running] = await soFar([tx.sessionId]);
    expect(running).toMatchObject({
      energyMwh: 2_400_000,
      intervals: [{ powerW: 7_200 }, { powerW: 7_200 }],
    });
    await record(set(tx, minute(25), 12_400, {}, 'Transaction.End'));
    await ended(tx, minute(25));
    await waitFor('the energy to be closed', async () => (await metered(tx)).length > 0);
    const [closed] = await metered(tx);
    expect(closed?.intervals.slice(0, -1)).toEqual(running?.intervals);
    expect(closed?.energyMwh).toBe(running?.energyMwh);
    const { meta: _, ...told } = closed!;
    expect(await soFar([tx.sessionId])).toEqual([{ ...told, meta: undefined }]);
  });

  it('is told of the tenant’s own sessions alone, of many at a time, and of no more than is good', async () => {
    const charges = [aTransaction(), aTransaction()];
    for (const tx of charges) await started(tx);
    const ids = charges.map(({ sessionId }) => sessionId);
    await waitFor('the sessions', async () => (await soFar(ids)).length === 2);
    expect((await soFar([...ids, randomUUID()])).map(({ sessionId }) => sessionId).sort()).toEqual(
      [...ids].sort(),
    );
    expect(await soFar(ids, 'other')).toEqual([]);
    await expect(soFar(['nonsense'])).rejects.toMatchObject({ kind: 'INVALID' });
    await expect(soFar(Array.from({ length: 21 }, () => randomUUID()))).rejects.toMatchObject({
      kind: 'INVALID',
    });
  });
});

describe('what people see', () => {
  it('is live while the session runs: power, energy so far, time to full', async () => {
    const tx = aTransaction();
    await started(tx);
    await record(
      set(tx, minute(20), 1_000, {}, 'Transaction.Begin'),
      set(tx, minute(25), 1_600),
      set(tx, minute(29), 2_080),
    );
    await waitFor(
      'the session to be known',
      async () => (await rig.entity(tx.driver, 'Session', tx.sessionId, FIELDS)).entity !== null,
    );
    const { entity } = await rig.entity(tx.driver, 'Session', tx.sessionId, FIELDS);
    expect(entity).toMatchObject({
      energyWh: 1_080,
      energyStatus: 'RUNNING',
      livePowerW: 7_200,
      registers: { beginWh: 1_000 },
    });
    expect(new Date(entity!['estimatedFullAt'] as string).getTime()).toBeGreaterThan(Date.now());
    const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
    const { data } = await rig.graphql<{ livePower: { powerW: number } }>(
      operator,
      '{ livePower { powerW activeSessions } }',
    );
    expect(data!.livePower.powerW).toBeGreaterThanOrEqual(7_200);
    expect((await rig.graphql(tx.driver, '{ livePower { powerW } }')).codes).toEqual(['FORBIDDEN']);
  });

  it('is live also by readings that name no transaction, and others are told whose they are', async () => {
    const tx = aTransaction();
    const nameless = { transactionRef: '', receivedAt: new Date() };
    // Before the session, which the EVSE's meter shows too: not part of it.
    await record(set(tx, minute(-10), 500, nameless));
    await started(tx);
    const seen = async () =>
      (await rig.entity(tx.driver, 'Session', tx.sessionId, 'energyWh livePowerW socPercent')).entity;
    await waitFor('the session to be known', async () => (await seen()) !== null);
    await record(
      set(tx, minute(1), 1_000, {}, 'Transaction.Begin'),
      set(tx, minute(20), 2_500, nameless),
      set(tx, minute(21), 9_000, { ...nameless, evseNumber: 2 }),
    );
    expect(await seen()).toMatchObject({ energyWh: 1_500, livePowerW: 7_200, socPercent: 60 });
    const told = (await rig.published(events.readingsRecorded))
      .flatMap(({ readings }) => readings)
      .filter(({ stationId }) => stationId === tx.stationId);
    expect(told.map(({ transactionRef, sessionId }) => [transactionRef, sessionId])).toEqual([
      ['', ''],
      [tx.ref, tx.sessionId],
      [tx.ref, tx.sessionId],
      ['', ''],
    ]);
    await ended(tx, minute(25));
    const after = aTransaction();
    await record(set({ ...after, stationId: tx.stationId }, minute(26), 3_000, nameless));
    await waitFor('the session to be over', async () => (await seen())?.['livePowerW'] === null);
    expect(await seen()).toMatchObject({ energyWh: 1_500 });
  });

  it('is live also when a station names the EVSE at the start only', async () => {
    const tx = aTransaction();
    await started(tx);
    await record(
      set(tx, minute(20), 1_000, {}, 'Transaction.Begin'),
      set(tx, minute(25), 1_600, { evseNumber: 0, receivedAt: new Date() }),
    );
    const seen = async () =>
      (await rig.entity(tx.driver, 'Session', tx.sessionId, 'energyWh livePowerW')).entity;
    await waitFor('the session to be known', async () => (await seen()) !== null);
    expect(await seen()).toMatchObject({ energyWh: 600, livePowerW: 7_200 });
  });

  it('tells when a state of charge or an energy is reached, also by what the car did before', async () => {
    const tx = aTransaction();
    const earlier = { ...aTransaction(), driver: tx.driver };
    const begun = new Date(START.getTime() - 86_400_000);
    const of = (which: Transaction, from: Date, n: number, wh: number, soc: number, context?: string) =>
      set(
        which,
        new Date(from.getTime() + n * 60_000),
        wh,
        {
          receivedAt: new Date(),
          samples: set(which, minute(0), wh, {}, context).samples.map((sample) =>
            sample.measurand === 'SoC' ? { ...sample, value: String(soc) } : sample,
          ),
        },
        context,
      );
    // 7.2 kW for 100 minutes are 12 kWh, and 20 % of the battery: it holds 60 kWh.
    await record(
      ...Array.from({ length: 101 }, (_, n) =>
        of(
          earlier,
          begun,
          n,
          n * 120,
          40 + n / 5,
          n === 0 ? 'Transaction.Begin' : n === 100 ? 'Transaction.End' : undefined,
        ),
      ),
    );
    const over = { status: 'ENDED', startedAt: begun, endedAt: new Date(begun.getTime() + 100 * 60_000) };
    await rig.publish(
      events.sessionEnded,
      { aggregateId: earlier.sessionId, version: 2 },
      { session: snapshot(earlier, over) },
    );
    await waitFor('the energy to be closed', async () => (await metered(earlier)).length > 0);
    await rig.sql(
      `update metered_session set curve_due_at = now() - interval '1 second' where session_id = $1`,
      [earlier.sessionId],
    );
    await rig.running.background.jobs.get('fill-curves')!.runDue();

    await started(tx);
    await record(of(tx, START, 20, 1_000, 50, 'Transaction.Begin'), of(tx, START, 21, 1_120, 50));
    const ask = async (field: string) =>
      rig.entity<{ estimatedAt: string | null }>(tx.driver, 'Session', tx.sessionId, field);
    await waitFor('the session to be known', async () => (await ask('energyWh')).entity !== null);
    const minutesTo = async (target: string) => {
      const { entity } = await ask(`estimatedAt(${target})`);
      return entity!.estimatedAt === null
        ? null
        : Math.round((new Date(entity!.estimatedAt).getTime() - minute(21).getTime()) / 60_000);
    };
    // 10 % of 60 kWh at 7.2 kW; 1.2 kWh in all, of which 0.12 are charged.
    expect(await minutesTo('soc: 60')).toBe(50);
    expect(await minutesTo('energyWh: 1200')).toBe(9);
    expect(await minutesTo('soc: 50')).toBeNull();
    for (const wrong of ['soc: 101', 'soc: 50, energyWh: 10', 'energyWh: -1'])
      expect((await ask(`estimatedAt(${wrong})`)).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('is the power of a place: of EVSE, station and location, and each change of it is told', async () => {
    const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
    const locationId = randomUUID();
    const [first, second, stale] = [aTransaction(), aTransaction(), aTransaction()];
    const at = (tx: Transaction) => ({ locationId, evseId: `evse-${tx.stationId}` });
    const told = new Set<string>();
    const connection = await connect({ servers: rig.natsUrl });
    const subscription = connection.subscribe('live.power.demo.*', {
      callback: (_error, message) => void told.add(message.subject.split('.').at(-1)!),
    });
    try {
      for (const tx of [first, second, stale])
        await rig.publish(
          events.sessionStarted,
          { aggregateId: tx.sessionId, version: 1 },
          { session: snapshot(tx, at(tx)) },
        );
      const known = () =>
        rig
          .sql('select 1 from metered_session where location_id = $1', [locationId])
          .then((rows) => rows.length);
      await waitFor('the sessions to be known', async () => (await known()) === 3);
      told.clear();
      const now = { receivedAt: new Date() };
      await record(
        set(first, minute(1), 100, now),
        set(second, minute(1), 100, now),
        set(stale, minute(1), 100, { receivedAt: new Date(Date.now() - 3_600_000) }),
      );
      const query = 'query($id: ID!) { livePowerAt(id: $id) { powerW activeSessions } }';
      const power = async (typename: string, id: string, asker: TestPrincipal = operator) =>
        (await rig.entity(asker, typename, id, 'livePowerW')).entity;
      expect(await power('Location', locationId)).toEqual({ livePowerW: 14_400 });
      expect(await power('Station', first.stationId)).toEqual({ livePowerW: 7_200 });
      expect(await power('Evse', at(second).evseId)).toEqual({ livePowerW: 7_200 });
      expect(await power('Station', randomUUID())).toEqual({ livePowerW: 0 });
      expect(await power('Location', locationId, { ...operator, tenant: 'other' })).toEqual({
        livePowerW: 0,
      });
      expect(await power('Location', locationId, first.driver)).toEqual({ livePowerW: null });
      const asked = async (id: string) => (await rig.graphql(operator, query, { id })).data!['livePowerAt'];
      expect(await asked(locationId)).toEqual({ powerW: 14_400, activeSessions: 3 });
      expect(await asked(second.stationId)).toEqual({ powerW: 7_200, activeSessions: 1 });
      expect(await asked('all')).toMatchObject({ powerW: expect.any(Number) });
      for (const id of ["nothing'; --", randomUUID()])
        expect(await asked(id)).toEqual({ powerW: 0, activeSessions: 0 });
      const { data } = await rig.graphql({ ...operator, tenant: 'other' }, query, { id: locationId });
      expect(data!['livePowerAt']).toEqual({ powerW: 0, activeSessions: 0 });
      expect((await rig.graphql(first.driver, query, { id: locationId })).codes).toEqual(['FORBIDDEN']);
      await waitFor('it to be told', async () => told.has(locationId) && told.has('all'));
      expect([...told]).toEqual(expect.arrayContaining([first.stationId, at(first).evseId]));
      await rig.publish(
        events.sessionEnded,
        { aggregateId: first.sessionId, version: 2 },
        { session: snapshot(first, { ...at(first), status: 'ENDED', endedAt: minute(2) }) },
      );
      await waitFor(
        'one to be over',
        async () => (await power('Location', locationId))!['livePowerW'] === 7_200,
      );
    } finally {
      subscription.unsubscribe();
      await connection.close();
    }
  });

  it('is the closed energy and the curve afterwards, for its driver and the operators alone', async () => {
    const tx = await aMeteredSession();
    const see = (principal: TestPrincipal | null) => rig.entity(principal, 'Session', tx.sessionId, FIELDS);
    const { entity } = await see(tx.driver);
    expect(entity).toMatchObject({ energyWh: 3_000, energyStatus: 'MEASURED', livePowerW: null });
    expect((entity!['powerCurve'] as { powerW: number }[]).map((point) => point.powerW)).toEqual([
      7_200, 7_200, 7_200, 7_200,
    ]);
    expect((await see({ accountId: randomUUID(), tenant: 'demo', role: 'operator' })).entity).toEqual(entity);
    for (const stranger of [
      { accountId: randomUUID(), tenant: 'demo', role: 'driver' },
      { accountId: tx.driver.accountId, tenant: 'other', role: 'driver' },
      { accountId: randomUUID(), tenant: 'other', role: 'operator' },
    ] as const) {
      expect((await see(stranger)).entity).toBeNull();
    }
    expect((await see(null)).codes).toEqual(['UNAUTHENTICATED']);
    const wrong = await rig.entity(
      tx.driver,
      'Session',
      tx.sessionId,
      'powerCurve(resolutionSeconds: 0) { powerW }',
    );
    expect(wrong.codes).toEqual(['BAD_USER_INPUT']);
  });
});
