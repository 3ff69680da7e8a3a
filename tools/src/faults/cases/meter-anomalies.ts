import { waitFor } from '@kilowatch/testing';
import { ScriptedStation } from '../../conformance/scripted-station.js';
import { DEMO_STATION_PASSWORD } from '../../seed/demo-data.js';
import { deadLetters } from '../../system/quiet-system.js';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { brokenBooks } from '../money-books.js';
import { provisionFleet, type Provisioned } from '../provision-fleet.js';
import type { Stage } from '../stage.js';

const MINUTE_MS = 60_000;
/** A register a thousand kWh below where nine digits of Wh begin anew. */
const NEAR_THE_END_WH = 999_990_000;

interface Anomaly {
  readonly what: string;
  readonly startWh: number;
  /** One each ten minutes; power where the meter tells it. */
  readonly samples: readonly { readonly wh?: number; readonly watts?: number }[];
  readonly stopWh: number;
  /** What metering must note. */
  readonly noted?: string;
  /** Billed without a person by so many Wh; undefined: it has to wait for one. */
  readonly billedWh?: number;
}

const ANOMALIES: readonly Anomaly[] = [
  {
    what: 'nothing odd',
    startWh: 5_000,
    samples: [{ wh: 6_000 }, { wh: 7_000 }],
    stopWh: 8_000,
    billedWh: 3_000,
  },
  {
    what: 'rollover',
    startWh: NEAR_THE_END_WH,
    samples: [{ wh: NEAR_THE_END_WH + 3_000 }, { wh: NEAR_THE_END_WH + 6_000 }],
    stopWh: 2_000,
    noted: 'register_rollover',
  },
  {
    what: 'reset',
    startWh: 5_000_000,
    samples: [{ wh: 5_003_000 }, { wh: 200 }],
    stopWh: 3_000,
    noted: 'register_reset',
  },
  { what: 'backwards', startWh: 5_000_000, samples: [], stopWh: 4_990_000, noted: 'register_reset' },
  { what: 'no samples', startWh: 5_000, samples: [], stopWh: 8_000, billedWh: 3_000 },
  {
    what: 'kWh labelled Wh',
    startWh: 5_000,
    samples: [
      { wh: 5_001, watts: 11_000 },
      { wh: 5_003, watts: 11_000 },
    ],
    stopWh: 5_005,
    noted: 'energy_power_mismatch',
  },
  {
    what: 'absurd jump',
    startWh: 5_000,
    samples: [{ wh: 6_000 }, { wh: 900_000 }],
    stopWh: 901_000,
    noted: 'energy_above_connector_maximum',
  },
  {
    what: 'a single sample that is far off',
    startWh: 5_000,
    samples: [{ wh: 6_000 }, { wh: 900_000 }, { wh: 7_000 }],
    stopWh: 8_000,
    noted: 'register_glitch',
    billedWh: 3_000,
  },
];

/** Fault 24: meters that roll over, begin anew, go back, say nothing, lie about their unit or jump. What is in doubt waits for a person. */
export const METER_ANOMALIES: Fault = {
  name: 'meter-anomalies',
  number: 24,
  what: 'meters roll over, begin anew, go backwards, say nothing, name another unit, jump: noted, held, never billed unseen',
  promises: ['P2', 'P4', 'P6'],
  chargers: 0,
  // Its own: the sessions are in no charger's ledger.
  system: {},
  async play(stage) {
    const stations = await provisionFleet(stage.people.operator, 'ODD', ANOMALIES.length);
    for (const [index, anomaly] of ANOMALIES.entries()) await charge(stage, stations[index]!, anomaly);
    await stage.outboxesEmpty();
    for (const [index, anomaly] of ANOMALIES.entries()) {
      const problems = await misjudged(stage, stations[index]!, anomaly);
      stage.say(`${anomaly.what}: ${problems.length === 0 ? 'as it should be' : problems.join('; ')}`);
      stage.judge('P2', problems);
    }
    stage.judge('P4', await brokenBooks(stage.system.addresses.databaseUrl));
    stage.judge('P6', await deadLetters(stage.system.addresses.databaseUrl));
  },
};

/** Hours ago, as 1.6 tells it. */
async function charge(stage: Stage, { identity, token }: Provisioned, anomaly: Anomaly): Promise<void> {
  const door = {
    ocppUrl: stage.system.ocppUrl,
    identity,
    version: '1.6',
    password: DEMO_STATION_PASSWORD,
  } as const;
  const station = await ScriptedStation.connect(door);
  const began = Date.now() - (anomaly.samples.length + 2) * 10 * MINUTE_MS;
  const at = (n: number) => new Date(began + n * 10 * MINUTE_MS).toISOString();
  await station.call('BootNotification', { chargePointVendor: 'Odd', chargePointModel: 'O1' });
  const { transactionId } = (await station.call('StartTransaction', {
    connectorId: 1,
    idTag: token,
    meterStart: anomaly.startWh,
    timestamp: at(0),
  })) as { transactionId: number };
  for (const [index, { wh, watts }] of anomaly.samples.entries()) {
    const sample = (measurand: string, value: number | undefined, unit: string) =>
      value === undefined ? [] : [{ value: String(value), measurand, unit, context: 'Sample.Periodic' }];
    await station.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [
        {
          timestamp: at(index + 1),
          sampledValue: [
            ...sample('Energy.Active.Import.Register', wh, 'Wh'),
            ...sample('Power.Active.Import', watts, 'W'),
          ],
        },
      ],
    });
  }
  await station.call('StopTransaction', {
    transactionId,
    meterStop: anomaly.stopWh,
    timestamp: at(anomaly.samples.length + 1),
    reason: 'Local',
  });
  await station.close();
}

interface Row {
  verdict: string | null;
  deviations: string[] | null;
  hold: string | null;
  billed: string | null;
  invoices: number;
}

async function misjudged(
  stage: Stage,
  { identity }: Provisioned,
  { what, noted, billedWh }: Anomaly,
): Promise<string[]> {
  let row: Row | undefined;
  const look = async () => {
    [row] = await query<Row>(
      stage.system.addresses.databaseUrl,
      `select m.verdict, m.deviations, b.hold_reason as hold, c.document->>'energyMwh' as billed,
          (select count(*)::int from billing.invoice i where i.session_id = s.id) as invoices
        from sessions.session s join sessions.station st on st.id = s.station_id
        left join metering.metered_session m on m.session_id = s.id
        left join billing.billed_session b on b.session_id = s.id
        left join billing.cdr c on c.session_id = s.id
        where st.identity = $1`,
      [identity],
    );
    return row !== undefined && (row.hold !== null || row.billed !== null);
  };
  await waitFor(`what becomes of ${what}`, look, { timeoutMs: 60_000, everyMs: 250 }).catch(() => undefined);
  if (!row) return ['there is no session'];
  const { verdict, deviations, hold, billed, invoices } = row;
  const held = hold === 'energy_disputed' && verdict === 'DISPUTED' && billed === null && invoices === 0;
  const asMeasured = hold === null && Number(billed) === (billedWh ?? 0) * 1000 && invoices === 1;
  return [
    ...(noted === undefined || deviations?.includes(noted)
      ? []
      : [`${noted} is not noted (${deviations?.join(', ')})`]),
    ...((billedWh === undefined ? held : asMeasured)
      ? []
      : [`verdict ${verdict}, hold ${hold}, billed ${billed} mWh, ${invoices} invoices`]),
  ];
}
