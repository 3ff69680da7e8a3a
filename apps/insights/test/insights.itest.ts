// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions, metering and load management are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, metering, type sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { Database, tenantScope, type Tx } from '@kilowatch/platform';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { newState, type DetectorState } from '../src/domain/watch.js';
import { insightsService } from '../src/insights.module.js';
import { askForLook } from '../src/persistence/judgement.repository.js';
import { lockWatches, saveStates, tryLockWatch } from '../src/persistence/watch.repository.js';

const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
const START = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60 * 60_000);
const minute = (n: number) => new Date(START.getTime() + n * 60_000);

let rig: ServiceRig;
beforeAll(async () => {
  rig = await ServiceRig.start({ service: insightsService, shape: configShape });
});
afterAll(() => rig.close());

interface Charging {
  readonly sessionId: string;
  readonly stationId: string;
  readonly ref: string;
  readonly driver: TestPrincipal;
}
function aSession(stationId: string = randomUUID()): Charging {
  const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
  return { sessionId: randomUUID(), stationId, ref: String(Math.floor(Math.random() * 1e9)), driver };
}

function snapshot(session: Charging, over: Partial<sessions.SessionSnapshot> = {}): sessions.SessionSnapshot {
  const { sessionId, stationId, ref: transactionRef, driver } = session;
  const statePeriods = [{ state: 'CHARGING', from: START, to: undefined }];
  const { accountId } = driver;
  return aSessionSnapshot({
    sessionId,
    stationId,
    transactionRef,
    accountId,
    startedAt: START,
    statePeriods,
    ...over,
  });
}

const started = (session: Charging, over: Partial<sessions.SessionSnapshot> = {}) =>
  rig.publish(
    events.sessionStarted,
    { aggregateId: session.sessionId, version: 1 },
    { session: snapshot(session, over) },
  );
const endOf = (session: Charging, over: Partial<sessions.SessionSnapshot> = {}) => ({
  session: snapshot(session, {
    status: 'ENDED',
    endedAt: minute(30),
    stopReason: 'Local',
    statePeriods: [
      { state: 'CHARGING', from: START, to: minute(20) },
      { state: 'SUSPENDED_EV', from: minute(20), to: minute(30) },
    ],
    ...over,
  }),
});
const ended = (session: Charging, over: Partial<sessions.SessionSnapshot> = {}, version = 5) =>
  rig.publish(events.sessionEnded, { aggregateId: session.sessionId, version }, endOf(session, over));
const metered = (session: Charging, wh: number, eventId?: string) =>
  rig.publish(
    events.sessionMetered,
    { aggregateId: session.sessionId, version: 1, ...(eventId ? { eventId } : {}) },
    {
      sessionId: session.sessionId, energyMwh: wh * 1000, verdict: metering.EnergyVerdict.ENERGY_VERDICT_MEASURED,
      beginRegisterMwh: undefined, endRegisterMwh: undefined, intervals: [], deviations: [], maxPowerW: 11_000,
      signedVerdict: metering.SignedVerdict.SIGNED_VERDICT_UNSIGNED, signedReasons: [],
    }, // prettier-ignore
  );

/** Power by minute from `from` on, as one batch; the register follows. */
async function readings(
  session: Charging,
  from: number,
  watts: readonly number[],
  over: Partial<metering.ReadingSummary> = {},
) {
  let energyMwh = 5_000_000 + from * 1_000_000;
  const batch = watts.map((powerW, index) => {
    energyMwh += Math.round((powerW * 1000) / 60);
    return {
      ...metering.ReadingSummary.fromPartial({
        stationId: session.stationId,
        evseNumber: 1,
        transactionRef: session.ref,
      }),
      measuredAt: minute(from + index),
      receivedAt: minute(from + index),
      energyImportMwh: energyMwh,
      powerW,
      context: 'PERIODIC',
      ...over,
    };
  });
  return {
    readings: batch,
    eventId: await rig.publish(
      events.readingsRecorded,
      { aggregateId: randomUUID(), version: 1 },
      { readings: batch },
    ),
  };
}
const flat = (powerW: number, minutes: number) => Array.from({ length: minutes }, () => powerW);

interface Seen {
  kind: string;
  resolvedAt: string | null;
  onset: string;
  evidence: Record<string, unknown>;
  explanation: string;
}
const FIELDS =
  'anomalies { id kind onset resolvedAt confidence evidence explanation station { id } session { id } }';
async function seen(session: Charging, by: TestPrincipal | null = operator): Promise<Seen[] | undefined> {
  return (await rig.entity<{ anomalies: Seen[] }>(by, 'Session', session.sessionId, FIELDS)).entity
    ?.anomalies;
}
const kinds = async (session: Charging) =>
  (await seen(session))?.map((each) => (each.resolvedAt ? '-' : '') + each.kind);
const sees = (session: Charging, ...expected: string[]) =>
  waitFor(
    `${expected.join()} to be seen`,
    async () => JSON.stringify(await kinds(session)) === JSON.stringify(expected),
  );
const known = (session: Charging) =>
  waitFor('the session to be known', async () => (await seen(session)) !== undefined);
/** All that was published before has been consumed and judged. */
async function quiet(session: Charging) {
  await waitFor(
    'the readings to be consumed',
    async () =>
      (
        await rig.sql("select 1 from detector_state where station_id = $1 and state ? 'lastAt'", [
          session.stationId,
        ])
      ).length > 0,
  );
  await quietLooks(session);
}
async function quietLooks(session: Charging) {
  await waitFor(
    'judgements to be done',
    async () =>
      (
        await rig.sql('select 1 from pending_judgement where session_id = $1 and charging_since is null', [
          session.sessionId,
        ])
      ).length === 0,
  );
}
const announced = async (session: Charging) =>
  (await rig.published(events.anomalyDetected)).filter((event) => event.sessionId === session.sessionId);

describe('anomalies of a running session', () => {
  it('Q17: a session of which nothing is measured is found when its time has come, and watched on', async () => {
    const session = aSession();
    await started(session);
    await known(session);
    const looks = () =>
      rig.sql<{ due_at: Date }>(
        'select due_at from pending_judgement where session_id = $1 and charging_since is not null',
        [session.sessionId],
      );
    const [planned] = await looks();
    expect(planned!.due_at.getTime() - Date.now()).toBeGreaterThan(19 * 60_000);
    expect(await kinds(session)).toEqual([]);
    await rig.sql('update pending_judgement set due_at = to_timestamp(0) where session_id = $1', [
      session.sessionId,
    ]);
    await sees(session, 'NO_READINGS');
    const [found] = (await seen(session))!;
    expect(found).toMatchObject({ onset: START.toISOString(), evidence: { cause: 'NEVER_ANY' } });
    expect(found!.explanation).toContain('no reading');
    expect((await looks()).length).toBe(1);
    await readings(session, 61, [7_000]);
    await waitFor('the silence to be over', async () => (await kinds(session))?.includes('-NO_READINGS'));
    await ended(session, { endedAt: minute(70) });
    await rig.sql('update pending_judgement set due_at = to_timestamp(0) where session_id = $1', [
      session.sessionId,
    ]);
    await waitFor('the looks to end with the session', async () => (await looks()).length === 0);
  });

  it('a power drop is found, told once, and over when power is back', async () => {
    const session = aSession();
    await started(session);
    await known(session);
    const first = await readings(session, 0, [...flat(11_000, 10), 4_000, 4_000]);
    await sees(session, 'POWER_DROP');
    const [drop] = (await seen(session))!;
    expect(drop).toMatchObject({
      onset: minute(10).toISOString(),
      evidence: { levelW: 11_000, powerW: 4_000, occurrences: 1 },
    });
    expect(drop!.explanation).toContain('11.0 kW to 4.0 kW');
    await rig.publish(
      events.readingsRecorded,
      { aggregateId: randomUUID(), version: 1, eventId: first.eventId },
      { readings: first.readings },
    );
    await readings(session, 12, flat(11_000, 2));
    await sees(session, '-POWER_DROP');
    expect(await announced(session)).toHaveLength(1);
    expect((await announced(session))[0]).toMatchObject({
      kind: 'POWER_DROP',
      accountId: session.driver.accountId,
      stationIdentity: 'CP-1',
    });
    const resolved = (await rig.published(events.anomalyResolved)).filter(
      (event) => event.sessionId === session.sessionId,
    );
    expect(resolved).toHaveLength(1);
  });

  it('a lower limit of load management explains a lower power', async () => {
    const session = aSession();
    const limit = (limitMa: number, version: number) =>
      rig.publish(
        events.sessionLimitChanged,
        { aggregateId: session.sessionId, version },
        {
          sessionId: session.sessionId,
          stationId: session.stationId,
          locationId: randomUUID(),
          limitMa,
          outcome: 'APPLIED',
        },
      );
    const limited = (ma: number) =>
      waitFor(
        'the limit',
        async () =>
          (
            await rig.sql('select 1 from session_limit where session_id = $1 and limit_ma = $2', [
              session.sessionId,
              ma,
            ])
          ).length > 0,
      );
    await limit(16_000, 2);
    await limit(32_000, 1);
    await limited(16_000);
    await started(session);
    await known(session);
    await readings(session, 0, flat(11_000, 10));
    await quiet(session);
    await limit(6_000, 3);
    await limited(6_000);
    await readings(session, 10, flat(4_200, 5));
    await readings(session, 15, flat(1_000, 3));
    await sees(session, 'POWER_DROP');
    expect((await seen(session))![0]!.onset).toBe(minute(15).toISOString());
  });

  it('readings that come before the session is known count when it is', async () => {
    const session = aSession();
    await readings(session, 0, flat(0, 8));
    await quiet(session);
    await started(session);
    await sees(session, 'ZERO_ENERGY');
  });

  it('back-fill does not alarm as live', async () => {
    const [kept, late] = [aSession(), aSession()];
    for (const session of [kept, late]) {
      await started(session);
      await known(session);
    }
    await readings(kept, 0, flat(0, 20), { offline: true });
    await readings(late, 0, flat(0, 20), { receivedAt: minute(40) });
    await quiet(kept);
    await quiet(late);
    expect([await kinds(kept), await kinds(late)]).toEqual([[], []]);
  });

  it('a charger whose clock is hours ahead or behind is judged by the time that passed', async () => {
    const [ahead, behind, dead] = [aSession(), aSession(), aSession()];
    const hours = (n: number) => n * 3_600_000;
    const since1970 = -(START.getTime() - hours(1));
    const told = async (session: Charging, offsetMs: number, startsBy: number) => {
      const startedAt = new Date(START.getTime() + startsBy);
      const statePeriods = [{ state: 'CHARGING', from: startedAt, to: undefined }];
      await started(session, { startedAt, statePeriods, clockOffsetSeconds: offsetMs / 1000 });
      await known(session);
    };
    // Sessions tells times that no clock can mean by ours.
    await told(ahead, hours(2), 0);
    await told(behind, -hours(2), -hours(2));
    await told(dead, since1970, 0);
    const read = async (session: Charging, from: number, watts: readonly number[], offsetMs: number) => {
      for (const [index, powerW] of watts.entries()) {
        const receivedAt = minute(from + index);
        await readings(session, from + index, [powerW], {
          ...{
            energyImportMwh: 5_000_000,
            receivedAt,
            measuredAt: new Date(receivedAt.getTime() + offsetMs),
          },
        });
      }
    };
    await read(ahead, 0, [0, 0, 0], hours(2));
    await read(behind, 0, [0, 0], -hours(2));
    await read(dead, 0, [0, 0, 0], since1970);
    // The clock is set right.
    await read(behind, 2, [0], 0);
    for (const session of [ahead, behind, dead]) {
      await quiet(session);
      await waitFor('the last reading', async () => {
        const [row] = await rig.sql<{ state: DetectorState }>(
          'select state from detector_state where station_id = $1',
          [session.stationId],
        );
        return row?.state.at === minute(2).getTime() - (session === behind ? hours(2) : 0);
      });
      expect(await kinds(session)).toEqual([]);
    }
    await read(ahead, 3, [0, 0, 0, 0], 0);
    await read(dead, 3, [0, 0, 0, 0], hours(90_000));
    for (const session of [ahead, dead]) {
      await sees(session, 'ZERO_ENERGY');
      expect((await seen(session))![0]).toMatchObject({
        ...{ onset: START.toISOString(), evidence: { chargingSeconds: 300 } },
      });
    }
  });

  it('readings that name no transaction belong to the one running on their EVSE', async () => {
    const session = aSession();
    await started(session);
    await known(session);
    await readings(session, 0, flat(0, 8), { transactionRef: '' });
    await sees(session, 'ZERO_ENERGY');
  });

  it('a connector fault interrupts it, until power is back', async () => {
    const session = aSession();
    const connector = (status: string, version: number, at: Date) =>
      rig.publish(
        events.connectorStatusChanged,
        { aggregateId: randomUUID(), version, at },
        {
          stationId: session.stationId, stationIdentity: 'CP-1', locationId: randomUUID(), connectorId: randomUUID(),
          evseNumber: 1, connectorNumber: 1, previousStatus: '', status, errorCode: '', vendorErrorCode: '', info: '',
        }, // prettier-ignore
      );
    await started(session);
    await known(session);
    await readings(session, 0, flat(11_000, 6));
    await quiet(session);
    await connector('FAULTED', 7, minute(6));
    await sees(session, 'INTERRUPTION');
    await connector('FAULTED', 6, minute(2));
    await connector('CHARGING', 8, minute(8));
    await waitFor(
      'the repair',
      async () =>
        (
          await rig.sql('select 1 from connector_state where station_id = $1 and faulted_at is null', [
            session.stationId,
          ])
        ).length > 0,
    );
    await readings(session, 9, flat(11_000, 2));
    await sees(session, '-INTERRUPTION');
  });
});

describe('looks at a session', () => {
  const inTransaction = (work: (tx: Tx) => Promise<void>) =>
    rig.running.get(Database).transaction(tenantScope(tenantId('demo')), work);
  const waiting = (session: Charging) =>
    rig.sql<{ id: string }>(
      'select id from pending_judgement where session_id = $1 and charging_since is null',
      [session.sessionId],
    );

  it('are one for all news that come before it', async () => {
    const session = aSession();
    const dueAt = new Date(Date.now() + 60_000);
    await started(session, { chargingState: 'EV_CONNECTED' });
    await known(session);
    await waitFor('the first look', async () => (await waiting(session)).length === 0);
    await inTransaction(async (tx) => {
      await askForLook(tx, 'demo', { sessionId: session.sessionId, dueAt });
      await askForLook(tx, 'demo', { sessionId: session.sessionId, dueAt });
    });
    await inTransaction((tx) => askForLook(tx, 'demo', { sessionId: session.sessionId, dueAt }));
    expect(await waiting(session)).toHaveLength(1);
    // One that must come sooner does not wait for it.
    const sooner = new Date(dueAt.getTime() - 30_000);
    await inTransaction((tx) => askForLook(tx, 'demo', { sessionId: session.sessionId, dueAt: sooner }));
    expect(await waiting(session)).toHaveLength(2);
  });

  it('that have begun do not count for news that come now', async () => {
    const session = aSession();
    await started(session, { chargingState: 'EV_CONNECTED' });
    await known(session);
    await waitFor('the first look', async () => (await waiting(session)).length === 0);
    const { sessionId } = session;
    const dueAt = new Date(Date.now() + 60_000);
    const ask = () => inTransaction((tx) => askForLook(tx, 'demo', { sessionId, dueAt }));
    await ask();
    await inTransaction(async (tx) => {
      await tx.query('select 1 from pending_judgement where session_id = $1 for update', [sessionId]);
      await ask();
    });
    expect(await waiting(session)).toHaveLength(2);
  });

  it('and readings agree who stored the first state of a transaction', async () => {
    const session = aSession();
    await started(session);
    await known(session);
    await quietLooks(session);
    const levelled = { ...newState(), firstAt: minute(0).getTime(), firstMwh: 1_000_000, lastAt: minute(0).getTime(), lastMwh: 1_000_000 }; // prettier-ignore
    await inTransaction(async (tx) => {
      await tx.query('insert into detector_state (tenant, station_id, transaction_ref, state) values ($1, $2, $3, $4)', [
        'demo', session.stationId, session.ref, JSON.stringify(levelled)]); // prettier-ignore
      await readings(session, 1, [7_000]);
      await waitFor('the readings to wait for us', async () => {
        const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into detector_state%'`;
        return (await rig.sqlPastTheWalls(waits)).length > 0;
      });
    });
    await waitFor('the readings to count on top of it', async () => {
      const [row] = await rig.sql<{ state: DetectorState }>(
        'select state from detector_state where station_id = $1',
        [session.stationId],
      );
      return row?.state.powerW === 7_000 && row.state.firstMwh === 1_000_000;
    });
  });

  it('wait for no readings, so that readings may wait for them', async () => {
    const [a, b, c] = [aSession(), aSession(), aSession()];
    for (const session of [a, b, c]) {
      await started(session);
      await known(session);
      await quietLooks(session);
    }
    const keyOf = ({ stationId, ref }: Charging) => ({ stationId, transactionRef: ref });
    const storeFirst = async (tx: Tx, session: Charging) =>
      saveStates(tx, 'demo', await lockWatches(tx, 'demo', [keyOf(session)]));
    await inTransaction(async (tx) => void (await storeFirst(tx, c)));
    await inTransaction(async (readingsTx) => {
      await storeFirst(readingsTx, b);
      // What is stored of this one is held, too.
      await lockWatches(readingsTx, 'demo', [keyOf(c)]);
      let overtaken: Promise<unknown> | undefined;
      await inTransaction(async (look) => {
        const watches = await Promise.all(
          [a, b, c].map(({ sessionId }) => tryLockWatch(look, 'demo', { sessionId, onlyCharging: false })),
        );
        expect(watches).toEqual([expect.objectContaining({ isNew: true }), 'BUSY', 'BUSY']);
        overtaken = storeFirst(readingsTx, a);
        await waitFor('the readings to wait for the look', async () => {
          const waits = `select 1 from pg_stat_activity where wait_event = 'advisory' and query like 'insert into detector_state%'`;
          return (await rig.sqlPastTheWalls(waits)).length > 0;
        });
      });
      expect(await overtaken).toEqual([]);
    });
    const stored = await rig.sql('select 1 from detector_state where station_id = any($1)', [
      [a.stationId, b.stationId],
    ]);
    expect(stored).toHaveLength(2);
  });
});

describe('an ended session', () => {
  it('without energy is an anomaly whichever news comes first, once, and over when the EVSE delivers again', async () => {
    const [a, b] = [aSession(), aSession()];
    await ended(a);
    await metered(a, 20);
    const eventId = await metered(b, 20);
    await metered(b, 20, eventId);
    await ended(b);
    await started(b);
    for (const session of [a, b]) await sees(session, 'ZERO_ENERGY');
    expect(await announced(a)).toHaveLength(1);
    expect(await announced(b)).toHaveLength(1);
    const next = aSession(a.stationId);
    await started(next);
    await known(next);
    await readings(next, 31, flat(11_000, 3));
    await sees(a, '-ZERO_ENERGY');
    expect(await kinds(b)).toEqual(['ZERO_ENERGY']);
  });

  it('that charged and was stopped by a fault is an interruption', async () => {
    const session = aSession();
    const statePeriods = [{ state: 'CHARGING', from: START, to: minute(30) }];
    await ended(session, { stopReason: 'PowerLoss', statePeriods });
    await metered(session, 3_000);
    await sees(session, 'INTERRUPTION');
  });
});

interface Day {
  day: string;
  sessions: number;
  energyWh: number;
  chargingMinutes: number;
  idleMinutes: number;
  failedSessions: number;
}
async function report(by: TestPrincipal | null, from: string, to: string, stationId?: string) {
  const { data, codes } = await rig.graphql<{ stationReport: Day[] }>(
    by,
    'query($from: String!, $to: String!, $stationId: ID) { stationReport(from: $from, to: $to, stationId: $stationId) { day sessions energyWh chargingMinutes idleMinutes failedSessions station { id openAnomalies { kind } } } }',
    { from, to, stationId },
  );
  return { days: data?.stationReport, codes };
}

describe("a station's days", () => {
  it('add up its ended sessions by the local day, whatever comes twice, late or out of order', async () => {
    const stationId = randomUUID();
    const at = (text: string) => new Date(text);
    const good = aSession(stationId);
    const failed = aSession(stationId);
    const nextDay = aSession(stationId);
    await metered(good, 7_500);
    await ended(
      good,
      { startedAt: at('2026-03-10T10:00:00Z'), endedAt: at('2026-03-10T10:30:00Z'), statePeriods: [] },
      5,
    );
    const period = [
      { state: 'CHARGING', from: at('2026-03-10T10:00:00Z'), to: at('2026-03-10T10:40:00Z') },
      { state: 'SUSPENDED_EV', from: at('2026-03-10T10:40:00Z'), to: at('2026-03-10T11:00:00Z') },
    ];
    await ended(
      good,
      { startedAt: at('2026-03-10T10:00:00Z'), endedAt: at('2026-03-10T11:00:00Z'), statePeriods: period },
      7,
    );
    await ended(
      good,
      { startedAt: at('2026-03-10T10:00:00Z'), endedAt: at('2026-03-10T10:30:00Z'), statePeriods: [] },
      6,
    );
    await ended(failed, {
      startedAt: at('2026-03-10T12:00:00Z'),
      endedAt: at('2026-03-10T12:10:00Z'),
      statePeriods: [],
    });
    await metered(failed, 50);
    await ended(nextDay, {
      startedAt: at('2026-03-10T23:30:00Z'),
      endedAt: at('2026-03-10T23:50:00Z'),
      statePeriods: [],
    });
    const expected = [
      {
        day: '2026-03-10',
        sessions: 2,
        energyWh: 7_550,
        chargingMinutes: 40,
        idleMinutes: 20,
        failedSessions: 1,
      },
      { day: '2026-03-11', sessions: 1, energyWh: 0, chargingMinutes: 0, idleMinutes: 0, failedSessions: 0 },
    ];
    const figures = async () =>
      (await report(operator, '2026-03-01', '2026-03-31', stationId)).days?.map((day) => ({
        ...day,
        station: undefined,
      }));
    await waitFor('the report', async () => {
      const days = await figures();
      return (
        days?.length === 2 &&
        days[0]!.energyWh === 7_550 &&
        days[0]!.failedSessions === 1 &&
        days[0]!.chargingMinutes === 40
      );
    });
    expect(await figures()).toEqual(expected.map((day) => ({ ...day, station: undefined })));
  });

  it('are for operators of the tenant, at most 92 at once', async () => {
    const foreign: TestPrincipal = { accountId: randomUUID(), tenant: 'other', role: 'operator' };
    const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
    expect((await report(operator, '2026-03-01', '2026-05-31')).codes).toEqual([]);
    expect((await report(operator, '2026-03-01', '2026-06-01')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await report(operator, '2026-03-02', '2026-03-01')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await report(operator, '2026-02-30', '2026-03-01')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await report(operator, '2026-03-01', '2026-03-02', 'nonsense')).codes).toEqual(['NOT_FOUND']);
    expect(await report(foreign, '2026-03-01', '2026-03-31')).toEqual({ days: [], codes: [] });
    expect((await report(driver, '2026-03-01', '2026-03-31')).codes).toEqual(['FORBIDDEN']);
    expect((await report(null, '2026-03-01', '2026-03-31')).codes).toEqual(['UNAUTHENTICATED']);
  });
});

describe('who may see anomalies', () => {
  it('a driver those of the own sessions, an operator those of the tenant, others nothing', async () => {
    const session = aSession();
    await ended(session);
    await metered(session, 20);
    await sees(session, 'ZERO_ENERGY');
    const strangers: TestPrincipal[] = [
      { accountId: randomUUID(), tenant: 'demo', role: 'driver' },
      { accountId: session.driver.accountId, tenant: 'other', role: 'driver' },
      { accountId: randomUUID(), tenant: 'other', role: 'operator' },
    ];
    expect((await seen(session, session.driver))!.map((each) => each.kind)).toEqual(['ZERO_ENERGY']);
    for (const stranger of strangers) expect(await seen(session, stranger)).toBeUndefined();

    const open = async (by: TestPrincipal) =>
      (await rig.entity(by, 'Station', session.stationId, 'openAnomalies { kind session { id } }')).entity;
    expect(await open(operator)).toEqual({
      openAnomalies: [{ kind: 'ZERO_ENERGY', session: { id: session.sessionId } }],
    });
    expect(await open(session.driver)).toEqual({ openAnomalies: null });
    expect(await open(strangers[2]!)).toEqual({ openAnomalies: [] });
  });

  it('operators page through them, latest first, by station and by whether they are open', async () => {
    const stationId = randomUUID();
    const [a, b] = [aSession(stationId), aSession(stationId)];
    for (const session of [a, b]) {
      await ended(session, session === a ? {} : { evseNumber: 2 });
      await metered(session, 20);
      await sees(session, 'ZERO_ENERGY');
    }
    const page = async (by: TestPrincipal | null, variables: Record<string, unknown>) => {
      const { data, codes } = await rig.graphql<{
        anomalies: {
          edges: { cursor: string; node: { session: { id: string } } }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      }>(
        by,
        'query($first: Int!, $after: String, $stationId: ID, $open: Boolean) { anomalies(first: $first, after: $after, stationId: $stationId, open: $open) { edges { cursor node { session { id } } } pageInfo { hasNextPage endCursor } } }',
        variables,
      );
      return {
        ids: data?.anomalies?.edges.map((edge) => edge.node.session.id) ?? [],
        info: data?.anomalies?.pageInfo,
        codes,
      };
    };
    const first = await page(operator, { first: 1, stationId });
    expect(first).toMatchObject({ ids: [b.sessionId], info: { hasNextPage: true } });
    expect(await page(operator, { first: 1, stationId, after: first.info!.endCursor })).toMatchObject({
      ids: [a.sessionId],
      info: { hasNextPage: false },
    });
    expect((await page(operator, { first: 10, stationId, open: false })).ids).toEqual([]);
    expect((await page(operator, { first: 10, stationId, open: true })).ids).toHaveLength(2);
    expect((await page({ ...operator, tenant: 'other' }, { first: 10 })).ids).toEqual([]);
    expect((await page(a.driver, { first: 10 })).codes).toEqual(['FORBIDDEN']);
    expect((await page(operator, { first: 0 })).codes).toEqual(['BAD_USER_INPUT']);
  });
});
