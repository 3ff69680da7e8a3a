import { SimulatedTime } from '@kilowatch/testing';
import { allDayTariff } from '../../demo/price-judge.js';
import { applyTariff } from '../../seed/seed-demo.js';
import { query } from '../deep-books.js';
import type { Fault } from '../fault.js';
import { judgeBooks } from '../judge-books.js';
import type { Stage } from '../stage.js';

const FIVE_MINUTES_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** One system for all of them: they differ from others by this alone. */
const CLOCKS = { clocks: true };
/** A service whose clock is elsewhere is refused for so long. */
const APART_MS = 8_000;
/** The night's clocks: device seconds per second, so few that chargers and services stay together. */
const NIGHT_SPEED = 10;
/** Device time before the moment at which a session begins; the moment is there after a tenth of it. */
const BEFORE_MS = 2 * 60_000;

interface Moment {
  readonly what: string;
  readonly at: string;
}

/** In their order: clocks are only set forward, so that no token is of the future. */
const MOMENTS: readonly Moment[] = [
  { what: 'into the leap day', at: '2024-02-29T00:00:00Z' },
  { what: 'out of the leap day', at: '2024-03-01T00:00:00Z' },
  { what: 'the night that is an hour shorter', at: '2025-03-30T01:00:00Z' },
  { what: 'the night that is an hour longer', at: '2025-10-26T01:00:00Z' },
];

/** Fault 15, on our side: the services' clocks are wrong, or are in a night that clocks are wrong about. */
export const SERVICE_CLOCKS: readonly Fault[] = [
  {
    name: 'service-clock',
    number: 15,
    what: 'the services are 5 min ahead, step back by 10 min while cars charge, step to the right time',
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 20,
    system: CLOCKS,
    async play(stage) {
      const fleet = await stage.fleet();
      const running = await stage.charging(fleet);
      await stage.system.setClocks(FIVE_MINUTES_MS);
      await stage.readings(running, 3);
      const leaving = fleet.slice(0, fleet.length / 2);
      stage.endAll(leaving);
      const begun = await stage.beginAll(leaving);
      await stage.system.setClocks(-FIVE_MINUTES_MS);
      await stage.readings([...running.slice(leaving.length), ...begun], 3);
      stage.endAll(fleet);
      await stage.beginAll(fleet);
      await stage.system.setClocks(0);
      stage.endAll(fleet);
      await stage.signInAgain();
      await judgeBooks(stage);
    },
  },
  {
    name: 'service-clock-apart',
    number: 15,
    what: 'sessions, then metering are 5 min ahead of the others: refused as long as they are, nothing is lost',
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 10,
    system: CLOCKS,
    async play(stage) {
      const fleet = await stage.fleet();
      const running = (await stage.charging(fleet)).slice(2);
      for (const service of ['sessions', 'metering']) {
        await stage.system.setClocks(FIVE_MINUTES_MS, [service]);
        const before = await refusedTokens(stage, service);
        // Something for sessions to do: readings alone go to metering.
        stage.endAll(fleet.slice(0, 2));
        await new Promise((resolve) => setTimeout(resolve, APART_MS));
        const refused = (await refusedTokens(stage, service)) - before;
        stage.say(`${service} refused ${refused} calls`);
        stage.judge('P1', refused > 0 ? [] : [`${service} refused nothing: its clock was not apart`]);
        await stage.system.setClocks(0, [service]);
        await stage.readings(running, 2);
      }
      stage.endAll(fleet);
      await judgeBooks(stage);
      stage.judge('P1', await quarantined(stage));
    },
  },
  {
    name: 'service-clock-nights',
    number: 15,
    what: 'the services go into a leap day and out of it, and through both nights of the clock change (chargers: for each)',
    promises: ['P1', 'P2', 'P3', 'P6'],
    chargers: 4,
    system: CLOCKS,
    async play(stage) {
      await priceOfThen(stage);
      for (const moment of MOMENTS) await cross(stage, moment);
      await stage.system.setClocks(0);
      await stage.signInAgain();
      await judgeBooks(stage);
    },
  },
];

/** The tariff of the demo begins today: without one of then the sessions of then would have no price, and be held. */
async function priceOfThen(stage: Stage): Promise<void> {
  await stage.system.setClocks(Date.parse(MOMENTS[0]!.at) - DAY_MS - Date.now());
  await stage.signInAgain();
  await applyTariff(stage.people.operator, allDayTariff());
}

/** Sessions begin before the moment and end after it, by the chargers' clocks and by the services'. */
async function cross(stage: Stage, { what, at }: Moment): Promise<void> {
  const moment = Date.parse(at);
  const wallMs = BEFORE_MS / NIGHT_SPEED;
  await stage.system.setClocks(moment - wallMs - Date.now());
  await stage.signInAgain();
  const time = new SimulatedTime({ start: new Date(moment - BEFORE_MS), speed: NIGHT_SPEED });
  const fleet = await stage.fleet(stage.chargers, { time, meterIntervalMs: 10_000 });
  const running = await stage.charging(fleet);
  while (time.now().getTime() < moment + BEFORE_MS / 2) await stage.readings(running, 1);
  stage.endAll(fleet);
  await stage.delivered();
  const identities = fleet.map(({ charger }) => charger.identity);
  const rows = await query<{ identity: string; started: Date; ended: Date | null }>(
    stage.system.addresses.databaseUrl,
    `select st.identity, s.started_at as started, s.ended_at as ended
       from sessions.session s join sessions.station st on st.tenant = s.tenant and st.id = s.station_id
      where st.identity = any($1) and s.started_at between $2 and $3`,
    [identities, new Date(moment - BEFORE_MS), new Date(moment)],
  );
  const crossed = rows.filter(({ ended }) => ended !== null && ended.getTime() > moment);
  const received = await receivedBetween(stage, identities, moment - BEFORE_MS, moment + BEFORE_MS);
  stage.judge('P2', received > 0 ? [] : [`${what}: the services' clocks were not there`]);
  stage.say(`${what}: ${crossed.length} sessions begin before ${at} and end after it`);
  stage.judge(
    'P2',
    crossed.length === fleet.length
      ? []
      : [`${what}: ${crossed.length} of ${fleet.length} sessions are dated so`],
  );
  await stage.release();
}

/** Readings that the gateway's clock says were received in that time. */
async function receivedBetween(
  stage: Stage,
  identities: readonly string[],
  from: number,
  to: number,
): Promise<number> {
  const [row] = await query<{ n: number }>(
    stage.system.addresses.databaseUrl,
    `select count(*)::int as n from metering.reading r
       join sessions.station st on st.tenant = r.tenant and st.id = r.station_id
      where st.identity = any($1) and r.received_at between $2 and $3`,
    [identities, new Date(from), new Date(to)],
  );
  return row?.n ?? 0;
}

/** Calls that a service refused for the token of the service that called. */
async function refusedTokens(stage: Stage, service: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${stage.system.addresses.http[service]}/metrics`);
  const lines = (await response.text()).split('\n');
  return lines
    .filter((line) => line.startsWith('kw_auth_refused_total{reason="service token'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Frames that an operator would have to look after: a clock that was wrong for a moment must not make any. */
async function quarantined(stage: Stage): Promise<string[]> {
  const [row] = await query<{ n: number }>(
    stage.system.addresses.databaseUrl,
    'select count(*)::int as n from ocpp_gateway.quarantined_frame',
  );
  return row && row.n > 0 ? [`${row.n} frames were set aside`] : [];
}
