// Real: every service as a process. What npm run bench puts under its load must be history as the services themselves would have it;
// its loads do what they say. How fast that goes is not judged here.
import { LoadCharger } from '@kilowatch/tools/bench/load-charger';
import { storeHistory } from '@kilowatch/tools/bench/history';
import { IdleFleet } from '@kilowatch/tools/bench/idle';
import { provisionChargers } from '@kilowatch/tools/bench/ocpp-bench';
import { runJoin, runOpenLoop } from '@kilowatch/tools/bench/open-loop';
import { quietSystem } from '@kilowatch/tools/system/quiet-system';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

const METER_MESSAGES = 20;
/** With begin and end. */
const READINGS = METER_MESSAGES + 2;

let sut: SystemUnderTest;
let database: pg.Client;
let chargers: { identity: string; token: string }[];
beforeAll(async () => {
  sut = await SystemUnderTest.start();
  database = new pg.Client({ connectionString: sut.system.addresses.databaseUrl });
  await database.connect();
  chargers = await provisionChargers(sut.people.operator, 3);
});
afterAll(async () => {
  await database?.end();
  await sut?.stop();
});

async function chargeOnEach(): Promise<void> {
  await Promise.all(
    chargers.map(async ({ identity, token }) => {
      const cycle = { version: '2.0.1', token, meterMessages: METER_MESSAGES } as const;
      const charger = new LoadCharger(`${sut.system.ocppUrl}/${identity}`, cycle, () => undefined);
      await charger.connect();
      await charger.charge();
      charger.close();
    }),
  );
  await quietSystem(sut.system.addresses.databaseUrl);
}

async function count(sql: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(`select count(*)::int as n from ${sql}`);
  return rows[0]?.n ?? -1;
}
const store = (readings: number) =>
  storeHistory(
    sut.system.addresses.databaseUrl,
    chargers.map(({ identity }) => identity),
    readings,
  );

describe('the history of the bench', () => {
  it('needs a billed session of each station to copy', async () => {
    await expect(store(100)).rejects.toThrow(
      'only 0 of 3 stations have a billed session with readings to copy',
    );
  });

  it('is whole sessions of the stations under load, with readings, energy, quote and CDR', async () => {
    await chargeOnEach();
    const stored = await store(500);
    const sessions = Math.ceil(500 / READINGS);
    expect(stored).toBe(sessions * READINGS);
    expect(await count('metering.reading')).toBe(stored);
    expect(await count(`sessions.session where transaction_ref like 'history-%'`)).toBe(sessions);
    const whole = `sessions.session s
      join metering.metered_session m on m.session_id = s.id and m.transaction_ref = s.transaction_ref and m.energy_mwh is not null
      join billing.billed_session b on b.session_id = s.id
      join billing.quote q on q.session_id = s.id
      join billing.cdr c on c.session_id = s.id
     where s.transaction_ref like 'history-%' and (select count(*) from metering.reading r where r.station_id = s.station_id
       and r.transaction_ref = s.transaction_ref and r.measured_at between s.started_at and s.ended_at) = ${READINGS}`;
    expect(await count(whole)).toBe(sessions);
    expect(await count('(select distinct station_id from metering.reading) s')).toBe(chargers.length);
  });

  it('may grow, and the stations go on charging on top of it', async () => {
    const before = await count('sessions.session');
    expect(await store(1_000)).toBeGreaterThanOrEqual(1_000);
    await chargeOnEach();
    expect(await count(`sessions.session where transaction_ref not like 'history-%'`)).toBe(
      2 * chargers.length,
    );
    expect(await count('sessions.session')).toBe(before + Math.ceil(1_000 / READINGS) + chargers.length);
    const { sessions } = await sut.people.operator.request<{
      sessions: { edges: { node: { energyWh: number; cost: { final: boolean } } }[] };
    }>('query { sessions(first: 3) { edges { node { energyWh cost { final } } } } }');
    expect(sessions.edges.map(({ node }) => node)).toEqual(
      chargers.map(() => ({ energyWh: (METER_MESSAGES + 1) * 180, cost: { final: true } })),
    );
  });
});

describe('the loads of the bench', () => {
  const target = () => ({
    url: sut.system.ocppUrl,
    pids: () => sut.system.pids(),
    quiet: () => quietSystem(sut.system.addresses.databaseUrl),
  });

  it('send what is due and end what they began', async () => {
    const load = { ...target(), chargers, messagesPerSecond: 30, seconds: 2 };
    const result = await runOpenLoop(load);
    // The first and the last may fall on either side of an edge.
    expect(result.messages).toBeGreaterThanOrEqual(57);
    expect(result.messages).toBeLessThanOrEqual(63);
    expect(result.maxMs).toBeGreaterThanOrEqual(result.p50Ms);
    expect(await count(`sessions.session where ended_at is null`)).toBe(0);
  });

  it('let chargers join while others work', async () => {
    const joining = chargers.slice(0, 1);
    const load = { ...target(), chargers: chargers.slice(1), joining, messagesPerSecond: 10 };
    const { joined, working, lastBootedAfterMs } = await runJoin(load);
    expect(joined).toBe(1);
    expect(lastBootedAfterMs).toBeGreaterThan(0);
    expect(working.messages).toBeGreaterThan(10);
    expect(await count(`sessions.session where ended_at is null`)).toBe(0);
  });

  it('hold connections that say nothing', async () => {
    const fleet = IdleFleet.start(sut.system.options.root, target(), new Map());
    const { connections, kb } = await fleet.open(chargers);
    expect(connections).toBe(2);
    expect([...kb.keys()]).toEqual([...sut.system.pids().keys()]);
    const online = `ocpp_gateway.station_connection where disconnected_at is null and station_id in
      (select id from sessions.station where identity like 'BENCH-%')`;
    expect(await count(online)).toBe(3);
    await fleet.close();
  });
});
