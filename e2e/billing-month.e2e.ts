// Real: metering, billing, auth and the API as processes, Postgres, NATS, gRPC. Chargers and sessions are played. A month in small;
// the whole one is `npm run bench -- billing`.
import { Month, MONTH_SERVICES } from '@kilowatch/tools/bench/month';
import { madeUpStays, monthOf } from '@kilowatch/tools/bench/month-sessions';
import { monthBefore } from '@kilowatch/tools/bench/billing-bench';
import { withTemporarySystem } from '@kilowatch/tools/system/temporary-system';
import { expect, it } from 'vitest';

const SESSIONS = 250;
const SEED = 20_261_129;

it('a month of readings becomes CDRs and invoices, each to the cent where a calculation of its own has it', async () => {
  const { year, month } = monthBefore(new Date());
  const sessions = monthOf(madeUpStays(SESSIONS, SEED), year, month);
  const options = {
    name: 'month',
    fsync: false,
    signal: new AbortController().signal,
    over: { services: [...MONTH_SERVICES], restart: false },
  } as const;
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
