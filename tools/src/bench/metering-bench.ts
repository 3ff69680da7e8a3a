import { randomUUID } from 'node:crypto';
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { metering } from '@kilowatch/contracts';
import { Secret, tenantId } from '@kilowatch/kernel';
import { grpcClient, SERVICE_TOKEN_HEADER, ServiceTokens, systemClock } from '@kilowatch/platform';
import pg from 'pg';
import { GraphqlClient } from '../client/graphql-client.js';
import { quietSystem } from '../system/quiet-system.js';
import { localSecrets } from '../system/secrets.js';
import type { System } from '../system/start-system.js';
import { DEMO_ADMIN, DEMO_TENANT } from '../system/system-options.js';
import { spent, total, usageOf } from './cpu.js';
import { vacuumed } from './history.js';
import { Latencies, percentile } from './latencies.js';
import { measured, type LoadResult } from './load.js';
import { cpuByProcess, tableHead, tableRow } from './report.js';
import {
  CURVE_RATIO,
  disturbance,
  judgeCurve,
  judgeRows,
  ROWS_PER_CPU_SECOND,
  type Verdict,
} from './verdict.js';

const TENANT = tenantId(DEMO_TENANT);
/** What the gateway gathers of a busy fleet in its 12 ms, and as many calls as its sockets have under way. */
const ROWS_A_CALL = 500;
const SIDE_BY_SIDE = 4;
const WARM_UP_MS = 3_000;
const STATIONS = 500;
const SAMPLES = [
  ['Energy.Active.Import.Register', 'Wh'],
  ['Power.Active.Import', 'W'],
  ['SoC', 'Percent'],
] as const;
/** Of the session whose curve is read: a reading each 10 seconds for two hours. */
const CURVE_READINGS = 720;
const LOOKS = 300;
const WARM_UP_LOOKS = 30;
const FEW_ROWS = 1_000_000;
const ROWS_A_STATEMENT = 500_000;

interface Charging {
  readonly stationId: string;
  readonly ref: string;
}

/** What a stored reading costs from gRPC to its commit, and whether a curve is read as fast with many stored as with few. */
export class MeteringBench {
  private readonly verdicts: Verdict[] = [];
  private readonly results: [string, LoadResult][] = [];

  constructor(
    private readonly system: System,
    private readonly options: { readonly seconds: number; readonly history: number },
    private readonly print: (line?: string) => void,
  ) {}

  async run(): Promise<number> {
    this.print(`${cpus().length} CPUs, load of the machine ${loadavg()[0]?.toFixed(1)} at the start`);
    await this.insert();
    await this.curve();
    this.print();
    this.verdicts.forEach(({ line }) => this.print(line));
    const disturbed = disturbance(this.results.map(([, result]) => result));
    if (disturbed) this.print(disturbed);
    return this.verdicts.every(({ passed }) => passed) ? 0 : 1;
  }

  /** Rows are the messages of this load. CPU is that of every process, until what the rows caused is done; and of metering and Postgres. */
  private async insert(): Promise<void> {
    const client = grpcClient(metering.MeteringServiceClient, {
      url: `127.0.0.1:${this.system.addresses.grpc['metering']}`,
      tokens: new ServiceTokens({ service: 'ocpp-gateway', secret: this.secret(), clock: systemClock }),
      clock: systemClock,
    });
    const fleet = Array.from({ length: STATIONS }, () => ({ stationId: randomUUID(), ref: randomUUID() }));
    const began = Date.now() - 3_600_000;
    let sent = 0;
    const call = async () => {
      const from = sent;
      sent += ROWS_A_CALL;
      const sets = Array.from({ length: ROWS_A_CALL }, (_, i) =>
        aSet(
          fleet[(from + i) % STATIONS]!,
          new Date(began + Math.floor((from + i) / STATIONS) * 1_000),
          from + i,
        ),
      );
      const { stored } = await client.recordReadings({ sets }, { tenant: TENANT });
      if (stored !== ROWS_A_CALL) throw new Error(`${stored} of ${ROWS_A_CALL} readings were stored`);
    };
    const loop = async (ms: number, latencies?: Latencies) => {
      const until = performance.now() + ms;
      const one = async () => {
        while (performance.now() < until) {
          const at = performance.now();
          await call();
          latencies?.note(performance.now() - at);
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, one));
    };
    try {
      await loop(WARM_UP_MS);
      const target = {
        pids: () => this.system.pids(),
        quiet: () => quietSystem(this.system.addresses.databaseUrl),
      };
      await target.quiet();
      await delay(500);
      const result = await measured(target, [], async () => {
        const latencies = new Latencies();
        const before = sent;
        await loop(this.options.seconds * 1_000, latencies);
        return { latencies, messages: sent - before };
      });
      this.results.push(['rows', result]);
      this.print(tableHead());
      this.print(tableRow(`rows in calls of ${ROWS_A_CALL}`, result));
      this.print();
      cpuByProcess([['rows', result]]).forEach((line) => this.print(line));
      this.verdicts.push(judgeRows(result, ROWS_PER_CPU_SECOND));
    } finally {
      client.close();
    }
  }

  /** The same session, looked at through the API with few and with many rows of others around it. */
  private async curve(): Promise<void> {
    const { databaseUrl } = this.system.addresses;
    const admin = new pg.Client({ connectionString: databaseUrl });
    await admin.connect();
    try {
      await admin.query('set search_path = metering');
      await admin.query('truncate reading');
      const session = await aStoredSession(admin);
      const stored: number[] = [];
      const looks: number[] = [];
      const cpuMs: number[] = [];
      for (const rows of [FEW_ROWS, this.options.history]) {
        await fill(admin, rows);
        await vacuumed(databaseUrl);
        const { rows: count } = await admin.query<{ n: string }>('select count(*) as n from reading');
        stored.push(Number(count[0]!.n));
        const before = usageOf(this.system.pids());
        looks.push(await this.look(session));
        cpuMs.push(total(spent(before, usageOf(this.system.pids())).values()) / (LOOKS + WARM_UP_LOOKS));
        this.print(`curve of ${CURVE_READINGS} readings with ${stored.at(-1)!.toLocaleString('en')} rows stored: ${looks.at(-1)!.toFixed(2)} ms, ${cpuMs.at(-1)!.toFixed(2)} CPU-ms`); // prettier-ignore
      }
      this.verdicts.push(judgeCurve(stored, cpuMs, CURVE_RATIO));
    } finally {
      await admin.end();
    }
  }

  /** As the gateway asks metering: what one look in ten is faster than, ms. The others tell how busy the machine was with something else. */
  private async look(sessionId: string): Promise<number> {
    const { email, password } = DEMO_ADMIN;
    const { signIn } = await new GraphqlClient(this.system.graphqlUrl).request<{
      signIn: { accessToken: string };
    }>('mutation($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { accessToken } } }', {
      input: { email, password },
    });
    const tokens = new ServiceTokens({
      service: 'graphql-gateway',
      secret: this.secret(),
      clock: systemClock,
    });
    const took: number[] = [];
    for (let i = -WARM_UP_LOOKS; i < LOOKS; i += 1) {
      const from = performance.now();
      const response = await fetch(`http://127.0.0.1:${this.system.addresses.http['metering']}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [SERVICE_TOKEN_HEADER]: await tokens.token(),
          authorization: `Bearer ${signIn.accessToken}`,
        },
        body: JSON.stringify({
          query: CURVE,
          variables: { of: [{ __typename: 'Session', id: sessionId }] },
        }),
      });
      const answer = (await response.json()) as {
        data?: { _entities: ({ powerCurve: unknown[] } | null)[] };
      };
      const points = answer.data?._entities[0]?.powerCurve.length;
      if (points !== CURVE_READINGS)
        throw new Error(`the curve is not whole: ${JSON.stringify(answer).slice(0, 300)}`);
      if (i >= 0) took.push(performance.now() - from);
    }
    return percentile(
      took.sort((a, b) => a - b),
      0.1,
    );
  }

  private secret(): Secret {
    return new Secret(localSecrets(this.system.options.dataDir).serviceSecret);
  }
}

const CURVE = `query($of: [_Any!]!) { _entities(representations: $of) {
  ... on Session { powerCurve(resolutionSeconds: 10, maxPoints: 2000) { powerW } } } }`;

/** A session that ended, whose curve is not drawn: its readings are what is read. */
async function aStoredSession(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ session_id: string }>(
    `insert into metered_session (tenant, session_id, station_id, evse_number, transaction_ref, account_id, status, started_at,
        ended_at, max_power_w, sessions_version, closed_at, energy_mwh, verdict)
      values ($1, gen_random_uuid(), gen_random_uuid(), 1, gen_random_uuid()::text, '', 'ENDED', now() - interval '3 hours',
        now() - interval '1 hour', 22000, 1, now(), 0, 'MEASURED') returning session_id`,
    [DEMO_TENANT],
  );
  const sessionId = rows[0]!.session_id;
  await admin.query(
    `insert into reading (${COLUMNS}) select tenant, station_id, transaction_ref, 1, started_at + n * interval '10 seconds', n,
        'PERIODIC', now(), 1, false, n * 1000, 7000 + n % 100, ''
      from metered_session cross join generate_series(0, ${CURVE_READINGS - 1}) n where session_id = $1`,
    [sessionId],
  );
  return sessionId;
}

const COLUMNS = `tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at, connector_number,
  offline, energy_import_mwh, power_w, sampled`;

/** Rows of other stations until so many are stored: each statement those of a thousand sessions side by side, over the last 30 days. */
async function fill(admin: pg.Client, rows: number): Promise<void> {
  const { rows: counted } = await admin.query<{ n: string }>('select count(*) as n from reading');
  for (let stored = Number(counted[0]!.n); stored < rows; stored += ROWS_A_STATEMENT) {
    const missing = Math.min(ROWS_A_STATEMENT, rows - stored);
    await admin.query(
      `insert into reading (${COLUMNS}) select $1, station, 'fill-' || s, 1,
          now() - $3 * interval '1 second' - n * interval '10 seconds', n, 'PERIODIC', now(), 1, false, n * 1000, 7000, $4
        from (select s, gen_random_uuid() as station from generate_series(1, 1000) s) sessions
        cross join generate_series(1, $2::int / 1000) n`,
      [DEMO_TENANT, missing, (stored * 97) % (25 * 86_400), SAMPLES_TEXT],
    );
  }
}

/** Three samples as metering keeps them (apps/metering/src/domain/sample-text.ts), so that a row is as wide as in life. */
const SAMPLES_TEXT = '11011:1234567;12013:1234567;13017:1234567';

function aSet({ stationId, ref }: Charging, at: Date, n: number): metering.MeterValueSet {
  return metering.MeterValueSet.fromPartial({
    tenant: DEMO_TENANT,
    stationId,
    evseNumber: 1,
    connectorNumber: 1,
    transactionRef: ref,
    measuredAt: at,
    receivedAt: at,
    samples: SAMPLES.map(([measurand, unit], i) => ({
      value: String(i === 0 ? 1_000_000 + n : i === 1 ? 7_000 + (n % 400) : n % 100),
      context: 'Sample.Periodic',
      measurand,
      unit,
      phase: '',
      location: 'Outlet',
      multiplier: 0,
      signedData: '',
    })),
  });
}
