// What chargers get wrong about their meters (docs/ocpp-notes.md Q34 to Q41, and the traps of docs/promises.md fault 24), from gRPC to
// `meterDeviations`, as a driver and billing see it. Real: Postgres, NATS, gRPC, HTTP.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { meteringService } from '../src/metering.module.js';

const DEMO = { tenant: tenantId('demo') };
const START = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 60 * 60_000);
const LENGTH_MINUTES = 40;
const minute = (n: number) => new Date(START.getTime() + n * 60_000);

let rig: ServiceRig;
beforeAll(async () => {
  rig = await ServiceRig.start({
    service: meteringService,
    shape: configShape,
    env: { KW_LATE_WINDOW_SECONDS: '1' },
  });
});
afterAll(async () => {
  await rig.close();
});

type Sample = Partial<metering.SampledValue>;
interface Told {
  readonly minute: number;
  readonly samples: readonly Sample[];
  readonly set?: Partial<metering.MeterValueSet>;
}

/** A register as most stations send it. */
const wh = (at: number, value: number | string, over: Sample = {}): Told => ({
  minute: at,
  samples: [{ value: String(value), unit: 'Wh', ...over }],
});
const begin = (value: number | string, over: Sample = {}) =>
  wh(0, value, { context: 'Transaction.Begin', ...over });
const end = (value: number | string, over: Sample = {}) =>
  wh(LENGTH_MINUTES, value, { context: 'Transaction.End', ...over });
const power = (at: number, w: number): Told => ({
  minute: at,
  samples: [{ measurand: 'Power.Active.Import', unit: 'W', value: String(w) }],
});
const perPhase = (at: number, values: readonly number[], over: Sample = {}): Told => ({
  minute: at,
  samples: values.map((value, i) => ({ value: String(value), unit: 'Wh', phase: `L${i + 1}`, ...over })),
});
const of = (told: Told, set: Partial<metering.MeterValueSet>): Told => ({ ...told, set });
const ocmf = (kwh: number, kind: string) =>
  `OCMF|{"RD":[{"TX":"${kind}","RV":${kwh},"RI":"1-b:1.8.0","RU":"kWh"}]}|{"SD":"00"}`;

interface Trap {
  readonly name: string;
  readonly told: readonly Told[];
  readonly energyWh: number;
  readonly status: 'MEASURED' | 'ESTIMATED' | 'DISPUTED';
  readonly source?: string;
  readonly deviations: readonly string[];
  readonly clockOffsetSeconds?: number;
  readonly exportedWh?: number;
}

const TRAPS: readonly Trap[] = [
  {
    name: 'Q34: kWh labelled Wh',
    told: [begin(0), power(0, 10_500), power(20, 10_500), power(40, 10_500), end(7)],
    energyWh: 7,
    status: 'DISPUTED',
    deviations: ['energy_power_mismatch', 'kwh_labelled_wh'],
  },
  {
    name: 'Q34: Wh labelled kWh, against the power',
    told: [begin(0, { unit: 'kWh' }), power(0, 10_500), power(40, 10_500), end(7_000, { unit: 'kWh' })],
    energyWh: 7_000_000,
    status: 'DISPUTED',
    deviations: ['energy_above_connector_maximum', 'energy_power_mismatch', 'wh_labelled_kwh'],
  },
  {
    name: 'Q34: Wh labelled kWh, against the maximum of the connector alone',
    told: [begin(0, { unit: 'kWh' }), end(7_000, { unit: 'kWh' })],
    energyWh: 7_000_000,
    status: 'DISPUTED',
    deviations: ['energy_above_connector_maximum', 'wh_labelled_kwh'],
  },
  {
    name: 'Q35: registers of the phases only, one of them told again as L1-N',
    told: [
      perPhase(0, [10, 20, 30], { context: 'Transaction.Begin' }),
      {
        minute: LENGTH_MINUTES,
        samples: [
          ...perPhase(0, [1_010, 1_020, 1_030]).samples,
          { value: '1010', unit: 'Wh', phase: 'L1-N' },
        ].map((sample) => ({ ...sample, context: 'Transaction.End' })),
      },
    ],
    energyWh: 3_000,
    status: 'MEASURED',
    deviations: ['register_per_phase'],
  },
  {
    name: 'Q35: a phase on the total',
    told: [begin(100, { phase: 'L1' }), end(2_100, { phase: 'L1' })],
    energyWh: 2_000,
    status: 'MEASURED',
    deviations: ['register_per_phase'],
  },
  {
    name: 'Q36: samples that count from the start of the session',
    told: [begin(90_000), wh(10, 0), wh(20, 800), end(91_500)],
    energyWh: 1_500,
    status: 'MEASURED',
    deviations: ['session_relative_samples'],
  },
  {
    name: 'Q36: a register that is reset in between',
    told: [begin(50_000), wh(10, 51_000), wh(20, 0), end(700)],
    energyWh: 1_700,
    status: 'DISPUTED',
    deviations: ['register_reset'],
  },
  {
    name: 'Q36: a counter that begins anew',
    told: [begin(99_998_000), wh(10, 99_999_500), wh(20, 200), end(700)],
    energyWh: 2_700,
    status: 'DISPUTED',
    deviations: ['register_rollover'],
  },
  {
    name: 'Q37: an end 1 Wh below the begin',
    told: [begin(1_000), end(999)],
    energyWh: 0,
    status: 'MEASURED',
    deviations: ['register_rounding'],
  },
  {
    name: 'Q38: nothing measured',
    told: [],
    energyWh: 0,
    status: 'ESTIMATED',
    source: 'NONE',
    deviations: ['no_readings'],
  },
  {
    name: 'Q39: neither measurand nor context, unit or location',
    told: [
      { minute: 1, samples: [{ value: '100', context: '', measurand: '', unit: '', location: '' }] },
      { minute: 30, samples: [{ value: '1600', context: '', measurand: '', unit: '', location: '' }] },
    ],
    energyWh: 1_500,
    status: 'MEASURED',
    source: 'SAMPLES',
    deviations: [],
  },
  {
    name: 'Q40: two readings of one instant, unsorted, clock-aligned among the others',
    told: [
      end(1_200),
      wh(15, 900, { context: 'Sample.Clock' }),
      wh(20, 1_000),
      wh(15, 880),
      begin(0),
      wh(5, 400),
    ],
    energyWh: 1_200,
    status: 'MEASURED',
    deviations: [],
  },
  {
    name: 'Q41: the meter of the whole site as connector 0',
    told: [
      begin(100),
      of(wh(10, 5_000_000), { evseNumber: 0, connectorNumber: 0, transactionRef: '' }),
      end(400),
    ],
    energyWh: 300,
    status: 'MEASURED',
    deviations: [],
  },
  {
    name: 'the inlet measured beside the outlet',
    told: [
      { minute: 0, samples: [{ value: '0', unit: 'Wh' }, { value: '0', unit: 'Wh', location: 'Inlet' }].map((sample) => ({ ...sample, context: 'Transaction.Begin' })) }, // prettier-ignore
      { minute: LENGTH_MINUTES, samples: [{ value: '10000', unit: 'Wh' }, { value: '11000', unit: 'Wh', location: 'Inlet' }].map((sample) => ({ ...sample, context: 'Transaction.End' })) }, // prettier-ignore
    ],
    energyWh: 10_000,
    status: 'MEASURED',
    deviations: [],
  },
  {
    name: 'registers that are signed only',
    told: [
      begin('', { unit: '', signedData: ocmf(12.5, 'B') }),
      end('', { unit: '', signedData: ocmf(14.25, 'E') }),
    ],
    energyWh: 1_750,
    status: 'MEASURED',
    deviations: ['signed_only'],
  },
  {
    name: 'intervals instead of registers',
    told: [10, 20, 30].map((at) =>
      wh(at, 500, { measurand: 'Energy.Active.Import.Interval', context: 'Sample.Periodic' }),
    ),
    energyWh: 1_500,
    status: 'MEASURED',
    source: 'INTERVALS',
    deviations: ['sum_of_intervals'],
  },
  {
    name: 'power alone',
    told: [power(0, 6_000), power(30, 6_000)],
    energyWh: 3_000,
    status: 'ESTIMATED',
    source: 'POWER',
    deviations: ['no_register'],
  },
  {
    name: 'a register after the end',
    told: [begin(0), end(500), wh(LENGTH_MINUTES + 5, 900)],
    energyWh: 500,
    status: 'MEASURED',
    deviations: ['values_after_end'],
  },
  {
    name: 'a clock that is an hour off',
    told: [begin(0), end(500)],
    clockOffsetSeconds: -3_600,
    energyWh: 500,
    status: 'MEASURED',
    deviations: ['clock_off'],
  },
  {
    name: 'Q18: local time told as UTC, two hours ahead',
    told: [
      of(begin(0), { measuredAt: minute(120) }),
      of(wh(20, 300), { measuredAt: minute(140) }),
      of(end(500), { measuredAt: minute(120 + LENGTH_MINUTES) }),
    ],
    clockOffsetSeconds: 7_200,
    energyWh: 500,
    status: 'MEASURED',
    deviations: ['clock_off'],
  },
  {
    name: 'a jump of a single sample',
    told: [begin(1_000), wh(10, 9_999_999), wh(20, 1_800), end(2_000)],
    energyWh: 1_000,
    status: 'MEASURED',
    deviations: ['register_glitch'],
  },
  {
    name: 'energy that goes back to the grid',
    told: [
      { minute: 0, samples: [{ value: '0', unit: 'Wh' }, { value: '100', unit: 'Wh', measurand: 'Energy.Active.Export.Register' }].map((sample) => ({ ...sample, context: 'Transaction.Begin' })) }, // prettier-ignore
      { minute: LENGTH_MINUTES, samples: [{ value: '500', unit: 'Wh' }, { value: '350', unit: 'Wh', measurand: 'Energy.Active.Export.Register' }].map((sample) => ({ ...sample, context: 'Transaction.End' })) }, // prettier-ignore
    ],
    energyWh: 500,
    exportedWh: 250,
    status: 'MEASURED',
    deviations: [],
  },
];

describe('what a meter gets wrong is recorded beside the value and shown', () => {
  it.each(TRAPS)('$name', async (trap) => {
    const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
    const [sessionId, stationId, ref] = [randomUUID(), randomUUID(), randomUUID()];
    const session = aSessionSnapshot({
      sessionId,
      stationId,
      transactionRef: ref,
      accountId: driver.accountId,
      startedAt: START,
      clockOffsetSeconds: trap.clockOffsetSeconds ?? 0,
    });
    await rig.publish(events.sessionStarted, { aggregateId: sessionId, version: 1 }, { session });
    await rig
      .grpc(metering.MeteringServiceClient)
      .recordReadings({ sets: trap.told.map((told) => setOf(told, stationId, ref)) }, DEMO);
    const over = { status: 'ENDED', endedAt: minute(LENGTH_MINUTES) };
    await rig.publish(
      events.sessionEnded,
      { aggregateId: sessionId, version: 2 },
      { session: { ...session, ...over } },
    );
    const told = await waitFor('the energy to be closed', async () =>
      (await rig.published(events.sessionMetered)).find((event) => event.sessionId === sessionId),
    );
    expect(told).toMatchObject({
      energyMwh: trap.energyWh * 1000,
      verdict: metering.EnergyVerdict[`ENERGY_VERDICT_${trap.status}`],
      deviations: trap.deviations,
    });
    // Billing prices energy by the hour it flowed in: of the session's, not of the charger's clock.
    const times = told.intervals.flatMap(({ from, to }) => [from!.getTime(), to!.getTime()]);
    expect(Math.min(START.getTime(), ...times)).toBe(START.getTime());
    expect(Math.max(minute(LENGTH_MINUTES).getTime(), ...times)).toBe(minute(LENGTH_MINUTES).getTime());
    const fields = 'energyWh energyStatus energySource exportedWh meterDeviations';
    const { entity } = await rig.entity(driver, 'Session', sessionId, fields);
    expect(entity).toEqual({
      energyWh: trap.energyWh,
      energyStatus: trap.status,
      energySource: trap.source ?? 'TRANSACTION',
      exportedWh: trap.exportedWh ?? null,
      meterDeviations: trap.deviations,
    });
  });
});

/** So many that they are put into the table at once: readings of every 40 ms. `figure`: SQL of the n-th. */
async function ofThousands(count: number, figures: Readonly<Record<string, string>>) {
  const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
  const [sessionId, stationId, ref] = [randomUUID(), randomUUID(), randomUUID()];
  const session = aSessionSnapshot({
    sessionId,
    stationId,
    transactionRef: ref,
    accountId: driver.accountId,
    startedAt: START,
  });
  await rig.publish(events.sessionStarted, { aggregateId: sessionId, version: 1 }, { session });
  const names = Object.keys(figures);
  await rig.sql(
    `insert into reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at,
       connector_number, offline, samples, ${names.join(', ')})
     select 'demo', $1, $2, 1, $3::timestamptz + n * interval '40 milliseconds', n, 'PERIODIC', $3, 1, false, '[]',
       ${Object.values(figures).join(', ')} from generate_series(1, ${count}) n`,
    [stationId, ref, START],
  );
  const over = { status: 'ENDED', endedAt: minute(LENGTH_MINUTES) };
  await rig.publish(
    events.sessionEnded,
    { aggregateId: sessionId, version: 2 },
    { session: { ...session, ...over } },
  );
  const told = await waitFor('the energy to be closed', async () =>
    (await rig.published(events.sessionMetered)).find((event) => event.sessionId === sessionId),
  );
  return {
    wh: told.energyMwh / 1000,
    verdict: metering.EnergyVerdict[told.verdict].replace('ENERGY_VERDICT_', ''),
    deviations: told.deviations,
    maxPowerW: told.maxPowerW,
  };
}

describe('a session of more readings than are looked at', () => {
  it('has the energy of its registers to the last Wh, told by turns with its power, and says so', async () => {
    const told = await ofThousands(50_001, {
      energy_import_mwh: 'case when n % 2 = 1 then n * 100 end',
      power_w: 'case when n % 2 = 0 then case when n = 25000 then 12000 else 9000 end end',
    });
    expect(told).toEqual({
      wh: 5_000,
      verdict: 'MEASURED',
      deviations: ['readings_thinned'],
      maxPowerW: 12_000,
    });
  });

  it('waits for a person when its energy is a sum of intervals, of which some are left out', async () => {
    const told = await ofThousands(45_000, { energy_interval_mwh: '100' });
    expect(told).toMatchObject({
      verdict: 'DISPUTED',
      deviations: ['readings_thinned', 'sum_of_intervals'],
    });
  });
});

function setOf(told: Told, stationId: string, transactionRef: string): metering.MeterValueSet {
  const at = minute(told.minute);
  return metering.MeterValueSet.fromPartial({
    tenant: 'demo',
    stationId,
    transactionRef,
    evseNumber: 1,
    connectorNumber: 1,
    measuredAt: at,
    receivedAt: at,
    // The gateway applies the specification's defaults to what is left out.
    samples: told.samples.map((sample) => ({
      context: 'Sample.Periodic',
      phase: '',
      location: 'Outlet',
      multiplier: 0,
      signedData: '',
      ...sample,
      measurand: sample.measurand || 'Energy.Active.Import.Register',
    })) as metering.SampledValue[],
    ...told.set,
  });
}
