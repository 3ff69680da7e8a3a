// Months of readings: made ahead, filled and dropped while readings come in, under the service's own role. Real: Postgres, NATS, gRPC.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { Database, provisionDatabase, runMigrations, SYSTEM_SCOPE } from '@kilowatch/platform';
import {
  aSessionSnapshot,
  createTestDatabase,
  ServiceRig,
  waitFor,
  type TestPrincipal,
} from '@kilowatch/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { meteringService } from '../src/metering.module.js';
import { ReadingPartitions1796400000000 } from '../src/persistence/migrations/0012-reading-partitions.js';
import { ShortSamples1796460000000 } from '../src/persistence/migrations/0014-short-samples.js';
import { FewerIndexes1796470000000 } from '../src/persistence/migrations/0015-fewer-indexes.js';
import { PackedCurves1796480000000 } from '../src/persistence/migrations/0016-packed-curves.js';
import { migrations } from '../src/persistence/migrations/index.js';

const DEMO = { tenant: tenantId('demo') };
const DAY_MS = 86_400_000;
const NOW = new Date();
const monthOf = (offset: number) =>
  new Date(Date.UTC(NOW.getUTCFullYear(), NOW.getUTCMonth() + offset, 1)).toISOString().slice(0, 10);
const inMonth = (offset: number, minute = 0) =>
  new Date(Date.parse(`${monthOf(offset)}T12:00:00Z`) + minute * 60_000);

let rig: ServiceRig;
beforeAll(async () => {
  rig = await ServiceRig.start({
    service: meteringService,
    shape: configShape,
    env: { KW_LATE_WINDOW_SECONDS: '0', KW_READINGS_KEEP_DAYS: '31', KW_CURVES_KEEP_DAYS: '365' },
  });
});
afterAll(async () => {
  await rig.close();
});

const job = (name: string) => rig.running.background.jobs.get(name)!;
const make = (family: string, month: string) =>
  rig.sql('select make_reading_partition($1, $2::date)', [family, month]);
const partitions = async (family: string) =>
  (
    await rig.sql<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = $1::text::regclass order by 1`,
      [family],
    )
  ).map(({ name }) => name);
const named = (family: string, month: string) => `${family}_${month.slice(0, 7).replace('-', '_')}`;

function reading(
  stationId: string,
  ref: string,
  at: Date,
  wh: number,
  over: Partial<metering.MeterValueSet> = {},
) {
  const sample = (measurand: string, value: number, unit: string, context: string) => ({
    value: String(value),
    context,
    measurand,
    unit,
    phase: '',
    location: 'Outlet',
    multiplier: 0,
    signedData: '',
  });
  const context = over.samples ? '' : 'Sample.Periodic';
  return metering.MeterValueSet.fromPartial({
    tenant: 'demo',
    stationId,
    evseNumber: 1,
    connectorNumber: 1,
    transactionRef: ref,
    measuredAt: at,
    receivedAt: at,
    samples: [
      sample('Energy.Active.Import.Register', wh, 'Wh', context),
      sample('Power.Active.Import', 6_000, 'W', context),
    ],
    ...over,
  });
}
const record = (...sets: metering.MeterValueSet[]) =>
  rig.grpc(metering.MeteringServiceClient).recordReadings({ sets }, DEMO);

interface Transaction {
  readonly sessionId: string;
  readonly stationId: string;
  readonly ref: string;
  readonly driver: TestPrincipal;
}
const aTransaction = (): Transaction => ({
  sessionId: randomUUID(),
  stationId: randomUUID(),
  ref: randomUUID(),
  driver: { accountId: randomUUID(), tenant: 'demo', role: 'driver' },
});

async function tell(tx: Transaction, startedAt: Date, endedAt?: Date): Promise<void> {
  const session = aSessionSnapshot({
    sessionId: tx.sessionId,
    stationId: tx.stationId,
    transactionRef: tx.ref,
    accountId: tx.driver.accountId,
    startedAt,
    ...(endedAt ? { status: 'ENDED', endedAt } : {}),
  });
  if (endedAt) await rig.publish(events.sessionEnded, { aggregateId: tx.sessionId, version: 2 }, { session });
  else await rig.publish(events.sessionStarted, { aggregateId: tx.sessionId, version: 1 }, { session });
  await waitFor('the session to be known', async () => {
    const held = await rig.sql(
      `select 1 from metered_session where session_id = $1 and (closed_at is not null or not $2)`,
      [tx.sessionId, endedAt !== undefined],
    );
    return held.length > 0;
  });
}

/** A charge of `minutes`, a reading each, ended and closed. */
async function charged(startedAt: Date, minutes: number): Promise<Transaction> {
  const tx = aTransaction();
  const at = (minute: number) => new Date(startedAt.getTime() + minute * 60_000);
  await record(
    ...Array.from({ length: minutes + 1 }, (_, i) => reading(tx.stationId, tx.ref, at(i), i * 100)),
  );
  await tell(tx, startedAt, at(minutes));
  return tx;
}

async function drawn(tx: Transaction): Promise<void> {
  await rig.sql(
    `update metered_session set curve_due_at = now() - interval '1 second' where session_id = $1 and curve_due_at is not null`,
    [tx.sessionId],
  );
  await job('fill-curves').runDue();
}
const stored = async (tx: Transaction) =>
  Number(
    (
      await rig.sql<{ n: string }>('select count(*) as n from reading where station_id = $1', [tx.stationId])
    )[0]!.n,
  );

describe('months of readings', () => {
  it('are there ahead, each behind the wall of its tenant', async () => {
    await job('keep-partitions').runDue();
    for (const family of ['reading', 'reading_minute', 'reading_quarter']) {
      const there = await partitions(family);
      for (const offset of [-1, 0, 1, 2, 3]) expect(there).toContain(named(family, monthOf(offset)));
      expect(there).toContain(`${family}_other`);
    }
    const tx = aTransaction();
    await record(reading(tx.stationId, tx.ref, NOW, 1));
    const seen = (tenant: string) =>
      rig.sql(`select 1 from ${named('reading', monthOf(0))} where station_id = $1`, [tx.stationId], tenant);
    expect([(await seen('demo')).length, (await seen('other')).length]).toEqual([1, 0]);
  });

  it('cannot be made or dropped at will by the service', async () => {
    await expect(make('metered_session', monthOf(0))).rejects.toThrow(/no such partition/);
    await expect(make('reading', `${monthOf(5).slice(0, 8)}02`)).rejects.toThrow(/no such partition/);
    await expect(rig.sql(`drop table ${named('reading', monthOf(0))}`)).rejects.toThrow(/owner/);
  });

  it('of any year are stored, once, and part of their session', async () => {
    const tx = aTransaction();
    const begin = { ...reading(tx.stationId, tx.ref, NOW, 1_000), receivedAt: NOW };
    const years = ['1970-01-01T00:10:00Z', '2001-05-05T00:00:00Z', '2093-01-01T00:00:00Z'].map((at, i) => ({
      ...reading(tx.stationId, tx.ref, new Date(at), 2_000 + i),
      receivedAt: NOW,
    }));
    expect(await record(begin, ...years)).toEqual({ stored: 4, duplicates: 0 });
    expect(await record(...years)).toEqual({ stored: 0, duplicates: 3 });
    await tell(tx, NOW);
    const curve = 'powerCurve(resolutionSeconds: 1) { at }';
    const { entity } = await rig.entity<{ powerCurve: unknown[] }>(tx.driver, 'Session', tx.sessionId, curve);
    expect(entity!.powerCurve).toHaveLength(4);
  });

  it('take over what lay in no month, and lose nothing of what comes meanwhile', async () => {
    const tx = aTransaction();
    const far = (i: number) => inMonth(9, i);
    let sent = 0;
    let going = true;
    const send = async () => {
      while (going) {
        const from = sent;
        sent += 25;
        const sets = Array.from({ length: 25 }, (_, i) => ({
          ...reading(tx.stationId, tx.ref, far(from + i), from + i),
          receivedAt: NOW,
        }));
        const { stored: fresh } = await record(...sets);
        expect(fresh).toBe(25);
      }
    };
    const senders = [send(), send(), send()];
    await waitFor('some to lie in no month', async () => sent > 300);
    await waitFor('the month to be made', () =>
      make('reading', monthOf(9)).then(
        () => true,
        (error: unknown) => {
          // It gives up when it would have to wait; that is what the job does the next time for.
          expect(String(error)).toMatch(/in use|lock timeout/);
          return false;
        },
      ),
    );
    const then = sent;
    await waitFor('some more', async () => sent > then + 300);
    going = false;
    await Promise.all(senders);
    expect(await stored(tx)).toBe(sent);
    const where = await rig.sql<{ place: string; n: string }>(
      'select tableoid::regclass::text as place, count(*) as n from reading where station_id = $1 group by 1',
      [tx.stationId],
    );
    expect(where).toEqual([{ place: named('reading', monthOf(9)), n: String(sent) }]);
    expect(await record(reading(tx.stationId, tx.ref, far(0), 0))).toEqual({ stored: 0, duplicates: 1 });
  }, 60_000);
});

describe('retention', () => {
  it('drops old months, not those of a session that is not closed, and loses nothing of what comes meanwhile', async () => {
    for (const offset of [-8, -7, -6])
      for (const family of ['reading', 'reading_minute', 'reading_quarter'])
        await make(family, monthOf(offset));
    const old = await charged(inMonth(-8), 30);
    await drawn(old);
    const open = aTransaction();
    await record(reading(open.stationId, open.ref, inMonth(-7), 5));
    await tell(open, inMonth(-7));
    const undrawn = await charged(inMonth(-6), 3);

    const live = aTransaction();
    let sent = 0;
    let going = true;
    const send = async () => {
      while (going) {
        const from = sent;
        sent += 10;
        const at = (i: number) => new Date(NOW.getTime() - (from + i) * 1_000);
        await record(...Array.from({ length: 10 }, (_, i) => reading(live.stationId, live.ref, at(i), 1)));
      }
    };
    const senders = [send(), send()];
    await waitFor('the old month to be dropped', async () => {
      await job('keep-partitions')
        .runDue()
        .catch(() => undefined);
      return !(await partitions('reading')).includes(named('reading', monthOf(-8)));
    });
    going = false;
    await Promise.all(senders);
    expect(await stored(live)).toBe(sent);
    const there = await partitions('reading');
    expect(there).toContain(named('reading', monthOf(-7)));
    expect(there).toContain(named('reading', monthOf(-6)));
    expect([await stored(old), await stored(open), await stored(undrawn)]).toEqual([0, 1, 4]);

    // Its curve is there still.
    const fields = 'energyWh powerCurve(resolutionSeconds: 600, maxPoints: 10) { powerW energyWh }';
    const { entity } = await rig.entity(old.driver, 'Session', old.sessionId, fields);
    expect(entity).toEqual({
      energyWh: 3_000,
      powerCurve: [
        { powerW: 6_000, energyWh: 900 },
        { powerW: 6_000, energyWh: 1_900 },
        { powerW: 6_000, energyWh: 2_900 },
        { powerW: 6_000, energyWh: 3_000 },
      ],
    });

    await tell(open, inMonth(-7), inMonth(-7, 10));
    await drawn(open);
    await drawn(undrawn);
    await waitFor('the rest to be dropped', async () => {
      await job('keep-partitions').runDue();
      return !(await partitions('reading')).includes(named('reading', monthOf(-6)));
    });
    expect([await stored(open), await stored(undrawn)]).toEqual([0, 0]);
  }, 60_000);

  it('forgets what lies in no month by when it came', async () => {
    const far = new Date('1999-01-01T00:00:00Z');
    const receivedAt = new Date(NOW.getTime() - 40 * DAY_MS);
    const [gone, kept, held] = [aTransaction(), aTransaction(), aTransaction()];
    await record({ ...reading(gone.stationId, gone.ref, far, 1), receivedAt });
    await record({ ...reading(kept.stationId, kept.ref, far, 1), receivedAt: NOW });
    await record({ ...reading(held.stationId, held.ref, far, 1), receivedAt });
    await tell(held, NOW);
    await job('keep-partitions').runDue();
    expect([await stored(gone), await stored(kept), await stored(held)]).toEqual([0, 1, 1]);
  });
});

describe('curves', () => {
  const minutes = (tx: Transaction, tenant = 'demo') =>
    rig.sql<{ power_w: number; readings: number }>(
      'select unnest(power_w) as power_w, unnest(readings) as readings from session_curve where session_id = $1',
      [tx.sessionId],
      tenant,
    );
  const late = (tx: Transaction, at: Date, watts: string) => {
    const set = { ...reading(tx.stationId, tx.ref, at, 3_005), receivedAt: NOW };
    set.samples[1]!.value = watts;
    return record(set);
  };
  const shown = async (tx: Transaction) => {
    const fields = 'powerCurve(resolutionSeconds: 60, maxPoints: 500) { at powerW }';
    const { entity } = await rig.entity<{ powerCurve: { at: string; powerW: number }[] }>(
      tx.driver,
      'Session',
      tx.sessionId,
      fields,
    );
    return entity!.powerCurve;
  };

  it('are drawn after the close, and again when a reading comes late', async () => {
    const tx = await charged(new Date(NOW.getTime() - 90 * 60_000), 60);
    expect(await minutes(tx)).toEqual([]);
    await drawn(tx);
    expect(await minutes(tx)).toEqual(Array(61).fill({ power_w: 6_000, readings: 1 }));
    await late(tx, new Date(NOW.getTime() - 60 * 60_000 + 5_000), '9000');
    const due = await rig.sql(
      'select 1 from metered_session where session_id = $1 and curve_due_at is not null',
      [tx.sessionId],
    );
    expect(due).toHaveLength(1);
    await drawn(tx);
    const again = await minutes(tx);
    expect(again.filter(({ readings }) => readings === 2)).toEqual([{ power_w: 7_500, readings: 2 }]);
    expect(again.filter(({ readings }) => readings === 1)).toHaveLength(60);
    expect(await minutes(tx, 'other')).toEqual([]);
  });

  it('are drawn once more for a reading that comes while they are being drawn', async () => {
    const tx = await charged(new Date(NOW.getTime() - 90 * 60_000), 10);
    await drawn(tx);
    await rig.sql(
      `update metered_session set curve_due_at = now() - interval '1 second' where session_id = $1`,
      [tx.sessionId],
    );
    const came: Promise<unknown>[] = [];
    await rig.running.get(Database).transaction(SYSTEM_SCOPE, async (drawing) => {
      await drawing.query('select from metered_session where session_id = $1 for update', [tx.sessionId]);
      came.push(late(tx, new Date(NOW.getTime() - 85 * 60_000 + 7_000), '9000'));
      await waitFor('the reading to wait for the drawing', async () => {
        const waiting = await rig.sqlPastTheWalls(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return waiting.length > 0;
      });
      await drawing.query('update metered_session set curve_due_at = null where session_id = $1', [
        tx.sessionId,
      ]);
    });
    await Promise.all(came);
    await job('fill-curves').runDue();
    expect((await minutes(tx)).filter(({ readings }) => readings === 2)).toHaveLength(1);
  });

  it('keep what they were drawn of when that is gone', async () => {
    const tx = await charged(new Date(NOW.getTime() - 90 * 60_000), 20);
    await drawn(tx);
    await rig.sql('delete from reading where station_id = $1', [tx.stationId]);
    await late(tx, new Date(NOW.getTime() - 60 * 60_000), '9000');
    await drawn(tx);
    const points = await minutes(tx);
    expect(points).toHaveLength(22);
    expect(points.filter(({ power_w }) => power_w === 9_000)).toHaveLength(1);
  });

  it('that were drawn in rows are read, and packed when they are drawn again', async () => {
    const tx = await charged(new Date(NOW.getTime() - 90 * 60_000), 20);
    await drawn(tx);
    await rig.sql(`insert into reading_minute (tenant, session_id, measured_at, power_w, readings)
      select 'demo', session_id, to_timestamp(m.minute * 60), m.power_w, m.readings from session_curve
        cross join lateral unnest(minute, power_w, readings) as m (minute, power_w, readings) where session_id = $1`, [tx.sessionId]); // prettier-ignore
    const before = await shown(tx);
    expect(before).toHaveLength(21);
    await rig.sql('delete from session_curve where session_id = $1', [tx.sessionId]);
    await rig.sql('delete from reading where station_id = $1', [tx.stationId]);
    expect(await shown(tx)).toEqual(before);
    await late(tx, new Date(NOW.getTime() - 60 * 60_000), '9000');
    await drawn(tx);
    expect(await minutes(tx)).toHaveLength(22);
  });

  it('of sessions that nothing was measured of are empty, and drawn', async () => {
    const tx = aTransaction();
    await tell(tx, new Date(NOW.getTime() - 60_000), NOW);
    await drawn(tx);
    const held = await rig.sql<{ drawn: boolean }>(
      'select curve_filled_at is not null as drawn from metered_session where session_id = $1',
      [tx.sessionId],
    );
    expect(held).toEqual([{ drawn: true }]);
    expect(await minutes(tx)).toEqual([]);
    expect(await shown(tx)).toEqual([]);
  });

  it('hold readings of any year', async () => {
    const tx = aTransaction();
    const at = (text: string) => ({ ...reading(tx.stationId, tx.ref, new Date(text), 1), receivedAt: NOW });
    await record(
      at('1970-01-01T00:10:00Z'),
      at('9999-12-31T23:59:00Z'),
      reading(tx.stationId, tx.ref, NOW, 1),
    );
    await tell(tx, new Date(NOW.getTime() - 60_000), NOW);
    await drawn(tx);
    expect(await minutes(tx)).toHaveLength(3);
  });

  it('are forgotten when they are old', async () => {
    const [old, young] = [await charged(NOW, 2), await charged(NOW, 2)];
    await drawn(old);
    await drawn(young);
    await rig.sql(`update session_curve set drawn_at = now() - interval '366 days' where session_id = $1`, [
      old.sessionId,
    ]);
    await waitFor('the old one to be forgotten', async () => {
      await job('keep-partitions').runDue();
      return (await minutes(old)).length === 0;
    });
    expect(await minutes(young)).toHaveLength(3);
  });
});

describe('a point of a curve', () => {
  const FIGURES = [
    'power_w',
    'max_power_w',
    'power_export_w',
    'energy_import_mwh',
    'energy_export_mwh',
    'soc_percent',
    'readings',
  ];
  const sessions = Array.from({ length: 12 }, () => aTransaction());
  const close = (tx: Transaction) =>
    rig.sql(
      `insert into metered_session (tenant, session_id, station_id, evse_number, transaction_ref, account_id, status,
          started_at, ended_at, max_power_w, sessions_version, closed_at)
        values ('demo', $1, $2, 1, $3, '', 'ENDED', now() - interval '2 hours', now(), 22000, 2, now())`,
      [tx.sessionId, tx.stationId, tx.ref],
    );
  /** Small numbers, so that means often lie in the middle of two; some are missing, some below zero. */
  const measure = (tx: Transaction, readings: number) =>
    rig.sql(
      `insert into reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at,
          connector_number, offline, power_w, power_export_w, energy_import_mwh, energy_export_mwh, soc_percent, sampled)
        select 'demo', $1, $2, 1, now() - random() * interval '2 hours', n, 'PERIODIC', now(), 1, false,
          nullif(floor(random() * 13) - 6, 6), nullif(floor(random() * 5) - 1, 3), nullif(floor(random() * 1e12), 0),
          nullif(floor(random() * 4), 0), nullif(floor(random() * 101), 0) / 2, ''
        from generate_series($3::bigint, $3::bigint + $4 - 1) n`,
      [tx.stationId, tx.ref, Date.now() * 1_000, readings],
    );
  const draw = async () => {
    await rig.sql(
      `update metered_session set curve_due_at = now() - interval '1 second' where session_id = any ($1::uuid[])`,
      [sessions.map(({ sessionId }) => sessionId)],
    );
    await job('fill-curves').runDue();
  };
  async function expectMeans(tx: Transaction): Promise<void> {
    const points = await rig.sql(
      `select to_timestamp(unnest(minute) * 60.0) as measured_at, ${FIGURES.map((figure) => `unnest(${figure}) as ${figure}`).join(', ')}
        from session_curve where session_id = $1`,
      [tx.sessionId],
    );
    const means = await rig.sql(
      `select date_bin('1 minute', measured_at, 'epoch') as measured_at, round(avg(power_w))::int as power_w,
          max(power_w) as max_power_w, round(avg(power_export_w))::int as power_export_w,
          max(energy_import_mwh) as energy_import_mwh, max(energy_export_mwh) as energy_export_mwh,
          max(soc_percent) as soc_percent, count(power_w)::int as readings
        from reading where station_id = $1 group by 1 order by 1`,
      [tx.stationId],
    );
    expect(points).toEqual(means);
  }

  it('is the rounded mean of all that was measured in its step, when it is drawn and when it is drawn again', async () => {
    for (const [i, tx] of sessions.entries()) {
      await close(tx);
      await measure(tx, [1, 15, 400][i % 3]!);
    }
    await draw();
    for (const tx of sessions) await expectMeans(tx);
    // One that was never drawn is among those that are drawn again.
    const fresh = aTransaction();
    sessions.push(fresh);
    await close(fresh);
    await measure(fresh, 40);
    for (const tx of sessions.slice(0, 6)) await measure(tx, 7);
    await draw();
    for (const tx of sessions) await expectMeans(tx);
  });
});

describe('what was stored before there were months', () => {
  it('is there afterwards, and is taken back by the way back', async () => {
    const database = await createTestDatabase();
    await provisionDatabase(database.url, [{ service: 'metering', password: 'rig' }]);
    const before = migrations.slice(0, migrations.indexOf(ReadingPartitions1796400000000));
    await runMigrations(database.url, 'metering', before);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query('set search_path = metering');
      const station = randomUUID();
      for (const at of ['1970-01-01', inMonth(-3).toISOString(), NOW.toISOString(), inMonth(7).toISOString()])
        await client.query(
          `insert into reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at,
              connector_number, offline, samples) values ('demo', $1, 'r', 1, $2, 1, 'PERIODIC', now(), 1, false, '[]')`,
          [station, at],
        );
      await runMigrations(database.url, 'metering', migrations);
      const places = await client.query<{ place: string; n: number }>(
        'select tableoid::regclass::text as place, count(*)::int as n from reading group by 1 order by 1',
      );
      expect(places.rows).toEqual([
        { place: 'reading_before', n: 3 },
        { place: 'reading_other', n: 1 },
      ]);
      const distant = await client.query('select 1 from distant_reading where transaction_ref = $1', ['r']);
      expect(distant.rowCount).toBe(1);
      // The month that is going on is part of what was before; the next is one of its own.
      const made = await client.query<{ made: boolean }>(
        `select make_reading_partition('reading', $1::date) as made`,
        [monthOf(0)],
      );
      expect(made.rows).toEqual([{ made: false }]);
      await client.query(
        `insert into reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at,
            connector_number, offline, sampled) values ('demo', $1, 's', 1, now(), 1, 'PERIODIC', now(), 1, false, '11011:5')`,
        [station],
      );
      const raw = await client.query(
        'select raw_samples(reading) as raw from reading order by transaction_ref',
      );
      const short = [{ value: '5', context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', location: 'Outlet', unit: 'Wh' }]; // prettier-ignore
      expect(raw.rows).toEqual([...Array<unknown>(4).fill({ raw: [] }), { raw: short }]);
      await client.query('drop index metered_session_driver');
      await client.query('begin');
      for (const migration of [new PackedCurves1796480000000(), new FewerIndexes1796470000000(), new ShortSamples1796460000000(), new ReadingPartitions1796400000000()]) // prettier-ignore
        await migration.down({ query: (sql: string, parameters?: unknown[]) => client.query(sql, parameters).then(({ rows }) => rows as unknown[]) } as never); // prettier-ignore
      await client.query('commit');
      const after = await client.query('select samples from reading order by transaction_ref');
      expect(after.rows).toEqual([...Array<unknown>(4).fill({ samples: [] }), { samples: short }]);
    } finally {
      await client.end();
      await database.drop();
    }
  });
});
