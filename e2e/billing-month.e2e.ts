// Real: metering, billing, auth and the API as processes, Postgres, NATS, gRPC. Chargers and sessions are played. A month in small;
// the whole one is `npm run bench -- billing`.
import { randomUUID } from 'node:crypto';
import { Month, MONTH_SERVICES } from '@kilowatch/tools/bench/month';
import { madeUpStays, monthOf, type MonthSession } from '@kilowatch/tools/bench/month-sessions';
import { monthBefore } from '@kilowatch/tools/bench/billing-bench';
import { withTemporarySystem } from '@kilowatch/tools/system/temporary-system';
import { expect, it } from 'vitest';

const SESSIONS = 250;
const SEED = 20_261_129;

const options = {
  name: 'month',
  fsync: false,
  signal: new AbortController().signal,
  over: { services: [...MONTH_SERVICES], restart: false },
} as const;

it('a month of readings becomes CDRs and invoices, each to the cent where a calculation of its own has it', async () => {
  const { year, month } = monthBefore(new Date());
  const sessions = monthOf(madeUpStays(SESSIONS, SEED), year, month);
  await withTemporarySystem(options, async (system) => {
    const run = new Month(system, sessions);
    const admin = await run.applyTariff();
    await run.meter();
    await run.bill();
    const { problems, invoices } = await run.audit();
    expect(problems).toEqual([]);
    expect(invoices).toBe(SESSIONS);
    await run.documents(admin, 3);
    await admin.close();
  });
});

const MINUTE_MS = 60_000;

/** Steady power from `start` until it is full, then nothing until its end; a reading each five minutes. */
function aStay(start: string, full: string, end: string, wh: number): MonthSession {
  const [from, until, last] = [Date.parse(start), Date.parse(full), Date.parse(end)];
  const readings: { at: number; wh: number }[] = [];
  for (let at = from; at <= last; at += 5 * MINUTE_MS)
    readings.push({ at, wh: at >= until ? wh : Math.round((wh * (at - from)) / (until - from)) });
  const ids = { sessionId: randomUUID(), stationId: randomUUID(), accountId: randomUUID() };
  return { ...ids, transactionRef: start, start: from, full: until, end: last, wh, readings };
}

// Sunday, 25 October 2026 has 25 hours in Amsterdam as in Brussels: at 03:00 the clocks show 02:00 once more.
it('sessions in the night in which clocks are put back are billed by the hours that went by, and by the clock where prices go by it', async () => {
  const sessions = [
    // From Sunday 00:30 to Monday 09:30, 34 hours of 1 kW: 2.5 kWh at 0.4499 from Monday 07:00 on, 31.5 kWh at 0.3199, and 0.35.
    aStay('2026-10-25T00:30:00+02:00', '2026-10-26T09:30:00+01:00', '2026-10-26T09:30:00+01:00', 34_000),
    // Full at 01:30, away at 03:30: three hours, not two. 10 kWh at 0.3199, ten quarters at 0.60 after half an hour of grace, and 0.35.
    aStay('2026-10-25T00:30:00+02:00', '2026-10-25T01:30:00+02:00', '2026-10-25T03:30:00+01:00', 10_000),
    // From 02:15 to 02:15: an hour, not nothing. 5 kWh at 0.3199, and 0.35.
    aStay('2026-10-25T02:15:00+02:00', '2026-10-25T02:15:00+01:00', '2026-10-25T02:15:00+01:00', 5_000),
  ];
  await withTemporarySystem(options, async (system) => {
    const run = new Month(system, sessions);
    await (await run.applyTariff()).close();
    await run.meter();
    await run.bill();
    const { problems, invoices, exclCents, inclCents } = await run.audit();
    expect(problems).toEqual([]);
    expect(invoices).toBe(3);
    // Done by hand: 11.55 + 9.55 + 1.95 before VAT; 13.86 + 11.46 + 2.34 with its 20 %.
    expect([exclCents, inclCents]).toEqual([2_305n, 2_766n]);
  });
});
