// A fleet of one billing service: sessions and metering are played by publishing their events.
import { randomUUID } from 'node:crypto';
import { events, metering, type sessions } from '@kilowatch/contracts';
import { aSessionSnapshot, ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { billingService } from '../src/billing.module.js';
import { configShape } from '../src/config.js';
import { PlayedMetering } from './played-metering.js';

export const OPERATOR: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
/** Two hours ago, on a full quarter of an hour. */
export const START = new Date(Math.floor(Date.now() / 900_000) * 900_000 - 2 * 3_600_000);
export const minute = (n: number) => new Date(START.getTime() + n * 60_000);

export const aDriver = (tenant = 'demo'): TestPrincipal => ({
  accountId: randomUUID(),
  tenant,
  role: 'driver',
});
export const anOperator = (tenant: string): TestPrincipal => ({
  accountId: randomUUID(),
  tenant,
  role: 'operator',
});

/** 0.40 per kWh and 6.00 per billed idle hour, both plus 21 % VAT. */
export const elements = (perKwh = '0.40') => [
  {
    price_components: [
      { type: 'ENERGY', price: perKwh, vat: '21', step_size: 1 },
      { type: 'PARKING_TIME', price: '6.00', vat: '21', step_size: 60 },
    ],
  },
];

export interface Charge {
  readonly sessionId: string;
  readonly stationId: string;
  readonly ref: string;
  readonly driver: TestPrincipal;
}

export const aCharge = (driver = aDriver()): Charge => ({
  sessionId: randomUUID(),
  stationId: randomUUID(),
  ref: String(Math.floor(Math.random() * 1e9)),
  driver,
});

export function snapshot(
  charge: Charge,
  over: Partial<sessions.SessionSnapshot> = {},
): sessions.SessionSnapshot {
  const { sessionId, stationId, ref: transactionRef, driver } = charge;
  const { accountId } = driver;
  return aSessionSnapshot({ sessionId, stationId, transactionRef, accountId, startedAt: START, ...over });
}

/** Ten kWh in the first hour, then twenty minutes with a full car. */
export const STATES: sessions.StatePeriod[] = [
  { state: 'CHARGING', from: minute(0), to: minute(60) },
  { state: 'SUSPENDED_EV', from: minute(60), to: minute(80) },
];
export const INTERVALS: metering.EnergyInterval[] = [
  { from: minute(0), to: minute(30), energyMwh: 6_000_000 },
  { from: minute(30), to: minute(60), energyMwh: 4_000_000 },
];

export const energyOf = (charge: Charge): Omit<metering.SessionMetered, 'meta'> => ({
  sessionId: charge.sessionId,
  energyMwh: 10_000_000,
  verdict: metering.EnergyVerdict.ENERGY_VERDICT_MEASURED,
  beginRegisterMwh: 0,
  endRegisterMwh: 10_000_000,
  intervals: INTERVALS,
  deviations: [],
  maxPowerW: 12_000,
  signedVerdict: metering.SignedVerdict.SIGNED_VERDICT_UNSIGNED,
  signedReasons: [],
});

export type PublishOptions = { eventId?: string; tenant?: string };

export class BillingRig {
  private constructor(
    readonly rig: ServiceRig,
    readonly metering: PlayedMetering,
  ) {}

  /** Without a gateway's address nothing can be told to chargers. */
  static async start(over: Readonly<Record<string, string>> = {}): Promise<BillingRig> {
    const played = await PlayedMetering.start();
    const env = {
      KW_SELLER_NAME: 'Seller Ltd',
      KW_SELLER_ADDRESS: 'Street 1, City',
      KW_INVOICE_PREFIX: 'KW',
      KW_OCPP_GATEWAY_GRPC_URL: '127.0.0.1:1',
      ...played.env,
      ...over,
    };
    return new BillingRig(
      await ServiceRig.start({ service: billingService, shape: configShape, env }),
      played,
    );
  }

  async close(): Promise<void> {
    await this.rig.close();
    await this.metering.close();
  }

  async applyTariff(id: string, over: Record<string, unknown> = {}, by = OPERATOR) {
    const input = {
      id,
      name: `Tariff ${id}`,
      currency: 'EUR',
      definition: { elements: elements() },
      ...over,
    };
    return this.rig.graphql<{
      applyTariff: { changed: boolean; tariff: { version: number; summary: string[] } };
    }>(
      by,
      `mutation($input: ApplyTariffInput!) { applyTariff(input: $input) {
        changed tariff { id version isDefault currency summary definition } } }`,
      { input },
    );
  }

  async topUp(driver: TestPrincipal, amount: string, over: Record<string, unknown> = {}, by = OPERATOR) {
    const input = {
      accountId: driver.accountId,
      amount,
      currency: 'EUR',
      reference: 'cash',
      idempotencyKey: randomUUID(),
      ...over,
    };
    return this.rig.graphql<{ topUpWallet: { wallet: { balance: { amount: string } } } }>(
      by,
      'mutation($input: TopUpWalletInput!) { topUpWallet(input: $input) { wallet { balance { amount currency } } } }',
      { input },
    );
  }

  /** The driver pays on account, with one invoice for the sessions of a month. */
  async monthly(driver: TestPrincipal, over: Record<string, unknown> = {}, by = OPERATOR): Promise<void> {
    const input = {
      ...{ accountId: driver.accountId, kind: 'ACCOUNT', invoicing: 'MONTHLY', currency: 'EUR' },
      ...{ floor: '0', minimumToStart: '0', daysToPay: 14, blocked: false, reason: 'agreed' },
      ...over,
    };
    const { codes } = await this.rig.graphql(
      by,
      'mutation($input: SetPaymentTermsInput!) { setPaymentTerms(input: $input) { terms { invoicing } } }',
      { input },
    );
    if (codes.length > 0) throw new Error(`terms were refused: ${codes.join(', ')}`);
  }

  /** As if the month were over: issues what waits for its invoice. */
  async monthOver({ accountId, tenant }: TestPrincipal): Promise<void> {
    const waits = () =>
      this.rig.sql(
        'select 1 from collective_month where account_id = $1 and due_at is not null',
        [accountId],
        tenant,
      );
    await this.rig.sql(
      "update collective_month set due_at = now() - interval '1 second' where account_id = $1 and due_at is not null",
      [accountId],
      tenant,
    );
    await waitFor('the collective invoices', async () => (await waits()).length === 0);
  }

  /** A job as several processes at once run it: each on connections of its own, until nothing is due. */
  async byManyProcesses(job: string, processes = 4): Promise<void> {
    const worker = this.rig.running.background.jobs.get(job);
    if (!worker) throw new Error(`no job is called ${job}`);
    await Promise.all(Array.from({ length: processes }, () => worker.runDue()));
  }

  async balance(driver: TestPrincipal): Promise<string> {
    const { data } = await this.rig.graphql<{ wallet: { balance: { amount: string } } }>(
      driver,
      '{ wallet { balance { amount } } }',
    );
    return data!.wallet.balance.amount;
  }

  started = (charge: Charge, over: Partial<sessions.SessionSnapshot> = {}, options: PublishOptions = {}) =>
    this.rig.publish(
      events.sessionStarted,
      { aggregateId: charge.sessionId, version: 1, ...options },
      { session: snapshot(charge, over) },
    );

  ended = (charge: Charge, over: Partial<sessions.SessionSnapshot> = {}, options: PublishOptions = {}) =>
    this.rig.publish(
      events.sessionEnded,
      { aggregateId: charge.sessionId, version: 3, ...options },
      { session: snapshot(charge, { status: 'ENDED', endedAt: minute(80), statePeriods: STATES, ...over }) },
    );

  metered = (charge: Charge, over: Partial<metering.SessionMetered> = {}, options: PublishOptions = {}) =>
    this.rig.publish(
      events.sessionMetered,
      { aggregateId: charge.sessionId, version: 1, ...options },
      { ...energyOf(charge), ...over },
    );

  /** What metering answers about the running session; in order of time. */
  reading = (charge: Charge, at: Date, energyImportMwh: number) =>
    this.metering.reading(charge.sessionId, at, energyImportMwh);

  /** Tells billing what auth calls the driver, and waits until it knows. */
  async named(driver: TestPrincipal, displayName: string): Promise<void> {
    const { accountId } = driver;
    await this.rig.publish(
      events.accountChanged,
      { aggregateId: accountId, version: 1 },
      { accountId, displayName, email: 'driver@example.org', role: 'driver', locale: 'en', active: true },
    );
    const known = () => this.rig.sql('select 1 from buyer where account_id = $1', [accountId]);
    await waitFor('the name to be known', async () => (await known()).length > 0);
  }

  /** Started, ended and metered, in this order; resolves when its CDR is there. */
  async whole(charge: Charge, over: Partial<sessions.SessionSnapshot> = {}): Promise<void> {
    const options = { tenant: charge.driver.tenant };
    await this.started(charge, over, options);
    await this.ended(charge, over, options);
    await this.metered(charge, {}, options);
    await this.billed(charge);
  }

  billed = (charge: Charge) =>
    waitFor('the session to be billed', async () => (await this.cdrs(charge)).length > 0);

  async cdrs(charge: Charge) {
    const issued = await this.rig.published(events.cdrIssued, charge.driver.tenant);
    return issued.map((event) => event.cdr!).filter((cdr) => cdr.sessionId === charge.sessionId);
  }

  /** `fields` of the session as `principal` sees it. */
  async see<T = Record<string, unknown>>(
    charge: Charge,
    fields: string,
    principal: TestPrincipal | null = charge.driver,
  ) {
    return (await this.rig.entity<T>(principal, 'Session', charge.sessionId, fields)).entity;
  }

  /** Publishes something harmless on the same streams and waits until it is seen: all before it was handled. */
  async caughtUp(): Promise<void> {
    const marker = aCharge();
    await this.started(marker, { accountId: '' });
    await this.ended(marker, { accountId: '' });
    await this.metered(marker);
    await this.billed(marker);
  }
}
