// Real: Postgres, NATS, GraphQL. Sessions and metering are played by publishing their events.
import { randomUUID } from 'node:crypto';
import { events, sessions } from '@kilowatch/contracts';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecomputeInvoice } from '../src/usecases/recompute-invoice.js';
import {
  aCharge,
  aDriver,
  anOperator,
  BillingRig,
  elements,
  minute,
  START,
  type Charge,
} from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start();
});
afterAll(() => fleet.close());

const aTenant = () => `rsv-${randomUUID().slice(0, 8)}`;
const component = (type: string, price: string, step_size = 60) => ({ type, price, vat: '21', step_size });
/** 3.00 an hour of reserved time and 1.00 for each; 5.00 for one that nobody used, and its time like any. All plus 21 % VAT. */
const withReservations = [
  {
    price_components: [component('FLAT', '5.00', 1)],
    restrictions: { reservation: 'RESERVATION_EXPIRES' },
  },
  {
    price_components: [component('TIME', '3.00'), component('FLAT', '1.00', 1)],
    restrictions: { reservation: 'RESERVATION' },
  },
  ...elements(),
];

async function aTariff(tenant: string, list: unknown = withReservations): Promise<void> {
  const applied = await fleet.applyTariff('STD', { definition: { elements: list } }, anOperator(tenant));
  expect(applied.codes).toEqual([]);
}

interface Kept {
  readonly id: string;
  readonly driver: TestPrincipal;
  readonly connectorId: string;
}
const aReservation = (driver: TestPrincipal): Kept => ({
  id: randomUUID(),
  driver,
  connectorId: randomUUID(),
});

/** Half an hour that ends when the session of the rig begins. */
function changed(kept: Kept, version: number, over: Partial<sessions.ReservationChanged>) {
  return fleet.rig.publish(
    events.reservationChanged,
    { aggregateId: kept.id, version, tenant: kept.driver.tenant },
    sessions.ReservationChanged.fromPartial({
      reservationId: kept.id,
      stationId: randomUUID(),
      connectorId: kept.connectorId,
      evseNumber: 1,
      accountId: kept.driver.accountId,
      requestedAt: minute(-30),
      expiresAt: START,
      endedAt: START,
      held: true,
      ...over,
    }),
  );
}

/** What its driver accepts for the connector. */
async function aQuote({ driver, connectorId }: Kept, { stationId }: Charge): Promise<string> {
  const { tenant } = driver;
  await fleet.rig.publish(
    events.stationChanged,
    { aggregateId: stationId, version: 1, tenant },
    sessions.StationChanged.fromPartial({
      timeZone: 'Europe/Amsterdam',
      station: {
        stationId,
        locationId: randomUUID(),
        evses: [{ number: 1, connectors: [{ connectorId, number: 1 }] }],
      },
    }),
  );
  return waitFor('a quote', async () => {
    const { data } = await fleet.rig.graphql<{ createQuote: { quote: { id: string; summary: string[] } } }>(
      driver,
      'mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id summary } } }',
      { input: { connectorId } },
    );
    return data?.createQuote.quote.id;
  });
}

const cdrsOf = async ({ id, driver }: Kept) => {
  const issued = await fleet.rig.published(events.cdrIssued, driver.tenant);
  return issued.map((event) => event.cdr!).filter((cdr) => cdr.sessionId === id);
};
const cdrOf = (kept: Kept, revision = 1) =>
  waitFor('the CDR of the reservation', async () =>
    (await cdrsOf(kept)).find((one) => one.revision === revision),
  );
async function invoicesOf(driver: TestPrincipal) {
  const { data } = await fleet.rig.graphql<{
    invoices: {
      edges: {
        node: {
          id: string;
          kind: string;
          status: string;
          totalInclVat: { amount: string };
          lines: { dimension: string; inclVat: { amount: string } }[];
        };
      }[];
    };
  }>(
    driver,
    '{ invoices(first: 10) { edges { node { id kind status totalInclVat { amount } lines { dimension inclVat { amount } } } } } }',
  );
  return data!.invoices.edges.map(({ node }) => node);
}

/** Its session and its reservation, as sessions tells of them. */
async function charged(charge: Charge, tell: () => Promise<unknown>): Promise<void> {
  const { tenant } = charge.driver;
  await fleet.started(charge, {}, { tenant });
  await tell();
  await fleet.ended(charge, {}, { tenant });
  await fleet.metered(charge, {}, { tenant });
  await fleet.billed(charge);
}

describe('a reservation that a session used', () => {
  it('is priced with it: quote, live cost, CDR and invoice, recomputed to the same cent', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const driver = aDriver(tenant);
    const [charge, kept] = [aCharge(driver), aReservation(driver)];
    await charged(charge, async () => {
      await changed(kept, 3, { status: 'USED', sessionId: charge.sessionId });
      await waitFor('the reservation in the live cost', async () => {
        const seen = await fleet.see<{ cost: { lines: { dimension: string }[] } | null }>(
          charge,
          'cost { lines { dimension } }',
        );
        return seen?.cost?.lines.some(({ dimension }) => dimension === 'RESERVATION_FLAT');
      });
    });
    // By hand: 10 kWh x 0.40 = 4.00; 10 min of idle after the grace x 6.00/h = 1.00 and so on: what stands without a reservation, and
    // half an hour x 3.00 + 1.00 = 2.50 excl., 3.03 incl. on top.
    const plain = aCharge(driver);
    await fleet.whole(plain);
    const [[withIt], [without]] = [await fleet.cdrs(charge), await fleet.cdrs(plain)];
    const excl = (cdr: { totalExclVat: string }) => Number(cdr.totalExclVat);
    expect(excl(withIt!) - excl(without!)).toBeCloseTo(2.5, 2);
    expect(withIt).toMatchObject({ reservationId: '', reservationExclVat: '2.50', energyMwh: 10_000_000 });
    expect(withIt!.startedAt).toEqual(minute(-30));
    expect(withIt!.periods[0]).toMatchObject({
      kind: 'RESERVED',
      energyMwh: 0,
      from: minute(-30),
      to: START,
    });
    const [invoice] = (await invoicesOf(driver)).filter(({ lines }) =>
      lines.some(({ dimension }) => dimension === 'RESERVATION_TIME'),
    );
    expect(invoice!.totalInclVat.amount).toBe(withIt!.totalInclVat);
    const again = await fleet.rig.running.get(RecomputeInvoice).run(tenant, invoice!.id);
    expect(again.identical).toBe(true);
  });

  it('is on the corrected bill when it is told of after the bill', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const driver = aDriver(tenant);
    const [charge, kept] = [aCharge(driver), aReservation(driver)];
    await fleet.whole(charge);
    const [before] = await fleet.cdrs(charge);
    await changed(kept, 3, { status: 'USED', sessionId: charge.sessionId });
    const after = await waitFor('the corrected CDR', async () =>
      (await fleet.cdrs(charge)).find(({ revision }) => revision === 3),
    );
    expect(Number(after.totalExclVat) - Number(before!.totalExclVat)).toBeCloseTo(2.5, 2);
    expect((await invoicesOf(driver)).map(({ kind }) => kind).sort()).toEqual([
      'CREDIT_NOTE',
      'INVOICE',
      'INVOICE',
    ]);
  });

  it('costs nothing where the tariff says nothing of reservations', async () => {
    const tenant = aTenant();
    await aTariff(tenant, elements());
    const driver = aDriver(tenant);
    const [charge, kept] = [aCharge(driver), aReservation(driver)];
    await charged(charge, () => changed(kept, 3, { status: 'USED', sessionId: charge.sessionId }));
    const plain = aCharge(driver);
    await fleet.whole(plain);
    const [[withIt], [without]] = [await fleet.cdrs(charge), await fleet.cdrs(plain)];
    expect(withIt!.totalInclVat).toBe(without!.totalInclVat);
  });

  it('costs what was accepted when it was made, also where the price is another at the start', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const driver = aDriver(tenant);
    const [charge, kept] = [aCharge(driver), aReservation(driver)];
    const quoteId = await aQuote(kept, charge);
    const dearer = elements('4.00');
    await aTariff(tenant, dearer);
    const place = { connectorId: kept.connectorId, timeZone: 'Europe/Amsterdam' };
    await changed(kept, 3, { status: 'USED', sessionId: charge.sessionId, quoteId });
    await fleet.started(charge, place, { tenant });
    await fleet.ended(charge, place, { tenant });
    await fleet.metered(charge, {}, { tenant });
    await fleet.billed(charge);
    const [cdr] = await fleet.cdrs(charge);
    expect(cdr).toMatchObject({ tariffVersion: 1, reservationExclVat: '2.50' });
  });
});

describe('a reservation that nobody used', () => {
  it('counts at the place where it was, by its names, whichever is told first', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const kept = aReservation(aDriver(tenant));
    const [stationId, locationId] = [randomUUID(), randomUUID()];
    const connectors = [{ connectorId: kept.connectorId, number: 1 }];
    const station = { stationId, locationId, identity: 'CP-7', evses: [{ number: 1, connectors }] };
    const timeZone = 'Europe/Amsterdam';
    await fleet.rig.publish(
      events.stationChanged,
      { aggregateId: stationId, version: 1, tenant },
      sessions.StationChanged.fromPartial({ timeZone, station }),
    );
    await fleet.rig.publish(
      events.locationChanged,
      { aggregateId: locationId, version: 1, tenant },
      sessions.LocationChanged.fromPartial({ location: { locationId, name: 'Square', timeZone } }),
    );
    await waitFor('the place to be known', async () => {
      const both = `select 1 from location_zone l join connector_place c using (location_id)
        where location_id = $1 and l.name = 'Square' and c.station_identity = 'CP-7'`;
      return (await fleet.rig.sql(both, [locationId], tenant)).length > 0;
    });
    await changed(kept, 3, { stationId, status: 'EXPIRED' });
    await cdrOf(kept);
    const rows = await fleet.rig.sql(
      'select location_name, station_identity from cdr_revenue where session_id = $1',
      [kept.id],
      tenant,
    );
    expect(rows).toEqual([{ location_name: 'Square', station_identity: 'CP-7' }]);
  });

  it('has a CDR without energy and an invoice by the price for expiry, and is paid like any', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const driver = aDriver(tenant);
    await fleet.topUp(driver, '50.00', {}, anOperator(tenant));
    const kept = aReservation(driver);
    await changed(kept, 3, { status: 'EXPIRED' });
    // Told twice, billed once.
    await changed(kept, 4, { status: 'EXPIRED' });
    const cdr = await cdrOf(kept);
    // 5.00 for the expiry and half an hour x 3.00, each plus 21 %.
    expect(cdr).toMatchObject({
      reservationId: kept.id,
      energyMwh: 0,
      totalExclVat: '6.50',
      totalInclVat: '7.87',
      reservationExclVat: '6.50',
    });
    expect(cdr.periods.map(({ kind }) => kind)).toEqual(['RESERVED']);
    const [invoice] = await invoicesOf(driver);
    expect(invoice).toMatchObject({ kind: 'INVOICE', status: 'PAID', totalInclVat: { amount: '7.87' } });
    const again = await fleet.rig.running.get(RecomputeInvoice).run(tenant, invoice!.id);
    expect([again.identical, again.recomputed.toFixed(2)]).toEqual([true, '7.87']);
    expect(await fleet.balance(driver)).toBe('42.13');
    // Of the same stream, and behind them.
    const last = aReservation(aDriver(tenant));
    await changed(last, 3, { status: 'EXPIRED' });
    await cdrOf(last);
    expect(await cdrsOf(kept)).toHaveLength(1);
    const sums = await fleet.rig.sql<{ sum: string }>(
      'select currency, sum(amount) as sum from ledger_entry where tenant = $1 group by currency',
      [tenant],
      tenant,
    );
    expect(sums.map(({ sum }) => Number(sum))).toEqual([0]);
  });

  it('costs what a reservation costs when its holder gives it back, for the time until then', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const kept = aReservation(aDriver(tenant));
    await changed(kept, 3, { status: 'CANCELLED', byHolder: true, endedAt: minute(-20) });
    // 1.00 and ten minutes x 3.00 an hour.
    expect(await cdrOf(kept)).toMatchObject({ totalExclVat: '1.50', reservationId: kept.id });
  });

  it('is taken back when its use is told late, and is on the bill of the session', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const driver = aDriver(tenant);
    const [charge, kept] = [aCharge(driver), aReservation(driver)];
    await changed(kept, 3, { status: 'EXPIRED' });
    await cdrOf(kept);
    await charged(charge, () => changed(kept, 4, { status: 'USED', sessionId: charge.sessionId }));
    expect(await cdrOf(kept, 2)).toMatchObject({ totalExclVat: '-6.50' });
    expect(await cdrOf(kept, 3)).toMatchObject({ totalExclVat: '0.00', reservationId: kept.id });
    expect((await fleet.cdrs(charge))[0]).toMatchObject({ reservationExclVat: '2.50' });
  });

  /** Half an hour until now: the prices of now count, not the first there were. */
  function untilNow() {
    const at = new Date();
    return { requestedAt: new Date(at.getTime() - 1_800_000), expiresAt: at, endedAt: at };
  }
  async function now(charge: Charge, kept: Kept, quoteId: string) {
    const startedAt = new Date();
    const place = { connectorId: kept.connectorId, timeZone: 'Europe/Amsterdam', quoteId };
    const session = { ...place, startedAt, endedAt: startedAt, statePeriods: [] };
    await fleet.started(charge, session, { tenant: kept.driver.tenant });
    return async () => {
      await fleet.ended(charge, session, { tenant: kept.driver.tenant });
      await fleet.metered(charge, {}, { tenant: kept.driver.tenant });
      await fleet.billed(charge);
      return (await fleet.cdrs(charge))[0]!;
    };
  }

  it('gives the accepted price to the session when its use is told late', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const driver = aDriver(tenant);
    const [charge, kept] = [aCharge(driver), aReservation(driver)];
    const quoteId = await aQuote(kept, charge);
    const times = untilNow();
    await changed(kept, 3, { ...times, status: 'EXPIRED', quoteId });
    await cdrOf(kept);
    await aTariff(tenant, elements('4.00'));
    const billed = await now(charge, kept, '');
    await changed(kept, 4, { ...times, status: 'USED', sessionId: charge.sessionId, quoteId });
    await cdrOf(kept, 3);
    expect(await billed()).toMatchObject({ tariffVersion: 1, reservationExclVat: '2.50' });
  });

  it.each([
    ['leaves the accepted price to its driver when it costs nothing', elements(), 1],
    ['spends the accepted price when it is billed', withReservations, 2],
  ] as const)('%s', async (_what, list, version) => {
    const tenant = aTenant();
    await aTariff(tenant, list);
    const driver = aDriver(tenant);
    const [charge, kept, next] = [aCharge(driver), aReservation(driver), aReservation(driver)];
    const quoteId = await aQuote(kept, charge);
    await changed(kept, 3, { ...untilNow(), status: 'EXPIRED', quoteId });
    await aTariff(tenant, [...withReservations.slice(0, 2), ...elements('4.00')]);
    // Of the same stream, and behind it.
    const [requestedAt, expiresAt] = [new Date(), new Date(Date.now() + 60_000)];
    await changed(next, 3, { requestedAt, expiresAt, endedAt: expiresAt, status: 'EXPIRED' });
    await cdrOf(next);
    const billed = await now(charge, kept, quoteId);
    expect((await billed()).tariffVersion).toBe(version);
  });

  it.each([
    ['the station', { status: 'REMOVED' }],
    ['the operator', { status: 'CANCELLED', byHolder: false }],
  ])('is taken back when it is told late that %s had ended it', async (_, end) => {
    const tenant = aTenant();
    await aTariff(tenant);
    const kept = aReservation(aDriver(tenant));
    await changed(kept, 3, { status: 'EXPIRED' });
    await cdrOf(kept);
    await changed(kept, 4, end);
    expect(await cdrOf(kept, 2)).toMatchObject({ totalExclVat: '-6.50' });
    expect(await cdrOf(kept, 3)).toMatchObject({ totalExclVat: '0.00', reservationId: kept.id });
  });

  it('costs nothing when the station or an operator ended it, it was never confirmed, or no price is told', async () => {
    const tenant = aTenant();
    await aTariff(tenant);
    const driver = aDriver(tenant);
    const free = [aReservation(driver), aReservation(driver), aReservation(driver)] as const;
    await changed(free[0], 3, { status: 'REMOVED' });
    await changed(free[1], 3, { status: 'CANCELLED', byHolder: false });
    await changed(free[2], 3, { status: 'EXPIRED', held: false });
    const silent = aTenant();
    await aTariff(silent, elements());
    const unpriced = aReservation(aDriver(silent));
    await changed(unpriced, 3, { status: 'EXPIRED' });
    const nowhere = aReservation(aDriver(aTenant()));
    await changed(nowhere, 3, { status: 'EXPIRED' });
    // Of the same stream, and behind them.
    const last = aReservation(driver);
    await changed(last, 3, { status: 'EXPIRED' });
    await cdrOf(last);
    for (const one of [...free, unpriced, nowhere]) expect(await cdrsOf(one)).toEqual([]);
    const { data } = await fleet.rig.graphql<{ heldSessions: { totalCount: number } }>(
      anOperator(nowhere.driver.tenant),
      '{ heldSessions(first: 5) { totalCount } }',
    );
    expect(data!.heldSessions.totalCount).toBe(0);
  });
});
