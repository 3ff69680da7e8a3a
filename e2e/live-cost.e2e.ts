// Real: every service as a process, Postgres, NATS, WebSockets. What a session costs so far is what its invoice says when it stops then.
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@kilowatch/ocpp';
import { waitFor } from '@kilowatch/testing';
import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { importStations, importTokens } from '@kilowatch/tools/seed/seed-demo';
import { quietSystem } from '@kilowatch/tools/system/quiet-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

const MINUTE = 60_000;
/** One course: what the car did until each reading, a reading every ten minutes but for two that come between the minutes. */
const COURSE = [
  { minute: 10, watts: 11_000, state: 'Charging' },
  { minute: 20, watts: 11_000, state: 'Charging' },
  { minute: 29.55, watts: 10_350, state: 'Charging' },
  { minute: 40, watts: 10_350, state: 'Charging' },
  { minute: 50, watts: 0, state: 'SuspendedEVSE' },
  { minute: 60, watts: 0, state: 'SuspendedEVSE' },
  { minute: 70, watts: 7_400, state: 'Charging' },
  { minute: 80, watts: 9_000, state: 'Charging' },
  { minute: 88.3, watts: 8_999, state: 'Charging' },
  { minute: 100, watts: 6_000, state: 'Charging' },
  { minute: 110, watts: 3_500, state: 'Charging' },
  { minute: 120, watts: 1_400, state: 'Charging' },
  { minute: 130, watts: 0, state: 'SuspendedEV' },
  { minute: 140, watts: 0, state: 'SuspendedEV' },
  { minute: 150, watts: 1_400, state: 'Charging' },
  { minute: 160, watts: 0, state: 'SuspendedEV' },
  { minute: 180, watts: 0, state: 'SuspendedEV' },
  { minute: 240, watts: 0, state: 'SuspendedEV' },
] as const;
const BEGIN_WH = 1_234_567;

/** Session `stopAt` of the course is at its reading of that number now. */
interface Charge {
  readonly stopAt: number;
  readonly identity: string;
  readonly token: string;
  readonly transactionId: string;
  readonly startedAt: number;
}

let sut: SystemUnderTest;
const charges: Charge[] = [];
const stations = new Map<Charge, ScriptedStation>();
const sessionIds = new Map<Charge, string>();

interface Cost {
  readonly final: boolean;
  readonly asOf: string;
  readonly totalExclVat: { amount: string };
  readonly totalInclVat: { amount: string };
  readonly lines: { dimension: string; unitPrice: string; quantity: string; inclVat: { amount: string } }[];
}
const COST = `final asOf totalExclVat { amount } totalVat { amount } totalInclVat { amount }
  lines { dimension from to quantity unit unitPrice vatPercent exclVat { amount } vat { amount } inclVat { amount } explanation }`;

const clockTime = (minutesAgo: number) =>
  new Date(Date.now() - minutesAgo * MINUTE).toLocaleTimeString('en-GB', {
    timeZone: 'Europe/Amsterdam',
    hour: '2-digit',
    minute: '2-digit',
  });

/** Steps by the clock that lie in the sessions that are long enough, by power, by energy and by duration; idle, step sizes, both limits. */
function tariff() {
  const component = (type: string, price: string, step_size: number, vat = '21') => ({
    type,
    price,
    vat,
    step_size,
  });
  const dear = { start_time: clockTime(75), end_time: clockTime(33) };
  return {
    id: 'all-of-it',
    name: 'All of it',
    currency: 'EUR',
    isDefault: true,
    idleGraceMinutes: 12,
    definition: {
      elements: [
        { price_components: [component('FLAT', '0.50', 1)] },
        {
          price_components: [component('ENERGY', '0.6135', 300)],
          restrictions: { ...dear, min_power: 9 },
        },
        { price_components: [component('ENERGY', '0.4711', 300)], restrictions: dear },
        {
          price_components: [component('TIME', '1.80', 300, '9')],
          restrictions: { min_kwh: 6.5, max_duration: 6_900 },
        },
        { price_components: [component('ENERGY', '0.2899', 300), component('PARKING_TIME', '3.10', 240)] },
      ],
      min_price: { excl_vat: 2, incl_vat: 2.42 },
      max_price: { excl_vat: 8.5, incl_vat: 10.2 },
    },
  };
}

/** Milliwatt-seconds would not be exact: each reading is what flowed since the one before, in whole watt-hours. */
function registerWh(readings: number): number {
  let minute = 0;
  return COURSE.slice(0, readings).reduce((wh, reading) => {
    const flowed = (reading.watts * (reading.minute - minute)) / 60;
    minute = reading.minute;
    return wh + Math.round(flowed);
  }, BEGIN_WH);
}

function event(seqNo: number, at: number, over: JsonObject): JsonObject {
  return {
    timestamp: new Date(at).toISOString(),
    seqNo,
    evse: { id: 1, connectorId: 1 },
    ...over,
  };
}

const meterValue = (at: number, wh: number, context: string, watts?: number): JsonObject[] => [
  {
    timestamp: new Date(at).toISOString(),
    sampledValue: [
      { value: wh, context, measurand: 'Energy.Active.Import.Register', unitOfMeasure: { unit: 'Wh' } },
      ...(watts === undefined
        ? []
        : [{ value: watts, context, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } }]),
    ],
  },
];

async function chargeUntilNow(charge: Charge): Promise<void> {
  const { identity, token, transactionId, startedAt, stopAt } = charge;
  const door = { ocppUrl: sut.system.ocppUrl, identity, version: '2.0.1' } as const;
  const station = await ScriptedStation.connect(door);
  stations.set(charge, station);
  await station.call('BootNotification', {
    reason: 'PowerUp',
    chargingStation: { vendorName: 'Test', model: 'T1' },
  });
  const idToken = { idToken: token, type: 'ISO14443' };
  await station.call(
    'TransactionEvent',
    event(0, startedAt, {
      eventType: 'Started',
      triggerReason: 'Authorized',
      transactionInfo: { transactionId, chargingState: 'Charging' },
      idToken,
      meterValue: meterValue(startedAt, BEGIN_WH, 'Transaction.Begin'),
    }),
  );
  for (const [index, { minute, watts, state }] of COURSE.slice(0, stopAt).entries()) {
    const at = startedAt + minute * MINUTE;
    await station.call(
      'TransactionEvent',
      event(index + 1, at, {
        eventType: 'Updated',
        triggerReason: 'MeterValuePeriodic',
        transactionInfo: { transactionId, chargingState: state },
        meterValue: meterValue(at, registerWh(index + 1), 'Sample.Periodic', watts),
      }),
    );
  }
}

/** At `at`, with the meter where its last reading was. */
const stop = (charge: Charge, at: string) =>
  stations.get(charge)!.call(
    'TransactionEvent',
    event(charge.stopAt + 1, Date.parse(at), {
      eventType: 'Ended',
      triggerReason: 'StopAuthorized',
      transactionInfo: { transactionId: charge.transactionId, stoppedReason: 'Local' },
      meterValue: meterValue(Date.parse(at), registerWh(charge.stopAt), 'Transaction.End'),
    }),
  );

async function see(charge: Charge) {
  const { session } = await sut.people.driver.request<{
    session: { cost: Cost; billingHold: string | null; invoice: { totalInclVat: { amount: string } } | null };
  }>(
    `query($id: ID!) { session(id: $id) { billingHold cost { ${COST} } invoice { totalInclVat { amount } } } }`,
    {
      id: sessionIds.get(charge),
    },
  );
  return session;
}

beforeAll(async () => {
  sut = await SystemUnderTest.start({}, tariff());
  const { operator } = sut.people;
  const now = Date.now();
  for (let stopAt = 1; stopAt <= COURSE.length; stopAt += 1) {
    charges.push({
      stopAt,
      identity: `COURSE-${stopAt}`,
      token: `C0FFEE${String(stopAt).padStart(8, '0')}`,
      transactionId: randomUUID(),
      startedAt: now - COURSE[stopAt - 1]!.minute * MINUTE,
    });
  }
  await importTokens(
    operator,
    charges.map(({ token: value }) => ({
      value,
      type: 'ISO14443',
      accountEmail: 'driver@kilowatch.local',
      allowConcurrent: true,
    })),
  );
  await importStations(
    operator,
    charges.map(({ identity }) => ({
      identity,
      location: 'Harbour Garage',
      securityProfile: 0,
      password: null,
      connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 32 }],
    })),
  );
  for (const charge of charges) await chargeUntilNow(charge);
  await quietSystem(sut.system.addresses.databaseUrl);
  const { sessions } = await operator.request<{
    sessions: { edges: { node: { id: string; station: { identity: string } } }[] };
  }>('{ sessions(first: 50) { edges { node { id station { identity } } } } }');
  for (const charge of charges) {
    const found = sessions.edges.find(({ node }) => node.station.identity === charge.identity);
    sessionIds.set(charge, found!.node.id);
  }
});
afterAll(async () => {
  for (const station of stations.values()) await station.close();
  await sut?.stop();
});

describe('the live cost', () => {
  const live = new Map<Charge, Cost>();
  const final = new Map<Charge, Cost>();

  it('is, at every reading, what the invoice says of the session that stops there', async () => {
    const differences: string[] = [];
    for (const charge of charges) {
      live.set(charge, (await see(charge)).cost);
      await stop(charge, live.get(charge)!.asOf);
    }
    for (const charge of charges) {
      const { cost, invoice } = await waitFor(`the bill of ${charge.identity}`, async () => {
        const seen = await see(charge);
        if (seen.billingHold) throw new Error(`${charge.identity} is held: ${seen.billingHold}`);
        return seen.cost.final ? seen : undefined;
      });
      final.set(charge, cost);
      const expected = { ...live.get(charge)!, final: true };
      if (!isDeepStrictEqual(cost, expected))
        differences.push(
          `after ${charge.stopAt} readings: ${JSON.stringify({ live: expected, final: cost })}`,
        );
      expect(invoice?.totalInclVat).toEqual(expected.totalInclVat);
    }
    expect(differences).toEqual([]);
  });

  it('was compared where it matters: over price steps, idle, step sizes, power, and below and above the limits', () => {
    const lines = [...final.values()].flatMap((cost) => cost.lines);
    const dimensions = new Set(lines.map(({ dimension }) => dimension));
    expect([...dimensions].sort()).toEqual(['ADJUSTMENT', 'ENERGY', 'FLAT', 'PARKING_TIME', 'TIME']);
    const prices = new Set(lines.filter((line) => line.dimension === 'ENERGY').map((line) => line.unitPrice));
    expect([...prices].sort()).toEqual(['0.2899', '0.4711', '0.6135']);
    const totals = [...final.values()].map(({ totalExclVat }) => totalExclVat.amount);
    expect([totals.includes('2.00'), totals.includes('8.50')]).toEqual([true, true]);
    expect(new Set(totals).size).toBeGreaterThan(COURSE.length / 2);
  });
});
